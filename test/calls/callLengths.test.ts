import assert from 'node:assert/strict';
import fc from 'fast-check';

import { CallLengths } from '../../calls/callLengths';
import { limits } from '../../calls/limits';
import type { CallReport } from '../../calls/report';
import type { Exchange } from '../../calls/transport';
import { waitUntilEnded } from '../../calls/wait';
import type { WaitOptions } from '../../calls/wait';
import { bitel } from '../../providers/bitel/adapter';
import { sandbox } from '../../providers/sandbox/adapter';
import { bitelAccepts, bitelInput, sendOtpCall } from './samples';
import { TestHost, answered, failing } from './testHost';

const second = 1_000;

const lengthsOf = (...noted: readonly number[]): CallLengths => {
	const lengths = new CallLengths();
	for (const length of noted) lengths.begin().ended(length);
	return lengths;
};

/** So many calls, the lengths spread evenly from the shortest to the longest. */
const spread = (count: number, shortest: number, longest: number): number[] =>
	Array.from({ length: count }, (_, n) => shortest + ((longest - shortest) * n) / (count - 1));

/** What calls last, with mistakes among it. */
const anyLengths = fc.array(
	fc.oneof(
		fc.double(),
		fc.integer({ min: -1, max: 200_000 }),
		fc.integer({ min: 0, max: 8_000 }),
		fc.constant(12_000),
	),
	{ maxLength: 100 },
);

describe('What the lengths of the latest calls say of the next look', () => {
	it('is nothing before eight calls have ended', () => {
		const lengths = lengthsOf(...spread(7, 10_000, 20_000));
		assert.equal(lengths.nextLook(0), null);
		lengths.begin().ended(15_000);
		assert.notEqual(lengths.nextLook(0), null);
	});

	it('counts calls of no time at all up to those of an hour', () => {
		for (const length of [0, 3_600_000]) {
			const lengths = lengthsOf(...spread(7, 10_000, 20_000), length);
			assert.notEqual(lengths.nextLook(0), null, String(length));
		}
	});

	it('is nothing for a call that lasts longer than any of them', () => {
		const lengths = lengthsOf(...spread(20, 10_000, 20_000));
		assert.equal(lengths.nextLook(20_000), null);
		assert.equal(lengths.nextLook(19_999), 20_000);
	});

	it('lets a sixth or so of the calls end that go on', () => {
		const lengths = lengthsOf(...spread(64, 6_000, 24_000));
		for (const age of [0, 10_000, 15_000, 20_000]) {
			const goOn = spread(64, 6_000, 24_000).filter((length) => length > age);
			const next = lengths.nextLook(age) ?? NaN;
			const over = goOn.filter((length) => length <= next).length / goOn.length;
			assert.ok(over >= 0.15 && over <= 0.3, `${age}: ${over}`);
		}
	});

	it('is one look where all end together', () => {
		const lengths = lengthsOf(...spread(64, 12_000, 12_200));
		assert.equal(lengths.nextLook(0), 12_200);
	});

	it('waits up to a fifth of a second for those that end together, and no longer', () => {
		for (const [later, next] of [
			[10_200, 10_200],
			[10_201, 10_000],
		] as const) {
			const lengths = lengthsOf(10_000, 10_000, ...Array<number>(6).fill(later));
			assert.equal(lengths.nextLook(0), next);
		}
	});

	it('follows the latest 64', () => {
		const lengths = lengthsOf(...spread(64, 30_000, 40_000));
		for (const length of spread(64, 5_000, 6_000)) lengths.begin().ended(length);
		assert.equal(lengths.nextLook(6_000), null);
	});

	it('waits with what has ended for all that began before it', () => {
		const lengths = new CallLengths();
		const placed = spread(20, 1_000, 20_000).map((length) => ({ length, call: lengths.begin() }));
		const [first, ...others] = placed;
		for (const { call, length } of others) call.ended(length);
		assert.equal(lengths.nextLook(0), null);
		first?.call.ended(first.length);
		assert.equal(lengths.nextLook(19_000), 20_000);
	});

	it('keeps the first that was told of a call, also when nobody follows it any longer', () => {
		const lengths = new CallLengths();
		const first = lengths.begin();
		for (const length of spread(8, 10_000, 17_000)) {
			const call = lengths.begin();
			call.ended(length);
			call.ended(90_000);
			call.dropped();
		}
		first.dropped();
		assert.equal(lengths.nextLook(16_000), 17_000);
		assert.equal(lengths.longest(), 17_000);
	});

	it('is not held up by a call that nobody follows any longer, nor by more than a thousand others', () => {
		const dropped = new CallLengths();
		const first = dropped.begin();
		for (const length of spread(11, 10_000, 20_000)) dropped.begin().ended(length);
		assert.equal(dropped.nextLook(0), null);
		first.dropped();
		first.ended(1);
		assert.equal(dropped.nextLook(0), 11_000);
		const crowded = new CallLengths();
		crowded.begin();
		for (const length of spread(999, 10_000, 20_000)) crowded.begin().ended(length);
		assert.equal(crowded.nextLook(0), null);
		crowded.begin().ended(20_000);
		assert.notEqual(crowded.nextLook(0), null);
	});

	it('leaves out what cannot be a length', () => {
		const odd = [-1, NaN, Infinity, -Infinity, 3_600_001];
		const lengths = lengthsOf(...spread(8, 10_000, 20_000), ...odd, ...odd);
		assert.equal(lengths.nextLook(20_000), null);
		const tooFew = lengthsOf(...spread(7, 10_000, 20_000), ...odd, ...odd);
		assert.equal(tooFew.nextLook(0), null);
	});

	it('is always later than the call is old, and a length that was noted', () => {
		fc.assert(
			fc.property(anyLengths, fc.integer({ min: 0, max: 250_000 }), (noted, age) => {
				const next = lengthsOf(...noted).nextLook(age);
				assert.ok(next === null || (next > age && noted.includes(next)));
			}),
		);
	});
});

