import assert from 'node:assert/strict';

import { authorizedRequest } from '../../calls/account';
import { OtpCallError } from '../../calls/errors';
import { waitUntilEnded } from '../../calls/wait';
import { queued, unmapped } from '../../providers/call';
import type { CallState } from '../../providers/call';
import type { Verdict } from '../../providers/contract';
import { kavenegar } from '../../providers/kavenegar/adapter';
import { isJsonArray, isJsonObject } from '../../providers/reading/json';
import type { JsonObject, JsonValue } from '../../providers/reading/json';
import { sendOtpCall } from '../calls/samples';
import { TestHost, answered, failing } from '../calls/testHost';
import { answer, callOf } from './answers';
import { plannedSend } from './conformance/sends';
import { testProvider } from './testProvider';
import type { ProviderSamples } from './testProvider';

const order = { phoneNumber: '09123456789', code: '48213', fields: { template: 'verify' } };
const callId = '8792343';

const reply = (status: number, entries: JsonValue = null): JsonObject => ({
	return: { status, message: status === 200 ? 'تایید شد' : 'خطا' },
	entries,
});

/** What `verify/lookup` answers, as the documents show it; its message is the text with the code. */
const entry = {
	messageid: 8792343,
	message: 'کد تایید شما: 48213',
	status: 1,
	statustext: 'در صف ارسال',
	sender: '10004346',
	receptor: '09123456789',
	date: 1356619709,
	cost: 120,
};
/** What `sms/status` answers. */
const stateEntry = (status: string | number): JsonObject =>
	reply(200, [{ messageid: 8792343, status: String(status), statustext: 'x' }]);

const over = (status: CallState['status'], reason: CallState['reason'] = null): CallState => ({
	status,
	reason,
	final: true,
	answered: null,
});

/** The numbers of a message's state, and what they say of a call. */
const table: readonly (readonly [number, CallState])[] = [
	[10, over('completed')],
	[1, queued],
	[2, queued],
	[4, queued],
	[5, queued],
	[6, over('failed', 'provider-error')],
	[11, over('failed')],
	[13, over('canceled')],
	[14, over('failed', 'subscriber-blocked')],
];

const strange: readonly (string | number)[] = [
	0,
	3,
	7,
	12,
	15,
	99,
	101,
	10.5,
	-10,
	'',
	'delivered',
	1e300,
];

const states = [
	...table.flatMap(([status, state]) => [
		{ body: stateEntry(status), ...state },
		{ body: reply(200, [{ messageid: callId, status }]), ...state },
	]),
	...strange.map((status) => ({ body: stateEntry(status), ...unmapped })),
	{ body: reply(200, [{ messageid: 8792343 }]), ...unmapped },
] as const;

/** The documented errors of the account, and those that say nothing of a call. */
const verdicts: readonly (readonly [number, Verdict])[] = [
	[400, 'refused'],
	[401, 'forbidden'],
	[402, 'fault'],
	[403, 'not-authorized'],
	[404, 'refused'],
	[405, 'refused'],
	[406, 'refused'],
	[407, 'forbidden'],
	[409, 'fault'],
	[411, 'refused'],
	[412, 'refused'],
	[413, 'refused'],
	[414, 'refused'],
	[416, 'forbidden'],
	[417, 'refused'],
	[418, 'refused'],
	[422, 'refused'],
	[424, 'refused'],
	[426, 'forbidden'],
	[428, 'refused'],
	[430, 'forbidden'],
	[431, 'refused'],
	[432, 'refused'],
];

const problems = verdicts.flatMap(([code, verdict]) =>
	[200, code].map((status) => ({
		status,
		body: reply(code),
		problem: { code: String(code), text: 'خطا' },
		verdict,
	})),
);

/** Read in the simplest way: the state of the first entry of an answer that says 200. */
function isDelivered({ return: outcome, entries }: JsonObject): boolean {
	const isSuccess = isJsonObject(outcome) && Number(outcome['status']) === 200;
	const first = isJsonArray(entries) ? entries[0] : undefined;
	return isSuccess && isJsonObject(first) && Number(first['status']) === 10;
}

