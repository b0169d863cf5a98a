import type { Ending } from './errand';

/** What came out of the traffic since the last look. */
export interface Tally {
	readonly given: number;
	/** Errands whose flow put a call out. */
	readonly calls: number;
	/** Errors by their kind. */
	readonly errors: ReadonlyMap<string, number>;
	/** Errands that were answered a second time, or that nobody gave. */
	readonly answeredTwice: number;
	/** Numbers of which an error said that no phone rings. */
	readonly toldNotPlaced: readonly string[];
	/** Errands without an answer so far. */
	readonly pending: number;
}

/** Keeps count of what was given and answered, and holds nothing of what is done. */
export class Answers {
	readonly #pending = new Set<string>();
	#given = 0;
	#calls = 0;
	#errors = new Map<string, number>();
	#answeredTwice = 0;
	#toldNotPlaced: string[] = [];

	get pending(): number {
		return this.#pending.size;
	}

	gave(phoneNumber: string): void {
		this.#pending.add(phoneNumber);
		this.#given += 1;
	}

	ended(phoneNumber: string, ending: Ending): void {
		if (!this.#pending.delete(phoneNumber)) this.#answeredTwice += 1;
		if (ending.is === 'call') this.#calls += 1;
		else {
			this.#errors.set(ending.kind, (this.#errors.get(ending.kind) ?? 0) + 1);
			if (!ending.callMayHaveBeenPlaced) this.#toldNotPlaced.push(phoneNumber);
		}
	}

	/** What came since the last look; counting begins anew. */
	take(): Tally {
		const tally: Tally = {
			given: this.#given,
			calls: this.#calls,
			errors: this.#errors,
			answeredTwice: this.#answeredTwice,
			toldNotPlaced: this.#toldNotPlaced,
			pending: this.#pending.size,
		};
		this.#given = 0;
		this.#calls = 0;
		this.#errors = new Map();
		this.#answeredTwice = 0;
		this.#toldNotPlaced = [];
		return tally;
	}
}

export function isTally(value: unknown): value is Tally {
	return (
		typeof value === 'object' &&
		value !== null &&
		['given', 'calls', 'answeredTwice', 'pending'].every(
			(name) => typeof Reflect.get(value, name) === 'number',
		) &&
		'errors' in value &&
		value.errors instanceof Map &&
		'toldNotPlaced' in value &&
		Array.isArray(value.toldNotPlaced)
	);
}
