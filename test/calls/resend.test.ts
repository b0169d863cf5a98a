import assert from 'node:assert/strict';

import { claimOf, placeOnce } from '../../calls/claims';
import type { ClaimStore } from '../../calls/claims';
import { placeCall, prepareSend } from '../../calls/send';
import { waitUntilEnded } from '../../calls/wait';
import { queued } from '../../providers/call';
import type { HttpAnswer, Provider, Reading } from '../../providers/contract';
import { invalid } from '../../providers/fields';
import { field, isJsonObject, parseJson } from '../../providers/reading/json';
import { callIdField } from '../../providers/sharedFields';
import { ringo } from '../providers/throwAway';
import { TestHost, answerLost, answered, failing, notSent } from './testHost';
import type { Reply } from './testHost';

/** Ringo, were it one that recognises a request by its `ref`, and told no ID of the call then. */
const recognising: Provider = {
	...ringo,
	planSend(order) {
		const planned = ringo.planSend(order);
		if (planned.is !== 'planned') return planned;
		const callId = `request-${order.newReference}`;
		const read = (answer: HttpAnswer): Reading => {
			const body = parseJson(answer.text);
			const isKnown = isJsonObject(body) && field(body, 'err') === '30';
			if (!isKnown) return planned.read(answer);
			return {
				is: 'known-request',
				record: body,
				identity: { phoneNumber: null, reference: null, recordIds: [] },
				call: {
					provider: 'ringo',
					callId,
					phoneNumber: order.phoneNumber.e164,
					...queued,
					requestedAt: null,
					answeredAt: null,
					endedAt: null,
					durationSeconds: null,
					billedSeconds: null,
					cost: null,
				},
			};
		};
		return { ...planned, reference: null, isIdempotent: true, read };
	},
	planStatus: (callId) =>
		callId.startsWith('request-')
			? invalid(callIdField, 'is one of ours', 'Take another')
			: ringo.planStatus(callId),
};

const accepted = answered(200, { ok: 1, callid: 'R1' });
const known = answered(200, { ok: 0, err: '30', msg: 'K4821 again' });
const refusal = answered(200, { ok: 0, err: '13', msg: 'no balance' });
const unsure: readonly [string, Reply][] = [
	['a reset', answerLost()],
	['a timeout', answerLost('ETIMEDOUT')],
	['a 500', answered(500)],
	['a 503 that asks to come back', answered(503, '', { 'retry-after': '1' })],
	['a web page', answered(200, '<html>')],
	['an answer that is cut off', answerLost('UND_ERR_SOCKET')],
	['a redirect to a page', answered(302)],
	['the answer to another call', answered(200, { ok: 1, callid: 'R9', to: '989120000000' })],
];

const input = { phoneNumber: '09123456789', code: 'K4821', fields: { template: 'T7' } };

const sendBy = (replies: readonly Reply[], reference?: string) => {
	const host = new TestHost(recognising, replies);
	const prepared = prepareSend(host.context, { ...input, reference });
	return { host, prepared, sending: placeCall(host.context, prepared) };
};

