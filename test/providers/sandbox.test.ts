import assert from 'node:assert/strict';

import { sendOtpCall } from '../../calls/send';
import { getOtpCallStatus } from '../../calls/status';
import { sandbox } from '../../providers/sandbox/adapter';
import { TestHost, failing } from '../calls/testHost';

const numberEnding = (digits: string): string => `091234567${digits}`;

const place = async (digits: string) => {
	const host = new TestHost(sandbox);
	const input = { phoneNumber: numberEnding(digits), code: '482133', fields: {} };
	return { host, report: await sendOtpCall(host.context, input) };
};

describe('A call of the sandbox', () => {
	it('is queued for 1 s, rings for 2 s, talks for 3 s', async () => {
		const { host, report } = await place('89');
		const { callId } = report.call;
		const seen: string[] = [report.call.status];
		for (const pause of [999, 1, 1_999, 1, 2_999, 1]) {
			host.clock.pass(pause);
			seen.push((await getOtpCallStatus(host.context, callId)).call.status);
		}
		assert.deepEqual(seen, [
			'queued',
			'queued',
			'ringing',
			'ringing',
			'in-progress',
			'in-progress',
			'completed',
		]);
	});

	it('ends as the call of a real provider does, field by field', async () => {
		const { host, report } = await place('89');
		host.clock.pass(60_000);
		const { call } = await getOtpCallStatus(host.context, report.call.callId);
		assert.deepEqual(call, {
			provider: 'sandbox',
			callId: report.call.callId,
			phoneNumber: '+989123456789',
			status: 'completed',
			reason: null,
			final: true,
			answered: true,
			requestedAt: '2025-06-01T08:00:00.000Z',
			answeredAt: '2025-06-01T08:00:03.000Z',
			endedAt: '2025-06-01T08:00:06.000Z',
			durationSeconds: 5,
			billedSeconds: 3,
			cost: null,
		});
	});

	const endings: readonly (readonly [string, string, string | null, boolean])[] = [
		['01', 'busy', null, false],
		['02', 'no-answer', null, false],
		['03', 'busy', 'declined', false],
		['04', 'no-answer', 'unreachable', false],
		['05', 'completed', 'machine', false],
		['06', 'failed', 'provider-error', false],
		['00', 'completed', null, true],
		['10', 'completed', null, true],
	];
	for (const [digits, status, reason, answered] of endings) {
		it(`to a number that ends with ${digits} is ${status} (${reason ?? 'no reason'})`, async () => {
			const { host, report } = await place(digits);
			host.clock.pass(60_000);
			const { call } = await getOtpCallStatus(host.context, report.call.callId);
			assert.deepEqual([call.status, call.reason, call.answered], [status, reason, answered]);
			assert.equal(call.final, true);
		});
	}

	for (const [digits, kind, mayRing] of [
		['07', 'refused', false],
		['08', 'rate-limited', false],
		['09', 'outcome-unknown', true],
	] as const) {
		it(`to a number that ends with ${digits} is ${kind} when it is sent`, async () => {
			const error = await failing(place(digits), kind);
			assert.equal(error.facts.callMayHaveBeenPlaced, mayRing);
		});
	}

	it('is known to every process, by its call ID alone', async () => {
		const { report } = await place('01');
		const elsewhere = new TestHost(sandbox);
		elsewhere.clock.pass(5_000);
		const { call } = await getOtpCallStatus(elsewhere.context, report.call.callId);
		assert.equal(call.status, 'busy');
		assert.equal(call.phoneNumber, '+989123456701');
	});

	it('has a call ID of its own, though two are placed at the same moment', async () => {
		const ids = await Promise.all([place('89'), place('89')]);
		assert.equal(new Set(ids.map(({ report }) => report.call.callId)).size, 2);
	});

	it('never shows its code', async () => {
		const { host, report } = await place('89');
		const looked = await getOtpCallStatus(host.context, report.call.callId);
		assert.doesNotMatch(JSON.stringify([report, looked]), /482133/);
	});

	it('makes no request', async () => {
		const { host, report } = await place('89');
		await getOtpCallStatus(host.context, report.call.callId);
		assert.equal(host.requests.length, 0);
	});

	it('may be to Vietnam', async () => {
		const host = new TestHost(sandbox);
		const input = { phoneNumber: '0332665702', code: '1', fields: {} };
		const { call } = await sendOtpCall(host.context, input);
		host.clock.pass(10_000);
		assert.equal((await getOtpCallStatus(host.context, call.callId)).call.status, 'no-answer');
	});

	it('is not found under an ID that only looks like one', async () => {
		const { context } = new TestHost(sandbox);
		for (const id of ['sandbox-', 'sandbox-1-2-3', 'sandbox-989123456789-zzzzzzzzzz-a', 'x']) {
			await failing(getOtpCallStatus(context, id), 'invalid-input');
		}
	});

	it('may be of a time that has not come: a clock may be behind', async () => {
		const { context } = new TestHost(sandbox);
		const id = 'sandbox-989123456789-zzzzzzzzz-a';
		assert.equal((await getOtpCallStatus(context, id)).call.status, 'queued');
	});
});
