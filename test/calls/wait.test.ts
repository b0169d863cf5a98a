import assert from 'node:assert/strict';

import type { CallReport } from '../../calls/report';
import { waitUntilEnded } from '../../calls/wait';
import type { WaitOptions } from '../../calls/wait';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import type { Provider } from '../../providers/contract';
import { sandbox } from '../../providers/sandbox/adapter';
import { prepareSend } from '../../calls/send';
import { bitelAccepts, bitelInput, freshCdr, ownReference, sendOtpCall } from './samples';
import { TestHost, answerLost, answered, failing, notSent } from './testHost';
import type { Reply } from './testHost';

const record = (status: string, billSec = 0): Reply =>
	answered(200, { result: { id: 'b1', phoneNumber: '09123456789', status, billSec }, error: null });
const noRecord = answered(404, { error: 'Not Found' });
const waiting = record('WAITING');

const follow = (
	replies: readonly Reply[],
	options: Partial<WaitOptions> = {},
	provider: Provider = bitel,
) => {
	const host = new TestHost(provider, replies);
	const callId = provider === bitel ? 'b1' : 'ABC123';
	return {
		host,
		ending: waitUntilEnded(host.context, callId, { firstLookAfter: 8_000, ...options }),
	};
};

/** A report of a call that was just placed. */
const justSent = async (): Promise<CallReport> =>
	await sendOtpCall(new TestHost(bitel, [answered(200, bitelAccepts)]).context, bitelInput);

describe('Waiting for the end of a call', () => {
	it('looks first when a result is likely, and ends with a final status', async () => {
		const { host, ending } = follow([record('NORMAL', 4)]);
		const { call } = await ending;
		assert.equal(call.status, 'completed');
		assert.equal(call.answered, true);
		assert.deepEqual(host.clock.slept, [8_000]);
	});

	it('looks again after pauses that grow by a quarter, up to five seconds', async () => {
		const { host, ending } = follow([waiting], { waitTimeout: 60_000 });
		host.clock.chance = 0.5;
		await failing(ending, 'wait-timeout');
		const pauses = host.clock.slept.slice(1, 8).map(Math.round);
		assert.deepEqual(pauses, [2_000, 2_500, 3_125, 3_906, 4_883, 5_000, 5_000]);
	});

	it('keeps every pause within a tenth of its length', async () => {
		for (const [chance, factor] of [
			[0, 0.9],
			[0.999_999, 1.1],
		] as const) {
			const host = new TestHost(bitel, [waiting, waiting, waiting, record('NORMAL')]);
			host.clock.chance = chance;
			await waitUntilEnded(host.context, 'b1', { firstLookAfter: 0, pollInterval: 1_000 });
			assert.equal(Math.round(host.clock.slept[1] ?? 0), 1_000 * factor);
		}
	});

	it('does not take the lack of a record for an error', async () => {
		const { ending } = follow([noRecord, noRecord, answered(200, freshCdr())], {}, autocall);
		assert.equal((await ending).call.status, 'completed');
	});

	it('tells of each change once, the end included', async () => {
		const seen: string[] = [];
		const { ending } = follow([waiting, waiting, record('NORMAL', 1)], {
			onChange: ({ call }) => seen.push(call.status),
		});
		await ending;
		assert.deepEqual(seen, ['queued', 'completed']);
	});

	it('does not tell again what is known already', async () => {
		const seen: string[] = [];
		const { ending } = follow([waiting, record('NORMAL', 1)], {
			known: await justSent(),
			onChange: ({ call }) => seen.push(call.status),
		});
		await ending;
		assert.deepEqual(seen, ['completed']);
	});

	it('looks more often again after a change', async () => {
		const host = new TestHost(sandbox);
		host.clock.chance = 0.5;
		const input = { phoneNumber: '09123456789', code: '1', fields: {} };
		const { call } = await sendOtpCall(host.context, input);
		await waitUntilEnded(host.context, call.callId, { firstLookAfter: 0, pollInterval: 800 });
		const pauses = host.clock.slept.slice(1).map(Math.round);
		assert.deepEqual(pauses.slice(0, 3), [800, 1_000, 800]);
	});

	it('goes on after a look-up that fails for a moment', async () => {
		const troubles = [notSent(), answerLost(), answered(503), answered(429)];
		for (const trouble of troubles) {
			const { ending } = follow([waiting, trouble, trouble, trouble, record('NORMAL')]);
			assert.equal((await ending).call.final, true);
		}
	});

	it('goes on after one strange answer about a call that is known', async () => {
		const { ending } = follow([waiting, answered(200, '<html>'), record('NORMAL')]);
		assert.equal((await ending).call.final, true);
	});

	it('looks once at a time: a failing server is not asked three times for each look', async () => {
		const { host, ending } = follow([answered(503), answered(503), record('NORMAL')]);
		host.clock.chance = 0.5;
		await ending;
		assert.equal(host.requests.length, 3);
		// A look that asked again by itself would do so after the shorter pauses of a single look-up.
		assert.deepEqual(host.clock.slept, [8_000, 2_000, 2_500]);
	});

	it('keeps the pause that a rate limit asks for', async () => {
		const limited = answered(429, '', { 'retry-after': '30' });
		const { host, ending } = follow([limited, record('NORMAL')]);
		await ending;
		assert.deepEqual(host.clock.slept, [8_000, 30_000]);
	});

	it('does not look without a pause, whatever interval is given', async () => {
		for (const pollInterval of [0, -1, Number.NaN]) {
			const { host, ending } = follow([waiting], { pollInterval, waitTimeout: 60_000 });
			await failing(ending, 'wait-timeout');
			assert.ok(host.requests.length < 200, `${pollInterval}: ${host.requests.length}`);
		}
	});

	it('ends at once with what makes all further look-ups useless', async () => {
		for (const [reply, kind] of [
			[answered(401), 'not-authorized'],
			[answered(400, { result: null, error: 'InvalidRequest' }), 'refused'],
		] as const) {
			const { host, ending } = follow([reply, record('NORMAL')]);
			await failing(ending, kind);
			assert.equal(host.requests.length, 1);
		}
	});

	it('refuses an ID that is none before the first pause', async () => {
		const host = new TestHost(bitel, [waiting]);
		await failing(waitUntilEnded(host.context, '../x', { firstLookAfter: 1 }), 'invalid-input');
		assert.deepEqual(host.clock.slept, []);
	});
});

