import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { bitel } from '../../providers/bitel/adapter';
import type { PlannedLookup, PlannedSend, SendOrder } from '../../providers/contract';
import { sample } from '../fixtures/samples';
import { answer, callOf, planned } from './answers';

const order: SendOrder = {
	phoneNumber: { e164: '+989123456789', national: '09123456789', country: 'IR' },
	code: '1234',
	fields: {},
	newReference: 'r',
	now: 0,
};
const send = planned<PlannedSend>(bitel.planSend(order));
const look = planned<PlannedLookup>(bitel.planStatus('69b9e312e3b64b3880760639f5dfdffa'));

const record = (fields: object) => ({ id: 'b1', phoneNumber: '09123456789', ...fields });
const status = (fields: object) =>
	callOf(look.read(answer({ result: record(fields), error: null }))).call;

describe('A call that Bitel is asked to place', () => {
	it('is asked for as its documents show', () => {
		assert.equal(send.request.method, 'POST');
		assert.equal(send.request.path, '/api/v2/voice/otp');
		assert.deepEqual(send.request.body, sample('bitel-send.request'));
		assert.equal(send.reference, null);
	});

	it('has every field in its documented JSON type, and no other', () => {
		const fields = { repeatCount: 3, retryCount: '2', serverId: 's1', voiceId: 7, other: 'x' };
		const { request } = planned<PlannedSend>(bitel.planSend({ ...order, fields }));
		assert.deepEqual(request.body, {
			phoneNumber: '09123456789',
			text: '1234',
			voiceId: '7',
			repeatCount: '3',
			retryCount: 2,
			serverId: 's1',
		});
	});

	it('may be told not to retry', () => {
		const { request } = planned<PlannedSend>(
			bitel.planSend({ ...order, fields: { retryCount: 0 } }),
		);
		assert.equal(request.body?.['retryCount'], 0);
	});

	it('is read from the documented answer, field by field', () => {
		const { call, raw, unsettled } = callOf(send.read(answer(sample('bitel-send.answer'))));
		assert.deepEqual(call, {
			provider: 'bitel',
			callId: '69b9e312e3b64b3880760639f5dfdffa',
			phoneNumber: '+989123456789',
			status: 'queued',
			reason: null,
			final: false,
			answered: null,
			requestedAt: '2019-08-01T06:25:50.000Z',
			answeredAt: null,
			endedAt: null,
			durationSeconds: null,
			billedSeconds: 0,
			cost: null,
		});
		assert.deepEqual(raw, sample('bitel-send.answer')['result']);
		assert.equal(unsettled, false);
	});

	it('is read without an envelope too', () => {
		const { result } = sample('bitel-send.answer');
		assert.equal(callOf(send.read(answer(result))).call.status, 'queued');
	});

	it('never shows its code, should the answer echo it', () => {
		const body = { result: record({ status: 'WAITING', text: '1234', note: 'reads 1 2 3 4' }) };
		const { raw } = callOf(send.read(answer(body)));
		assert.deepEqual(raw, record({ status: 'WAITING', text: '•••', note: 'reads •••' }));
	});
});

