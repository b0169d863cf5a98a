import type { Order } from '../orders';
import { hasFields } from '../process';

/** Where the traffic places its calls. */
export interface TrafficTarget {
	readonly host: 'node-red' | 'n8n';
	/** The simulator's base URL, without a trailing slash. */
	readonly baseUrl: string;
}

/** A host with flows for every provider, some of which wait for the end of their calls. */
export interface TrafficHost {
	/** How many orders it takes at a time. */
	readonly batch: number;
	/** Puts orders in; the outcome of each is told to `onOutcome`. */
	take(orders: readonly Order[]): void;
	close(): Promise<void>;
}

/** What became of an order: the flow put a call out, or an error. */
export type Outcome =
	| { readonly is: 'call'; readonly callId: string }
	| { readonly is: 'error'; readonly kind: string; readonly callMayHaveBeenPlaced: boolean };

/** Told of each order's outcome, by its phone number. */
export type OnOutcome = (phoneNumber: string, outcome: Outcome) => void;

/** The flows' settings in seconds: short, so that a fault does not hold a place for long. */
export const TIMEOUT_SECONDS = 3;
export const WAIT_TIMEOUT_SECONDS = 40;

/** Reads an error as both hosts put it out for flows to branch on. */
export function readError(details: unknown): Outcome {
	if (typeof details !== 'object' || details === null || !('callMayHaveBeenPlaced' in details)) {
		return { is: 'error', kind: 'unknown', callMayHaveBeenPlaced: true };
	}
	const kind = 'kind' in details ? details.kind : 'code' in details ? details.code : '';
	return {
		is: 'error',
		kind: String(kind),
		callMayHaveBeenPlaced: details.callMayHaveBeenPlaced !== false,
	};
}

/** What came out of the traffic since the tally before. */
export interface Tally {
	readonly given: number;
	/** Orders whose flow put a call out. */
	readonly calls: number;
	/** The numbers of those orders, each with the ID of the call that was put out for it. */
	readonly put: readonly (readonly [phoneNumber: string, callId: string])[];
	/** Errors by their kind. */
	readonly errors: ReadonlyMap<string, number>;
	/** Orders that were answered a second time, or that nobody gave. */
	readonly answeredTwice: number;
	/** Numbers of which an error said that no phone rings. */
	readonly toldNotPlaced: readonly string[];
	/** Orders without an answer so far. */
	readonly pending: number;
}

/** Keeps count of what was given and answered, and holds nothing of what is done. */
export class Answers {
	readonly #pending = new Set<string>();
	#since = nothingYet();

	get pending(): number {
		return this.#pending.size;
	}

	gave(phoneNumber: string): void {
		this.#pending.add(phoneNumber);
		this.#since.given += 1;
	}

	answered(phoneNumber: string, outcome: Outcome): void {
		const since = this.#since;
		if (!this.#pending.delete(phoneNumber)) since.answeredTwice += 1;
		if (outcome.is === 'call') {
			since.calls += 1;
			since.put.push([phoneNumber, outcome.callId]);
		} else {
			since.errors.set(outcome.kind, (since.errors.get(outcome.kind) ?? 0) + 1);
			if (!outcome.callMayHaveBeenPlaced) since.toldNotPlaced.push(phoneNumber);
		}
	}

	/** What came since the tally before; counting begins anew. */
	take(): Tally {
		const tally = { ...this.#since, pending: this.#pending.size };
		this.#since = nothingYet();
		return tally;
	}
}

function nothingYet() {
	const errors = new Map<string, number>();
	const toldNotPlaced: string[] = [];
	const put: [string, string][] = [];
	return { put, given: 0, calls: 0, errors, answeredTwice: 0, toldNotPlaced };
}

export const isTrafficTarget = (value: unknown): value is TrafficTarget =>
	hasFields(value, {
		host: 'string',
		baseUrl: 'string',
	});

export const isTally = (value: unknown): value is Tally =>
	hasFields(value, {
		given: 'number',
		calls: 'number',
		put: 'array',
		errors: 'map',
		answeredTwice: 'number',
		toldNotPlaced: 'array',
		pending: 'number',
	});

/** Traffic for some time. */
export interface Stretch {
	readonly seconds: number;
	readonly perSecond: number;
	/** The first order's number; orders are counted on from there. */
	readonly first: number;
}

export const isStretch = (value: unknown): value is Stretch =>
	hasFields(value, { seconds: 'number', perSecond: 'number', first: 'number' });
