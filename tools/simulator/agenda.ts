interface Entry {
	readonly at: number;
	readonly order: number;
	readonly task: () => Promise<void>;
}

/** Tasks in the order of their due time; tasks due at the same time keep the order they were added in. */
export class Agenda {
	#heap: Entry[] = [];
	#added = 0;

	/** Adds a task that is due at `at` (epoch milliseconds). */
	add(at: number, task: () => Promise<void>): void {
		this.#heap.push({ at, order: this.#added++, task });
		this.#rise(this.#heap.length - 1);
	}

	/** When the next task is due, in epoch milliseconds; undefined when there is none. */
	nextDue(): number | undefined {
		return this.#heap[0]?.at;
	}

	/** Removes and returns the next task. */
	take(): (() => Promise<void>) | undefined {
		const first = this.#heap[0];
		const last = this.#heap.pop();
		if (first === undefined || last === undefined) return undefined;
		if (this.#heap.length > 0) {
			this.#heap[0] = last;
			this.#sink(0);
		}
		return first.task;
	}

	clear(): void {
		this.#heap = [];
	}

	#isBefore(a: number, b: number): boolean {
		const left = this.#heap[a];
		const right = this.#heap[b];
		if (left === undefined || right === undefined) return false;
		return left.at < right.at || (left.at === right.at && left.order < right.order);
	}

	#swap(a: number, b: number): void {
		const left = this.#heap[a];
		const right = this.#heap[b];
		if (left === undefined || right === undefined) return;
		this.#heap[a] = right;
		this.#heap[b] = left;
	}

	#rise(from: number): void {
		let index = from;
		while (index > 0) {
			const parent = (index - 1) >> 1;
			if (!this.#isBefore(index, parent)) return;
			this.#swap(index, parent);
			index = parent;
		}
	}

	#sink(from: number): void {
		let index = from;
		for (;;) {
			let first = index;
			for (const child of [2 * index + 1, 2 * index + 2]) {
				if (this.#isBefore(child, first)) first = child;
			}
			if (first === index) return;
			this.#swap(index, first);
			index = first;
		}
	}
}
