import type { Node, NodeStatus } from 'node-red';

import type { Call, CallStatus } from '../../providers/call';
import type { CheckReason, CheckResult } from '../../calls/codeCheck';
import type { ErrorKind } from '../../calls/errors';
import { clock } from './clock';
import type { Translate } from './words';

/** Where a message is on its way, as the node's status shows it. */
type Phase =
	| 'waiting'
	| 'sending'
	| 'asking'
	| 'checking'
	| 'right'
	| CallStatus
	| CheckReason
	| ErrorKind;

/** Shown by Node-RED beside the node, in under 20 characters, and the time of what is over. */
const longest = 19;

const english: Readonly<Record<Phase, string>> = {
	waiting: 'in line',
	sending: 'sending',
	asking: 'asking',
	checking: 'checking',
	right: 'right',
	'wrong-code': 'wrong, {left} left',
	expired: 'expired',
	'too-many-attempts': 'too many attempts',
	'already-used': 'already used',
	'wrong-number': 'wrong number',
	'wrong-purpose': 'wrong purpose',
	'not-issued-here': 'not issued here',
	queued: 'queued',
	ringing: 'ringing',
	'in-progress': 'in call',
	completed: 'completed',
	busy: 'busy',
	'no-answer': 'no answer',
	canceled: 'canceled',
	failed: 'failed',
	unknown: 'unknown',
	'invalid-input': 'invalid input',
	'not-authorized': 'not authorized',
	refused: 'refused',
	'rate-limited': 'rate limited',
	'cooling-down': 'cooling down',
	'already-placed': 'already placed',
	'refused-by-rule': 'refused by rule',
	unreachable: 'unreachable',
	'outcome-unknown': 'outcome unknown',
	'bad-response': 'bad response',
	'not-found': 'not found',
	'wait-timeout': 'wait timeout',
};

const englishRefusal = 'account refused';

const englishCounts = {
	underWay: '{n} calls under way',
	manyUnderWay: '{n} under way',
	done: '{n} calls done',
	someFailed: '{failed} of {n} failed',
	manyFailed: '{failed}/{n} failed',
};

/** `•••6789`: what fits beside a word; enough to tell two calls apart. */
const shortNumber = (phoneNumber: string | null): string =>
	phoneNumber === null || phoneNumber.length < 9 ? '' : ` •••${phoneNumber.slice(-4)}`;

/** In the time of the machine, as the log has it. */
function timeOf(milliseconds: number): string {
	const date = new Date(milliseconds);
	return [date.getHours(), date.getMinutes()]
		.map((part) => String(part).padStart(2, '0'))
		.join(':');
}

/**
 * What stands beside a node: a word, the number where it fits, and the time of what is over.
 * @param isRightToLeft of the word; what comes after it never is
 */
export function statusText(
	word: string,
	{
		at,
		isRightToLeft,
		phoneNumber,
	}: {
		readonly phoneNumber: string | null;
		/** Milliseconds since 1970; null: it is under way. */
		readonly at: number | null;
		readonly isRightToLeft: boolean;
	},
): string {
	const time = at === null ? '' : ` ${timeOf(at)}`;
	const both = `${shortNumber(phoneNumber)}${time}`;
	const isFitting = word.length + both.length <= longest + time.length;
	const aside = isFitting ? both : time;
	return aside !== '' && isRightToLeft ? `${word}\u2066${aside}\u2069` : `${word}${aside}`;
}

const endColor = (phase: Phase): 'blue' | 'green' | 'red' | 'yellow' => {
	if (phase === 'completed') return 'green';
	if (phase === 'busy' || phase === 'no-answer' || phase === 'canceled') return 'yellow';
	return phase === 'failed' ? 'red' : 'blue';
};

/** Renewed so often at most, after a first burst: each change is sent to every open editor. */
const changesPerSecond = 5;
const burst = 20;

/** What a message has come to: words are made of it only when it is shown. */
interface Standing {
	readonly fill: 'blue' | 'green' | 'red' | 'yellow';
	readonly shape: 'dot' | 'ring';
	readonly phase: Phase;
	readonly phoneNumber: string | null;
	/** How many tries are left. */
	readonly left?: number;
	/** When it came to its end, in milliseconds since 1970; null: it is under way. */
	readonly at: number | null;
}

/** What the board shows of one message. */
export class MessageStatus {
	readonly #board: StatusBoard;
	#phoneNumber: string | null = null;

	constructor(board: StatusBoard) {
		this.#board = board;
	}

	/** A phone number is shown by its last four digits, from then on. */
	show(phase: Phase, phoneNumber: string | null = this.#phoneNumber): void {
		this.#phoneNumber = phoneNumber;
		this.#board.show({ fill: 'blue', shape: 'ring', phase, phoneNumber, at: null });
	}

	showCall({ final, phoneNumber, status }: Call): void {
		this.#phoneNumber = phoneNumber;
		const fill = final ? endColor(status) : 'blue';
		const at = final ? clock.now() : null;
		this.#board.show({ fill, shape: 'dot', phase: status, phoneNumber, at });
	}