describe('The status of a call of Bitel', () => {
	it('is asked for under its ID', () => {
		assert.equal(look.request.method, 'GET');
		assert.equal(look.request.path, '/api/v2/voice/status/69b9e312e3b64b3880760639f5dfdffa');
	});

	const table: readonly (readonly [string, number, number, object])[] = [
		['WAITING', 0, 0, { status: 'queued', reason: null, final: false, answered: null }],
		['NORMAL', 1, 7, { status: 'completed', reason: null, final: true, answered: true }],
		['NORMAL', 1, 0, { status: 'completed', reason: null, final: true, answered: null }],
		['NO_ANSWER', 2, 0, { status: 'no-answer', reason: null, final: true, answered: false }],
		['USER_BUSY', 3, 0, { status: 'busy', reason: null, final: true, answered: false }],
		['EXPIRED', 10, 0, { status: 'failed', reason: 'expired', final: true, answered: false }],
		['ERROR', 11, 0, { status: 'failed', reason: 'provider-error', final: true, answered: false }],
		[
			'UNKNOWN',
			20,
			0,
			{ status: 'unknown', reason: 'provider-unknown', final: true, answered: null },
		],
	];
	const stateOf = (fields: object) => {
		const { status: word, reason, final, answered } = status(fields);
		return { status: word, reason, final, answered };
	};
	for (const [word, statusCode, billSec, state] of table) {
		it(`${word} ${statusCode}, ${billSec} s billed, is ${JSON.stringify(state)}`, () => {
			assert.deepEqual(stateOf({ status: word, statusCode, billSec }), state);
			assert.deepEqual(stateOf({ status: word, billSec }), state, 'the name alone');
			assert.deepEqual(stateOf({ statusCode, billSec }), state, 'the number alone');
			assert.deepEqual(stateOf({ statusCode: String(statusCode), billSec }), state);
			const spelled = word.toLowerCase().replaceAll('_', '-');
			assert.deepEqual(stateOf({ status: ` ${spelled} `, billSec: String(billSec) }), state);
		});
	}

	const unmapped = { status: 'unknown', reason: 'unmapped', final: false, answered: null };
	const strange = [
		{},
		{ status: 'SOMETHING' },
		{ status: '' },
		{ status: null },
		{ status: {} },
		{ status: 'constructor' },
		{ status: '__proto__' },
		{ statusCode: 4 },
		{ statusCode: 1.5 },
		{ statusCode: 1e300 },
		{ statusCode: -1 },
		{ statusCode: true },
		// A new word beside a number that we know: the word says that something is new.
		{ status: 'NORMAL_MACHINE', statusCode: 1 },
	];
	for (const fields of strange) {
		it(`${JSON.stringify(fields)} is unknown, and not final`, () => {
			assert.deepEqual(stateOf({ ...fields, billSec: 5 }), unmapped);
		});
	}

	it('may still change by Bitel’s own retries when it is busy or not answered', () => {
		const unsettled = (word: string) =>
			callOf(look.read(answer(record({ status: word })))).unsettled;
		assert.deepEqual(['USER_BUSY', 'NO_ANSWER', 'NORMAL', 'ERROR', 'WAITING'].map(unsettled), [
			true,
			true,
			false,
			false,
			false,
		]);
	});

	it('comes with or without an envelope', () => {
		const fields = record({ status: 'NORMAL', billSec: 3 });
		const wrapped = look.read(answer({ result: fields, error: null }));
		assert.deepEqual(look.read(answer(fields)), wrapped);
	});

	it('has the price as a cost in Toman, once there is one', () => {
		assert.deepEqual(status({ status: 'NORMAL', price: -34.2 }).cost, {
			amount: 34.2,
			currency: 'IRT',
		});
		assert.deepEqual(status({ status: 'NORMAL', price: '34.2' }).cost?.amount, 34.2);
		assert.deepEqual(status({ status: 'NORMAL', price: 0 }).cost?.amount, 0);
		assert.equal(status({ status: 'WAITING', price: 0 }).cost, null);
		assert.equal(status({ status: 'WAITING', price: -5 }).cost?.amount, 5);
		assert.equal(status({ status: 'NORMAL', price: 'much' }).cost, null);
		assert.equal(status({ status: 'NORMAL' }).cost, null);
	});

	it('has its time from epoch seconds in any form, and none from what is no time', () => {
		const at = (requestDate: unknown) => status({ requestDate }).requestedAt;
		assert.equal(at(1564640750), '2019-08-01T06:25:50.000Z');
		assert.equal(at('1564640750'), '2019-08-01T06:25:50.000Z');
		assert.equal(at(1564640750.5), '2019-08-01T06:25:50.500Z');
		for (const none of [0, '0', -1, '', null, {}, true, 'soon', 1e300, 1564640750000]) {
			assert.equal(at(none), null, inspect(none));
		}
	});

	it('has no seconds from what is no duration', () => {
		assert.equal(status({ billSec: '12' }).billedSeconds, 12);
		for (const none of [-1, '', 'x', null, {}, '1e3']) {
			assert.equal(status({ billSec: none }).billedSeconds, null);
		}
	});

	it('is no record when Bitel says NotFound, at 200 or 404', () => {
		const body = { result: null, error: 'NotFound' };
		assert.deepEqual(look.read(answer(body)), { is: 'no-record' });
		assert.equal(bitel.isNoRecord(answer(body, 404)), true);
		assert.equal(bitel.isNoRecord(answer('', 404)), true);
		assert.equal(bitel.isNoRecord(answer('<html>', 404)), false);
		assert.equal(bitel.isNoRecord(answer(body, 400)), false);
	});
});

