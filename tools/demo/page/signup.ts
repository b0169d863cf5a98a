// The sign-up as its visitor sees it: the number, the code that the voice reads, and whether it is right.
import {
	byId,
	copied,
	element,
	fill,
	isBusy,
	markInvalid,
	markValid,
	set,
	setBusy,
	showEndings,
} from './elements';
import { Handset } from './handset';
import type { Answer, Call, Checked, Failure, Order } from './messages';
import { type ProviderChoice, progressOf, verdictOf } from './words';

/** How long a new call has to wait after the one before, as the flow has it. */
const coolDownMs = 10_000;

const numberForm = byId('number-form', HTMLFormElement);
const codeForm = byId('code-form', HTMLFormElement);
const number = byId('visit-number', HTMLInputElement);
const code = byId('visit-code', HTMLInputElement);
const startButton = byId('start', HTMLButtonElement);
const verifyButton = byId('verify', HTMLButtonElement);
const againButton = byId('again', HTMLButtonElement);

/** The nodes of the flow as the strip below the page shows them. */
const nodes = ['form', 'send', 'page', 'check', 'in'] as const;
type NodeName = (typeof nodes)[number];
const nodeWords: Readonly<Record<NodeName, readonly [name: string, about: string]>> = {
	form: ['Number form', 'your page'],
	send: ['Send OTP Call', 'Generate Code, Keep for Check'],
	page: ['Code form', 'your page'],
	check: ['Check OTP Code', 'Right · Not Right'],
	in: ['Welcome', 'your flow goes on'],
};

interface Visit {
	readonly phoneNumber: string;
	/** The order of the call. */
	readonly call: string;
	verification: string;
	/** The order of the check that is under way. */
	check: string;
	ended: boolean;
}

/** The sign-up of this page. */
export class SignUp {
	readonly #send: (order: Order) => boolean;
	readonly #handset = new Handset();
	#provider: ProviderChoice;
	#visit: Visit | null = null;
	#mayCallAt = 0;
	#statuses: Partial<Record<NodeName, string>> = {};