/** A call that ends so long after the wait for it begins, as its provider shows it. */
function callOf(length: number, lengths?: CallLengths) {
	const looks: number[] = [];
	const record = (): Exchange => {
		const age = host.clock.now() - host.clock.start;
		looks.push(age);
		const status = age >= length ? 'NORMAL' : 'WAITING';
		const result = { id: 'b1', phoneNumber: '09123456789', status, billSec: 3 };
		return answered(200, { result, error: null });
	};
	const host = new TestHost(bitel, [record], { ...(lengths && { lengths }) });
	const follow = (options: Partial<WaitOptions> = {}): Promise<CallReport> =>
		waitUntilEnded(host.context, 'b1', { firstLookAfter: 8 * second, ...options });
	return { host, looks, follow };
}

describe('A wait that knows what calls have lasted lately', () => {
	it('looks first when a call may have ended, and again when more of them have', async () => {
		const { follow, host, looks } = callOf(14_000, lengthsOf(...spread(64, 6_000, 24_000)));
		host.clock.chance = 0;
		await follow();
		assert.equal(looks.length, 4);
		assert.ok((looks[0] ?? 0) >= 8_000 && (looks[0] ?? 0) <= 10_000, String(looks));
		assert.ok((looks.at(-1) ?? 0) < 16_000, String(looks));
	});

	it('needs about five looks and finds the end within a second, for calls of 6 to 24 seconds', async () => {
		const lengths = new CallLengths();
		const delays: number[] = [];
		let looks = 0;
		for (const [n, length] of spread(400, 6_000, 24_000).entries()) {
			// In an order that is none, and with a chance that is none, so that each run is the same.
			const mixed = 6_000 + (((length - 6_000) * 173 * n) % 18_000);
			const call = callOf(mixed, lengths);
			call.host.clock.chance = ((n * 61) % 100) / 100;
			await call.follow();
			if (n < 100) continue;
			looks += call.looks.length;
			delays.push((call.looks.at(-1) ?? NaN) - mixed);
		}
		const median = delays.toSorted((a, b) => a - b)[150] ?? NaN;
		assert.ok(median < 1_000, `median delay ${median}`);
		assert.ok(looks / 300 <= 5, `${looks / 300} looks`);
	});

	it('learns from each call that ends, somewhere between the last two looks at it', async () => {
		const lengths = new CallLengths();
		for (let n = 0; n < 8; n += 1) {
			const { follow, host } = callOf(20_000, lengths);
			host.clock.chance = 0.5;
			await follow();
		}
		const next = lengths.nextLook(0) ?? NaN;
		assert.ok(next > 18_000 && next < 24_000, String(next));
	});

	it('takes the time of the end from the record where there is one', async () => {
		const lengths = new CallLengths();
		for (let n = 0; n < 8; n += 1) {
			const host = new TestHost(sandbox, [], { lengths });
			const input = { phoneNumber: '09123456789', code: '1', fields: {} };
			const { call } = await sendOtpCall(host.context, input);
			await waitUntilEnded(host.context, call.callId, { firstLookAfter: 1_000 });
		}
		assert.equal(lengths.nextLook(0), 6_000);
	});

	it('lets a call of which it has not seen the end hold up nothing', async () => {
		const lengths = new CallLengths();
		await failing(callOf(Infinity, lengths).follow({ waitTimeout: 20_000 }), 'wait-timeout');
		for (let n = 0; n < 8; n += 1) await callOf(20_000, lengths).follow();
		assert.notEqual(lengths.nextLook(0), null);
	});

	it('goes on as without knowledge when the call lasts longer', async () => {
		const { follow, host, looks } = callOf(60_000, lengthsOf(...spread(8, 3_000, 3_100)));
		host.clock.chance = 0.5;
		await follow();
		const pauses = looks.map((look, n) => Math.round(look - (looks[n - 1] ?? 0)));
		assert.deepEqual(pauses.slice(1, 5), [2_000, 2_500, 3_125, 3_906]);
	});

	it('keeps the interval that a user has chosen', async () => {
		const { follow, host } = callOf(60_000, lengthsOf(...spread(64, 50_000, 60_000)));
		host.clock.chance = 0.5;
		await follow({ pollInterval: 1_000 });
		assert.deepEqual(host.clock.slept.slice(0, 3), [8_000, 1_000, 1_250]);
	});

	it('learns nothing from a call that may have been placed some time ago', async () => {
		const lengths = new CallLengths();
		for (let n = 0; n < 20; n += 1) await callOf(20_000, lengths).follow({ firstLookAfter: 0 });
		assert.equal(lengths.nextLook(0), null);
	});

	it('learns nothing from a test call, and takes nothing for one', async () => {
		const known = await sendOtpCall(
			new TestHost(bitel, [answered(200, bitelAccepts)]).context,
			bitelInput,
		);
		const test = { ...known, call: { ...known.call, test: true as const } };
		const lengths = lengthsOf(...spread(64, 30_000, 30_100));
		const { follow, host } = callOf(8_000, lengths);
		await follow({ known: test });
		assert.deepEqual(host.clock.slept, [8_000]);
		assert.notEqual(lengths.nextLook(29_000), null);
		assert.ok((lengths.nextLook(0) ?? 0) > 29_000);
	});

	it('keeps its limit, whatever the calls before have lasted', async () => {
		const { follow, host } = callOf(Infinity, lengthsOf(...spread(64, 100_000, 110_000)));
		await failing(follow({ waitTimeout: 20_000 }), 'wait-timeout');
		assert.equal(Math.round(host.clock.now() - host.clock.start), 20_000);
	});

	it('leaves it to an expected event, and looks when all calls lately were over', async () => {
		const { follow, host } = callOf(25_000, lengthsOf(...spread(64, 6_000, 24_000)));
		await follow({ expectsEvent: () => true });
		assert.deepEqual(host.clock.slept, [26_000]);
	});

	it('waits for an event a minute at most', async () => {
		const { follow, host } = callOf(70_000, lengthsOf(...spread(64, 6_000, 600_000)));
		await follow({ expectsEvent: () => true });
		assert.equal(host.clock.slept[0], 60_000);
	});

	it('goes on polling when the event that was expected has not come', async () => {
		const { follow, host, looks } = callOf(40_000, lengthsOf(...spread(64, 6_000, 24_000)));
		host.clock.chance = 0.5;
		await follow({ expectsEvent: () => true });
		assert.deepEqual(host.clock.slept.slice(0, 3), [26_000, 2_000, 2_500]);
		assert.ok(looks.length < 8, String(looks));
	});

	it('does not look more often in sum where many calls end within a short time', async () => {
		const { follow, looks } = callOf(30_000, lengthsOf(...spread(64, 1_000, 9_000)));
		await follow();
		for (const [n, at] of looks.entries()) assert.ok(n <= at / 1_800, `look ${n + 1} at ${at}`);
	});

	it('never looks more often than every two seconds would, nor twice within half of one, nor after ten not once', async () => {
		await fc.assert(
			fc.asyncProperty(
				anyLengths,
				fc.integer({ min: 0, max: 150_000 }),
				fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
				async (noted, length, chance) => {
					const { follow, host, looks } = callOf(length, lengthsOf(...noted));
					host.clock.chance = chance;
					await follow().catch(() => undefined);
					assert.ok(looks.length > 0);
					for (const [n, at] of looks.entries()) {
						const pause = at - (looks[n - 1] ?? 0);
						// Up to a tenth earlier or later, for the jitter; the last look is at the limit of the wait.
						assert.ok(n <= at / 1_800 + 1e-6 || at >= limits.wait, `look ${n + 1} at ${at}`);
						assert.ok(pause >= 500 - 1e-6 || at >= limits.wait, `only ${pause} before ${at}`);
						assert.ok(pause <= 10_500 + 1e-6, `${pause} before ${at}`);
						assert.ok(at <= limits.wait + 1e-6);
					}
				},
			),
		);
	});
});