describe('A wait that ends by its limit', () => {
	it('has waited for two minutes by default, and not much longer', async () => {
		const { host, ending } = follow([waiting]);
		const error = await failing(ending, 'wait-timeout');
		assert.equal(Math.round(host.clock.now() - host.clock.start), 120_000);
		assert.equal(error.facts.callMayHaveBeenPlaced, true);
		assert.equal(error.facts.callId, 'b1');
	});

	it('gives the last that is known of the call', async () => {
		const { ending } = follow([waiting], { waitTimeout: 20_000 });
		const error = await failing(ending, 'wait-timeout');
		assert.equal(error.facts.call?.status, 'queued');
		assert.match(error.message, /20 seconds/);
		assert.match(error.message, /queued/);
		assert.match(error.facts.remedy, /Do not send again/);
	});

	it('says that there was no record at all', async () => {
		const { ending } = follow([noRecord], { waitTimeout: 20_000 }, autocall);
		const error = await failing(ending, 'wait-timeout');
		assert.equal(error.facts.call, undefined);
		assert.match(error.message, /no record/);
	});

	it('says why the last look-up failed', async () => {
		const { ending } = follow([waiting, answered(503)], { waitTimeout: 20_000 });
		const error = await failing(ending, 'wait-timeout');
		assert.match(error.message, /HTTP 503/);
		assert.equal(error.facts.call?.status, 'queued');
	});

	it('does not wait for the first look beyond the limit', async () => {
		const { host, ending } = follow([waiting], { waitTimeout: 1_000, firstLookAfter: 8_000 });
		await failing(ending, 'wait-timeout');
		assert.deepEqual(host.clock.slept, [1_000]);
		assert.equal(host.requests.length, 1);
	});

	it('lets no request take more than the time that is left, or two seconds', async () => {
		const { host, ending } = follow([waiting], { waitTimeout: 12_000 });
		await failing(ending, 'wait-timeout');
		const timeouts = host.requests.map(({ timeout }) => timeout);
		assert.ok(
			timeouts.every((timeout) => timeout <= 4_000),
			String(timeouts),
		);
		assert.equal(timeouts.at(-1), 2_000);
	});
});

