import type { IExecuteFunctions } from 'n8n-workflow';

import { coolingDown, numberKey } from '../../calls/coolDown';
import type { CoolDownRule } from '../../calls/coolDown';
import type { OtpCallError } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { invalid } from '../../providers/fields';
import { oneAtATime } from './oneAtATime';

/** A place in line that a call has taken. */
export interface Reservation {
	/** Gives the place back, for a call that was provably not placed. */
	release(): Promise<void>;
}

/** Of all nodes of a workflow together, so that a second send node cannot call the same number. */
const scope = 'workflow';

/** n8n keeps them in one row of its database, and reads and writes the row at each check. */
const options = { mode: 'entries', maxEntries: 20_000 } as const;

/** A rule is kept in so many steps of time; it may last one step longer than it says. */
const steps = 12;

const hour = 3_600_000;

const unusable = (why: string): OtpCallError =>
	invalidInput(
		invalid(
			{ field: 'coolDownSeconds', label: 'Cool-Down' },
			`cannot be checked, so no call is placed: ${why}`,
			'Save the workflow, and check that n8n can write to its database; to call without it, remove Cool-Down and Max Calls per Hour',
		),
	);

/** n8n's store of values that have been processed: it tells of a value only whether it has seen it. */
class SeenValues {
	readonly #helpers: IExecuteFunctions['helpers'];

	constructor({ helpers }: IExecuteFunctions) {
		this.#helpers = helpers;
	}

	/** Records all values, and tells which of them are new. */
	async record(values: readonly string[]): Promise<ReadonlySet<string>> {
		const checked = await this.#helpers
			.checkProcessedAndRecord([...values], scope, options)
			.catch((error: unknown) => {
				throw unusable(error instanceof Error ? error.message : 'its store cannot be used');
			});
		return new Set(checked.new.map(String));
	}

	async remove(values: Iterable<string>): Promise<void> {
		const removed = [...values];
		if (removed.length > 0) await this.#helpers.removeProcessed(removed, scope, options);
	}
}

type Taken = { readonly is: 'taken'; readonly values: ReadonlySet<string> };
type Blocked = { readonly is: 'blocked'; readonly milliseconds: number };

/**
 * Takes a line for one call, so that it is blocked for some time. The values stand for the steps of
 * time in which it is blocked, this one and those to come: a single check then both finds out whether
 * this step is free and blocks it, so that of two that ask at once only one gets it.
 */
async function takeLine(
	seen: SeenValues,
	line: string,
	milliseconds: number,
	now: number,
): Promise<Taken | Blocked> {
	const length = milliseconds / steps;
	const current = Math.floor(now / length);
	const slots = Array.from({ length: steps + 1 }, (_, step) => ({
		value: `${line}:${milliseconds}:${current + step}`,
		end: (current + step + 1) * length,
	}));
	const fresh = await seen.record(slots.map(({ value }) => value));
	const [first] = slots;
	if (first !== undefined && fresh.has(first.value)) return { is: 'taken', values: fresh };
	// Only what this check itself has added: the line stays blocked as it was.
	await seen.remove(fresh);
	const ends = slots.filter(({ value }) => !fresh.has(value)).map(({ end }) => end);
	return { is: 'blocked', milliseconds: Math.max(...ends) - now };
}

/** Takes one of the lines of a number: each is good for one call an hour. */
async function takeAnyLine(
	seen: SeenValues,
	number: string,
	lines: number,
	now: number,
): Promise<Taken | Blocked> {
	let shortest = hour;
	for (let line = 0; line < lines; line += 1) {
		const taken = await takeLine(seen, `${number}:${line}`, hour, now);
		if (taken.is === 'taken') return taken;
		shortest = Math.min(shortest, taken.milliseconds);
	}
	return { is: 'blocked', milliseconds: shortest };
}

/** In this process at least, no two checks read and write n8n's row at the same time. */
const inTurn = oneAtATime();

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
	const take = async (line: Promise<Taken | Blocked>) => {
		const given = await line;
		if (given.is === 'taken') return given.values.forEach((value) => taken.add(value));
		await seen.remove(taken);
		throw coolingDown(e164, given.milliseconds);
	};
	return inTurn(async () => {
		if (rule.seconds > 0) await take(takeLine(seen, number, rule.seconds * 1000, now));
		if (rule.perHour > 0) await take(takeAnyLine(seen, number, rule.perHour, now));
		return { release: () => inTurn(() => seen.remove(taken)) };
	});
}
