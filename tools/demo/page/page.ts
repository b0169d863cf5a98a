// The page sends an order over a WebSocket and hears of every change of its call over the same one.
import { type Call, type Failure, type Order, readAnswer } from './messages';
import {
	type ProviderChoice,
	type Stage,
	type Step,
	type Tone,
	explained,
	firstChoice,
	isStep,
	providers,
	sending,
	stageOf,
	stepNames,
	steps,
} from './words';

const SHOWN_IN_HISTORY = 8;
const RECONNECT_MS = 1_000;

const simulatorIsOn = document.body.dataset['simulator'] !== 'off';

/** An order, and what is known of it. */
interface Placed {
	readonly order: Order;
	readonly time: number;
	/** When each step was seen. */
	readonly times: Partial<Record<Step, number>>;
	call: Call | null;
	failure: Failure | null;
}

const isOver = ({ call, failure }: Placed): boolean => failure !== null || call?.final === true;

let provider = firstChoice(simulatorIsOn);
/** Latest first. */
const placed: Placed[] = [];
let socket: WebSocket | null = null;

/** An element of page.html. */
function byId<T extends HTMLElement>(id: string, type: new () => T): T {
	const found = document.getElementById(id);
	if (!(found instanceof type)) throw new Error(`The page has no ${id}`);
	return found;
}

const form = byId('form', HTMLFormElement);
const phoneNumber = byId('phone-number', HTMLInputElement);
const code = byId('code', HTMLInputElement);
const callButton = byId('call', HTMLButtonElement);
const set = (id: string, text: string): void => {
	byId(id, HTMLElement).textContent = text;
};
const fill = (id: string, children: readonly Node[]): void =>
	byId(id, HTMLElement).replaceChildren(...children);

function element<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	text: string,
	attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[K] {
	const made = document.createElement(tag);
	made.textContent = text;
	for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
	return made;
}

const clockTime = (time: number): string =>
	new Date(time).toLocaleTimeString([], { hour12: false });

const yesOrNo = (answered: boolean | null | undefined, otherwise: string): string =>
	typeof answered === 'boolean' ? (answered ? 'yes' : 'no') : otherwise;

// ---- the form

function showEndings(): void {
	const buttons = provider.endings.map(([digits, name]) => {
		const number = provider.number.slice(0, -2) + digits;
		const button = element('button', `${digits} ${name}`, { type: 'button', title: number });
		button.setAttribute('aria-pressed', String(phoneNumber.value === number));
		button.onclick = () => {
			phoneNumber.value = number;
			showEndings();
		};
		return button;
	});
	fill('endings', buttons);
}

function newCode(): void {
	const digits = crypto.getRandomValues(new Uint32Array(provider.digits));
	code.value = Array.from(digits, (digit) => digit % 10).join('');
}

function choose(chosen: ProviderChoice): void {
	provider = chosen;
	phoneNumber.value = provider.number;
	set('number-hint', 'The last two digits choose how the call goes:');
	set('code-hint', `For ${provider.label}: ${provider.code}`);
	showEndings();
	newCode();
}

function showProviders(): void {
	const choices = providers.map((each) => {
		const off = each.simulated && !simulatorIsOn;
		const input = element('input', '', { type: 'radio', name: 'provider', value: each.name });
		input.checked = each === provider;
		input.disabled = off;
		input.onchange = () => choose(each);
		const label = element('label', '', { class: 'choice' });
		label.append(input, each.label, element('small', off ? 'simulator is off' : each.about));
		return label;
	});
	fill('providers', choices);
	if (simulatorIsOn) return;
	set(
		'notice',
		'The simulator is off (--no-simulator), so Bitel and Autocall cannot be called from here. The sandbox works without it.',
	);
	byId('notice', HTMLElement).hidden = false;
}

// ---- the call

/** @param facts with null for what is not known */
function showFacts(facts: ReadonlyArray<readonly [name: string, value: string | null]>): void {
	const known = facts.flatMap(([name, value]) =>
		value === null ? [] : [element('dt', name), element('dd', value)],
	);
	fill('facts', known);
}

function factsOf(call: Call): Parameters<typeof showFacts>[0] {
	const { billedSeconds, cost, reason, status } = call;
	return [
		['Provider', call.provider],
		['Phone number', call.phoneNumber],
		['Call ID', call.callId],
		['Status', reason === null ? status : `${status} (${reason})`],
		['Answered', yesOrNo(call.answered, 'not known')],
		['Billed', billedSeconds === null ? null : `${billedSeconds} s`],
		['Cost', cost === null ? null : `${cost.amount} ${cost.currency}`],
	];
}

