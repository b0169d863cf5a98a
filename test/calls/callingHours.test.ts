import assert from 'node:assert/strict';

import fc from 'fast-check';

import { closedFor, hoursInWords, readCallingHours, timeInWords } from '../../calls/callingHours';
import type { CallingHours } from '../../calls/callingHours';
import { isInvalid } from '../../providers/fields';
import { iran, vietnam } from '../../providers/reading/phoneNumber';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** East of Greenwich, since Iran gave up its summer time in 2022. */
const offsets = [
	[iran.timeZone, 3.5 * hour],
	[vietnam.timeZone, 7 * hour],
] as const;

const hoursOf = (text: string): CallingHours => {
	const hours = readCallingHours(text);
	assert.ok(hours !== null && !isInvalid(hours), text);
	return hours;
};

const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
const spans = fc
	.record({ from: minutes, to: fc.integer({ min: 0, max: 24 * 60 }) })
	.filter(({ from, to }) => from !== to);
const times = fc.integer({ min: Date.UTC(2023, 0), max: Date.UTC(2040, 0) });
const zones = fc.constantFrom(...offsets);

const written = (of: number): string =>
	`${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`;

describe('Calling hours', () => {
	it('are read from any usual writing', () => {
		for (const [text, from, to] of [
			['08:00-21:00', 480, 1260],
			['8-21', 480, 1260],
			[' 8:30 – 21 ', 510, 1260],
			['۰۸:۰۰—۲۱:۰۰', 480, 1260],
			['22:00-06:00', 1320, 360],
			['00:00-24:00', 0, 1440],
			['20:00-00:00', 1200, 0],
		] as const) {
			assert.deepEqual(readCallingHours(text), { from, to }, text);
		}
		fc.assert(
			fc.property(spans, ({ from, to }) => {
				assert.deepEqual(readCallingHours(`${written(from)}-${written(to)}`), { from, to });
			}),
		);
	});

	it('are none where the field is empty', () => {
		for (const none of [undefined, null, '', '  ']) assert.equal(readCallingHours(none), null);
	});

	it('are refused when they are no span of a day', () => {
		for (const bad of [
			'08:00',
			'08:00 21:00',
			'8-',
			'25-26',
			'24:00-06:00',
			'08:00-24:01',
			'08:60-21:00',
			'08:00-08:00',
			'00:00-00:00',
			'always',
			'08:00-21:00 daily',
			8,
			{},
			['08:00-21:00'],
		]) {
			assert.ok(isInvalid(readCallingHours(bad)), JSON.stringify(bad));
		}
	});

	it('are open from the first moment to the one before the last, also over midnight', () => {
		const at = (text: string): number => Date.parse(`2026-03-01T${text}+07:00`);
		for (const [text, time, wait] of [
			['08:00-21:00', '07:59:59.999', 1],
			['08:00-21:00', '08:00:00', 0],
			['08:00-21:00', '20:59:59.999', 0],
			['08:00-21:00', '21:00:00', 11 * hour],
			['22:00-06:00', '23:00:00', 0],
			['22:00-06:00', '05:59:59', 0],
			['22:00-06:00', '06:00:00', 16 * hour],
			['22:00-06:00', '21:59:00', minute],
			['00:00-24:00', '00:00:00', 0],
			['00:00-24:00', '23:59:59.999', 0],
			['20:00-00:00', '23:59:59', 0],
			['20:00-00:00', '00:00:00', 20 * hour],
		] as const) {
			assert.equal(closedFor(hoursOf(text), at(time), vietnam.timeZone), wait, `${text} ${time}`);
		}
	});

	it('go by the clock of the person who is called', () => {
		// 08:15 in Hanoi, 04:45 in Tehran.
		const now = Date.parse('2026-03-01T01:15:00Z');
		assert.equal(closedFor(hoursOf('08:00-21:00'), now, vietnam.timeZone), 0);
		assert.equal(closedFor(hoursOf('08:00-21:00'), now, iran.timeZone), 3.25 * hour);
		assert.deepEqual(
			[timeInWords(now, vietnam.timeZone), timeInWords(now, iran.timeZone)],
			['08:15', '04:45'],
		);
		// As a clock without a hand for seconds.
		assert.equal(timeInWords(now + 59_999, vietnam.timeZone), '08:15');
	});

	it('are open at every moment of the span, and say of every other one when they are next', () => {
		fc.assert(
			fc.property(spans, times, zones, (hours, now, [timeZone, offset]) => {
				const { from, to } = hours;
				const local = (now + offset) % day;
				const end = to > from ? to : to + 24 * 60;
				const isOpen = [local, local + day].some(
					(time) => time >= from * minute && time < end * minute,
				);
				const wait = closedFor(hours, now, timeZone);
				assert.equal(wait === 0, isOpen);
				if (isOpen) return;
				assert.ok(wait > 0 && wait < day);
				assert.equal((local + wait) % day, from * minute);
				assert.equal(closedFor(hours, now + wait, timeZone), 0);
				assert.equal(closedFor(hours, now + wait - 1, timeZone), 1);
			}),
			{ numRuns: 2_000 },
		);
	});

	it('keep to the clock where it is put forward or back in between', () => {
		// Iran had a summer time until 2022: an hour ahead from 22 March on, and back from 22 September on.
		for (const [now, opens] of [
			['2021-03-21T22:00:00+03:30', '2021-03-22T08:00:00+04:30'],
			['2021-09-21T22:00:00+04:30', '2021-09-22T08:00:00+03:30'],
		] as const) {
			const wait = closedFor(hoursOf('08:00-21:00'), Date.parse(now), iran.timeZone);
			assert.equal(Date.parse(now) + wait, Date.parse(opens), now);
		}
		// A span over midnight, and a change between its end and its next beginning.
		const early = Date.parse('2026-03-29T01:30:00+01:00');
		const untilNoon = closedFor(hoursOf('12:00-01:00'), early, 'Europe/Berlin');
		assert.equal(early + untilNoon, Date.parse('2026-03-29T12:00:00+02:00'));
		// 00:30 is left out in that night.
		const before = Date.parse('2021-03-21T23:00:00+03:30');
		const wait = closedFor(hoursOf('00:30-05:00'), before, iran.timeZone);
		assert.equal(timeInWords(before + wait, iran.timeZone), '01:30');
	});

	it('begin when the clock on the wall shows it, wherever that hangs', () => {
		const anywhere = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
		fc.assert(
			fc.property(times, anywhere, (now, timeZone) => {
				const wait = closedFor(hoursOf('08:00-21:00'), now, timeZone);
				const begins = timeInWords(now + wait, timeZone);
				assert.ok(wait === 0 ? begins >= '08:00' && begins < '21:00' : begins === '08:00', begins);
			}),
			{ numRuns: 20 },
		);
	});

	it('are written as people write them', () => {
		assert.equal(hoursInWords(hoursOf('8-21:30')), '08:00–21:30');
	});
});
