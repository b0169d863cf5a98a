import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { OtpCallError } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { invalid } from '../../providers/fields';
import type { FieldName } from '../../providers/fields';
import { SharedTurns } from './sharedTurns';

/** Of all nodes of a workflow together, so that a second send node cannot call the same number. */
const scope = 'workflow';

/**
 * n8n keeps them in one row of its database, which it reads and writes at each check, and forgets the
 * oldest ones beyond so many.
 */
const options = { mode: 'entries', maxEntries: 10_000 } as const;

/** A store that does not answer must not hold up the calls of every workflow. Milliseconds. */
const longestAnswer = 10_000;

/** What a task does with the store in its turn. */
export interface StoredValues {
	/** Records all values, and tells which of them are new. @throws what it means that the store fails */
	record(values: readonly string[]): Promise<Set<string>>;
	/** @throws what it means that the store fails */
	remove(values: Iterable<string>): Promise<void>;
}

/** In this process at least, no two checks of a workflow read and write n8n's row at the same time. */
const queues = new Map<string, SharedTurns>();

/**
 * n8n makes the row of a workflow at the first question, and two workers that ask at the same time both
 * try: the database (MySQL in n8n 1) refuses one of them in these words, and nothing is recorded for it.
 */
const isMadeMeanwhile = (error: unknown): boolean =>
	error instanceof Error && /duplicate (?:key|entry)|UNIQUE constraint/i.test(error.message);

/**
 * n8n's store of values that have been processed. It can only be asked by recording: of each value it
 * tells whether it was new.
 */
export class SeenValues {
	readonly #helpers: IExecuteFunctions['helpers'];
	readonly #workflow: string;
	readonly #unusable: (why: string) => OtpCallError;

	/** @param unusable what it means that the store fails */
	constructor(functions: IExecuteFunctions, unusable: (why: string) => OtpCallError) {
		this.#helpers = functions.helpers;
		this.#workflow = functions.getWorkflow().id ?? '';
		this.#unusable = unusable;
	}

	/**
	 * Runs a task that nobody else of this process and workflow can come between who has one of its keys.
	 * @param keys a task touches no values but those of its keys
	 * @param task awaits nothing but the store
	 */
	async inTurn<T>(keys: readonly string[], task: (values: StoredValues) => Promise<T>): Promise<T> {
		const workflow = this.#workflow;
		const queue = queues.get(workflow) ?? new SharedTurns(() => queues.delete(workflow));
		queues.set(workflow, queue);
		return await queue.run(keys, this.#store, (values) => task(this.#orUnusable(values)));
	}

	/** n8n's row of the workflow, as it is. */
	get #store(): StoredValues {
		return {
			record: async (values) => {
				const ask = () =>
					answered(this.#helpers.checkProcessedAndRecord([...values], scope, options));
				const { new: fresh } = await ask().catch((error: unknown) => {
					if (!isMadeMeanwhile(error)) throw error;
					return ask();
				});
				return new Set(fresh.map(String));
			},
			remove: async (values) => {
				await answered(this.#helpers.removeProcessed([...values], scope, options));
			},
		};
	}

	#orUnusable(values: StoredValues): StoredValues {
		const fail = (error: unknown): never => {
			throw this.#unusable(error instanceof Error ? error.message : 'its store cannot be used');
		};
		return {
			record: (asked) => values.record(asked).catch(fail),
			remove: (asked) => values.remove(asked).catch(fail),
		};
	}
}

/** @throws Error for a store that does not answer in time */
async function answered<T>(answer: Promise<T>): Promise<T> {
	const settled = new AbortController();
	const tooLate = sleep(longestAnswer, settled.signal).then(
		() => {
			throw new Error('n8n’s database does not answer');
		},
		() => new Promise<never>(() => undefined),
	);
	try {
		return await Promise.race([answer, tooLate]);
	} finally {
		settled.abort();
	}
}

/** A rule of a send that cannot be checked must not let calls pass. */
export const ruleUnusable =
	(field: FieldName) =>
	(why: string): OtpCallError =>
		invalidInput(
			invalid(
				field,
				`cannot be checked, so no call is placed: ${why}`,
				'Save the workflow, and check that n8n can write to its database; to call without this rule, remove it from the options',
			),
		);