	constructor(provider: ProviderChoice, send: (order: Order) => boolean) {
		this.#provider = provider;
		this.#send = send;
		numberForm.onsubmit = (submitted) => {
			submitted.preventDefault();
			if (!isBusy(startButton)) this.#start(number.value);
		};
		codeForm.onsubmit = (submitted) => {
			submitted.preventDefault();
			if (!isBusy(verifyButton)) this.#check();
		};
		againButton.onclick = () => {
			if (!isBusy(againButton)) this.#start(this.#visit?.phoneNumber ?? number.value);
		};
		byId('other', HTMLButtonElement).onclick = () => this.#showStep('number');
		byId('anew', HTMLButtonElement).onclick = () => this.#showStep('number');
		number.oninput = () => markValid(number);
		code.oninput = () => markValid(code);
		byId('import', HTMLButtonElement).onclick = () => void this.#import();
		byId('copy', HTMLButtonElement).onclick = () => void this.#copy();
		setInterval(() => this.#showAgain(), 500);
		this.choose(provider);
	}

	choose(provider: ProviderChoice): void {
		this.#provider = provider;
		number.value = provider.number;
		markValid(number);
		showEndings('visit-endings', number, provider.number, provider.endings);
		this.#showStep('number');
	}

	/** @param json what came, as a person reads it; null: it is not to be shown */
	take(answer: Answer, json: string | null): void {
		const visit = this.#visit;
		if (visit === null || (answer.order !== visit.call && answer.order !== visit.check)) return;
		if (json !== null) {
			set('json', json);
			const node = answer.order === visit.check ? nodeWords.check : nodeWords.send;
			set('json-from', `from ${node[0]}`);
		}
		if (answer.is === 'voice') this.#handset.hear(answer.code);
		else if (answer.is === 'call') this.#showCall(visit, answer.call);
		else if (answer.is === 'checked') this.#showChecked(visit, answer.checked);
		else this.#showFailure(visit, answer.failure, answer.order === visit.check);
	}

	/** The flow does not answer any more. */
	lose(failure: Failure): void {
		if (this.#visit !== null && !this.#visit.ended) this.#showFailure(this.#visit, failure, true);
	}

	#start(phoneNumber: string): void {
		const order = crypto.randomUUID();
		this.#visit = { phoneNumber, call: order, verification: '', check: '', ended: false };
		this.#statuses = { form: phoneNumber, send: 'sending' };
		this.#showNodes('send');
		set('number-problem', '');
		setBusy(startButton, true, 'Calling …');
		this.#handset.begin(this.#provider, phoneNumber);
		this.#send({ kind: 'start', order, provider: this.#provider.name, phoneNumber });
	}

	#check(): void {
		const visit = this.#visit;
		if (visit === null) return;
		visit.check = crypto.randomUUID();
		this.#statuses = { ...this.#statuses, page: 'code typed', check: 'checking' };
		this.#showNodes('check');
		setBusy(verifyButton, true, 'Checking …');
		this.#send({
			kind: 'check',
			order: visit.check,
			provider: this.#provider.name,
			verification: visit.verification,
			code: code.value,
		});
	}

	#showCall(visit: Visit, call: Call): void {
		const isFirst = visit.verification === '' && call.verification !== '';
		visit.verification = call.verification || visit.verification;
		if (isFirst) {
			this.#mayCallAt = Date.now() + coolDownMs;
			this.#showStep('code');
		}
		this.#handset.follow(call, visit.phoneNumber);
		set('progress', progressOf(call.status, call.reason));
		this.#statuses = { ...this.#statuses, send: call.status };
		if (!visit.ended) this.#showNodes(visit.check === '' ? 'send' : 'check');
	}

	#showChecked(visit: Visit, { attemptsLeft, phoneNumber, reason, valid }: Checked): void {
		setBusy(verifyButton, false, 'Confirm');
		this.#statuses = { ...this.#statuses, check: valid ? 'right' : (reason ?? 'not right') };
		if (valid) {
			visit.ended = true;
			this.#statuses = { ...this.#statuses, in: phoneNumber };
			this.#showNodes('in');
			set(
				'done-text',
				`${phoneNumber} belongs to the person who is here: the flow goes on from the output Right.`,
			);
			this.#showStep('done');
			return;
		}
		this.#showNodes('page');
		set('code-problem', verdictOf(reason, attemptsLeft));
		markInvalid(code);
	}

	#showFailure(visit: Visit, failure: Failure, isOfCheck: boolean): void {
		setBusy(startButton, false, 'Call me with a code');
		setBusy(verifyButton, false, 'Confirm');
		const words = [failure.message, failure.remedy].filter((text) => text !== '').join('. ');
		this.#statuses = { ...this.#statuses, [isOfCheck ? 'check' : 'send']: failure.code };
		this.#showNodes('form');
		if (isOfCheck) {
			set('code-problem', `${words}.`);
			markInvalid(code);
			return;
		}
		visit.verification = failure.verification || visit.verification;
		if (failure.callMayHaveBeenPlaced && visit.verification !== '') {
			this.#showStep('code');
			set('progress', 'If your phone rings, type what you hear.');
			this.#handset.end('Not known');
			return;
		}
		this.#handset.end('No call');
		if (!codeForm.hidden) {
			set('code-problem', `${words}.`);
			return;
		}
		set('number-problem', `${words}.`);
		if (failure.code === 'invalid-input') markInvalid(number);
	}

	#showStep(step: 'number' | 'code' | 'done'): void {
		numberForm.hidden = step !== 'number';
		codeForm.hidden = step !== 'code';
		byId('done', HTMLElement).hidden = step !== 'done';
		setBusy(startButton, false, 'Call me with a code');
		if (step === 'number') {
			this.#visit = null;
			this.#statuses = {};
			this.#showNodes('form');
			set('number-problem', '');
			return;
		}
		if (step === 'done') return byId('done-headline', HTMLElement).focus();
		code.value = '';
		markValid(code);
		set('code-problem', '');
		setBusy(verifyButton, false, 'Confirm');
		this.#showAgain();
		code.focus();
	}

	#showAgain(): void {
		const left = Math.ceil((this.#mayCallAt - Date.now()) / 1000);
		const text = left > 0 ? `Call me again in ${left} s` : 'Call me again';
		if (againButton.textContent !== text) setBusy(againButton, left > 0, text);
	}

	#showNodes(active: NodeName): void {
		const items = nodes.map((name) => {
			const [title, about] = nodeWords[name];
			const item = element('li', title, { class: name === active ? 'active' : '' });
			item.append(element('small', about), element('span', this.#statuses[name] ?? ''));
			return item;
		});
		fill('nodes', items);
	}

	async #import(): Promise<void> {
		const answer = await fetch('demo/sign-up.json').catch(() => null);
		const flow = answer?.ok === true ? await answer.text() : '';
		const isCopied = flow !== '' && (await copied(flow));
		set(
			'import-hint',
			isCopied
				? 'Copied. In Node-RED press Ctrl-I, paste it, and press Import: it calls by the sandbox.'
				: 'It is in Node-RED’s menu: Import, Examples, @otp-call/node-red-otp-call, sign-up form.',
		);
	}

	async #copy(): Promise<void> {
		const isCopied = await copied(byId('json', HTMLElement).textContent ?? '');
		set('copy', isCopied ? 'Copied' : 'Select it, and press Ctrl-C');
		setTimeout(() => set('copy', 'Copy'), 2_000);
	}
}
