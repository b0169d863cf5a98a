import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import fc from 'fast-check';

import {
	coolingDown,
	coolingFor,
	memoryOf,
	numberKey,
	overBudget,
	periodsOf,
	readBudget,
	readCoolDown,
} from '../../calls/coolDown';
import { dailyBudgetField, hourlyBudgetField } from '../../calls/fields';
import { throwing } from './testHost';

const now = Date.parse('2025-06-01T08:00:00Z');
const ago = (...seconds: number[]): number[] => seconds.map((second) => now - second * 1000);
const hour = 3_600_000;

describe('A cool-down of 60 seconds', () => {
	const rule = { seconds: 60, perHour: 0 };

	it('lets a number be called that has not been called', () => {
		assert.equal(coolingFor([], rule, now), 0);
	});

	it('counts from the latest call, in whatever order they are', () => {
		assert.equal(coolingFor(ago(300, 20, 100), rule, now), 40_000);
	});

	it('is over after exactly 60 seconds', () => {
		assert.equal(coolingFor(ago(59.999), rule, now), 1);
		assert.equal(coolingFor(ago(60), rule, now), 0);
	});

	it('counts a call that a worker with a faster clock has placed', () => {
		assert.equal(coolingFor([now + 2_000], rule, now), 60_000);
	});

	it('counts one from up to a minute ahead, and none from later', () => {
		assert.equal(coolingFor([now + 60_000], rule, now), 60_000);
		assert.equal(coolingFor([now + 60_001], rule, now), 0);
	});

	it('does not block a number for ever because a clock was wrong', () => {
		assert.equal(coolingFor([now + 30 * hour], rule, now), 0);
	});
});

describe('At most three calls an hour', () => {
	const rule = { seconds: 0, perHour: 3 };

	it('let the third call pass, and not the fourth', () => {
		assert.equal(coolingFor(ago(10, 20), rule, now), 0);
		assert.equal(coolingFor(ago(10, 20, 30), rule, now), hour - 30_000);
	});

	it('are counted over the last hour only', () => {
		assert.equal(coolingFor(ago(10, 20, 3600), rule, now), 0);
		assert.equal(coolingFor(ago(10, 20, 3599), rule, now), 1_000);
	});
});

describe('Both rules together', () => {
	it('never let a rule be broken, and never make wait when none would be', () => {
		const gaps = fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 60 });
		const rules = fc.record({
			seconds: fc.integer({ min: 0, max: 900 }),
			perHour: fc.integer({ min: 0, max: 5 }),
		});
		fc.assert(
			fc.property(gaps, rules, (seconds, rule) => {
				let calls: readonly number[] = [];
				const placed: number[] = [];
				let time = now;
				for (const gap of seconds) {
					time += gap * 1000;
					calls = calls.filter((past) => past > time - memoryOf(rule));
					const wait = coolingFor(calls, rule, time);
					const tooSoon = placed.some((past) => time - past < rule.seconds * 1000);
					const inHour = placed.filter((past) => time - past < hour).length;
					const tooMany = rule.perHour > 0 && inHour >= rule.perHour;
					assert.equal(wait > 0, tooSoon || tooMany);
					if (wait > 0) {
						assert.equal(coolingFor(calls, rule, time + wait), 0);
						continue;
					}
					calls = [...calls, time];
					placed.push(time);
				}
				assert.ok(calls.length <= 3_600);
			}),
			{ numRuns: 200 },
		);
	});

	it('need to remember calls for as long as the longer rule', () => {
		assert.equal(memoryOf({ seconds: 60, perHour: 0 }), 60_000);
		assert.equal(memoryOf({ seconds: 60, perHour: 1 }), hour);
		assert.equal(memoryOf({ seconds: 7_200, perHour: 1 }), 2 * hour);
	});
});

describe('The rule that a user fills in', () => {
	it('is none when both are empty or 0', () => {
		for (const none of [undefined, null, '', 0, '0', '۰']) {
			assert.equal(readCoolDown(none, none), null);
		}
	});

	it('is read from numbers and text', () => {
		assert.deepEqual(readCoolDown('60', 3), { seconds: 60, perHour: 3 });
		assert.deepEqual(readCoolDown('۶۰', ''), { seconds: 60, perHour: 0 });
	});

	for (const value of [-1, 1.5, 'abc', {}, true, Number.NaN, 86_401]) {
		it(`is refused: cool-down ${inspect(value)}`, () => {
			const error = throwing(() => readCoolDown(value, 0), 'invalid-input');
			assert.equal(error.facts.field, 'coolDownSeconds');
			assert.doesNotMatch(error.facts.remedy, /provider/);
		});
	}

	for (const value of [-1, 1.5, 'abc', {}, true, Number.NaN, 61]) {
		it(`is refused: calls per hour ${inspect(value)}`, () => {
			const error = throwing(() => readCoolDown(0, value), 'invalid-input');
			assert.equal(error.facts.field, 'maxCallsPerHour');
		});
	}
});