describe('A wait with limits of its own', () => {
	it('takes what is no length of time for none, and 0 for one look', async () => {
		for (const waitTimeout of [Infinity, Number.NaN, -1]) {
			const error = await failing(follow([waiting], { waitTimeout }).ending, 'wait-timeout');
			assert.match(error.message, /^The call had not ended after 12[01] seconds: /);
		}
		const { host, ending } = follow([waiting], { waitTimeout: 0 });
		await failing(ending, 'wait-timeout');
		assert.equal(host.requests.length, 1);
	});

	it('looks ten times a second at most', async () => {
		for (const [pollInterval, pause] of [
			[100, 100],
			[99, 2_000],
		] as const) {
			const { host, ending } = follow([waiting, record('NORMAL')], { pollInterval });
			host.clock.chance = 0.5;
			await ending;
			assert.equal(Math.round(host.clock.slept[1] ?? 0), pause);
		}
	});

	it('does not name a trouble that has passed', async () => {
		const { ending } = follow([answered(503), waiting], { waitTimeout: 20_000 });
		assert.doesNotMatch((await failing(ending, 'wait-timeout')).message, /look-up failed/);
	});

	it('says nothing of a call that it has never seen when it cannot ask', async () => {
		const { facts } = await failing(follow([answered(401)]).ending, 'not-authorized');
		assert.equal(facts.callMayHaveBeenPlaced, false);
		assert.equal(facts.callId, undefined);
	});
});

describe('A result that the provider’s own retries may still change', () => {
	it('is believed after a settle time', async () => {
		for (const status of ['USER_BUSY', 'NO_ANSWER']) {
			const { host, ending } = follow([record(status)]);
			assert.equal((await ending).call.final, true);
			const waited = host.clock.now() - host.clock.start;
			assert.ok(waited >= 28_000 && waited < 34_000, String(waited));
		}
	});

	it('is believed after exactly that time', async () => {
		const { host, ending } = follow([record('NO_ANSWER')], { pollInterval: 5_000 });
		host.clock.chance = 0.5;
		await ending;
		assert.deepEqual(host.clock.slept, [8_000, 5_000, 5_000, 5_000, 5_000]);
	});

	it('gives way to what comes after it', async () => {
		const { ending } = follow([record('USER_BUSY'), waiting, record('NORMAL', 3)]);
		assert.equal((await ending).call.status, 'completed');
	});

	it('settles anew when another try has ended', async () => {
		const { host, ending } = follow([
			...Array<Reply>(4).fill(record('USER_BUSY')),
			record('NO_ANSWER'),
		]);
		let changedAt = 0;
		host.clock.onSleep = () => {
			if (host.requests.length === 5 && changedAt === 0) changedAt = host.clock.now();
		};
		assert.equal((await ending).call.status, 'no-answer');
		assert.ok(host.clock.now() - changedAt >= 20_000);
	});

	it('is believed at once when the provider was told not to retry', async () => {
		const { host, ending } = follow([record('USER_BUSY')], { mayRetry: false });
		await ending;
		assert.equal(host.requests.length, 1);
	});

	it('is believed when the limit comes first', async () => {
		const { ending } = follow([record('USER_BUSY')], { waitTimeout: 15_000 });
		assert.equal((await ending).call.status, 'busy');
	});
});

