import type { Clock } from '../../calls/transport';
import { onAbort } from './aborts';

/** Somebody who waits for the end of one call. */
interface Waiter {
	/** An event has come that has not shortened a pause yet. */
	isTold: boolean;
	wake: () => void;
}

/**
 * Of which calls of an account events have said that they are over. A wait looks at once then, and goes
 * on polling all the same: an event may never come.
 */
export class EndedCalls {
	readonly #waiters = new Map<string, Set<Waiter>>();

	/** An event says that this call is over. It is a wake-up, and no proof. */
	tell(callId: string): void {
		for (const waiter of this.#waiters.get(callId) ?? []) {
			waiter.isTold = true;
			waiter.wake();
		}
	}

	/**
	 * Runs a wait whose pauses end when an event tells of the call's end.
	 * @param clock the one whose sleeps are to be shortened
	 */
	async during<T>(callId: string, clock: Clock, wait: (clock: Clock) => Promise<T>): Promise<T> {
		const waiter: Waiter = { isTold: false, wake: () => undefined };
		const waiters = this.#waiters.get(callId) ?? new Set();
		this.#waiters.set(callId, waiters.add(waiter));
		const sleep: Clock['sleep'] = async (milliseconds, signal) => {
			const ending = new AbortController();
			waiter.wake = () => {
				ending.abort();
			};
			if (waiter.isTold) ending.abort();
			waiter.isTold = false;
			const forget = onAbort(signal, waiter.wake);
			await clock.sleep(milliseconds, ending.signal);
			forget();
			waiter.wake = () => undefined;
		};
		try {
			return await wait({ ...clock, sleep });
		} finally {
			waiters.delete(waiter);
			if (waiters.size === 0) this.#waiters.delete(callId);
		}
	}
}
