/** The latest entries of a list that goes on. */
export class Latest<T> {
	readonly #limit: number;
	#entries: T[] = [];
	#forgotten = 0;

	/** `limit`: how many are kept; 0 for none, Infinity for all. */
	constructor(limit: number) {
		this.#limit = limit;
	}

	// Forgotten entries are dropped many at a time: removing one from the front of a long list is slow.
	add(entry: T): void {
		if (this.#limit <= 0) return;
		this.#entries.push(entry);
		if (this.#entries.length - this.#forgotten > this.#limit) this.#forgotten += 1;
		if (this.#forgotten > this.#limit) {
			this.#entries = this.#entries.slice(this.#forgotten);
			this.#forgotten = 0;
		}
	}

	/** Those that are kept, oldest first. */
	kept(): readonly T[] {
		return this.#entries.slice(this.#forgotten);
	}

	clear(): void {
		this.#entries = [];
		this.#forgotten = 0;
	}
}
