import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { OtpCallError } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { Turns } from '../../calls/turns';
import { invalid } from '../../providers/fields';
import type { FieldName } from '../../providers/fields';

/** Of all nodes of a workflow together, so that a second send node cannot call the same number. */
const scope = 'workflow';

/**
 * n8n keeps them in one row of its database, which it reads and writes at each check, and forgets the
 * oldest ones beyond so many.
 */
const options = { mode: 'entries', maxEntries: 10_000 } as const;

/** A store that does not answer must not hold up the calls of every workflow. Milliseconds. */
const longestAnswer = 10_000;

/** In this process at least, no two checks read and write n8n's row at the same time. */
const turns = new Turns();

/**
 * n8n's store of values that have been processed. It can only be asked by recording: of each value it
 * tells whether it was new.
 */
export class SeenValues {
	readonly #helpers: IExecuteFunctions['helpers'];
	readonly #turn: string;
	readonly #unusable: (why: string) => OtpCallError;

	/** @param unusable what it means that the store fails */
	constructor(functions: IExecuteFunctions, unusable: (why: string) => OtpCallError) {
		this.#helpers = functions.helpers;
		this.#turn = functions.getWorkflow().id ?? '';
		this.#unusable = unusable;
	}

	/** Runs a task that nobody else of this process and workflow can come between. */
	async inTurn<T>(task: () => Promise<T>): Promise<T> {
		return await turns.run(this.#turn, task);
	}

	/** Records all values, and tells which of them are new. @throws what it means that the store fails */
	async record(values: readonly string[]): Promise<Set<string>> {
		const checked = await this.#answered(
			this.#helpers.checkProcessedAndRecord([...values], scope, options),
		);
		return new Set(checked.new.map(String));
	}

	/** @throws what it means that the store fails */
	async remove(values: Iterable<string>): Promise<void> {
		const removed = [...values];
		if (removed.length === 0) return;
		await this.#answered(this.#helpers.removeProcessed(removed, scope, options));
	}

	async #answered<T>(answer: Promise<T>): Promise<T> {
		const settled = new AbortController();
		const tooLate = sleep(longestAnswer, settled.signal).then(
			() => {
				throw new Error('n8n’s database does not answer');
			},
			() => new Promise<never>(() => undefined),
		);
		try {
			return await Promise.race([answer, tooLate]);
		} catch (error) {
			throw this.#unusable(error instanceof Error ? error.message : 'its store cannot be used');
		} finally {
			settled.abort();
		}
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