describe('What a store keeps of a number', () => {
	it('does not show the number, and differs by number and by account', () => {
		const key = numberKey('+989123456789', 'token');
		assert.match(key, /^[0-9a-f]{32}$/);
		assert.equal(numberKey('+989123456789', 'token'), key);
		assert.notEqual(numberKey('+989123456780', 'token'), key);
		assert.notEqual(numberKey('+989123456789', 'other'), key);
	});
});

describe('A call that is refused for its cool-down', () => {
	it('names the masked number and the seconds to wait, and placed nothing', () => {
		const error = coolingDown('+989123456789', 41_200);
		assert.equal(error.code, 'cooling-down');
		assert.match(error.message, /^\+98912•••6789 /);
		assert.match(error.message, /the cool-down ends in 42 seconds/);
		assert.equal(error.facts.retryAfterSeconds, 42);
		assert.equal(error.facts.callMayHaveBeenPlaced, false);
		assert.doesNotMatch(`${error.stack}${JSON.stringify(error.facts)}`, /9123456789/);
		assert.equal(coolingDown('+989123456789', 0).facts.retryAfterSeconds, 1);
	});
});

describe('The call budget of an account', () => {
	const atHalfPast = Date.parse('2025-06-01T08:30:00Z');

	it('is none when both fields are empty or 0', () => {
		for (const none of [undefined, null, '', 0, '0', '۰']) {
			assert.equal(readBudget(none, none), null);
		}
	});

	it('is read from numbers and text, one of them or both', () => {
		assert.deepEqual(readBudget('100', 1_000), { perHour: 100, perDay: 1_000 });
		assert.deepEqual(readBudget('۵', ''), { perHour: 5, perDay: 0 });
		assert.deepEqual(readBudget(0, 7), { perHour: 0, perDay: 7 });
	});

	for (const value of [-1, 1.5, 'abc', {}, true, Number.NaN, Infinity]) {
		it(`is refused: ${inspect(value)}`, () => {
			const hourly = throwing(() => readBudget(value, 0), 'invalid-input');
			assert.equal(hourly.facts.field, 'maxCallsPerHourAll');
			const daily = throwing(() => readBudget(0, value), 'invalid-input');
			assert.equal(daily.facts.field, 'maxCallsPerDayAll');
		});
	}

	it('holds in the hour and the day of the clock, and only where it has a number', () => {
		const [inHour, inDay, ...others] = periodsOf({ perHour: 5, perDay: 20 }, atHalfPast);
		assert.deepEqual(others, []);
		assert.equal(inHour?.most, 5);
		assert.equal(inHour.field, hourlyBudgetField);
		assert.equal(new Date(inHour.end).toISOString(), '2025-06-01T09:00:00.000Z');
		assert.equal(inDay?.most, 20);
		assert.equal(inDay.field, dailyBudgetField);
		assert.equal(new Date(inDay.end).toISOString(), '2025-06-02T00:00:00.000Z');
		const most = (budget: { perHour: number; perDay: number }) =>
			periodsOf(budget, atHalfPast).map((period) => period.most);
		assert.deepEqual(most({ perHour: 5, perDay: 0 }), [5]);
		assert.deepEqual(most({ perHour: 0, perDay: 1 }), [1]);
	});

	it('has a name for each period, which no other has', () => {
		const names = (now: number) =>
			periodsOf({ perHour: 1, perDay: 1 }, now).map((period) => period.name);
		assert.deepEqual(names(atHalfPast), names(atHalfPast + 29 * 60_000));
		const [hourNow, dayNow] = names(atHalfPast);
		assert.notEqual(hourNow, dayNow);
		const [nextHour, sameDay] = names(atHalfPast + 30 * 60_000);
		assert.notEqual(nextHour, hourNow);
		assert.equal(sameDay, dayNow);
		// The first hour and the first day since 1970 have the same number.
		assert.equal(new Set(names(0)).size, 2);
	});

	it('begins anew exactly when a period ends', () => {
		const [period] = periodsOf({ perHour: 1, perDay: 0 }, atHalfPast);
		const end = period?.end ?? 0;
		const nameAt = (now: number) => periodsOf({ perHour: 1, perDay: 0 }, now)[0]?.name;
		assert.equal(nameAt(end - 1), period?.name);
		assert.notEqual(nameAt(end), period?.name);
	});

	it('that is used up refuses a call, says for how long, and that nothing was sent', () => {
		const [inHour, inDay] = periodsOf({ perHour: 5, perDay: 20 }, atHalfPast);
		assert.ok(inHour !== undefined && inDay !== undefined);
		const error = overBudget(inHour, atHalfPast - 500);
		assert.equal(error.code, 'refused-by-rule');
		assert.match(error.message, /is used up: Max Calls per Hour, All Numbers is 5$/);
		assert.equal(error.facts.field, 'maxCallsPerHourAll');
		assert.equal(error.facts.retryAfterSeconds, 1_801);
		assert.match(error.facts.remedy, /The next period begins in 31 minutes/);
		assert.equal(error.facts.callMayHaveBeenPlaced, false);
		assert.equal(overBudget(inDay, atHalfPast).facts.field, 'maxCallsPerDayAll');
		assert.equal(overBudget(inHour, inHour.end).facts.retryAfterSeconds, 1);
	});
});
