import type { Node, NodeStatus } from 'node-red';

import type { Call, CallStatus } from '../../providers/call';
import type { CheckReason, CheckResult } from '../../calls/codeCheck';
import type { ErrorKind } from '../../calls/errors';
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

/** Shown by Node-RED beside the node, in under 20 characters. */
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
		this.#board.show({ fill: 'blue', shape: 'ring', phase, phoneNumber });
	}

	showCall({ final, phoneNumber, status }: Call): void {
		this.#phoneNumber = phoneNumber;
		const fill = final ? endColor(status) : 'blue';
		this.#board.show({ fill, shape: 'dot', phase: status, phoneNumber });
	}

	showCheck({ attemptsLeft, phoneNumber, reason }: CheckResult): void {
		this.#phoneNumber = phoneNumber;
		const fill = reason === null ? 'green' : 'yellow';
		const phase = reason ?? 'right';
		this.#board.show({ fill, shape: 'dot', phase, phoneNumber, left: attemptsLeft });
	}

	/** The message has been answered; what was shown last stays. */
	end(): void {
		this.#board.end();
	}

	fail(phase: ErrorKind): void {
		const phoneNumber = this.#phoneNumber;
		this.#board.fail({ fill: 'red', shape: 'ring', phase, phoneNumber });
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
		this.#underWay -= 1;
		this.#render();
	}

	fail(standing: Standing): void {
		this.#failed += 1;
		this.#latest = standing;
		this.end();
	}

	/** Shows nothing more. */
	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
	}

	#word(key: string, otherwise: string): string {
		const known = this.#words.get(key);
		if (known !== undefined) return known;
		const translated = this.#translate(key);
		const word = translated.endsWith(key) ? otherwise : translated;
		this.#words.set(key, word);
		return word;
	}

	#text({ left = 0, phase, phoneNumber }: Standing): string {
		const word = this.#word(`status.${phase}`, english[phase]).replace('{left}', String(left));
		const both = `${word}${shortNumber(phoneNumber)}`;
		return both.length <= longest ? both : word.slice(0, longest);
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
		if (this.#started > 1 && this.#underWay === 0) {
			return this.#failed === 0
				? { fill: 'green', shape: 'dot', text: this.#fitting('done') }
				: { fill: 'red', shape: 'ring', text: this.#fitting('someFailed', 'manyFailed') };
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
