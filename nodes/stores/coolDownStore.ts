import type { IExecuteFunctions } from 'n8n-workflow';

import { coolingDown, numberKey, overBudget, periodsOf } from '../../calls/coolDown';
import type { BudgetPeriod, CallBudget, CoolDownRule, Reservation } from '../../calls/coolDown';
import { coolDownField } from '../../calls/fields';
import { ruleUnusable, SeenValues } from './seenValues';
import type { StoredValues } from './seenValues';

/**
 * Calls are remembered by the step of time in which they were placed, since the store knows values and
 * no times. Steps come in these lengths, in milliseconds, and a call is recorded in each of them: so
 * nodes with different rules see each other's calls. A rule asks the shortest steps of which it needs
 * few; it may last one step longer than it says, never shorter.
 *
 *     now             ▼
 *     steps of 2.5 s  ├──┼──┼──┼──┼──┼──┼──┼──┤   a rule up to 60 s asks these
 *     steps of 20 s   ├───────────────┼───────┤   a rule up to 8 min asks these, and so on
 */
const stepLengths = [300, 2_500, 20_000, 150_000, 1_200_000, 7_200_000];
const mostSteps = 24;

const hour = 3_600_000;

/** A slot for one call an hour is kept in so many steps. */
const stepsOfSlot = 12;

const stepsFor = (milliseconds: number): number =>
	stepLengths.find((length) => milliseconds / length <= mostSteps) ?? stepLengths.at(-1) ?? hour;

/** What a call has taken: the values that are new because of it. */
type Taken = { readonly is: 'taken'; readonly values: readonly string[] };
type Blocked = { readonly is: 'blocked'; readonly milliseconds: number };

/** Records a call to a number, unless there was one within so many milliseconds. */
async function takeNumber(
	seen: StoredValues,
	number: string,
	milliseconds: number,
	now: number,
): Promise<Taken | Blocked> {
	const valueOf = (length: number, step: number) => `${number}:${length}:${step}`;
	const current = stepLengths.map((length) => valueOf(length, Math.floor(now / length)));
	const length = stepsFor(milliseconds);
	const latestStep = Math.floor(now / length);
	const steps = Array.from(
		{ length: Math.ceil(milliseconds / length) + 1 },
		(_, before) => latestStep - before,
	);
	const asked = steps.map((step) => valueOf(length, step));
	const fresh = await seen.record([...new Set([...asked, ...current])]);
	const known = steps.find((step) => !fresh.has(valueOf(length, step)));
	if (known !== undefined) {
		await seen.remove(fresh);
		return { is: 'blocked', milliseconds: (known + 1) * length + milliseconds - now };
	}
	const values = current.filter((value) => fresh.has(value));
	await seen.remove([...fresh].filter((value) => !values.includes(value)));
	return { is: 'taken', values };
}

/** Takes one of the slots of a number: each is good for one call an hour. */
async function takeSlot(
	seen: StoredValues,
	number: string,
	slots: number,
	now: number,
): Promise<Taken | Blocked> {
	const length = hour / stepsOfSlot;
	const latestStep = Math.floor(now / length);
	const steps = Array.from({ length: stepsOfSlot + 1 }, (_, before) => latestStep - before);
	let shortest = hour;
	for (let slot = 0; slot < slots; slot += 1) {
		const valueOf = (step: number) => `${number}:slot${slot}:${step}`;
		const fresh = await seen.record(steps.map(valueOf));
		const known = steps.find((step) => !fresh.has(valueOf(step)));
		const own = valueOf(latestStep);
		if (known === undefined) fresh.delete(own);
		await seen.remove(fresh);
		if (known === undefined) return { is: 'taken', values: [own] };
		shortest = Math.min(shortest, (known + 1) * length + hour - now);
	}
	return { is: 'blocked', milliseconds: shortest };
}

/** So many places of a budget are asked for at once. */
const window = 32;

/** Where the free places of a period begin, as far as this process has seen. */
const nextPlaces = new Map<string, number>();

/** Takes one of the places of a period; null: all are taken. */
async function takePlace(
	seen: StoredValues,
	account: string,
	{ most, name }: BudgetPeriod,
): Promise<string | null> {
	const valueOf = (place: number) => `${account}:${name}:${place}`;
	const known = `${account}:${name}`;
	for (let first = nextPlaces.get(known) ?? 0; first < most; first += window) {
		const places = Array.from({ length: Math.min(window, most - first) }, (_, at) => first + at);
		const fresh = await seen.record(places.map(valueOf));
		const place = places.find((each) => fresh.has(valueOf(each)));
		if (place !== undefined) fresh.delete(valueOf(place));
		await seen.remove(fresh);
		if (place === undefined) continue;
		if (nextPlaces.size > 1_000) nextPlaces.clear();
		nextPlaces.set(known, place + 1);
		return valueOf(place);
	}
	return null;
}

/** The rules against too many calls that a node has. */
export interface CallLimits {
	readonly coolDown: CoolDownRule | null;
	readonly budget: CallBudget | null;
}

/**
 * Takes the places that a call needs under the node's rules: in n8n's own store, so that they hold for
 * all executions of the workflow and all workers. What the store does not guarantee: it has no lock, so
 * two workers that write in the same instant may both find a number free, and it forgets the oldest of
 * its 10,000 values. A call leaves up to six of them for the cool-down, and one for each other rule.
 * Calls to different numbers that are placed together are asked for in one question.
 * @param secret what the numbers are hashed with
 * @throws OtpCallError `cooling-down`, `refused-by-rule`; `invalid-input` when the store cannot be used
 */
export function reserve(
	functions: IExecuteFunctions,
	{ budget, coolDown }: CallLimits,
	e164: string,
	secret: string,
	now: number,
): Promise<Reservation> {
	const seen = new SeenValues(functions, ruleUnusable(coolDownField));
	const number = numberKey(e164, secret);
	const account = numberKey('account', secret);
	const taken: string[] = [];
	// All budgets of an account ask for the same places.
	const keys = [number, ...(budget === null ? [] : [account])];
	const take = async (place: Promise<Taken | Blocked>) => {
		const given = await place;
		if (given.is === 'blocked') throw coolingDown(e164, given.milliseconds);
		taken.push(...given.values);
	};
	const takeAll = async (values: StoredValues) => {
		if (coolDown !== null && coolDown.seconds > 0) {
			await take(takeNumber(values, number, coolDown.seconds * 1000, now));
		}
		if (coolDown !== null && coolDown.perHour > 0) {
			await take(takeSlot(values, number, coolDown.perHour, now));
		}
		for (const period of budget === null ? [] : periodsOf(budget, now)) {
			const place = await takePlace(values, account, period);
			if (place === null) throw overBudget(period, now);
			taken.push(place);
		}
	};
	const giveBack = async (values: StoredValues) => {
		// A place that is free again may be below the next one.
		nextPlaces.clear();
		await values.remove(taken);
	};
	return seen.inTurn(keys, async (values) => {
		// Whatever rule fails, what the ones before it took is given back.
		await takeAll(values).catch(async (error: unknown) => {
			await giveBack(values).catch(() => undefined);
			throw error;
		});
		return { release: () => seen.inTurn(keys, giveBack) };
	});
}