	showCheck({ attemptsLeft, phoneNumber, reason }: CheckResult): void {
		this.#phoneNumber = phoneNumber;
		const fill = reason === null ? 'green' : 'yellow';
		const phase = reason ?? 'right';
		const at = clock.now();
		this.#board.show({ fill, shape: 'dot', phase, phoneNumber, left: attemptsLeft, at });
	}

	/** The message has been answered; what was shown last stays. */
	end(): void {
		this.#board.end();
	}

	fail(phase: ErrorKind): void {
		const phoneNumber = this.#phoneNumber;
		this.#board.fail({ fill: 'red', shape: 'ring', phase, phoneNumber, at: clock.now() });
	}
}

/** A node's status: that of the one call under way, or how many there are. */
export class StatusBoard {
	readonly #node: Node;
	readonly #translate: Translate;
	/** Those that have been translated; the language of a Node-RED stays the same. */
	readonly #words = new Map<string, string>();
	#underWay = 0;
	#started = 0;
	#failed = 0;
	#latest: Standing | null = null;
	/** When the node's account was refused; null: it is not. */
	#refusedAt: number | null = null;
	#shown = '';
	#changesLeft = burst;
	#refilledAt = 0;
	#timer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(node: Node, translate: Translate) {
		this.#node = node;
		this.#translate = translate;
	}

	/** A message has arrived. */
	begin(): MessageStatus {
		if (this.#underWay === 0) {
			this.#started = 0;
			this.#failed = 0;
		}
		this.#underWay += 1;
		this.#started += 1;
		return new MessageStatus(this);
	}

	show(standing: Standing): void {
		this.#latest = standing;
		this.#render();
	}

	end(): void {
		if (this.#latest?.at === null) this.#latest = { ...this.#latest, at: clock.now() };
		this.#underWay -= 1;
		this.#render();
	}

	fail(standing: Standing): void {
		this.#failed += 1;
		this.#latest = standing;
		this.end();
	}

	/** The provider has refused the account, or taken it again (null): nobody has to wait for the next error. */
	showAccount(refusedAt: number | null): void {
		this.#refusedAt = refusedAt;
		this.#render();
	}

	/** Shows nothing more. */
	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
	}

	get #isRightToLeft(): boolean {
		return this.#word('direction', 'ltr') === 'rtl';
	}

	#word(key: string, otherwise: string): string {
		const known = this.#words.get(key);
		if (known !== undefined) return known;
		const translated = this.#translate(key);
		const word = translated.endsWith(key) ? otherwise : translated;
		this.#words.set(key, word);
		return word;
	}

	#text({ at, left = 0, phase, phoneNumber }: Standing): string {
		const word = this.#word(`status.${phase}`, english[phase]).replace('{left}', String(left));
		return statusText(word.slice(0, longest), {
			phoneNumber,
			at,
			isRightToLeft: this.#isRightToLeft,
		});
	}

	#withTime(word: string, at: number | null): string {
		return statusText(word, { phoneNumber: null, at, isRightToLeft: this.#isRightToLeft });
	}

	#count(key: keyof typeof englishCounts): string {
		return this.#word(`status.${key}`, englishCounts[key])
			.replace('{n}', String(this.#underWay === 0 ? this.#started : this.#underWay))
			.replace('{failed}', String(this.#failed));
	}

	/** The first that is short enough. */
	#fitting(...keys: (keyof typeof englishCounts)[]): string {
		const texts = keys.map((key) => this.#count(key));
		return texts.find((text) => text.length <= longest) ?? '';
	}

	#current(): NodeStatus {
		if (this.#underWay > 1) {
			return { fill: 'blue', shape: 'dot', text: this.#fitting('underWay', 'manyUnderWay') };
		}
		const at = this.#latest?.at ?? null;
		if (this.#refusedAt !== null && this.#underWay === 0 && (at === null || at < this.#refusedAt)) {
			const word = this.#word('status.accountRefused', englishRefusal);
			return { fill: 'red', shape: 'ring', text: this.#withTime(word, this.#refusedAt) };
		}
		if (this.#started > 1 && this.#underWay === 0) {
			return this.#failed === 0
				? { fill: 'green', shape: 'dot', text: this.#withTime(this.#fitting('done'), at) }
				: {
						fill: 'red',
						shape: 'ring',
						text: this.#withTime(this.#fitting('someFailed', 'manyFailed'), at),
					};
		}
		if (this.#latest === null) return {};
		const { fill, shape } = this.#latest;
		return { fill, shape, text: this.#text(this.#latest) };
	}

	#render(): void {
		if (this.#closed || this.#timer !== undefined) return;
		const now = performance.now();
		const refill = ((now - this.#refilledAt) / 1000) * changesPerSecond;
		this.#changesLeft = Math.min(burst, this.#changesLeft + refill);
		this.#refilledAt = now;
		if (this.#changesLeft < 1) {
			this.#timer = setTimeout(() => {
				this.#timer = undefined;
				this.#render();
			}, 1000 / changesPerSecond).unref();
			return;
		}
		const status = this.#current();
		const key = `${status.fill} ${status.shape} ${status.text}`;
		if (key === this.#shown) return;
		this.#changesLeft -= 1;
		this.#shown = key;
		this.#node.status(status);
	}
}
