import type { Operation } from '../provider';
import type { Fault, FaultKind, FaultMatch, FaultRule } from './fault';

/** What is known of a request when a fault is chosen for it. */
export interface FaultTarget {
	/** undefined when its path is no provider's. */
	readonly provider: string | undefined;
	readonly operation: Operation;
	readonly method: string;
	readonly url: string;
}

/** A rule that was added. */
export interface AddedFault {
	/** How often it has struck. */
	readonly struck: number;
	remove(): void;
}

/** The faults that are switched on. */
export interface Faults {
	/**
	 * Switches a fault on. Rules are tried in the order they were added; the first that strikes wins.
	 * @throws TypeError when the fault could never strike as described
	 */
	add(rule: FaultRule): AddedFault;
	/** Switches all faults off. */
	clear(): void;
}

interface Entry {
	readonly fault: Fault;
	readonly match: FaultMatch;
	readonly path: RegExp | undefined;
	readonly probability: number;
	left: number;
	struck: number;
}

const ARRIVES_WITHOUT_BODY: ReadonlySet<FaultKind> = new Set(['refuse', 'reset-before-body']);

/** Keeps the rules and chooses among them. */
export class FaultTable implements Faults {
	readonly #random: () => number;
	readonly #providers: readonly string[];
	#entries: Entry[] = [];

	/** `random`: 0 up to 1, for probabilities; `providers`: the names of those that there are. */
	constructor(random: () => number, providers: readonly string[]) {
		this.#random = random;
		this.#providers = providers;
	}

	add(rule: FaultRule): AddedFault {
		const { fault, match = {}, times = Infinity, probability = 1 } = rule;
		if (ARRIVES_WITHOUT_BODY.has(fault.kind) && match.phoneNumber !== undefined) {
			throw new TypeError(`"${fault.kind}" strikes before the phone number is known`);
		}
		if (fault.kind === 'refuse' && Object.keys(match).length > 0) {
			throw new TypeError('"refuse" strikes at a connection, before any request: it has no match');
		}
		if (match.provider !== undefined && !this.#providers.includes(match.provider)) {
			throw new TypeError(`There is no provider "${match.provider}"`);
		}
		const path = match.path === undefined ? undefined : withoutMemory(match.path);
		const entry: Entry = { fault, match, path, probability, left: times, struck: 0 };
		this.#entries.push(entry);
		return {
			get struck() {
				return entry.struck;
			},
			remove: () => this.#remove(entry),
		};
	}

	clear(): void {
		this.#entries = [];
	}

	/** Whether the connection that was just accepted is to be reset. */
	strikesConnection(): boolean {
		return this.#entries.some((entry) => entry.fault.kind === 'refuse' && this.#strike(entry));
	}

	/** The fault for a request whose headers have arrived, among rules that need no phone number. */
	forHeaders(target: FaultTarget): Fault | undefined {
		return this.#first(target, (match) => match.phoneNumber === undefined);
	}

	/** The fault for a request to or about a number, among rules that name it; only they have it looked up. */
	forPhoneNumber(target: FaultTarget, phoneNumberOf: () => string | undefined): Fault | undefined {
		if (this.#entries.every(({ match }) => match.phoneNumber === undefined)) return undefined;
		const phoneNumber = phoneNumberOf();
		if (phoneNumber === undefined) return undefined;
		return this.#first(target, (match) => match.phoneNumber === phoneNumber);
	}

	#first(target: FaultTarget, alsoMatches: (match: FaultMatch) => boolean): Fault | undefined {
		if (this.#entries.length === 0) return undefined;
		return this.#entries.find(
			(entry) => alsoMatches(entry.match) && befalls(entry, target) && this.#strike(entry),
		)?.fault;
	}

	#strike(entry: Entry): boolean {
		if (entry.left <= 0) return false;
		if (entry.probability < 1 && this.#random() >= entry.probability) return false;
		entry.left -= 1;
		entry.struck += 1;
		if (entry.left <= 0) this.#remove(entry);
		return true;
	}

	#remove(entry: Entry): void {
		this.#entries = this.#entries.filter((other) => other !== entry);
	}
}

function befalls({ fault, match, path }: Entry, target: FaultTarget): boolean {
	if (fault.kind === 'refuse') return false;
	if (fault.kind === 'late-record' && target.operation !== 'send') return false;
	if (match.provider !== undefined && match.provider !== target.provider) return false;
	if (match.operation !== undefined && match.operation !== target.operation) return false;
	if (match.method !== undefined && match.method !== target.method) return false;
	return path === undefined || path.test(target.url);
}

// With the flags g or y a regular expression would remember where its last match ended.
function withoutMemory(path: RegExp | string): RegExp {
	return typeof path === 'string'
		? new RegExp(path)
		: new RegExp(path.source, path.flags.replace(/[gy]/g, ''));
}
