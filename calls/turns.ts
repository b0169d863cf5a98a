import type { Transport } from './transport';

/** Runs tasks of the same key one after another: each begins when the one before has settled. */
export class Turns {
	readonly #last = new Map<string, Promise<unknown>>();

	/** @returns what the task returns; rejects as it does */
	async run<T>(key: string, task: () => Promise<T>): Promise<T> {
		const before = this.#last.get(key);
		const own = before === undefined ? task() : before.then(task, task);
		this.#last.set(key, own);
		try {
			return await own;
		} finally {
			if (this.#last.get(key) === own) this.#last.delete(key);
		}
	}
}

/**
 * The same transport with at most so many requests under way; the others wait for their turn, first
 * come, first served. A request's time limit begins with its turn.
 */
export function withAtMost(most: number, transport: Transport): Transport {
	const waiting: Array<() => void> = [];
	let underWay = 0;
	return async (request) => {
		if (underWay < most) underWay += 1;
		else await new Promise<void>((resolve) => waiting.push(resolve));
		try {
			return await transport(request);
		} finally {
			// Its place is handed on as it is, so that nobody can slip in between.
			const next = waiting.shift();
			if (next === undefined) underWay -= 1;
			else next();
		}
	};
}
