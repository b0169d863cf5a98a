import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

/** Stands for the table in which n8n remembers processed values: it knows only which values it has seen. */
class ProcessedValues implements IDataDeduplicator {
	readonly #byPlace = new Map<string, string[]>();
	#failure: Error | null = null;
	#failsOnce = false;
	#isSilent = false;

	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		place: ICheckProcessedContextData,
		{ maxEntries }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const failure = this.#failure;
		if (this.#failsOnce) this.breakWith(null);
		if (failure !== null) throw failure;
		if (this.#isSilent) await new Promise(() => undefined);
		const seen = this.#at(scope, place);
		const output: IDeduplicationOutput = { new: [], processed: [] };
		for (const item of items) {
			const isNew = !seen.includes(String(item));
			output[isNew ? 'new' : 'processed'].push(item);
			if (isNew) seen.push(String(item));
		}
		if (maxEntries !== undefined) seen.splice(0, Math.max(0, seen.length - maxEntries));
		return output;
	}

	async removeProcessed(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		place: ICheckProcessedContextData,
	): Promise<void> {
		const removed = new Set(items.map(String));
		const seen = this.#at(scope, place);
		seen.splice(0, seen.length, ...seen.filter((value) => !removed.has(value)));
	}

	async clearAllProcessedItems(
		scope: DeduplicationScope,
		place: ICheckProcessedContextData,
	): Promise<void> {
		this.#at(scope, place).length = 0;
	}

	async getProcessedDataCount(
		scope: DeduplicationScope,
		place: ICheckProcessedContextData,
	): Promise<number> {
		return this.#at(scope, place).length;
	}

	/** From now on every check fails with this error; null: it works again. */
	breakWith(failure: Error | null): void {
		this.#failure = failure;
		this.#failsOnce = false;
	}

	/** The next check fails with this error, and records nothing. */
	breakOnceWith(failure: Error): void {
		this.#failure = failure;
		this.#failsOnce = true;
	}

	/** Whether a check is never answered, as by a database that hangs. */
	set isSilent(isSilent: boolean) {
		this.#isSilent = isSilent;
	}

	/** Every value that is stored, wherever. */
	all(): readonly string[] {
		return [...this.#byPlace.values()].flat();
	}

	clear(): void {
		this.#byPlace.clear();
	}

	#at(scope: DeduplicationScope, { node, workflow }: ICheckProcessedContextData): string[] {
		const place = JSON.stringify([workflow.id, scope === 'node' ? node?.name : null]);
		const seen = this.#byPlace.get(place) ?? [];
		this.#byPlace.set(place, seen);
		return seen;
	}
}

export const processedValues = new ProcessedValues();
