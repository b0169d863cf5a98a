import { createHmac } from 'crypto';

import { isInvalid, named } from '../providers/fields';
import { readCount } from '../providers/reading/values';
import { OtpCallError } from './errors';
import { invalidInput } from './failures';
import { coolDownField, dailyBudgetField, hourlyBudgetField, maxCallsPerHourField } from './fields';
import { maskPhoneNumber } from '../redaction/texts';
import { durationInWords } from './words';

/** How often one number may be called. 0 switches a rule off. */
export interface CoolDownRule {
	/** At most one call to a number within so many seconds. */
	readonly seconds: number;
	/** At most so many calls to a number within an hour. */
	readonly perHour: number;
}

const hour = 3_600_000;

/**
 * The rule that a user has filled in; null: no rule.
 * @throws OtpCallError `invalid-input`
 */
export function readCoolDown(seconds: unknown, perHour: unknown): CoolDownRule | null {
	const between = readCount(seconds, coolDownField) ?? 0;
	if (isInvalid(between)) throw invalidInput(between);
	const inAnHour = readCount(perHour, maxCallsPerHourField) ?? 0;
	if (isInvalid(inAnHour)) throw invalidInput(inAnHour);
	return between === 0 && inAnHour === 0 ? null : { seconds: between, perHour: inAnHour };
}

/** How far the clock of another worker may be ahead of ours. A call from a later time is a clock's mistake. */
const clockDifference = 60_000;

/** How long a call has to be remembered for the rule, in milliseconds. */
export function memoryOf(rule: CoolDownRule): number {
	return Math.max(rule.seconds * 1000, rule.perHour > 0 ? hour : 0);
}

/**
 * How many milliseconds a number still cools down; 0: it may be called.
 * @param calls when it was called, in milliseconds since 1970, in any order
 */
export function coolingFor(calls: readonly number[], rule: CoolDownRule, now: number): number {
	const past = calls
		.filter((time) => time <= now + clockDifference)
		.map((time) => Math.min(time, now))
		.sort((a, b) => b - a);
	const [latest] = past;
	const untilNext = latest === undefined ? 0 : latest + rule.seconds * 1000 - now;
	const oldestThatCounts = past[rule.perHour - 1];
	const untilHour = oldestThatCounts === undefined ? 0 : oldestThatCounts + hour - now;
	return Math.max(0, untilNext, untilHour);
}

/**
 * What stands for a number in a store: nobody who reads the store alone can tell the number from it.
 * @param secret something that the store does not hold, such as the account's token
 */
export function numberKey(e164: string, secret: string): string {
	return createHmac('sha256', `otp-call:${secret}`).update(e164).digest('hex').slice(0, 32);
}

/** The refusal of a call to a number that has been called too recently. Nothing was sent. */
export function coolingDown(e164: string, milliseconds: number): OtpCallError {
	const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
	return new OtpCallError({
		kind: 'cooling-down',
		message: `${maskPhoneNumber(e164)} has been called too recently: the cool-down ends in ${durationInWords(seconds)}`,
		remedy: `Wait ${durationInWords(seconds)} before calling this number again, or change ${named(coolDownField)} and ${named(maxCallsPerHourField)}`,
		field: 'phoneNumber',
		retryAfterSeconds: seconds,
		callMayHaveBeenPlaced: false,
	});
}

/** A call's place in the cool-down of its number. */
export interface Reservation {
	/** Gives the place back, for a call that was provably not placed. */
	release(): Promise<void>;
}

/** How many calls an account may place in all, against fraud that walks through numbers. 0 switches a rule off. */
export interface CallBudget {
	/** In each hour of the clock, UTC. */
	readonly perHour: number;
	/** In each day, UTC. */
	readonly perDay: number;
}

/**
 * The budget that a user has filled in; null: none.
 * @throws OtpCallError `invalid-input`
 */
export function readBudget(hourly: unknown, daily: unknown): CallBudget | null {
	const perHour = readCount(hourly, hourlyBudgetField) ?? 0;
	if (isInvalid(perHour)) throw invalidInput(perHour);
	const perDay = readCount(daily, dailyBudgetField) ?? 0;
	if (isInvalid(perDay)) throw invalidInput(perDay);
	return perHour === 0 && perDay === 0 ? null : { perHour, perDay };
}

/** One rule of a budget at one moment: so many calls in a period that has a name of its own. */
export interface BudgetPeriod {
	/** Such as `h489213`: another one for each period. */
	readonly name: string;
	readonly most: number;
	readonly field: typeof hourlyBudgetField;
	/** When the period ends, in milliseconds since 1970. */
	readonly end: number;
}

/** The rules of a budget that hold at this moment. */
export function periodsOf({ perDay, perHour }: CallBudget, now: number): readonly BudgetPeriod[] {
	const period = (sign: string, length: number, most: number, field: typeof hourlyBudgetField) => {
		const index = Math.floor(now / length);
		return { name: `${sign}${index}`, most, field, end: (index + 1) * length };
	};
	return [
		period('h', hour, perHour, hourlyBudgetField),
		period('d', 24 * hour, perDay, dailyBudgetField),
	].filter(({ most }) => most > 0);
}

/** The refusal of a call beyond the budget. Nothing was sent. */
export function overBudget({ end, field, most }: BudgetPeriod, now: number): OtpCallError {
	const seconds = Math.max(1, Math.ceil((end - now) / 1000));
	return new OtpCallError({
		kind: 'refused-by-rule',
		message: `The call budget is used up: ${named(field)} is ${most}`,
		remedy: `Look at who asks for so many calls before you raise ${named(field)}. The next period begins in ${durationInWords(seconds)}`,
		field: field.name,
		retryAfterSeconds: seconds,
		callMayHaveBeenPlaced: false,
	});
}