function showSteps({ times }: Placed, tone: Tone | undefined): void {
	byId('steps', HTMLElement).className = tone === undefined ? 'steps' : `steps tone-${tone}`;
	const items = steps.map((step) => {
		const time = times[step];
		if (time === undefined) return element('li', stepNames[step]);
		const item = element('li', stepNames[step], { class: 'reached' });
		item.append(element('time', clockTime(time)));
		return item;
	});
	fill('steps', items);
}

function resultOf({ call, failure }: Placed): readonly [text: string, tone: Tone | undefined] {
	if (failure !== null) return [failure.code, 'bad'];
	return call === null ? ['sending', undefined] : [call.status, stageOf(call.status).tone];
}

function showHistory(): void {
	byId('history', HTMLElement).hidden = placed.length === 0;
	const rows = placed.slice(0, SHOWN_IN_HISTORY).map((each) => {
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

/** @param status for the drawing of the phone */
function show(
	current: Placed,
	status: string,
	{ headline, text, tone }: Omit<Stage, 'rank'>,
): void {
	byId('phone', HTMLElement).dataset['status'] = status;
	set('headline', headline);
	set('explanation', text);
	showSteps(current, tone);
	showHistory();
	callButton.disabled = !isOver(current);
	callButton.textContent = isOver(current) ? 'Call' : 'Calling …';
}

function showCall(current: Placed, call: Call): void {
	const known = current.call;
	const stage = stageOf(call.status);
	// Events and look-ups arrive on two ways: what is older than what is known is dropped.
	if (known !== null && (known.final || stage.rank < stageOf(known.status).rank)) return;
	const now = Date.now();
	current.call = call;
	const step = call.final ? 'ended' : call.status;
	if (isStep(step)) current.times[step] ??= now;
	if (call.final && call.answered === true) current.times['in-progress'] ??= now;
	const waits = call.status === 'queued' && current.order.provider !== 'sandbox';
	const text = explained(call.reason) ?? (waits ? `${stage.text} ${provider.note}` : stage.text);
	show(current, call.status, { ...stage, text });
	showFacts(factsOf(call));
}

function showFailure(current: Placed, failure: Failure): void {
	current.failure = failure;
	const headline = failure.code.charAt(0).toUpperCase() + failure.code.slice(1);
	show(current, 'error', {
		headline: headline.replaceAll('-', ' '),
		text: `${failure.message}.`,
		tone: 'bad',
	});
	fill('steps', []);
	showFacts([
		['What to do', failure.remedy === '' ? null : `${failure.remedy}.`],
		['Error', failure.code],
	]);
}

// ---- the connection to the flow

const connectionLost: Failure = {
	code: 'connection lost',
	message: 'Node-RED does not answer',
	remedy: 'Is the demo still running? Start it with npm start, then call again',
};

/** The order whose call has not ended yet. */
function underWay(): Placed | null {
	const [latest] = placed;
	return latest === undefined || isOver(latest) ? null : latest;
}

function connect(): void {
	const opened = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/demo/live`);
	opened.onmessage = ({ data }: MessageEvent<unknown>) => {
		const current = underWay();
		const answer = readAnswer(data);
		if (current === null || answer === null) return;
		if (answer.is === 'event') {
			if (answer.call.callId === current.call?.callId) showCall(current, answer.call);
		} else if (answer.order === current.order.order) {
			if (answer.is === 'failure') showFailure(current, answer.failure);
			else showCall(current, answer.call);
		}
	};
	opened.onclose = () => {
		const current = underWay();
		if (current !== null) showFailure(current, connectionLost);
		setTimeout(connect, RECONNECT_MS);
	};
	socket = opened;
}

function call(): void {
	if (underWay() !== null) return;
	const order: Order = {
		order: crypto.randomUUID(),
		provider: provider.name,
		phoneNumber: phoneNumber.value,
		code: code.value,
	};
	const current: Placed = { order, time: Date.now(), times: {}, call: null, failure: null };
	placed.unshift(current);
	showFacts([]);
	show(current, 'sending', sending);
	if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(order));
	else showFailure(current, connectionLost);
}

form.onsubmit = (submitted) => {
	submitted.preventDefault();
	call();
};
byId('new-code', HTMLButtonElement).onclick = newCode;
phoneNumber.oninput = showEndings;

showProviders();
choose(provider);
connect();
