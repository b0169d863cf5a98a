import { queued, unmapped } from '../../../providers/call';
import type { CallState } from '../../../providers/call';
import type { JsonObject } from '../../../providers/reading/json';
import { vietnam } from '../../../providers/reading/phoneNumber';
import { sample } from '../../fixtures/samples';
import type { ProviderSamples } from '../testProvider';

/** What Autocall's documents show, and what is made of it. */

const campaign = 'f77dfcf4-0759-4179-93cb-741f481a776e';
export const cdr = sample('autocall-cdr');
const sent = sample('autocall-send.answer');
export const order = {
	phoneNumber: '0332665711',
	code: 'LUAN001',
	fields: { campaign, template: 'otp_script_01', refId: 'ABC123' },
};

const over = (
	status: CallState['status'],
	reason: CallState['reason'] = null,
	answered = false,
): CallState => ({ status, reason, final: true, answered });

const table: readonly (readonly [string, CallState])[] = [
	['answered', over('completed', null, true)],
	['busy', over('busy')],
	['busy-line', over('busy')],
	['no-answered', over('no-answer')],
	['no-answer', over('no-answer')],
	['not-available', over('no-answer', 'unreachable')],
	['cancel', over('canceled')],
	['canceled', over('canceled')],
	['voicemail', over('completed', 'machine')],
	['invalid-number', over('failed', 'invalid-number')],
	['invalid', over('failed', 'invalid-number')],
	['phone-block', over('failed', 'subscriber-blocked')],
	['congestion', over('failed', 'caller-id-blocked')],
	['failed', over('failed', 'provider-error')],
	['fail', over('failed', 'provider-error')],
	['new', queued],
	['queue', queued],
	['', queued],
	['something', unmapped],
	['constructor', unmapped],
	['NORMAL_CLEARING', unmapped],
];

// A cause alone never proves success: a sample shows BUSY beside NORMAL_CLEARING.
const cdrWith = (status: string): JsonObject => ({ ...cdr, status, cause: 'NORMAL_CLEARING' });

const writings = (word: string): readonly string[] => [
	word,
	word.toUpperCase(),
	word.replaceAll('-', '_'),
	` ${word} `,
];

const own = (body: JsonObject, key: string): unknown =>
	Object.hasOwn(body, key) ? body[key] : undefined;

const mayBeCompleted = (body: JsonObject): boolean => {
	const word = own(body, 'status');
	const text = typeof word === 'string' ? word.trim().toLowerCase() : '';
	return text === 'answered' || text === 'voicemail';
};

export const ofCdr = {
	provider: 'autocall',
	callId: 'ABC123',
	phoneNumber: '+84332665711',
	...over('completed', null, true),
	requestedAt: '2023-03-07T10:06:53+07:00',
	answeredAt: '2023-03-07T10:06:58+07:00',
	endedAt: '2023-03-07T10:06:59+07:00',
	durationSeconds: 6,
	billedSeconds: 1,
	cost: null,
} as const;

export const event = (fields: JsonObject): JsonObject => ({
	call_id: 'd6142fb6',
	sip_call_id: 's',
	direction: 'outbound',
	from_number: '02873003586',
	to_number: '0332665711',
	ref_id: 'ABC123',
	...fields,
});

/** A CDR in a form: the record of the request as JSON text, or in brackets. */
const inForm: Record<string, string> = Object.fromEntries(
	Object.entries(cdr).map(([key, value]) => [
		key,
		typeof value === 'object' ? JSON.stringify(value) : String(value),
	]),
);
const { additional: _additional, ...withoutEcho } = inForm;
const inBrackets = {
	...withoutEcho,
	'additional[ref_id]': 'ABC123',
	'additional[code_otp]': 'LUAN001',
};

const noProblem = { code: null, text: null };
const saying = (text: string) => ({ code: null, text });

const refusals: readonly (readonly [unknown, string])[] = [
	[{ error: 'campaign not found' }, 'campaign not found'],
	[{ error: [{ '(root)': 'campaign_uuid is required' }] }, 'campaign_uuid is required'],
	[{ error: [{ phone_number: 'is invalid' }] }, 'phone_number: is invalid'],
	[{ error: [{ a: 'x' }, { b: 'y' }] }, 'a: x; b: y'],
	[{ error: 'e', message: 'm' }, 'e'],
	[{ messsage: 'Unauthorized', data: { error: 'token is invalid' } }, 'token is invalid'],
];

