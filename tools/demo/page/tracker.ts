// The call tracker: a call with a code of one's own, followed to its end.
import {
	byId,
	clockTime,
	element,
	fill,
	isBusy,
	markInvalid,
	markValid,
	set,
	setBusy,
	showEndings,
} from './elements';
import type { Answer, Call, Failure, Order } from './messages';
import {
	type ProviderChoice,
	type Stage,
	type Step,
	type Tone,
	explained,
	isStep,
	sending,
	stageOf,
	stepNames,
	steps,
} from './words';

const SHOWN_IN_HISTORY = 8;

/** An order, and what is known of it. */
interface Placed {
	readonly order: Extract<Order, { kind: 'call' }>;
	readonly provider: ProviderChoice;
	readonly time: number;
	/** When each step was seen; null: it was passed, and nobody said when. */
	readonly times: Partial<Record<Step, number | null>>;
	call: Call | null;
	failure: Failure | null;
}

const isOver = ({ call, failure }: Placed): boolean => failure !== null || call?.final === true;

const form = byId('form', HTMLFormElement);
const phoneNumber = byId('phone-number', HTMLInputElement);
const code = byId('code', HTMLInputElement);
const callButton = byId('call', HTMLButtonElement);

const yesOrNo = (answered: boolean | null | undefined, otherwise: string): string =>
	typeof answered === 'boolean' ? (answered ? 'yes' : 'no') : otherwise;

/** @param facts with null for what is not known */
function showFacts(facts: ReadonlyArray<readonly [name: string, value: string | null]>): void {
	const known = facts.flatMap(([name, value]) =>
		value === null ? [] : [element('dt', name), element('dd', value)],
	);
	fill('facts', known);
}

function factsOf(call: Call): Parameters<typeof showFacts>[0] {
	const { billedSeconds, cost, final, reason, status } = call;
	return [
		['Provider', call.provider],
		['Phone number', call.phoneNumber],
		['Call ID', call.callId],
		['Status', reason === null ? status : `${status} (${reason})`],
		['Answered', yesOrNo(call.answered, 'not known')],
		['Billed', billedSeconds === null || !final ? null : `${billedSeconds} s`],
		['Cost', cost === null ? null : `${cost.amount} ${cost.currency}`],
	];
}

/** A machine that took the call is no person. */
const stageOfCall = ({ answered, status }: Call): Stage => {
	const stage = stageOf(status);
	return status === 'completed' && answered !== true ? { ...stage, tone: 'warn' } : stage;
};

function showSteps({ times }: Placed, tone: Tone | undefined): void {
	byId('steps', HTMLElement).className = tone === undefined ? 'steps' : `steps tone-${tone}`;
	const items = steps.map((step) => {
		const time = times[step];
		if (time === undefined) return element('li', stepNames[step]);
		const item = element('li', stepNames[step], { class: 'reached' });
		if (time !== null) item.append(element('time', clockTime(time)));
		return item;
	});
	fill('steps', items);
}

function resultOf({ call, failure }: Placed): readonly [text: string, tone: Tone | undefined] {
	if (failure !== null) return [failure.code, 'bad'];
	return call === null ? ['sending', undefined] : [call.status, stageOfCall(call).tone];
}

/** The form for calls with a code of one's own, and what has become of them. */
export class Tracker {
	readonly #send: (order: Order) => boolean;
	#provider: ProviderChoice;
	/** Latest first. */
	readonly #placed: Placed[] = [];

	constructor(provider: ProviderChoice, send: (order: Order) => boolean) {
		this.#provider = provider;
		this.#send = send;
		form.onsubmit = (submitted) => {
			submitted.preventDefault();
			if (!isBusy(callButton)) this.#call();
		};
		byId('new-code', HTMLButtonElement).onclick = () => this.#newCode();
		for (const field of [phoneNumber, code]) field.oninput = () => markValid(field);
		this.choose(provider);
	}