const samples: ProviderSamples = {
	send: {
		order,
		request: {
			method: 'POST',
			path: '/v1/verify/lookup.json',
			form: { receptor: '09123456789', token: '48213', template: 'verify', type: 'call' },
		},
		reference: 'none',
		placed: [
			{
				body: reply(200, [entry]),
				call: {
					callId,
					phoneNumber: '+989123456789',
					...queued,
					requestedAt: '2012-12-27T14:48:29.000Z',
					cost: { amount: 120, currency: 'IRR' },
				},
			},
			{ body: reply(200, [{ messageid: 8792343, status: 5 }]), call: { callId, ...queued } },
		],
		refused: [411, 418, 424, 428].map((code) => ({
			body: reply(code),
			problem: { code: String(code), text: 'خطا' },
		})),
		unsure: [
			...['', '[]', '"ok"', '{}', '<html>', { entries: [entry] }].map((body) => ({ body })),
			...[null, [], {}, [null], [{}], entry, [{ ...entry, status: 100 }]].map((entries) => ({
				body: reply(200, entries),
			})),
			{ body: { return: { status: 'OK' }, entries: [entry] } },
		],
	},
	lookUp: {
		callId,
		request: { method: 'GET', path: '/v1/sms/status.json', query: { messageid: callId } },
		states: [states[0], ...states.slice(1)],
		noRecord: [{ body: stateEntry(100) }],
		otherwise: [
			{ status: 404, body: reply(404) },
			{ status: 404, body: '' },
			{ status: 400, body: reply(400) },
			{ body: '<html>' },
		],
		unreadable: ['', '<html>', '[]', {}, reply(200), reply(200, [])].map((body) => ({ body })),
		byRecord: null,
	},
	problems: [
		...problems,
		// What is in no table, and what contradicts itself, proves nothing of a call.
		{ body: reply(499), problem: { code: '499', text: 'خطا' }, verdict: 'fault' },
		{ body: reply(100), problem: { code: '100', text: 'خطا' }, verdict: 'fault' },
		{ status: 400, body: reply(200), problem: { code: null, text: null }, verdict: 'fault' },
		{ status: 400, body: reply(500), problem: { code: '500', text: 'خطا' }, verdict: 'fault' },
		{ status: 503, body: reply(418), problem: { code: '418', text: 'خطا' }, verdict: 'fault' },
		{ status: 502, body: '<html>', problem: { code: null, text: null }, verdict: 'fault' },
		{ status: 409, body: '', problem: { code: null, text: null }, verdict: 'fault' },
		{ status: 419, body: reply(419), problem: { code: '419', text: 'خطا' }, verdict: 'refused' },
		{ status: 429, body: '', problem: { code: null, text: null }, verdict: 'rate-limited' },
	],
	explained: verdicts.map(([code]) => String(code)),
	fields: { template: { taken: ['verify', 'ورود'], refused: [] } },
	echoes: [
		{ of: 'send', body: reply(200, [entry]) },
		{ of: 'send', body: reply(200, [{ ...entry, statustext: 'کد 48213 در صف' }]) },
		{ of: 'look-up', body: reply(200, [{ ...entry, token: '48213' }]) },
	],
	mayBeCompleted: isDelivered,
	account: {
		values: { apiKey: ' the-key-of-kavenegar ', baseUrl: '', template: '' },
		token: 'the-key-of-kavenegar',
		authorized: {
			url: 'https://api.example.com/v1/the-key-of-kavenegar/verify/lookup.json',
			headers: {},
		},
		exchange: null,
	},
	events: null,
	lists: null,
	calls: null,
};

testProvider(kavenegar, samples);

const key = 'the-token-of-the-account';

/** A host whose requests are authorized as both hosts do it. */
const hostWith = (...replies: ConstructorParameters<typeof TestHost>[1] & object) =>
	new TestHost(kavenegar, replies);

