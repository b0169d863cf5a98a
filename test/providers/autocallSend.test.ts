import assert from 'node:assert/strict';

import { autocall } from '../../providers/autocall/adapter';
import type { PlannedSend, SendOrder } from '../../providers/contract';
import { sample } from '../fixtures/samples';
import { answer, callOf, planned } from './answers';

const campaign = 'f77dfcf4-0759-4179-93cb-741f481a776e';
const order: SendOrder = {
	phoneNumber: { e164: '+84332665711', national: '0332665711', country: 'VN' },
	code: 'LUAN001',
	fields: { campaign, template: 'otp_script_01', refId: 'ABC123' },
	newReference: 'new-reference',
	now: 0,
};
const send = planned<PlannedSend>(autocall.planSend(order));

describe('A call that Autocall is asked to place', () => {
	it('is asked for as its documents show', () => {
		assert.equal(send.request.method, 'POST');
		assert.equal(send.request.path, '/v3/autocall/otp');
		assert.deepEqual(send.request.body, sample('autocall-send.request'));
		assert.equal(send.reference, 'ABC123');
	});

	it('has a reference of ours when the builder gives none', () => {
		for (const refId of [undefined, null, '', ' ']) {
			const fields = { ...order.fields, refId };
			const plan = planned<PlannedSend>(autocall.planSend({ ...order, fields }));
			assert.equal(plan.request.body?.['ref_id'], 'new-reference');
			assert.equal(plan.reference, 'new-reference');
		}
	});

	it('is read from the documented answer, field by field', () => {
		const { call, raw, unsettled } = callOf(send.read(answer(sample('autocall-send.answer'))));
		assert.deepEqual(call, {
			provider: 'autocall',
			callId: 'ABC123',
			phoneNumber: '+84332665711',
			status: 'queued',
			reason: null,
			final: false,
			answered: null,
			requestedAt: null,
			answeredAt: null,
			endedAt: null,
			durationSeconds: null,
			billedSeconds: null,
			cost: null,
		});
		assert.deepEqual(raw, sample('autocall-send.answer'));
		assert.equal(unsettled, false);
	});

	it('has a call ID under which it can be asked for, whatever reference comes back', () => {
		for (const ref_id of [undefined, '', null, {}, 'a/b', '..', 'x'.repeat(300)]) {
			const { call } = callOf(send.read(answer({ ...sample('autocall-send.answer'), ref_id })));
			assert.equal(call.callId, 'ABC123');
		}
	});

	const refusals: readonly (readonly [unknown, string])[] = [
		[{ error: 'campaign not found' }, 'campaign not found'],
		[{ error: [{ '(root)': 'campaign_uuid is required' }] }, 'campaign_uuid is required'],
		[{ error: [{ phone_number: 'is invalid' }] }, 'phone_number: is invalid'],
		[{ error: [{ a: 'x' }, { b: 'y' }] }, 'a: x; b: y'],
		[{ error: 'e', message: 'm' }, 'e'],
		[{ messsage: 'Unauthorized', data: { error: 'token is invalid' } }, 'token is invalid'],
	];
	for (const [body, text] of refusals) {
		it(`is refused by ${JSON.stringify(body)}`, () => {
			assert.deepEqual(send.read(answer(body)), { is: 'refusal', code: null, text });
			assert.deepEqual(autocall.readProblem(answer(body, 400)), { code: null, text });
		});
	}

	it('is refused in words that stand in other places too', () => {
		for (const body of [{ message: 'words' }, { messsage: 'words' }]) {
			assert.equal(autocall.readProblem(answer(body, 400)).text, 'words');
		}
		for (const body of ['', 'null', '[]', '{}', '<html>', '{"error":{}}', '{"error":7}']) {
			assert.equal(autocall.readProblem(answer(body, 400)).text, null, body);
		}
	});

	const unsure: readonly unknown[] = [
		'',
		'null',
		'[]',
		'{}',
		'"success"',
		{ message: 'accepted' },
		{ error: null },
		{ data: { call_id: 'x' } },
		{ call_id: '' },
		{ call_id: {} },
		{ messsage: 'success' },
	];
	for (const body of unsure) {
		it(`is neither placed nor refused for sure by ${JSON.stringify(body)}`, () => {
			assert.equal(send.read(answer(body)).is, 'unreadable');
		});
	}

	it('never shows its code, should the answer echo it', () => {
		const body = {
			call_id: 'c',
			message: 'success',
			echo: { code_otp: 'LUAN001' },
			say: 'LUAN001',
		};
		assert.doesNotMatch(JSON.stringify(send.read(answer(body))), /LUAN001/);
	});
});
