import type { Call } from './call';

/** The calls that were placed, in their order, and the ways to find one. */
export class Ledger {
	readonly #limit: number;
	readonly #calls = new Map<string, Call>();
	readonly #byRefId = new Map<string, Call>();
	readonly #bySipCallId = new Map<string, Call>();

	/** `limit`: how many calls are kept, the oldest is forgotten first. */
	constructor(limit: number) {
		this.#limit = limit;
	}

	add(call: Call): void {
		this.#calls.set(call.callId, call);
		if (call.provider === 'autocall') {
			this.#bySipCallId.set(call.sipCallId, call);
			if (call.refId !== '') this.#byRefId.set(call.refId, call);
		}
		if (this.#calls.size > this.#limit) this.#forgetOldest();
	}

	byCallId(callId: string): Call | undefined {
		return this.#calls.get(callId);
	}

	/** The latest call with this reference: whether the provider refuses a repeated one is not documented. */
	byRefId(refId: string): Call | undefined {
		return this.#byRefId.get(refId);
	}

	bySipCallId(sipCallId: string): Call | undefined {
		return this.#bySipCallId.get(sipCallId);
	}

	/** All calls, oldest first. */
	all(): IterableIterator<Call> {
		return this.#calls.values();
	}

	clear(): void {
		this.#calls.clear();
		this.#byRefId.clear();
		this.#bySipCallId.clear();
	}

	#forgetOldest(): void {
		for (const oldest of this.#calls.values()) {
			this.#calls.delete(oldest.callId);
			if (oldest.provider === 'autocall') {
				this.#bySipCallId.delete(oldest.sipCallId);
				if (this.#byRefId.get(oldest.refId) === oldest) this.#byRefId.delete(oldest.refId);
			}
			return;
		}
	}
}
