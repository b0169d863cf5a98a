import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { autocall } from '../../../providers/autocall/adapter';
import type { JsonObject } from '../../../providers/reading/json';
import { answer, callOf } from '../answers';
import { newReference, plannedSend } from '../conformance/sends';
import { testProvider } from '../testProvider';
import { cdr, event, ofCdr, order, samples } from './samples';

testProvider(autocall, samples);

const look = (fields: object) => {
	const planned = autocall.planStatus('ABC123');
	assert.ok(planned.is === 'planned');
	return callOf(planned.read(answer({ ...cdr, ...fields })));
};
const read = (fields: object) => look(fields).call;
const readEvent = (body: JsonObject) => autocall.events?.read({ query: {}, body }) ?? null;

describe('A call that Autocall is asked to place', () => {
	it('has a reference of ours when the user gives none', () => {
		for (const refId of [undefined, null, '', ' ']) {
			const fields = { ...order.fields, refId };
			const { request } = plannedSend(autocall, { ...order, fields });
			assert.equal(request.body?.['ref_id'], newReference);
		}
	});
});

describe('The record of a call of Autocall', () => {
	it('is the documented CDR, field by field', () => {
		const { call, record, unsettled } = look({});
		assert.deepEqual(call, ofCdr);
		assert.deepEqual(record, cdr);
		assert.equal(unsettled, false);
	});

	it('has the reference that it holds when it is found by its own ID', () => {
		const planned = autocall.planRecord?.('d6142fb6-6b3a-48fb-bd21-30f83ccb28c9');
		assert.ok(planned?.is === 'planned');
		assert.equal(callOf(planned.read(answer(cdr))).call.callId, 'ABC123');
	});

	it('is declined when a busy call was refused by the phone', () => {
		const reasonOf = (fields: object) => read(fields).reason;
		assert.equal(reasonOf({ status: 'busy', sip_hangup_disposition: 'recv_refuse' }), 'declined');
		assert.equal(reasonOf({ status: 'BUSY', cause: 'call_rejected' }), 'declined');
		assert.equal(reasonOf({ status: 'answered', cause: 'CALL_REJECTED' }), null);
	});

	it('has times with the provider’s offset, in every form', () => {
		const at = (time_started: unknown) => read({ time_started }).requestedAt;
		assert.equal(at('2023-03-07 10:06:53'), '2023-03-07T10:06:53+07:00');
		assert.equal(at('2023-03-07T10:06:53'), '2023-03-07T10:06:53+07:00');
		assert.equal(at('2023-03-07T10:06:53Z'), '2023-03-07T10:06:53Z');
		assert.equal(at('2023-03-07T10:06:53.123456Z'), '2023-03-07T10:06:53Z');
		assert.equal(at('2023-03-07T10:06:53+07:00'), '2023-03-07T10:06:53+07:00');
		assert.equal(at('2023-03-07T10:06:53+0700'), '2023-03-07T10:06:53+07:00');
		assert.equal(at(' 2023-03-07 10:06:53 '), '2023-03-07T10:06:53+07:00');
		const none = [
			'',
			null,
			undefined,
			0,
			{},
			'soon',
			'0000-00-00 00:00:00',
			'0001-01-01T00:00:00Z',
			'2023-13-07 10:06:53',
			'2023-02-30 10:06:53',
			'2023-03-07 25:06:53',
			'2023-03-07',
		];
		for (const value of none) assert.equal(at(value), null, inspect(value));
	});

	it('has seconds from numbers in any form', () => {
		assert.equal(read({ duration: '6' }).durationSeconds, 6);
		assert.equal(read({ billsec: 1.5 }).billedSeconds, 1.5);
		for (const none of [-1, '', 'x', null, {}, true]) {
			assert.equal(read({ duration: none }).durationSeconds, null);
		}
	});

	it('is a refusal with an error', () => {
		const planned = autocall.planStatus('ABC123');
		assert.ok(planned.is === 'planned');
		const refusal = planned.read(answer({ error: 'no permission' }));
		assert.deepEqual(refusal, { is: 'refusal', code: null, text: 'no permission' });
	});
});

describe('An event of Autocall', () => {
	it('that is the CDR of a campaign is one with the event of the same call', () => {
		const ended = event({ state: 'cdr', call_id: cdr['id'] ?? '' });
		assert.equal(readEvent(cdr)?.key, readEvent(ended)?.key);
		assert.equal(readEvent(event({ state: 'ringing' }))?.key, 'd6142fb6:ringing');
	});
});
