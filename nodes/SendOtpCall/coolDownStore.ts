import type { IExecuteFunctions } from 'n8n-workflow';

import { coolingDown, numberKey } from '../../calls/coolDown';
import type { CoolDownRule, Reservation } from '../../calls/coolDown';
import type { OtpCallError } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { coolDownField, maxCallsPerHourField } from '../../calls/fields';
import { Turns } from '../../calls/turns';
import { invalid, named } from '../../providers/fields';

/** Of all nodes of a workflow together, so that a second send node cannot call the same number. */
const scope = 'workflow';

/**
 * n8n keeps them in one row of its database, which it reads and writes at each check, and forgets the
 * oldest ones beyond so many. A call is one value for each rule.
 */
const options = { mode: 'entries', maxEntries: 10_000 } as const;

/** A rule is kept in so many steps of time; it may last one of them longer than it says, never shorter. */
const steps = 12;

const hour = 3_600_000;

/** A rule that cannot be checked must not let calls pass. */
const unusable = (error: unknown): OtpCallError =>
	invalidInput(
		invalid(
			coolDownField,
			`cannot be checked, so no call is placed: ${error instanceof Error ? error.message : 'its store cannot be used'}`,
			`Save the workflow, and check that n8n can write to its database; to call without it, remove ${named(coolDownField)} and ${named(maxCallsPerHourField)}`,
		),
	);

/** n8n's store of values that have been processed: it tells of a value only whether it has seen it. */
class SeenValues {
	readonly #helpers: IExecuteFunctions['helpers'];

	constructor({ helpers }: IExecuteFunctions) {
		this.#helpers = helpers;
	}

	/** Records all values, and tells which of them are new. */
	async record(values: readonly string[]): Promise<Set<string>> {
		const checked = await this.#helpers
			.checkProcessedAndRecord([...values], scope, options)
			.catch((error: unknown) => {
				throw unusable(error);
			});
		return new Set(checked.new.map(String));
	}

	async remove(values: Iterable<string>): Promise<void> {
		const removed = [...values];
		if (removed.length === 0) return;
		await this.#helpers.removeProcessed(removed, scope, options).catch((error: unknown) => {
			throw unusable(error);
		});
	}
}

type Taken = { readonly is: 'taken'; readonly value: string };
type Blocked = { readonly is: 'blocked'; readonly milliseconds: number };

/**
 * Takes a slot for one call, if there was none in it for some time. A call is remembered by the step of
 * time in which it was placed. The store can only be asked by recording, so this step and those before
 * it are recorded at once, and what is not a call is removed again: of two that ask at the same moment
 * the second finds the slot taken.
 */
async function takeSlot(
	seen: SeenValues,
	slot: string,
	milliseconds: number,
	now: number,
): Promise<Taken | Blocked> {
	const length = milliseconds / steps;
	const current = Math.floor(now / length);
	const valueOf = (step: number) => `${slot}:${milliseconds}:${step}`;
	const asked = Array.from({ length: steps + 1 }, (_, before) => current - before);
	const fresh = await seen.record(asked.map(valueOf));
	const latest = asked.find((step) => !fresh.has(valueOf(step)));
	if (latest === undefined) fresh.delete(valueOf(current));
	await seen.remove(fresh);
	if (latest === undefined) return { is: 'taken', value: valueOf(current) };
	return { is: 'blocked', milliseconds: (latest + 1) * length + milliseconds - now };
}

/** Takes one of the slots of a number: each is good for one call an hour. */
async function takeAnySlot(
	seen: SeenValues,
	number: string,
	slots: number,
	now: number,
): Promise<Taken | Blocked> {
	let shortest = hour;
	for (let slot = 0; slot < slots; slot += 1) {
		const taken = await takeSlot(seen, `${number}:${slot}`, hour, now);
		if (taken.is === 'taken') return taken;
		shortest = Math.min(shortest, taken.milliseconds);
	}
	return { is: 'blocked', milliseconds: shortest };
}

/** In this process at least, no two checks read and write n8n's row at the same time. */
const turns = new Turns();
const inTurn = <T>(task: () => Promise<T>): Promise<T> => turns.run(scope, task);

/**
 * Has a call wait its turn: in n8n's own store, so that it holds for all executions and all workers. What
 * the store does not guarantee: it has no lock, so two workers that write in the same instant may both
 * find a number rested, and it forgets the oldest entries when there are more than it keeps.
 * @param secret what the numbers are hashed with
 * @throws OtpCallError `cooling-down`; `invalid-input` when the store cannot be used
 */
export function reserve(
	functions: IExecuteFunctions,
	rule: CoolDownRule,
	e164: string,
	secret: string,
	now: number,
): Promise<Reservation> {
	const seen = new SeenValues(functions);
	const number = numberKey(e164, secret);
	const taken = new Set<string>();
	const take = async (slot: Promise<Taken | Blocked>) => {
		const given = await slot;
		if (given.is === 'taken') return void taken.add(given.value);
		await seen.remove(taken);
		throw coolingDown(e164, given.milliseconds);
	};
	return inTurn(async () => {
		if (rule.seconds > 0) await take(takeSlot(seen, number, rule.seconds * 1000, now));
		if (rule.perHour > 0) await take(takeAnySlot(seen, number, rule.perHour, now));
		return { release: () => inTurn(() => seen.remove(taken)) };
	});
}
