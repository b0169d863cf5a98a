import type { StoredValues } from './seenValues';

/** Somebody who waits for the turn of these keys. */
interface Waiting {
	readonly keys: readonly string[];
	readonly store: StoredValues;
	/** Never rejects. */
	readonly begin: (values: StoredValues) => Promise<void>;
}

/**
 * So many tasks share a turn. Each records up to 28 values that it takes away again, and meanwhile the store
 * forgets as many of its oldest: of 10,000 it keeps 9,600 so, which are the calls that users are promised.
 */
const mostTogether = 14;

/**
 * Turns at a store that has to be read and written as a whole for each question. Tasks that have a key in
 * common follow one another. Those that have none are asked for together: what all of them record is one
 * question, and what they remove another.
 */
export class SharedTurns {
	readonly #onIdle: () => void;
	#queue: Waiting[] = [];
	#isRunning = false;

	/** @param onIdle called when nobody has a turn or waits for one any more */
	constructor(onIdle: () => void = () => undefined) {
		this.#onIdle = onIdle;
	}

	/** @returns what the task returns; rejects as it does */
	run<T>(
		keys: readonly string[],
		store: StoredValues,
		task: (values: StoredValues) => Promise<T>,
	): Promise<T> {
		return new Promise((resolve, reject) => {
			const begin = (values: StoredValues) => task(values).then(resolve, reject);
			this.#queue.push({ keys, store, begin });
			if (!this.#isRunning) void this.#runAll();
		});
	}

	async #runAll(): Promise<void> {
		this.#isRunning = true;
		// Whoever comes in the same moment shares the first turn.
		await Promise.resolve();
		for (let turn = this.#nextTurn(); turn.length > 0; turn = this.#nextTurn()) {
			const [first] = turn;
			if (first === undefined) break;
			const together = new Together(first.store, turn.length);
			await Promise.all(
				turn.map(async ({ begin }) => {
					await begin(together);
					together.leave();
				}),
			);
		}
		this.#isRunning = false;
		this.#onIdle();
	}

	/** The first in line, and all behind them who share no key with anybody before them. */
	#nextTurn(): readonly Waiting[] {
		const taken = new Set<string>();
		const turn: Waiting[] = [];
		const others: Waiting[] = [];
		for (const waiting of this.#queue) {
			const isFree = turn.length < mostTogether && !waiting.keys.some((key) => taken.has(key));
			(isFree ? turn : others).push(waiting);
			for (const key of waiting.keys) taken.add(key);
		}
		this.#queue = others;
		return turn;
	}
}

/** What one task of a turn asks for. */
interface Asked {
	readonly values: readonly string[];
	readonly isRemoval: boolean;
	readonly settle: (fresh: Set<string>) => void;
	readonly fail: (error: unknown) => void;
}

/** The store, asked only when each task of the turn has a question or has ended. */
class Together implements StoredValues {
	readonly #store: StoredValues;
	#tasks: number;
	#asked: Asked[] = [];

	constructor(store: StoredValues, tasks: number) {
		this.#store = store;
		this.#tasks = tasks;
	}

	record(values: readonly string[]): Promise<Set<string>> {
		return this.#ask([...values], false);
	}

	async remove(values: Iterable<string>): Promise<void> {
		const removed = [...values];
		if (removed.length > 0) await this.#ask(removed, true);
	}

	/** A task has ended. */
	leave(): void {
		this.#tasks -= 1;
		this.#askWhenAllHave();
	}

	#ask(values: readonly string[], isRemoval: boolean): Promise<Set<string>> {
		return new Promise((settle, fail) => {
			this.#asked.push({ values, isRemoval, settle, fail });
			this.#askWhenAllHave();
		});
	}

	#askWhenAllHave(): void {
		if (this.#asked.length === 0 || this.#asked.length < this.#tasks) return;
		const asked = this.#asked;
		this.#asked = [];
		void this.#answer(asked);
	}

	/** One after the other: each reads and writes the whole store. */
	async #answer(asked: readonly Asked[]): Promise<void> {
		await this.#answerAlike(asked.filter(({ isRemoval }) => isRemoval));
		await this.#answerAlike(asked.filter(({ isRemoval }) => !isRemoval));
	}

	async #answerAlike(asked: readonly Asked[]): Promise<void> {
		if (asked.length === 0) return;
		try {
			const fresh = await this.#askStore(asked);
			for (const { settle, values } of asked) {
				settle(new Set(values.filter((value) => fresh.has(value))));
			}
		} catch (error) {
			for (const { fail } of asked) fail(error);
		}
	}

	/** @returns the values that were new; none for a removal */
	async #askStore(asked: readonly Asked[]): Promise<ReadonlySet<string>> {
		const values = asked.flatMap((each) => each.values);
		if (asked[0]?.isRemoval !== true) return await this.#store.record(values);
		await this.#store.remove(values);
		return new Set();
	}
}
