/** Somebody in line. As small as can be: thousands may wait. */
interface Waiting {
	readonly signal: AbortSignal;
	/** @param hasTurn false: the signal has aborted before the turn came. Null: it has been told already. */
	tell: ((hasTurn: boolean) => void) | null;
}

/** Below this many, empty places at the front of the queue are not worth cutting off. */
const tidyFrom = 1_024;

/**
 * Lets a limited number of messages pass at a time; the others wait in their order. Joining and leaving
 * the queue cost the same however long it is.
 */
export class Slots {
	readonly #most: number;
	#taken = 0;
	#queue: Waiting[] = [];
	#next = 0;
	/** The signals of those in line that are listened to; of each node there is one. */
	readonly #heard = new WeakSet<AbortSignal>();

	constructor(most: number) {
		this.#most = most;
	}

	/**
	 * Runs the task when its turn has come.
	 * @returns what the task returns; null when the signal aborts before the turn has come
	 */
	async run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T | null> {
		if (signal.aborted) return null;
		if (this.#taken < this.#most) this.#taken += 1;
		else if (!(await this.#turn(signal))) return null;
		try {
			return await task();
		} finally {
			this.#pass();
		}
	}

	#turn(signal: AbortSignal): Promise<boolean> {
		this.#listen(signal);
		return new Promise((tell) => {
			this.#queue.push({ signal, tell });
		});
	}

	/** One listener for all that wait with this signal. */
	#listen(signal: AbortSignal): void {
		if (this.#heard.has(signal)) return;
		this.#heard.add(signal);
		const cancel = (): void => {
			for (const waiting of this.#queue.slice(this.#next)) {
				if (waiting.signal !== signal) continue;
				waiting.tell?.(false);
				waiting.tell = null;
			}
		};
		signal.addEventListener('abort', cancel, { once: true });
	}

	/** Hands this place to the first in the queue that still wants it. */
	#pass(): void {
		for (;;) {
			const first = this.#queue[this.#next];
			if (first === undefined) {
				this.#queue = [];
				this.#next = 0;
				this.#taken -= 1;
				return;
			}
			this.#next += 1;
			// Half of the queue at a time, so that each place is moved once on average.
			if (this.#next >= tidyFrom && this.#next * 2 >= this.#queue.length) {
				this.#queue = this.#queue.slice(this.#next);
				this.#next = 0;
			}
			const { tell } = first;
			if (tell === null) continue;
			first.tell = null;
			tell(true);
			return;
		}
	}
}