describe('A call that Kavenegar is asked to place', () => {
	it('takes the template of the node', () => {
		const { form } = plannedSend(kavenegar, order).request;
		assert.equal(form?.['template'], 'verify');
	});

	it('is refused before any request where the code is not digits alone', async () => {
		const host = hostWith(answered(200, reply(200, [entry])));
		for (const code of ['48 213', 'A4821', '48-213']) {
			const error = await failing(
				Promise.resolve().then(() => sendOtpCall(host.context, { ...order, code })),
				'invalid-input',
			);
			assert.equal(error.facts.field, 'code', code);
		}
		assert.equal(host.requests.length, 0);
	});

	for (const [code, kind, mayHaveBeen, says] of [
		[418, 'refused', false, /credit.*Top up/s],
		[428, 'refused', false, /digits/],
		[424, 'refused', false, /template/],
		[403, 'not-authorized', false, /API key/],
		[407, 'not-authorized', false, /IP address/],
		[402, 'outcome-unknown', true, /Do not send again/],
		[409, 'outcome-unknown', true, /Do not send again/],
		[500, 'outcome-unknown', true, /Do not send again/],
	] as const) {
		it(`ends as ${kind} at ${code}, with HTTP ${code} or 200, and is sent once`, async () => {
			for (const status of [200, code]) {
				const host = hostWith(answered(status, reply(code)));
				const error = await failing(sendOtpCall(host.context, order), kind);
				assert.equal(error.facts.callMayHaveBeenPlaced, mayHaveBeen);
				assert.match(`${error.message} ${error.facts.remedy}`, says);
				assert.equal(host.sends, 1);
			}
		});
	}

	it('is lost with its answer: there is no reference to look it up by', async () => {
		const host = hostWith({ is: 'answer-lost', code: 'ECONNRESET' });
		const error = await failing(sendOtpCall(host.context, order), 'outcome-unknown');
		assert.equal(error.facts.callId, undefined);
		assert.equal(host.requests.length, 1);
	});

	it('is not taken from the answer to another number', async () => {
		const other = { ...entry, receptor: '09120000000' };
		const host = hostWith(answered(200, reply(200, [other])));
		await failing(sendOtpCall(host.context, order), 'outcome-unknown');
	});
});

describe('The key of Kavenegar, which stands in the path', () => {
	it('is in no error, whatever a server says of the address that was asked for', async () => {
		const address = `https://api.kavenegar.com/v1/${key}/verify/lookup.json`;
		for (const said of [
			answered(404, `<title>Cannot POST ${address}</title>`),
			answered(400, { return: { status: 400, message: `POST ${address}` }, entries: null }),
			answered(200, {
				return: { status: 499, message: encodeURIComponent(address) },
				entries: null,
			}),
			answered(502, address),
			answered(302, '', { location: address }),
			answered(307, '', { location: address }),
		]) {
			const error = await failing(sendOtpCall(hostWith(said).context, order));
			assert.ok(error instanceof OtpCallError);
			assert.ok(!JSON.stringify([error.message, error.facts, error.stack]).includes(key));
		}
	});

	it('keeps to its place below a gateway, with any characters', () => {
		const url = 'https://gateway.example/v1/sms/v1/verify/lookup.json?messageid=1';
		assert.equal(
			authorizedRequest(kavenegar, { url, headers: {}, body: null }, 'a/b?c').url,
			'https://gateway.example/v1/sms/v1/a%2Fb%3Fc/verify/lookup.json?messageid=1',
		);
	});
});

describe('The status of a call of Kavenegar', () => {
	it('has no number of its own: only what was sent knows it', () => {
		const planned = kavenegar.planStatus(callId);
		assert.ok(planned.is === 'planned');
		const { call, identity } = callOf(planned.read(answer(stateEntry(10))));
		assert.equal(call.phoneNumber, '');
		assert.deepEqual(identity, { phoneNumber: null, reference: callId, recordIds: [] });
	});

	it('is asked for one call at a time', () => {
		for (const id of ['1,2', 'abc', '12x', '1'.repeat(21)]) {
			assert.equal(kavenegar.planStatus(id).is, 'invalid', id);
		}
	});

	it('is followed from the queue to what its words say, and never said to be answered', async () => {
		const host = hostWith(...[100, 1, 5, 10].map((status) => answered(200, stateEntry(status))));
		const seen: string[] = [];
		const { call } = await waitUntilEnded(host.context, callId, {
			firstLookAfter: 0,
			onChange: (report) => seen.push(report.call.status),
		});
		assert.deepEqual(seen, ['queued', 'completed']);
		assert.equal(call.answered, null);
	});

	it('has no cost and no time from what is none', () => {
		const send = plannedSend(kavenegar, order);
		const { call } = callOf(
			send.read(answer(reply(200, [{ messageid: 1, cost: -5, date: 1e300, status: 1 }]))),
		);
		assert.deepEqual([call.cost, call.requestedAt], [null, null]);
	});
});