const url = 'https://flows.example.com/hook';
const hook = { event: 'cdr', url };

export const samples: ProviderSamples = {
	send: {
		order,
		request: { method: 'POST', path: '/v3/autocall/otp', body: sample('autocall-send.request') },
		reference: { is: 'ours', field: 'refId' },
		placed: [
			{
				body: sent,
				call: { ...ofCdr, ...queued, ...noTimes(), durationSeconds: null, billedSeconds: null },
			},
			// Whatever reference comes back, the call can be asked for under its ID.
			...[undefined, '', null, {}, 'a/b', '..', 'x'.repeat(300)].map((ref_id) => ({
				body: { ...sent, ref_id },
				call: { callId: 'ABC123' },
			})),
		],
		refused: refusals.map(([body, text]) => ({ body, problem: saying(text) })),
		unsure: [
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
		].map((body) => ({ body })),
	},
	lookUp: {
		callId: 'ABC123',
		request: { method: 'GET', path: '/v3/autocall/log/ABC123/ref_id' },
		states: [
			{ body: cdr, ...over('completed', null, true) },
			...table.flatMap(([word, state]) =>
				writings(word).map((status) => ({ body: cdrWith(status), ...state })),
			),
		],
		noRecord: [
			...['', '  ', '{}', '{ }\n', 'null'].map((body) => ({ body })),
			{ status: 204, body: '' },
			{ body: { error: 'Not Found' } },
			{ body: { message: 'not_found' } },
			{ status: 404, body: '' },
			{ status: 404, body: { error: 'Not Found' } },
			{ status: 404, body: '404 page not found' },
			{ status: 500, body: { error: 'record not found' } },
		],
		otherwise: [
			{ status: 404, body: '<html>404</html>' },
			{ status: 401, body: { error: 'Not Found' } },
			{ status: 403, body: { error: 'not found' } },
			{ status: 500, body: '' },
			{ status: 502, body: '{}' },
			{ body: '[]' },
			{ body: { error: 'campaign is stopped' } },
		],
		unreadable: [
			{ ...cdr, status: undefined },
			{ ...cdr, status: 7 },
			{ ...cdr, status: {} },
			[cdr],
			'"x"',
		].map((body) => ({ body })),
		byRecord: { id: 'd6142fb6', request: { method: 'GET', path: '/v3/cdr/d6142fb6' } },
	},
	problems: [
		...refusals.map(([body, text]) => ({
			status: 400,
			body,
			problem: saying(text),
			verdict: 'refused' as const,
		})),
		...[{ message: 'words' }, { messsage: 'words' }].map((body) => ({
			status: 403,
			body,
			problem: saying('words'),
			verdict: 'forbidden' as const,
		})),
		...['', 'null', '[]', '{}', '<html>', '{"error":{}}', '{"error":7}'].map((body) => ({
			status: 503,
			body,
			problem: noProblem,
			verdict: 'fault' as const,
		})),
	],
	explained: [],
	fields: {
		campaign: {
			taken: [campaign, campaign.toUpperCase()],
			refused: ['VoiceOTP', '11111111', `${campaign}/`, `https://x.example/${campaign}`],
		},
		template: { taken: ['otp_script_01', 'Kịch bản 2'], refused: [] },
		refId: { taken: ['order-1042', 1042], refused: ['otp-LUAN001', 'luan001'] },
	},
	echoes: [
		{ of: 'send', body: { ...sent, echo: { code_otp: 'LUAN001' }, say: 'LUAN001' } },
		{ of: 'send', body: { ...sent, say: 'L U A N 0 0 1', note: 'LUAN001' } },
		{ of: 'look-up', body: cdr },
		{ of: 'look-up', body: inForm },
		...[cdr, inForm, inBrackets].map((body) => ({ of: 'event' as const, body })),
	],
	mayBeCompleted,
	account: {
		values: {
			baseUrl: 'https://api.example.com/v3',
			authentication: 'token',
			token: 'the-token-of-autocall',
		},
		token: 'the-token-of-autocall',
		authorized: {
			url: 'https://api.example.com/v3/autocall/otp',
			headers: { authorization: 'Bearer the-token-of-autocall' },
		},
		exchange: {
			key: 'key-1',
			request: { method: 'POST', path: '/v3/auth/token', body: { api_key: 'key-1' } },
			granted: [
				{ body: { token: 't', expired_in: 13_647_710 }, token: 't', lifeSeconds: 86_400 },
				{ body: { token: 't', expired_in: '60' }, token: 't', lifeSeconds: 60 },
				{ body: { data: { token: 't', user_id: 'u' } }, token: 't', lifeSeconds: 86_400 },
			],
			none: ['', '[]', '{}', '{"token": 7e300}', '{"token": {}}', '{"token": "a b"}'].map(
				(body) => ({
					body,
				}),
			),
		},
	},
	events: {
		told: [
			{
				body: event({ state: 'ringing', status: '', time_started: '2023-03-07 10:06:53' }),
				type: 'ringing',
				call: {
					...ofCdr,
					...{ status: 'ringing', reason: null, final: false, answered: null },
					...{ answeredAt: null, endedAt: null, durationSeconds: null, billedSeconds: null },
				},
			},
			{
				body: event({ state: 'ANSWERED' }),
				type: 'answered',
				call: { status: 'in-progress', answered: true, final: false },
			},
			...['cdr', 'hangup'].map((state) => ({
				body: event({ state, status: 'busy', duration: '12' }),
				type: 'ended' as const,
				call: { status: 'busy' as const, final: true, durationSeconds: 12 },
			})),
			// Only the CDR will say how it ended.
			...['cdr', 'hangup'].flatMap((state) =>
				['', null].map((status) => ({
					body: event({ state, status }),
					type: 'ended' as const,
					call: unmapped,
				})),
			),
			{
				body: event({ state: 'cdr', call_id: 'e7253fc7', ref_id: '', status: 'busy' }),
				type: 'ended',
				call: { callId: 'e7253fc7' },
			},
			...[cdr, inForm, inBrackets].map((body) => ({ body, type: 'ended' as const, call: ofCdr })),
		],
		others: [
			{ state: 'cdr' },
			{ ...cdr, id: '' },
			{ ...cdr, status: 'new' },
			event({ state: 'transferred' }),
			event({ state: 'constructor' }),
		].map((body) => ({ body })),
		mayBeCompleted,
		registration: {
			listed: [
				{
					body: { data: [{ event_domain_uuid: 'u', event_name: 'cdr', callback_url: url }] },
					entries: [{ id: 'u', ...hook }],
				},
				{
					body: { data: [null, 'x', {}, { id: 7, event: 'cdr', callback_url: url }] },
					entries: [{ id: '7', ...hook }],
				},
				{ body: { data: null }, entries: [] },
			],
			unreadable: ['', '<html>', '[]', { data: 'x' }].map((body) => ({ body })),
			created: [{ body: { created: true } }],
			notCreated: ['', { created: false }, { error: 'no' }, { created: 'true' }].map((body) => ({
				body,
			})),
		},
	},
	lists: {
		campaign: {
			request: {
				method: 'GET',
				path: '/v3/campaign',
				query: { type: 'autocall', limit: '50', offset: '100' },
			},
			pages: [
				{
					body: { data: [{ campaign_uuid: campaign, campaign_name: 'OTP' }, {}], total: '7' },
					values: [campaign],
					total: 7,
				},
				{ body: { data: null }, values: [], total: 0 },
			],
			unreadable: ['', '<html>', { data: 'x' }].map((body) => ({ body })),
		},
		template: {
			request: { method: 'GET', path: '/v3/template', query: { limit: '50', offset: '100' } },
			pages: [
				{
					body: {
						data: [{ template_name: 't', content: '{{ code_otp }}' }, { template_uuid: 'x' }],
					},
					values: ['t'],
					total: 2,
				},
			],
			unreadable: ['', '[]'].map((body) => ({ body })),
		},
	},
	calls: {
		filter: {
			from: '2025-01-01',
			to: '2025-01-31',
			phoneNumber: { e164: '+84332665711', national: '0332665711', country: vietnam },
			fields: { status: 'answered', campaign },
		},
		request: {
			method: 'GET',
			path: '/v3/cdr',
			query: {
				limit: '50',
				offset: '100',
				start_date: '2025-01-01 00:00:00',
				end_date: '2025-01-31 23:59:59',
				status: 'answered',
				phone: '0332665711',
				campaign_uuid: campaign,
			},
		},
		pages: [{ body: { data: [cdr, null, {}], total: 60 }, callIds: ['ABC123'], total: 60 }],
		unreadable: ['', '<html>'].map((body) => ({ body })),
	},
};

function noTimes() {
	return { requestedAt: null, answeredAt: null, endedAt: null };
}
