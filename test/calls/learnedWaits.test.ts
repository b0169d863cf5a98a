import assert from 'node:assert/strict';

import { CallLengths } from '../../calls/callLengths';
import { waitUntilEnded } from '../../calls/wait';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { freshCdr } from './samples';
import { TestHost, answered } from './testHost';
import type { Reply } from './testHost';

/** As if so many calls, each of this length, had just ended. */
const learned = (...lengths: readonly number[]): CallLengths => {
	const all = new CallLengths();
	for (const length of lengths) all.begin().ended(length);
	return all;
};

const eight = (length: number): number[] => Array<number>(8).fill(length);

const noRecord = answered(404, { error: 'Not Found' });

describe('The length that is learned of a call', () => {
	/** Placed at 8:00:00, without a record after eight seconds, and over after ten, as the record says. */
	const lengthOf = async (times: Readonly<Record<string, string>>): Promise<number | null> => {
		const lengths = new CallLengths();
		for (let n = 0; n < 8; n += 1) {
			const replies: Reply[] = [noRecord, answered(200, freshCdr(times))];
			const host = new TestHost(autocall, replies, { lengths });
			host.clock.chance = 0.5;
			await waitUntilEnded(host.context, 'ABC123', { firstLookAfter: 8_000 });
			assert.equal(host.clock.now() - host.clock.start, 10_000);
		}
		return lengths.nextLook(0);
	};
	const started = { time_started: '2025-06-01 15:00:00' };

	for (const [ended, seconds] of [
		['15:00:08', 8],
		['15:00:09', 9],
		['15:00:10', 10],
	] as const) {
		it(`is what its record says, between the last two looks: ${seconds} seconds`, async () => {
			const times = { ...started, time_ended: `2025-06-01 ${ended}` };
			assert.equal(await lengthOf(times), 1_000 * seconds);
		});
	}

	for (const ended of ['15:00:07', '15:00:11', '14:59:59']) {
		it(`lies between the last two looks where its record says what cannot be: ${ended}`, async () => {
			assert.equal(await lengthOf({ ...started, time_ended: `2025-06-01 ${ended}` }), 9_000);
		});
	}

	it('waits for no call of which nothing is learned, however long that one goes on', async () => {
		const lengths = new CallLengths();
		const silent = new TestHost(bitel, [() => new Promise(() => undefined)], { lengths });
		void waitUntilEnded(silent.context, 'b1', { firstLookAfter: 0 });
		for (const length of eight(20_000)) lengths.begin().ended(length);
		assert.equal(lengths.nextLook(0), 20_000);
	});
});

describe('A look at the time that earlier calls make sensible', () => {
	/** The pauses before the first looks at a call that lasts longer than a wait. */
	const pausesOf = async (lengths: CallLengths, chance: number, expectsEvent = false) => {
		const waiting = { id: 'b1', phoneNumber: '09123456789', status: 'WAITING' };
		const host = new TestHost(bitel, [answered(200, { result: waiting, error: null })], {
			lengths,
		});
		host.clock.chance = chance;
		const options = { firstLookAfter: 8_000, expectsEvent: () => expectsEvent };
		await waitUntilEnded(host.context, 'b1', options).catch(() => undefined);
		return host.clock.slept;
	};

	it('comes up to a tenth later, and half a second at most, so that calls placed together part', async () => {
		for (const [length, chance, pause] of [
			[3_000, 0, 3_000],
			[3_000, 0.5, 3_150],
			[10_000, 0, 10_000],
			[10_000, 0.5, 10_250],
		] as const) {
			assert.equal((await pausesOf(learned(...eight(length)), chance))[0], pause);
		}
	});

	it('is put off until as many looks every two seconds would have come so far', async () => {
		const lengths = learned(1_000, 1_000, ...Array<number>(6).fill(1_600));
		assert.deepEqual((await pausesOf(lengths, 0)).slice(0, 2), [1_000, 800]);
	});

	it('comes when all calls lately were over, though an event was waited for a minute before', async () => {
		const pauses = await pausesOf(learned(...eight(100_000)), 0, true);
		assert.deepEqual(pauses.slice(0, 2), [60_000, 42_000]);
	});
});
