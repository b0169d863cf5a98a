import assert from 'node:assert/strict';

import { authorizedRequest } from '../../calls/account';
import { readDelivery } from '../../calls/events';
import { queued, unmapped } from '../../providers/call';
import { esms } from '../../providers/esms/adapter';
import { isInvalid } from '../../providers/fields';
import { answer } from './answers';
import { newReference, orderOf, plannedSend } from './conformance/sends';
import { testProvider } from './testProvider';
import type { ProviderSamples } from './testProvider';

/** What eSMS's public pages show: https://developers.esms.vn/en/esms-api */

const order = {
	phoneNumber: '0901888484',
	code: '686868',
	fields: { callbackUrl: 'https://flows.example.com/hook', campaignName: 'Sign-up', testMode: '1' },
};

const body = {
	Phone: '0901888484',
	Content: '686868',
	SmsType: '8',
	RequestId: newReference,
	CallbackUrl: 'https://flows.example.com/hook',
	campaignid: 'Sign-up',
	Sandbox: '1',
};

const refusal = (CodeResult: string, ErrorMessage: string) => ({
	CodeResult,
	CountRegenerate: 0,
	ErrorMessage,
});

const messageId = '434a124c-7818-4f45-bdf2-7f7b07fff210100';

/** The sample of the page "Get SMS by SMSID". */
const report = {
	CodeResponse: '100',
	SMSID: messageId,
	SendFailed: 0,
	SendStatus: 5,
	SendSuccess: 1,
	TotalPrice: 850.0,
	TotalReceiver: 1,
	TotalSent: 1,
};

/** The sample of the page "Callback Url", with one receiver and with what our request carried. */
const callback = {
	SMSID: messageId,
	SendFailed: '0',
	SendStatus: '5',
	SendSuccess: '1',
	TotalPrice: '850.0000',
	TotalReceiver: '1',
	TotalSent: '1',
	RequestId: newReference,
	TypeId: '8',
	telcoid: '1',
	phonenumber: '0901888484',
};

const sent = { status: 'completed', reason: null, final: true, answered: null } as const;
const failed = { status: 'failed', reason: null, final: true, answered: null } as const;

const hasSucceeded = (record: Readonly<Record<string, unknown>>): boolean =>
	Number(record['SendStatus']) === 5 &&
	Number(record['SendSuccess']) > 0 &&
	Number(record['SendFailed']) === 0;