describe('A wait that is stopped', () => {
	it('is canceled at once during a pause, and names the call', async () => {
		const host = new TestHost(bitel, [waiting]);
		host.clock.onSleep = () => {
			if (host.requests.length === 2) host.stop.abort();
		};
		const ending = waitUntilEnded(host.context, 'b1', { firstLookAfter: 0 });
		const error = await failing(ending, 'canceled');
		assert.equal(error.facts.callMayHaveBeenPlaced, true);
		assert.equal(error.facts.callId, 'b1');
		assert.equal(error.facts.call?.status, 'queued');
		assert.equal(host.requests.length, 2);
	});

	it('is canceled at once during a look-up, with the same error', async () => {
		const host = new TestHost(bitel, [
			() => {
				host.stop.abort();
				return answerLost('ERR_CANCELED');
			},
		]);
		const error = await failing(
			waitUntilEnded(host.context, 'b1', { firstLookAfter: 0 }),
			'canceled',
		);
		assert.equal(error.facts.callMayHaveBeenPlaced, true);
		assert.match(error.message, /wait for the end/);
		assert.equal(host.requests.length, 1);
	});
});

describe('A wait after a send', () => {
	it('ends with a failure of the program itself as it is', async () => {
		const slip = new TypeError('a slip');
		const slipping: Provider = {
			...bitel,
			answerLocally: () => {
				throw slip;
			},
		};
		const { ending } = follow([], { known: await justSent() }, slipping);
		await assert.rejects(ending, (error) => error === slip);
	});

	for (const [reply, kind] of [
		[answered(401), 'not-authorized'],
		[answered(400, { result: null, error: 'InvalidRequest' }), 'refused'],
	] as const) {
		it(`never says that no call was placed: ${kind}`, async () => {
			const { ending } = follow([reply], { known: await justSent() });
			const error = await failing(ending, kind);
			assert.equal(error.facts.callMayHaveBeenPlaced, true);
			assert.equal(error.facts.callId, 'b1');
			assert.equal(error.facts.call?.status, 'queued');
		});
	}
});

describe('A wait for the call of a send', () => {
	/** Follows the call of a send under a Reference ID of the user's own. */
	const followSend = (replies: readonly Reply[], waitTimeout = 60_000) => {
		const host = new TestHost(autocall, replies);
		const { sent } = prepareSend(host.context, ownReference);
		const ending = waitUntilEnded(host.context, 'ABC123', { firstLookAfter: 0, sent, waitTimeout });
		return { host, ending };
	};

	it('has the number that was called, whatever of it the record shows', async () => {
		for (const shown of ['09123456789', '0912*******', undefined]) {
			const ended = { id: 'b1', phoneNumber: shown, status: 'NORMAL', billSec: 3 };
			const host = new TestHost(bitel, [answered(200, { result: ended, error: null })]);
			const { sent } = prepareSend(host.context, bitelInput);
			const { call } = await waitUntilEnded(host.context, 'b1', { firstLookAfter: 0, sent });
			assert.equal(call.phoneNumber, '+989123456789');
		}
	});

	const others: readonly (readonly [string, object])[] = [
		['an earlier call under the same reference', freshCdr({ time_started: '2020-01-01 08:00:00' })],
		['a call to another number', freshCdr({ to_number: '0332665712' })],
		['a call of another reference', freshCdr({ additional: { ref_id: 'ANOTHER' } })],
	];
	for (const [what, record] of others) {
		it(`waits on while it is shown ${what}`, async () => {
			const other = answered(200, record);
			const { host, ending } = followSend([other, noRecord, other, answered(200, freshCdr())]);
			const { call } = await ending;
			assert.equal(call.requestedAt, '2025-06-01T15:00:01+07:00');
			assert.equal(host.requests.length, 4);
		});

		it(`ends by its limit when it is shown nothing but ${what}`, async () => {
			const { ending } = followSend([answered(200, record)], 10_000);
			const error = await failing(ending, 'wait-timeout');
			assert.match(error.message, /has no record of it yet/);
			assert.equal(error.facts.call, undefined);
			assert.equal(error.facts.callMayHaveBeenPlaced, true);
		});
	}

	it('keeps what is known of the call when another one is shown in between', async () => {
		const [ours, other] = ['b1', 'b2'].map((id) =>
			answered(200, { result: { id, phoneNumber: '0912*******', status: 'WAITING' }, error: null }),
		);
		assert.ok(ours !== undefined && other !== undefined);
		const { ending } = follow([ours, other], { waitTimeout: 20_000 });
		const error = await failing(ending, 'wait-timeout');
		assert.equal(error.facts.call?.callId, 'b1');
	});
});
