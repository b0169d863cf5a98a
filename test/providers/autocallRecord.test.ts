import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { autocall } from '../../providers/autocall/adapter';
import type { PlannedLookup } from '../../providers/contract';
import { objectOf, sample } from '../fixtures/samples';
import { answer, callOf, planned } from './answers';

const look = planned<PlannedLookup>(autocall.planStatus('ABC123'));
const cdr = sample('autocall-cdr');

describe('The record of a call of Autocall', () => {
	it('is asked for by its reference, and by its own ID', () => {
		assert.equal(look.request.method, 'GET');
		assert.equal(look.request.path, '/v3/autocall/log/ABC123/ref_id');
		const plan = autocall.planRecord?.('d6142fb6-6b3a-48fb-bd21-30f83ccb28c9');
		assert.ok(plan?.is === 'planned');
		assert.equal(plan.request.path, '/v3/cdr/d6142fb6-6b3a-48fb-bd21-30f83ccb28c9');
		assert.equal(callOf(plan.read(answer(cdr))).call.callId, 'ABC123');
	});

	it('is read from the documented CDR, field by field', () => {
		const { call, raw, unsettled } = callOf(look.read(answer(cdr)));
		assert.deepEqual(call, {
			provider: 'autocall',
			callId: 'ABC123',
			phoneNumber: '+84332665711',
			status: 'completed',
			reason: null,
			final: true,
			answered: true,
			requestedAt: '2023-03-07T10:06:53+07:00',
			answeredAt: '2023-03-07T10:06:58+07:00',
			endedAt: '2023-03-07T10:06:59+07:00',
			durationSeconds: 6,
			billedSeconds: 1,
			cost: null,
		});
		assert.deepEqual(raw, {
			...cdr,
			additional: { ...objectOf(cdr, 'additional'), code_otp: '•••' },
		});
		assert.equal(unsettled, false);
	});

	const read = (fields: object) => callOf(look.read(answer({ ...cdr, ...fields }))).call;
	const stateOf = (fields: object) => {
		const { status, reason, final, answered } = read(fields);
		return { status, reason, final, answered };
	};
	const ended = (status: string, reason: string | null = null, answered = false) => ({
		status,
		reason,
		final: true,
		answered,
	});
	const queued = { status: 'queued', reason: null, final: false, answered: null };
	const unmapped = { status: 'unknown', reason: 'unmapped', final: false, answered: null };
	const table: readonly (readonly [string, object])[] = [
		['answered', ended('completed', null, true)],
		['busy', ended('busy')],
		['busy-line', ended('busy')],
		['no-answered', ended('no-answer')],
		['no-answer', ended('no-answer')],
		['not-available', ended('no-answer', 'unreachable')],
		['cancel', ended('canceled')],
		['canceled', ended('canceled')],
		['voicemail', ended('completed', 'machine')],
		['invalid-number', ended('failed', 'invalid-number')],
		['invalid', ended('failed', 'invalid-number')],
		['phone-block', ended('failed', 'subscriber-blocked')],
		['congestion', ended('failed', 'caller-id-blocked')],
		['failed', ended('failed', 'provider-error')],
		['fail', ended('failed', 'provider-error')],
		['new', queued],
		['queue', queued],
		['', queued],
		['something', unmapped],
		['constructor', unmapped],
		['NORMAL_CLEARING', unmapped],
	];
	for (const [word, state] of table) {
		it(`with status ${JSON.stringify(word)} is ${JSON.stringify(state)}`, () => {
			// A cause alone never proves success: a sample shows BUSY beside NORMAL_CLEARING.
			const cause = 'NORMAL_CLEARING';
			for (const status of [word, word.toUpperCase(), word.replaceAll('-', '_'), ` ${word} `]) {
				assert.deepEqual(stateOf({ status, cause }), state, status);
			}
		});
	}

	it('is declined when a busy call was refused by the phone', () => {
		const declined = ended('busy', 'declined');
		assert.deepEqual(stateOf({ status: 'busy', sip_hangup_disposition: 'recv_refuse' }), declined);
		assert.deepEqual(stateOf({ status: 'BUSY', cause: 'call_rejected' }), declined);
		assert.deepEqual(stateOf({ status: 'answered', cause: 'CALL_REJECTED' }).reason, null);
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

	const noRecord: readonly (readonly [unknown, number])[] = [
		['', 404],
		['', 200],
		['  ', 200],
		['{}', 200],
		['{ }\n', 200],
		['null', 200],
		['', 204],
		[{ error: 'Not Found' }, 200],
		[{ error: 'Not Found' }, 404],
		[{ error: 'record not found' }, 500],
		[{ message: 'not_found' }, 200],
		['404 page not found', 404],
	];
	for (const [body, status] of noRecord) {
		it(`is not there yet: ${JSON.stringify(body)} at ${status}`, () => {
			assert.equal(autocall.isNoRecord(answer(body, status)), true);
			if (status < 300) assert.deepEqual(look.read(answer(body, status)), { is: 'no-record' });
		});
	}

	it('is not said to be missing by what says nothing of records', () => {
		const others: readonly (readonly [unknown, number])[] = [
			['<html>404</html>', 404],
			[{ error: 'Not Found' }, 401],
			[{ error: 'not found' }, 403],
			['', 500],
			['{}', 502],
			['[]', 200],
			[{ error: 'campaign is stopped' }, 200],
			[cdr, 200],
		];
		for (const [body, status] of others) {
			assert.equal(
				autocall.isNoRecord(answer(body, status)),
				false,
				JSON.stringify([body, status]),
			);
		}
	});

	it('is unreadable without a status, and a refusal with an error', () => {
		const { status: _status, ...without } = cdr;
		for (const body of [without, { ...cdr, status: 7 }, { ...cdr, status: {} }, [cdr], '"x"']) {
			assert.equal(look.read(answer(body)).is, 'unreadable');
		}
		const refusal = look.read(answer({ error: 'no permission' }));
		assert.deepEqual(refusal, { is: 'refusal', code: null, text: 'no permission' });
	});
});