	choose(provider: ProviderChoice): void {
		this.#provider = provider;
		phoneNumber.value = provider.number;
		markValid(phoneNumber);
		set('code-hint', `For ${provider.label}: ${provider.code}`);
		showEndings('endings', phoneNumber, provider.number, provider.endings);
		this.#newCode();
	}

	take(answer: Answer): void {
		const current = this.#placed.find(({ order }) => order.order === answer.order);
		if (current === undefined || isOver(current)) return;
		if (answer.is === 'failure') this.#showFailure(current, answer.failure);
		else if (answer.is === 'call') this.#showCall(current, answer.call);
	}

	/** The flow does not answer any more. */
	lose(failure: Failure): void {
		const [latest] = this.#placed;
		if (latest !== undefined && !isOver(latest)) this.#showFailure(latest, failure);
	}

	#newCode(): void {
		const digits = crypto.getRandomValues(new Uint32Array(this.#provider.digits));
		code.value = Array.from(digits, (digit) => digit % 10).join('');
		markValid(code);
	}

	#call(): void {
		const current: Placed = {
			order: {
				kind: 'call',
				order: crypto.randomUUID(),
				provider: this.#provider.name,
				phoneNumber: phoneNumber.value,
				code: code.value,
			},
			provider: this.#provider,
			time: Date.now(),
			times: {},
			call: null,
			failure: null,
		};
		this.#placed.unshift(current);
		showFacts([]);
		this.#show(current, 'sending', sending);
		byId('live', HTMLElement).scrollIntoView({ block: 'nearest', behavior: 'smooth' });
		this.#send(current.order);
	}

	#showCall(current: Placed, call: Call): void {
		const known = current.call;
		const stage = stageOfCall(call);
		// Events and look-ups arrive on two ways: what is older than what is known is dropped.
		if (known !== null && stage.rank < stageOf(known.status).rank) return;
		current.call = call;
		const step = call.final ? 'ended' : call.status;
		if (isStep(step)) current.times[step] ??= Date.now();
		if (call.final && call.answered === true) current.times['in-progress'] ??= null;
		const waits = call.status === 'queued' && current.order.provider !== 'sandbox';
		const text =
			explained(call.reason) ?? (waits ? `${stage.text} ${current.provider.note}` : stage.text);
		this.#show(current, call.status, { ...stage, text });
		showFacts(factsOf(call));
	}

	#showFailure(current: Placed, failure: Failure): void {
		current.failure = failure;
		const headline = failure.code.charAt(0).toUpperCase() + failure.code.slice(1);
		this.#show(current, 'error', {
			headline: headline.replaceAll('-', ' '),
			text: `${failure.message}.`,
			tone: 'bad',
		});
		fill('steps', []);
		showFacts([
			['What to do', failure.remedy === '' ? null : `${failure.remedy}.`],
			['Error', failure.code],
		]);
		if (failure.code !== 'invalid-input') return;
		markInvalid(failure.message.startsWith('Code') ? code : phoneNumber);
	}

	/** @param status for the drawing of the phone */
	#show(current: Placed, status: string, stage: Omit<Stage, 'rank'>): void {
		const phone = byId('phone', HTMLElement);
		phone.dataset['status'] = status;
		phone.dataset['tone'] = stage.tone ?? '';
		set('headline', stage.headline);
		set('explanation', stage.text);
		showSteps(current, stage.tone);
		this.#showHistory();
		const [latest] = this.#placed;
		const isCalling = latest !== undefined && !isOver(latest);
		setBusy(callButton, isCalling, isCalling ? 'Calling …' : 'Call');
	}

	#showHistory(): void {
		byId('history', HTMLElement).hidden = this.#placed.length === 0;
		const rows = this.#placed.slice(0, SHOWN_IN_HISTORY).map((each) => {
			const [result, tone] = resultOf(each);
			const row = element('tr', '');
			row.append(
				element('td', clockTime(each.time)),
				element('td', each.order.provider),
				element('td', each.order.phoneNumber),
				element('td', result, { class: tone === undefined ? 'result' : `result tone-${tone}` }),
				element('td', yesOrNo(each.call?.answered, '')),
			);
			return row;
		});
		fill('calls', rows);
	}
}
