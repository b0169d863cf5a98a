import type { JsonObject } from '../json';
import type { DueWebhook, WebhookSource } from '../webhooks';
import type { Attempt } from './attempts';

/** A call that was placed: somebody's phone rings. Providers add what else they know of theirs. */
export interface Call {
	/** The name of the provider that was asked for it. */
	readonly provider: string;
	readonly callId: string;
	/** As it was sent. */
	readonly phoneNumber: string;
	/** The digits or letters that are read out. */
	readonly code: string;
	/** Epoch milliseconds. */
	readonly placedAt: number;
	readonly attempts: readonly Attempt[];
	/** From when on the record can be looked up, in epoch milliseconds. */
	readonly recordAt: number;
	/** Fields that replace those of the final record. */
	readonly recordFields: JsonObject;
}

/** The try that decided how the call ended. */
export function lastAttempt(call: Call): Attempt {
	const attempt = call.attempts.at(-1);
	if (attempt === undefined) throw new Error(`Call ${call.callId} was laid out without a try`);
	return attempt;
}

/** A call with what its provider knows to do about it. */
export interface LedgerEntry extends WebhookSource {
	readonly call: Call;
	/** Makes its provider forget it. */
	readonly forget: () => void;
}

/** The calls of all providers, in the order they were placed in. */
export class Ledger {
	readonly #limit: number;
	readonly #entries = new Set<LedgerEntry>();
	readonly #onAdded: (entry: LedgerEntry) => void;

	/** `limit`: how many calls are kept, the oldest is forgotten first. */
	constructor(limit: number, onAdded: (entry: LedgerEntry) => void) {
		this.#limit = limit;
		this.#onAdded = onAdded;
	}

	add(entry: LedgerEntry): void {
		this.#entries.add(entry);
		for (const oldest of this.#entries) {
			if (this.#entries.size <= this.#limit) break;
			this.#forget(oldest);
		}
		this.#onAdded(entry);
	}

	/** Oldest first. */
	entries(): Iterable<LedgerEntry> {
		return this.#entries;
	}

	clear(): void {
		for (const entry of this.#entries) this.#forget(entry);
	}

	#forget(entry: LedgerEntry): void {
		this.#entries.delete(entry);
		entry.forget();
	}
}

/** How a provider finds its calls again, and whom it tells of them. */
export interface CallKeeping<C extends Call> {
	/** The texts that a call is found by. Of two calls with the same one the latest is found. */
	readonly keysOf: (call: C) => readonly string[];
	/** The webhooks that a call brings about; none when nobody would receive them. */
	readonly webhooksOf: (call: C) => readonly DueWebhook[];
}

/** The calls of one provider. */
export class CallBook<C extends Call> {
	readonly #ledger: Ledger;
	readonly #keeping: CallKeeping<C>;
	readonly #calls = new Set<C>();
	readonly #byKey = new Map<string, C>();

	constructor(ledger: Ledger, keeping: CallKeeping<C>) {
		this.#ledger = ledger;
		this.#keeping = keeping;
	}

	add(call: C): void {
		this.#calls.add(call);
		for (const key of this.#keeping.keysOf(call)) this.#byKey.set(key, call);
		this.#ledger.add({
			call,
			webhooks: () => this.#keeping.webhooksOf(call),
			forget: () => this.#forget(call),
		});
	}

	find(key: string): C | undefined {
		return this.#byKey.get(key);
	}

	/** Oldest first. */
	all(): readonly C[] {
		return [...this.#calls];
	}

	#forget(call: C): void {
		this.#calls.delete(call);
		for (const key of this.#keeping.keysOf(call)) {
			if (this.#byKey.get(key) === call) this.#byKey.delete(key);
		}
	}
}
