import { createHmac } from 'crypto';

import { invalid, isInvalid, readCount } from '../providers/reading/values';
import { OtpCallError } from './errors';
import { invalidInput } from './failures';
import { maskPhoneNumber } from '../redaction/texts';

/** How often one number may be called. 0 switches a rule off. */
export interface CoolDownRule {
	/** At most one call to a number within so many seconds. */
	readonly seconds: number;
	/** At most so many calls to a number within an hour. */
	readonly perHour: number;
}

const hour = 3_600_000;
const longest = 86_400;
const most = 60;

const secondsField = { field: 'coolDownSeconds', label: 'Cool-Down' };
const perHourField = { field: 'maxCallsPerHour', label: 'Max Calls per Hour' };

/**
 * The rule that a builder has filled in; null: no rule.
 * @throws OtpCallError `invalid-input`
 */
export function readCoolDown(seconds: unknown, perHour: unknown): CoolDownRule | null {
	const between = readCount(seconds, secondsField, 0) ?? 0;
	if (isInvalid(between)) throw invalidInput(between);
	const inAnHour = readCount(perHour, perHourField, 0) ?? 0;
	if (isInvalid(inAnHour)) throw invalidInput(inAnHour);
	if (between > longest) {
		throw invalidInput(
			invalid(
				secondsField,
				`must be ${longest} seconds (a day) or less`,
				'Use a shorter cool-down',
			),
		);
	}
	if (inAnHour > most) {
		throw invalidInput(
			invalid(perHourField, `must be ${most} or less`, 'Use a smaller number, or 0 for no limit'),
		);
	}
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
	const oldestThatCounts = rule.perHour > 0 ? past[rule.perHour - 1] : undefined;
	const untilHour = oldestThatCounts === undefined ? 0 : oldestThatCounts + hour - now;
	return Math.max(0, untilNext, untilHour);
}

/** The calls that the rule still needs to know of. */
export function stillCounting(
	calls: readonly number[],
	rule: CoolDownRule,
	now: number,
): readonly number[] {
	return calls.filter((time) => time > now - memoryOf(rule));
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
		message: `${maskPhoneNumber(e164)} has been called too recently: the cool-down has ${seconds} more seconds to go`,
		remedy: `Wait ${seconds} seconds before calling this number again, or change Cool-Down and Max Calls per Hour`,
		field: 'phoneNumber',
		retryAfterSeconds: seconds,
		callMayHaveBeenPlaced: false,
	});
}