describe('An error of Bitel', () => {
	for (const code of ['InvalidRequest', 'InvalidServer', 'InvalidPhoneNumber', 'NotFound']) {
		it(`${code} has a message and a remedy of its own`, () => {
			assert.deepEqual(bitel.readProblem(answer({ result: null, error: code })), {
				code,
				text: null,
			});
			const explained = bitel.explain(code);
			assert.ok(explained);
			assert.match(explained.message, /^Bitel /);
			assert.doesNotMatch(`${explained.message}${explained.remedy}`, /\.$/);
		});
	}

	it('that is not documented is shown as it is', () => {
		assert.equal(bitel.explain('SomethingNew'), null);
		assert.equal(bitel.explain('constructor'), null);
		const code = bitel.readProblem(answer({ error: 'SomethingNew' }));
		assert.deepEqual(code, { code: 'SomethingNew', text: null });
		const text = bitel.readProblem(answer({ error: 'Something is wrong' }));
		assert.deepEqual(text, { code: null, text: 'Something is wrong' });
	});

	it('is none where there are no words', () => {
		for (const body of ['', '[]', '<html>', '{"error":null}', '{"error":{}}', '"x"']) {
			assert.deepEqual(bitel.readProblem(answer(body)), { code: null, text: null });
		}
	});

	it('in a refusal is told from a success by any value that says something', () => {
		const is = (error: unknown) => send.read(answer({ result: record({}), error })).is;
		for (const error of ['InvalidServer', { code: 1 }, ['x'], 7, true]) {
			assert.equal(is(error), 'refusal', JSON.stringify(error));
		}
		for (const error of [null, undefined, '', ' ', 0, false]) {
			assert.equal(is(error), 'call', JSON.stringify(error));
		}
	});
});

describe('A token of Bitel', () => {
	const tokenWith = (claims: string): string =>
		`${btoa('{"alg":"HS256"}')}.${Buffer.from(claims).toString('base64url')}.sig`;
	const now = Date.parse('2025-06-01T00:00:00Z');
	const doubt = (token: string) => bitel.doubtToken?.(token, now) ?? null;

	it('raises a doubt when it says that it has expired', () => {
		const expired = tokenWith(JSON.stringify({ exp: now / 1000 - 86_400, name: 'تست' }));
		assert.equal(doubt(expired), 'The token says that it expired on 2025-05-31');
	});

	it('raises none when it has not, or does not say', () => {
		const tokens = [
			tokenWith(JSON.stringify({ exp: now / 1000 + 60 })),
			tokenWith('{}'),
			tokenWith('{"exp":"never"}'),
			tokenWith('{"exp":1e300}'),
			tokenWith('[]'),
			tokenWith('not json'),
			'opaque',
			'a.b.c',
			'..',
			'',
		];
		for (const token of tokens) assert.equal(doubt(token), null, token);
	});
});

describe('The webhook of a Bitel project', () => {
	const body = {
		requestId: '69b9e312',
		campaignId: '',
		balanceSubtracted: 34.2,
		cause: 'NORMAL',
		billSec: 4,
		number: '09123456789',
		requestDate: 1564640750,
	};

	it('tells of a call that has ended, field by field', () => {
		const event = bitel.readEvent?.(body);
		assert.ok(event);
		assert.equal(event.occasion, 'ended');
		assert.equal(event.key, '69b9e312');
		assert.deepEqual(event.raw, body);
		assert.deepEqual(event.call, {
			provider: 'bitel',
			callId: '69b9e312',
			phoneNumber: '+989123456789',
			status: 'completed',
			reason: null,
			final: true,
			answered: true,
			requestedAt: '2019-08-01T06:25:50.000Z',
			answeredAt: null,
			endedAt: null,
			durationSeconds: null,
			billedSeconds: 4,
			cost: { amount: 34.2, currency: 'IRT' },
		});
	});

	it('may give the cause as a number, and everything as text', () => {
		for (const cause of [3, '3', 'user-busy']) {
			assert.equal(bitel.readEvent?.({ ...body, cause })?.call.status, 'busy');
		}
		const texts = Object.fromEntries(Object.entries(body).map(([key, value]) => [key, `${value}`]));
		assert.deepEqual(bitel.readEvent?.(texts)?.call, bitel.readEvent?.(body)?.call);
	});

	it('is none without an ID or a cause', () => {
		const { requestId: _id, ...withoutId } = body;
		const { cause: _cause, ...withoutCause } = body;
		for (const other of [withoutId, withoutCause, {}, [], null, 'x', 7, [body]]) {
			assert.equal(bitel.readEvent?.(other), null);
		}
	});

	it('with a cause that nobody knows is not final', () => {
		assert.equal(bitel.readEvent?.({ ...body, cause: 'EXPLODED' })?.call.final, false);
	});
});
