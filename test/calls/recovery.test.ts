import assert from 'node:assert/strict';

import { OtpCallError, wordsOf } from '../../calls/errors';
import { plainWords } from '../../calls/words';
import { autocall } from '../../providers/autocall/adapter';
import {
	autocallAccepts,
	autocallInput,
	freshCdr,
	ownReference,
	sendByAutocall,
	sendOtpCall,
} from './samples';
import { TestHost, answerLost, answered, failing } from './testHost';

const noRecord = answered(404, { error: 'Not Found' });

describe('An outcome that is unknown is looked up by its reference', () => {
	it('and a record makes the send a success', async () => {
		const { host, sending } = sendByAutocall([answerLost(), noRecord, answered(200, freshCdr())]);
		const { call, raw } = await sending;
		assert.equal(call.status, 'completed');
		assert.equal(call.callId, 'ABC123');
		assert.equal(host.sends, 1);
		assert.ok(host.requests[1]?.url.endsWith('/v3/autocall/log/ABC123/ref_id'));
		assert.doesNotMatch(JSON.stringify(raw), /LUAN001/);
	});

	it('and is a record at every status of success, and at no other', async () => {
		for (const [status, isFound] of [
			[200, true],
			[299, true],
			[199, false],
			[300, false],
		] as const) {
			const { sending } = sendByAutocall([answerLost(), answered(status, freshCdr())]);
			if (isFound) assert.equal((await sending).call.status, 'completed');
			else await failing(sending, 'outcome-unknown');
		}
	});

	it('and shows the code nowhere in the record', async () => {
		const record = freshCdr({ additional: {}, note: 'said L U A N 0 0 1', digits: 'LUAN001' });
		const { raw } = await sendByAutocall([answerLost(), answered(200, record)]).sending;
		assert.deepEqual([raw['note'], raw['digits']], ['said •••', '•••']);
	});

	it('for a short time only: four looks, each after a longer pause', async () => {
		const { host, sending } = sendByAutocall([answerLost(), noRecord]);
		const error = await failing(sending, 'outcome-unknown');
		assert.equal(error.facts.callId, 'ABC123');
		assert.equal(error.facts.networkCode, 'ECONNRESET');
		assert.match(wordsOf(error, plainWords).remedy, /Get OTP Call Status/);
		assert.equal(host.sends, 1);
		assert.equal(host.requests.length, 5);
		assert.deepEqual(host.clock.slept, [1_000, 2_000, 4_000, 8_000]);
	});

	const ambiguous = [
		answered(500),
		answered(503),
		answered(200, ''),
		answered(200, '<html>'),
		answered(200, '{"call_id": "d61'),
		answered(200, { message: 'queued somewhere' }),
		// An older version of the API wraps its answers: this may well be a call.
		answered(200, { data: { call_id: 'd6142fb6', ref_id: 'ABC123' } }),
		answered(302),
	];
	for (const reply of ambiguous) {
		const what = reply.is === 'answered' ? `${reply.status} ${reply.text}` : reply.is;
		it(`whatever made it unknown: ${what}`, async () => {
			const { host, sending } = sendByAutocall([reply, answered(200, freshCdr())]);
			assert.equal((await sending).call.final, true);
			assert.equal(host.sends, 1);
		});
	}

	it('and stays unknown when no look-up works', async () => {
		for (const reply of [answered(500), answered(401), answerLost(), answered(200, '[]')]) {
			const { host, sending } = sendByAutocall([answered(502), reply]);
			const error = await failing(sending, 'outcome-unknown');
			assert.equal(error.facts.httpStatus, 502);
			assert.equal(host.sends, 1);
		}
	});

	it('and stays unknown when the token cannot be renewed meanwhile', async () => {
		const host = new TestHost(autocall, [
			answerLost(),
			() => {
				throw new OtpCallError({
					kind: 'not-authorized',
					message: 'The API key is wrong',
					remedy: 'Get another',
					callMayHaveBeenPlaced: false,
				});
			},
		]);
		const error = await failing(sendOtpCall(host.context, autocallInput), 'outcome-unknown');
		assert.equal(error.facts.callMayHaveBeenPlaced, true);
	});

	it('and ends at once when the flow is stopped', async () => {
		const { host, sending } = sendByAutocall([answerLost(), noRecord]);
		host.clock.onSleep = () => host.stop.abort();
		await failing(sending, 'outcome-unknown');
		assert.equal(host.requests.length, 1);
	});

	it('but the record of another number is not taken for it', async () => {
		const { sending } = sendByAutocall([
			answerLost(),
			answered(200, freshCdr({ to_number: '0332665712' })),
		]);
		await failing(sending, 'outcome-unknown');
	});

	it('but an earlier call with the same reference is not taken for it', async () => {
		const old = answered(200, freshCdr({ time_started: '2025-06-01 14:40:00' }));
		const { host, sending } = sendByAutocall([noRecord, answerLost(), old], ownReference);
		await failing(sending, 'outcome-unknown');
		assert.equal(host.sends, 1);
	});

	it('and the clocks need not agree when the reference is ours', async () => {
		const old = answered(200, freshCdr({ time_started: '2025-06-01 14:40:00' }));
		const { sending } = sendByAutocall([answerLost(), old]);
		assert.equal((await sending).call.status, 'completed');
	});

	it('and a number that the record writes in its own way is no other number', async () => {
		for (const to_number of ['84332665711', '9990332665711', '033266****', '']) {
			const { sending } = sendByAutocall([answerLost(), answered(200, freshCdr({ to_number }))]);
			assert.equal((await sending).call.status, 'completed', to_number);
		}
	});

	it('and no look takes longer than five seconds', async () => {
		const { host, sending } = sendByAutocall([answerLost()]);
		await failing(sending, 'outcome-unknown');
		const [send, ...looks] = host.requests.map(({ timeout }) => timeout);
		assert.equal(send, 15_000);
		assert.deepEqual(looks, [5_000, 5_000, 5_000, 5_000]);
	});

	it('and our own reference is new each time', async () => {
		const references = new Set<string>();
		for (let index = 0; index < 20; index += 1) {
			const { ref_id: _echo, ...accepts } = autocallAccepts;
			const input = { reference: undefined };
			const { host, sending } = sendByAutocall([answered(200, accepts)], input);
			await sending;
			const [, reference = ''] = /"ref_id":"([^"]+)"/.exec(host.requests[0]?.body ?? '') ?? [];
			references.add(reference);
		}
		assert.equal(references.size, 20);
	});
});
