import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { queued, unmapped } from '../../providers/call';
import type { CallState } from '../../providers/call';
import { bitel } from '../../providers/bitel/adapter';
import type { JsonObject } from '../../providers/reading/json';
import { objectOf, sample } from '../fixtures/samples';
import { answer, callOf } from './answers';
import { httpAnswer } from './conformance/samples';
import { plannedSend } from './conformance/sends';
import { testProvider } from './testProvider';
import type { ProviderSamples } from './testProvider';

const order = { phoneNumber: '09123456789', code: '1234', fields: {} };
const callId = '69b9e312e3b64b3880760639f5dfdffa';
const sent = sample('bitel-send.answer');

const record = (fields: object): JsonObject => ({
	id: 'b1',
	phoneNumber: '09123456789',
	...fields,
});
const wrapped = (fields: object): JsonObject => ({ result: record(fields), error: null });

const over = (
	status: CallState['status'],
	reason: CallState['reason'] = null,
	answered: boolean | null = false,
): CallState => ({ status, reason, final: true, answered });

/** Bitel's words and numbers of a status, the seconds billed, and what they mean. */
const table: readonly (readonly [string, number, number, CallState])[] = [
	['WAITING', 0, 0, queued],
	['NORMAL', 1, 7, over('completed', null, true)],
	['NORMAL', 1, 0, over('completed', null, null)],
	['NO_ANSWER', 2, 0, over('no-answer')],
	['USER_BUSY', 3, 0, over('busy')],
	['EXPIRED', 10, 0, over('failed', 'expired')],
	['ERROR', 11, 0, over('failed', 'provider-error')],
	['UNKNOWN', 20, 0, over('unknown', 'provider-unknown', null)],
];

