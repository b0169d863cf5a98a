import type { Clock } from '../../calls/transport';
import { onAbort } from './aborts';

/** Somebody who waits for the end of one call. */
interface Waiter {
	/** An event has come that has not shortened a pause yet. */
	isTold: boolean;
	/** An event has come at all. */
	wasTold: boolean;
	wake: () => void;
}

/** After so many ends in a row of which events have told, the next one is expected to be told, too. */
const toldInARow = 8;

/**
 * Of which calls of an account events have said that they are over. A wait looks at once then, and goes
 * on polling all the same: an event may never come.
 */
export class EndedCalls {
	readonly #waiters = new Map<string, Set<Waiter>>();
	#inARow = 0;

	/** An event says that this call is over. It is a wake-up, and no proof. */
	tell(callId: string): void {
		for (const waiter of this.#waiters.get(callId) ?? []) {
			waiter.isTold = true;
			waiter.wasTold = true;
			waiter.wake();
		}
	}

	/**
	 * Runs a wait whose pauses end when an event tells of the call's end.
	 * @param clock the one whose sleeps are to be shortened
	 * @param wait is handed the clock, and whether an event can be expected that has not come yet
	 */
	async during<T>(
		callId: string,
		clock: Clock,
		wait: (clock: Clock, expectsEvent: () => boolean) => Promise<T>,
	): Promise<T> {
		const waiter: Waiter = { isTold: false, wasTold: false, wake: () => undefined };
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
			const expectsEvent = () => this.#inARow >= toldInARow && !waiter.wasTold;
			const ended = await wait({ ...clock, sleep }, expectsEvent);
			this.#inARow = waiter.wasTold ? this.#inARow + 1 : 0;
			return ended;
		} finally {
			waiters.delete(waiter);
			if (waiters.size === 0) this.#waiters.delete(callId);
		}
	}
}