const samples: ProviderSamples = {
	send: {
		order,
		request: {
			method: 'POST',
			path: '/MainService.svc/json/SendMultipleMessage_V4_post_json/',
			body,
		},
		reference: 'none',
		placed: [
			{
				body: { CodeResult: '100', CountRegenerate: 0, SMSID: messageId },
				call: { callId: messageId, ...queued, cost: null },
			},
		],
		known: [
			{
				body: refusal('124', 'Duplicate RequestId'),
				call: { callId: `request-${newReference}`, ...queued },
			},
			{
				body: { ...refusal('124', 'Duplicate RequestId'), SMSID: messageId },
				call: { callId: messageId, ...queued },
			},
		],
		refused: [
			['101', 'Authorize Failed'],
			['99', 'The phone number is blocked in the system'],
			['103', 'Not enough balance to send message.'],
			['108', 'Phone number is not in correct format.'],
			// No document says what became of the request: the verdict does.
			['199', 'This request already exists, processing'],
			['789', 'New'],
		].map(([code = '', text = '']) => ({ body: refusal(code, text), problem: { code, text } })),
		unsure: [
			{ body: '' },
			{ body: '<html>' },
			{ body: [] },
			{ body: {} },
			{ body: { CodeResult: '100' } },
			{ body: { CodeResult: 'ok', SMSID: messageId } },
			// The answer to a look-up.
			{ body: report },
		],
	},
	lookUp: {
		callId: messageId,
		request: {
			method: 'GET',
			path: '/MainService.svc/json/GetSendStatus',
			query: { RefId: messageId },
		},
		states: [
			{ body: report, ...sent },
			{ body: { ...report, SendSuccess: 0, SendFailed: 1, TotalPrice: 0 }, ...failed },
			{ body: { ...report, SendStatus: 1, SendSuccess: 0 }, ...queued },
			{ body: { ...report, SendStatus: 2, SendSuccess: 0 }, ...queued },
			{ body: { ...report, SendStatus: 4, SendSuccess: 0 }, ...failed },
			{ body: { ...report, SendStatus: 7, SendSuccess: 0 }, ...queued },
			// Handed over, and nothing reported; reported twice over; a word that is new.
			{ body: { ...report, SendSuccess: 0 }, ...unmapped },
			{ body: { ...report, SendFailed: 1 }, ...unmapped },
			{ body: { ...report, SendStatus: 3 }, ...unmapped },
			{ body: { CodeResponse: '100', SMSID: messageId }, ...unmapped },
		],
		noRecord: [
			{ body: { CodeResponse: '105' } },
			{ status: 404, body: { CodeResponse: '105', SMSID: messageId } },
		],
		otherwise: [
			{ body: { CodeResponse: '101', SMSID: messageId } },
			{ status: 404, body: '' },
			{ body: '<html>' },
			{ status: 500, body: { CodeResponse: '99' } },
		],
		unreadable: [
			{ body: '[]' },
			{ body: {} },
			{ body: { CodeResponse: '100' } },
			{ body: { CodeResult: '100', SMSID: messageId } },
		],
		byRecord: null,
	},
	problems: [
		...(
			[
				['99', 'refused'],
				['101', 'not-authorized'],
				['102', 'refused'],
				['103', 'refused'],
				['104', 'refused'],
				['108', 'refused'],
				['118', 'refused'],
				['140', 'forbidden'],
				['300', 'refused'],
				['105', 'fault'],
				['124', 'fault'],
				['199', 'fault'],
				['501', 'fault'],
			] as const
		).map(([code, verdict]) => ({
			body: refusal(code, 'x'),
			problem: { code, text: 'x' },
			verdict,
		})),
		{
			body: { CodeResponse: '101', SMSID: messageId },
			problem: { code: '101', text: null },
			verdict: 'not-authorized',
		},
		// What stands beside the failure of a server proves nothing.
		{
			status: 500,
			body: refusal('103', 'x'),
			problem: { code: '103', text: 'x' },
			verdict: 'fault',
		},
		{ status: 502, body: '<html>', problem: { code: null, text: null }, verdict: 'fault' },
		{ status: 401, body: '', problem: { code: null, text: null }, verdict: 'not-authorized' },
		{
			status: 400,
			body: refusal('108', 'x'),
			problem: { code: '108', text: 'x' },
			verdict: 'refused',
		},
	],
	explained: ['99', '101', '102', '103', '104', '105', '108', '118', '124', '140', '199', '300'],
	fields: {
		callbackUrl: {
			taken: ['https://flows.example.com/webhook/otp?x=1', 'http://127.0.0.1:1880/e?secret=x'],
			refused: ['flows.example.com', 'ftp://flows.example.com', 'https:///x', 'a b'],
		},
		campaignName: { taken: ['Sign-up', 'Đăng ký', 7], refused: [] },
		testMode: { taken: ['1'], refused: [] },
	},
	echoes: [
		{
			of: 'send',
			body: { CodeResult: '100', SMSID: messageId, Content: '686868', x: 'is 686868' },
		},
		{ of: 'look-up', body: { ...report, Content: 'Your code is 686868' } },
		{ of: 'event', body: { ...callback, content: '686868' } },
	],
	mayBeCompleted: (record) =>
		[record['CodeResponse'], record['CodeResult']].includes('100') && hasSucceeded(record),
	account: {
		values: { apiKey: 'the-api-key', secretKey: 'the-secret-key' },
		token: 'the-secret-key',
		companion: 'the-api-key',
		authorized: {
			url: 'https://api.example.com/MainService.svc/json/SendMultipleMessage_V4_post_json/',
			headers: {},
			body: { ...body, ApiKey: 'the-api-key', SecretKey: 'the-secret-key' },
		},
		exchange: null,
	},
	events: {
		told: [
			{
				query: callback,
				type: 'ended',
				call: {
					callId: messageId,
					phoneNumber: '+84901888484',
					...sent,
					cost: { amount: 850, currency: 'VND' },
				},
			},
			{
				query: {
					...callback,
					SMSID: 'dc712784-9c5f-4c69-b9a8-ea69d56adc9a87',
					SendFailed: '2',
					SendSuccess: '0',
					TotalPrice: '0.0000',
					RequestId: '',
				},
				type: 'ended',
				call: { ...failed, cost: { amount: 0, currency: 'VND' } },
			},
			{ query: { ...callback, SMSID: 'x1', SendStatus: '4' }, type: 'ended', call: failed },
		],
		others: [
			{ query: {} },
			{ query: { ...callback, SMSID: '' } },
			{ query: { ...callback, SendStatus: '2' } },
			{ query: { ...callback, SendStatus: '7' } },
			{ query: { ...callback, SendSuccess: '0' } },
		],
		mayBeCompleted: hasSucceeded,
		registration: null,
	},
	lists: null,
	calls: null,
};

testProvider(esms, samples);

describe('eSMS', () => {
	it('asks for a plain call with nothing that was not filled in', () => {
		const { request } = plannedSend(esms, { ...order, fields: { testMode: '0' } });
		assert.deepEqual(request.body, {
			Phone: '0901888484',
			Content: '686868',
			SmsType: '8',
			RequestId: newReference,
		});
	});

	it('names a call by its SMSID, and one whose SMSID was lost by our RequestId', () => {
		const planned = esms.planSend(orderOf(esms, order));
		assert.ok(!isInvalid(planned));
		assert.equal(planned.reference, null);
		const lookup = esms.planStatus(`request-${newReference}`);
		assert.ok(isInvalid(lookup));
		assert.match(lookup.rule, /no look-up/);
	});

	it('carries both keys in the query of a look-up, whatever they hold, and once', () => {
		const request = {
			url: 'https://rest.esms.vn/MainService.svc/json/GetSendStatus?RefId=a%20b',
			headers: {},
			body: null,
		};
		const { searchParams } = new URL(authorizedRequest(esms, request, 's&k=1', 'a+k').url);
		assert.deepEqual(
			[...searchParams],
			[
				['RefId', 'a b'],
				['ApiKey', 'a+k'],
				['SecretKey', 's&k=1'],
			],
		);
	});

	it('never says that a person took the call', () => {
		const lookup = esms.planStatus(messageId);
		assert.ok(!isInvalid(lookup));
		for (const SendStatus of [1, 2, 3, 4, 5, 6, 7]) {
			for (const [SendSuccess, SendFailed] of [
				[0, 0],
				[0, 1],
				[1, 0],
				[1, 1],
			]) {
				const reading = lookup.read(answer({ ...report, SendStatus, SendSuccess, SendFailed }));
				assert.equal(reading.is === 'call' && reading.call.answered, null);
			}
		}
	});

	it('names in its event the call whose SMSID was lost', () => {
		const event = readDelivery(esms, '', callback);
		assert.equal(event?.placeholderId, `request-${newReference}`);
		assert.equal(event.report.call.callId, messageId);
	});
});