describe('An unknown outcome, where the provider recognises a request that it has had,', () => {
	for (const [what, reply] of unsure) {
		it(`is found out by the same request once more: ${what}, then a yes`, async () => {
			const { host, sending } = sendBy([reply, accepted]);
			assert.equal((await sending).call.callId, 'R1');
			const [first, second] = host.requests;
			assert.equal(host.requests.length, 2);
			assert.deepEqual([second?.url, second?.body], [first?.url, first?.body]);
			assert.deepEqual(host.clock.slept, [2_000]);
		});

		it(`is a call where the provider has had it: ${what}, then a known request`, async () => {
			const { host, prepared, sending } = sendBy([reply, known]);
			const { call, raw } = await sending;
			assert.equal(call.callId, `request-${prepared.sent.reference ?? call.callId.slice(8)}`);
			assert.deepEqual([call.status, call.final, call.answered], ['queued', false, null]);
			assert.equal(host.requests.length, 2);
			assert.doesNotMatch(JSON.stringify(raw), /K4821/);
		});
	}

	it('is asked for twice, each time later, and no more', async () => {
		const { host, sending } = sendBy([answerLost('ETIMEDOUT')]);
		const error = await failing(sending, 'outcome-unknown');
		assert.equal(error.facts.networkCode, 'ETIMEDOUT');
		assert.equal(error.facts.callMayHaveBeenPlaced, true);
		assert.equal(host.requests.length, 3);
		assert.deepEqual(host.clock.slept, [2_000, 4_000]);
	});

	it('is asked for at another moment by each', async () => {
		const { host, sending } = sendBy([answerLost(), accepted]);
		host.clock.chance = 0.5;
		await sending;
		assert.deepEqual(host.clock.slept, [2_500]);
	});

	it('stays unknown whatever is refused then: the first request may have been taken', async () => {
		for (const reply of [
			refusal,
			answered(401),
			answered(429, '', { 'retry-after': '1' }),
			notSent(),
			answered(200, { ok: 0, err: '10', msg: 'key' }),
		]) {
			const { host, sending } = sendBy([answered(502), reply]);
			const error = await failing(sending, 'outcome-unknown');
			assert.equal(error.facts.httpStatus, 502);
			assert.equal(host.requests.length, 3);
		}
	});

	it('is not asked for when the flow is stopped', async () => {
		const { host, sending } = sendBy([answerLost(), accepted]);
		host.clock.onSleep = () => host.stop.abort();
		await failing(sending, 'outcome-unknown');
		assert.equal(host.requests.length, 1);
	});

	it('is none for a refusal: nothing is sent again', async () => {
		const { host, sending } = sendBy([refusal, accepted]);
		await failing(sending, 'refused');
		assert.equal(host.requests.length, 1);
	});

	it('is none where the request provably never left: it is sent with the same reference', async () => {
		const { host, sending } = sendBy([notSent(), accepted]);
		assert.equal((await sending).call.callId, 'R1');
		assert.equal(host.requests[0]?.body, host.requests[1]?.body);
	});

	it('stays unknown where the provider does not say that it recognises one', async () => {
		const noRecord = answered(200, { ok: 0, err: '20' });
		const host = new TestHost(ringo, [answerLost(), noRecord]);
		const sending = placeCall(host.context, prepareSend(host.context, input));
		await failing(sending, 'outcome-unknown');
		assert.equal(host.sends, 1);
	});
});

describe('A request that the provider has had before the first try', () => {
	it('was sent twice on its way, where its reference is of this send alone', async () => {
		const { host, sending } = sendBy([known]);
		assert.match((await sending).call.callId, /^request-/);
		assert.equal(host.requests.length, 1);
	});

	it('was another send, where its reference follows from a key: nothing is placed', async () => {
		const { host, sending } = sendBy([known], 'k-order-1');
		const error = await failing(sending, 'already-placed');
		assert.equal(error.facts.callMayHaveBeenPlaced, true);
		assert.equal(error.facts.callId, undefined);
		assert.match(error.message, /has had a request with this Idempotency Key before/);
		assert.ok(!error.message.includes('9123456789'));
		assert.equal(host.requests.length, 1);
	});

	it('is a call of this send, also under a key, once a try of it has left', async () => {
		const { sending } = sendBy([answerLost(), known], 'k-order-1');
		assert.equal((await sending).call.callId, 'request-k-order-1');
	});
});

describe('A call whose ID was lost with its answer', () => {
	it('cannot be waited for, and says so at once', async () => {
		const { host, sending } = sendBy([answerLost(), known]);
		const report = await sending;
		const waiting = waitUntilEnded(host.context, report.call.callId, {
			firstLookAfter: 5_000,
			known: report,
		});
		const error = await failing(waiting, 'wait-timeout');
		assert.equal(error.facts.call, report.call);
		assert.equal(error.facts.callMayHaveBeenPlaced, true);
		assert.equal(host.requests.length, 2);
	});

	it('is not looked up under its key later either', async () => {
		const { host, prepared } = sendBy([accepted], 'k-order-1');
		const claim = claimOf('order-1', prepared, 's', 'host');
		const taken: ClaimStore = {
			claim: async () => ({ isSameRecipient: true, isSameCode: true, callId: 'request-k-order-1' }),
			isClaimed: async () => true,
			settle: async () => undefined,
			release: async () => undefined,
		};
		const place = () => placeCall(host.context, prepared);
		const error = await failing(
			placeOnce(host.context, prepared, claim, taken, place),
			'already-placed',
		);
		assert.equal(error.facts.callId, undefined);
		assert.ok(!error.facts.remedy.includes('request-'));
	});
});
