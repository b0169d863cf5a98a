import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { autocall } from '../../providers/autocall';
import type { PlannedLookup, PlannedSend, SendOrder } from '../../providers/contract';
import type { JsonObject } from '../../providers/json';
import { objectOf, sample } from '../fixtures/samples';
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
const look = planned<PlannedLookup>(autocall.planStatus('ABC123'));
const cdr = sample('autocall-cdr');

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

describe('An event of Autocall', () => {
	const event = (fields: JsonObject) =>
		autocall.readEvent?.({
			call_id: 'd6142fb6',
			sip_call_id: 's',
			direction: 'outbound',
			from_number: '02873003586',
			to_number: '0332665711',
			ref_id: 'ABC123',
			...fields,
		}) ?? null;

	it('tells of a phone that rings', () => {
		const ringing = event({ state: 'ringing', status: '', time_started: '2023-03-07 10:06:53' });
		assert.equal(ringing?.occasion, 'ringing');
		assert.equal(ringing.key, 'd6142fb6:ringing');
		assert.deepEqual(ringing.call, {
			provider: 'autocall',
			callId: 'ABC123',
			phoneNumber: '+84332665711',
			status: 'ringing',
			reason: null,
			final: false,
			answered: null,
			requestedAt: '2023-03-07T10:06:53+07:00',
			answeredAt: null,
			endedAt: null,
			durationSeconds: null,
			billedSeconds: null,
			cost: null,
		});
	});

	it('tells of a person who answers', () => {
		const answered = event({ state: 'ANSWERED' });
		assert.equal(answered?.occasion, 'answered');
		assert.equal(answered.call.status, 'in-progress');
		assert.equal(answered.call.answered, true);
		assert.equal(answered.call.final, false);
	});

	it('tells how a call has ended', () => {
		for (const state of ['cdr', 'hangup']) {
			const ended = event({ state, status: 'busy', duration: '12' });
			assert.equal(ended?.occasion, 'ended');
			assert.equal(ended.call.status, 'busy');
			assert.equal(ended.call.final, true);
			assert.equal(ended.call.durationSeconds, 12);
		}
	});

	it('leaves open how a call has ended when it does not say', () => {
		for (const state of ['hangup', 'cdr']) {
			for (const status of ['', null]) {
				const { status: word, final, answered } = event({ state, status })?.call ?? {};
				assert.deepEqual(
					{ word, final, answered },
					{ word: 'unknown', final: false, answered: null },
				);
			}
		}
	});

	it('has the provider’s own ID where there is no reference', () => {
		assert.equal(event({ state: 'cdr', ref_id: '', status: 'busy' })?.call.callId, 'd6142fb6');
	});

	it('may be the CDR that a campaign sends, once with the event of the same call', () => {
		const sent = autocall.readEvent?.(cdr) ?? null;
		assert.equal(sent?.occasion, 'ended');
		assert.equal(sent.call.callId, 'ABC123');
		assert.doesNotMatch(JSON.stringify(sent), /LUAN001/);
		assert.equal(sent.key, event({ state: 'cdr', call_id: cdr['id'] ?? '' })?.key);
	});

	it('may be a CDR in a form, with the record of the request as JSON text or in brackets', () => {
		const flat = Object.fromEntries(
			Object.entries(cdr).map(([key, value]) => [
				key,
				typeof value === 'object' ? JSON.stringify(value) : String(value),
			]),
		);
		const { additional: _additional, ...rest } = flat;
		const bracketed = {
			...rest,
			'additional[ref_id]': 'ABC123',
			'additional[code_otp]': 'LUAN001',
		};
		for (const form of [flat, bracketed]) {
			const sent = autocall.readEvent?.(form) ?? null;
			assert.equal(sent?.call.callId, 'ABC123');
			assert.equal(sent.call.durationSeconds, 6);
			assert.doesNotMatch(JSON.stringify(sent), /LUAN001/);
		}
	});

	it('is none without an ID, with a state that nobody knows, or of a call that goes on', () => {
		const others = [
			{},
			[],
			null,
			'x',
			{ state: 'cdr' },
			{ ...cdr, id: '' },
			{ ...cdr, status: 'new' },
		];
		for (const other of others) assert.equal(autocall.readEvent?.(other), null);
		assert.equal(event({ state: 'transferred' }), null);
		assert.equal(event({ state: 'constructor' }), null);
	});
});
