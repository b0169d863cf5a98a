// Node.js fires a longer timer at once, with a warning.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Task {
	/** Epoch milliseconds. */
	readonly at: number;
	readonly run: () => Promise<void>;
}

/** The time that calls live by. */
export interface Clock {
	/** The time of the simulated telephone network, in epoch milliseconds. */
	now(): number;
	/**
	 * Moves the time forward by `ms`, stopping at each moment on the way at which something is due (a
	 * webhook, say): it sees exactly that time. Resolves when the time is reached and everything that
	 * became due has been delivered or has failed.
	 * @throws RangeError when `ms` is negative or not finite
	 */
	advance(ms: number): Promise<void>;
	/** Runs `task` once when the time has come (`at`: epoch milliseconds); at once if it is past. */
	schedule(at: number, task: () => Promise<void>): void;
	/** Forgets everything that is scheduled and leaves no timer behind. */
	stop(): void;
}

/** A clock that stands still until it is advanced. `startsAt`: epoch milliseconds. */
export function createManualClock(startsAt: number = Date.now()): Clock {
	return new MovableClock(() => 0, startsAt, false);
}

/** A clock that runs with real time, and can be advanced beyond it. */
export function createRealTimeClock(): Clock {
	return new MovableClock(() => Date.now(), 0, true);
}

class MovableClock implements Clock {
	readonly #source: () => number;
	readonly #runs: boolean;
	/** In the order of their time; those of the same time in the order they came in. */
	#tasks: Task[] = [];
	#offset: number;
	#timer: NodeJS.Timeout | undefined;
	#timerDue = Infinity;
	#lastAdvance: Promise<void> = Promise.resolve();

	constructor(source: () => number, offset: number, runs: boolean) {
		this.#source = source;
		this.#offset = offset;
		this.#runs = runs;
	}

	now(): number {
		return this.#source() + this.#offset;
	}

	advance(ms: number): Promise<void> {
		if (!Number.isFinite(ms) || ms < 0) {
			throw new RangeError(`A clock is advanced by 0 or more milliseconds, not by ${String(ms)}`);
		}
		this.#lastAdvance = this.#lastAdvance.then(() => this.#moveTo(this.now() + ms));
		return this.#lastAdvance;
	}

	schedule(at: number, task: () => Promise<void>): void {
		const before = this.#tasks.findLastIndex((other) => other.at <= at);
		this.#tasks.splice(before + 1, 0, { at, run: task });
		if (this.#runs || at <= this.now()) this.#setTimer();
	}

	stop(): void {
		this.#tasks = [];
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#timerDue = Infinity;
	}

	async #moveTo(target: number): Promise<void> {
		for (;;) {
			const [next] = this.#tasks;
			if (next === undefined || next.at > target) break;
			this.#reach(next.at);
			await Promise.all(this.#startDue());
		}
		this.#reach(target);
		if (this.#runs) this.#setTimer();
	}

	#reach(time: number): void {
		const missing = time - this.now();
		if (missing > 0) this.#offset += missing;
	}

	#startDue(): Promise<void>[] {
		const started: Promise<void>[] = [];
		for (;;) {
			const [next] = this.#tasks;
			if (next === undefined || next.at > this.now()) return started;
			this.#tasks.shift();
			started.push(next.run());
		}
	}

	// One timer serves all tasks, so that a hundred thousand calls under way cost one timer.
	#setTimer(): void {
		const [next] = this.#tasks;
		if (next === undefined || next.at >= this.#timerDue) return;
		clearTimeout(this.#timer);
		this.#timerDue = next.at;
		const wait = Math.min(Math.max(0, next.at - this.now()), LONGEST_TIMER_MS);
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.#timerDue = Infinity;
			void Promise.all(this.#startDue());
			if (this.#runs) this.#setTimer();
		}, wait);
	}
}