/** What is neither a word nor a number that Bitel documents. */
const strange: readonly object[] = [
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

/** The name and the number, each alone, in their types and in others. */
const writings = ([status, statusCode, billSec]: (typeof table)[number]): readonly object[] => [
	{ status, statusCode, billSec },
	{ status, billSec },
	{ statusCode, billSec },
	{ statusCode: String(statusCode), billSec },
	{ status: ` ${status.toLowerCase().replaceAll('_', '-')} `, billSec: String(billSec) },
];

const states = [
	...table.flatMap((row) => writings(row).map((fields) => ({ body: wrapped(fields), ...row[3] }))),
	...strange.map((fields) => ({ body: wrapped({ ...fields, billSec: 5 }), ...unmapped })),
	// The documented sample of a status has no envelope.
	{ body: objectOf(sent, 'result'), ...queued },
	{ body: record({ status: 'NORMAL', billSec: 3 }), ...over('completed', null, true) },
] as const;

const own = (body: JsonObject, key: string): unknown =>
	Object.hasOwn(body, key) ? body[key] : undefined;

const isNormal = (word: unknown, code: unknown): boolean => {
	const text = typeof word === 'string' ? word.trim().toLowerCase() : '';
	return text === 'normal' || (!/[a-z]/.test(text) && Number(String(code)) === 1);
};

const webhook = {
	requestId: '69b9e312',
	campaignId: '',
	balanceSubtracted: 34.2,
	cause: 'NORMAL',
	billSec: 4,
	number: '09123456789',
	requestDate: 1564640750,
};

const ofWebhook = {
	provider: 'bitel',
	callId: '69b9e312',
	phoneNumber: '+989123456789',
	...over('completed', null, true),
	requestedAt: '2019-08-01T06:25:50.000Z',
	answeredAt: null,
	endedAt: null,
	durationSeconds: null,
	billedSeconds: 4,
	cost: { amount: 34.2, currency: 'IRT' },
} as const;

const { requestId: _id, ...withoutId } = webhook;
const { cause: _cause, ...withoutCause } = webhook;

const samples: ProviderSamples = {
	send: {
		order,
		request: { method: 'POST', path: '/api/v2/voice/otp', body: sample('bitel-send.request') },
		reference: 'none',
		placed: [
			{
				body: sent,
				call: {
					callId,
					phoneNumber: '+989123456789',
					...queued,
					requestedAt: '2019-08-01T06:25:50.000Z',
					answeredAt: null,
					endedAt: null,
					durationSeconds: null,
					billedSeconds: 0,
					cost: null,
				},
			},
			{ body: objectOf(sent, 'result'), call: queued },
		],
		refused: [
			{
				body: { result: null, error: 'InvalidServer' },
				problem: { code: 'InvalidServer', text: null },
			},
			{ body: { result: null, error: 'NotFound' }, problem: { code: 'NotFound', text: null } },
			{ body: { result: null, error: null }, problem: { code: null, text: null } },
		],
		unsure: ['', '[]', '"ok"', '{}', '<html>', { result: {}, error: null }, { result: 'ok' }].map(
			(body) => ({ body }),
		),
	},
	lookUp: {
		callId,
		request: { method: 'GET', path: `/api/v2/voice/status/${callId}` },
		states: [states[0], ...states.slice(1)],
		noRecord: [
			{ body: { result: null, error: 'NotFound' } },
			{ status: 404, body: { result: null, error: 'NotFound' } },
			{ status: 404, body: '' },
		],
		otherwise: [
			{ status: 404, body: '<html>' },
			{ status: 400, body: { result: null, error: 'NotFound' } },
		],
		unreadable: ['', '<html>', '[]', { result: 7 }, { result: { status: 'NORMAL' } }].map(
			(body) => ({
				body,
			}),
		),
		byRecord: null,
	},
	problems: [
		{
			status: 400,
			body: { result: null, error: 'SomethingNew' },
			problem: { code: 'SomethingNew', text: null },
			verdict: 'refused',
		},
		{
			status: 500,
			body: { error: 'Something is wrong' },
			problem: { code: null, text: 'Something is wrong' },
			verdict: 'fault',
		},
		...['', '[]', '<html>', '{"error":null}', '{"error":{}}', '"x"'].map((body) => ({
			status: 429,
			body,
			problem: { code: null, text: null },
			verdict: 'rate-limited' as const,
		})),
	],
	explained: ['InvalidRequest', 'InvalidServer', 'InvalidPhoneNumber', 'NotFound'],
	fields: {
		repeatCount: { taken: [3, '2'], refused: [0, '0', '-1'] },
		retryCount: { taken: [0, '2'], refused: ['none', false] },
		serverId: { taken: ['s1'], refused: [] },
		voiceId: { taken: ['v', 7], refused: [] },
	},
	echoes: [
		{ of: 'send', body: wrapped({ status: 'WAITING', text: '1234', note: 'reads 1 2 3 4' }) },
		{ of: 'look-up', body: wrapped({ status: 'NORMAL', text: '1234', note: 'said 1234' }) },
		{ of: 'event', body: { ...webhook, text: '1234' } },
	],
	mayBeCompleted(body) {
		const result = own(body, 'result');
		const held = typeof result === 'object' && result !== null ? objectOf(body, 'result') : body;
		return isNormal(own(held, 'status'), own(held, 'statusCode'));
	},
	account: {
		values: { token: ' Bearer the-token-of-bitel', baseUrl: '', serverId: '' },
		token: 'the-token-of-bitel',
		authorized: {
			url: 'https://api.example.com/api/v2/voice/otp',
			headers: { authorization: 'Bearer the-token-of-bitel' },
		},
		exchange: null,
	},
	events: {
		told: [
			{ body: webhook, type: 'ended', call: ofWebhook },
			{
				body: Object.fromEntries(
					Object.entries(webhook).map(([key, value]) => [key, String(value)]),
				),
				type: 'ended',
				call: ofWebhook,
			},
			...[3, '3', 'user-busy'].map((cause) => ({
				body: { ...webhook, cause },
				type: 'ended' as const,
				call: over('busy'),
			})),
			{ body: { ...webhook, cause: 'EXPLODED' }, type: 'ended', call: unmapped },
		],
		others: [{ body: withoutId }, { body: withoutCause }, { body: [webhook] }],
		mayBeCompleted: (body) => isNormal(own(body, 'cause'), own(body, 'cause')),
		registration: null,
	},
	lists: null,
	calls: null,
};

testProvider(bitel, samples);

const send = plannedSend(bitel, order);
const look = (fields: object) => {
	const planned = bitel.planStatus(callId);
	assert.ok(planned.is === 'planned');
	return callOf(planned.read(httpAnswer({ body: wrapped(fields) })));
};
const status = (fields: object) => look(fields).call;

describe('A call that Bitel is asked to place', () => {
	it('has every field in its documented JSON type, and no other', () => {
		const fields = { repeatCount: 3, retryCount: '2', serverId: 's1', voiceId: 7, other: 'x' };
		assert.deepEqual(plannedSend(bitel, { ...order, fields }).request.body, {
			phoneNumber: '09123456789',
			text: '1234',
			voiceId: '7',
			repeatCount: '3',
			retryCount: 2,
			serverId: 's1',
		});
	});

	it('may be placed again by Bitel itself, unless it was told not to', () => {
		const mayRetry = (retryCount: unknown) =>
			plannedSend(bitel, { ...order, fields: { retryCount } }).mayRetry;
		assert.deepEqual(['', undefined, 0, '0', 1, 5].map(mayRetry), [
			true,
			true,
			false,
			false,
			true,
			true,
		]);
	});

	it('is refused by any value of its error that says something', () => {
		const is = (error: unknown) => send.read(answer({ result: record({}), error })).is;
		for (const error of ['InvalidServer', { code: 1 }, ['x'], 7, true]) {
			assert.equal(is(error), 'refusal', JSON.stringify(error));
		}
		for (const error of [null, undefined, '', ' ', 0, false]) {
			assert.equal(is(error), 'call', JSON.stringify(error));
		}
	});
});

describe('The status of a call of Bitel', () => {
	it('may still change by Bitel’s own retries when it is busy or not answered', () => {
		assert.deepEqual(
			['USER_BUSY', 'NO_ANSWER', 'NORMAL', 'ERROR', 'WAITING'].map(
				(word) => look({ status: word }).unsettled,
			),
			[true, true, false, false, false],
		);
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
});

describe('A token of Bitel', () => {
	const tokenWith = (claims: string): string =>
		`${btoa('{"alg":"HS256"}')}.${Buffer.from(claims).toString('base64url')}.sig`;
	const now = Date.parse('2025-06-01T00:00:00Z');
	const doubt = (token: string) => bitel.account?.doubtToken?.(token, now) ?? null;

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
