import assert from 'node:assert/strict';

import { getOtpCallStatus } from '../../calls/status';
import { queued } from '../../providers/call';
import type { CallState } from '../../providers/call';
import type { JsonObject } from '../../providers/reading/json';
import { sandbox } from '../../providers/sandbox/adapter';
import { sendOtpCall } from '../calls/samples';
import { TestHost, failing } from '../calls/testHost';
import { testProvider } from './testProvider';
import type { ProviderSamples } from './testProvider';

const start = Date.parse('2025-06-01T08:00:00Z');
const callIdOf = (digits: string): string =>
	`sandbox-9891234567${digits}-${start.toString(36)}-f3b1c2d400004000`;

/** What the sandbox answers of the call to a number with these last digits, so long after its send. */
const after = (digits: string, milliseconds: number): JsonObject => ({
	callId: callIdOf(digits),
	now: start + milliseconds,
});

const over = (
	status: CallState['status'],
	reason: CallState['reason'] = null,
	answered = false,
): CallState => ({ status, reason, final: true, answered });

const endings: readonly (readonly [string, CallState])[] = [
	['01', over('busy')],
	['02', over('no-answer')],
	['03', over('busy', 'declined')],
	['04', over('no-answer', 'unreachable')],
	['05', over('completed', 'machine')],
	['06', over('failed', 'provider-error')],
	['00', over('completed', null, true)],
	['10', over('completed', null, true)],
];

const goingOn = (status: CallState['status'], answered: boolean | null): CallState => ({
	status,
	reason: null,
	final: false,
	answered,
});

const nothing = { code: null, text: null };

const partsOf = ({ callId }: JsonObject) => {
	const [, digits = '', begun = ''] =
		/(\d\d)-(\w+)-\w+\s*$/.exec(typeof callId === 'string' ? callId : '') ?? [];
	return { digits, begun };
};

const isPickedUp = (given: JsonObject): boolean => {
	const { digits } = partsOf(given);
	return digits === '05' || !/^0[1-6]$/.test(digits);
};

const samples: ProviderSamples = {
	send: {
		order: { phoneNumber: '09123456789', code: 'K4821', fields: {} },
		request: {
			method: 'POST',
			path: '/sandbox/calls',
			body: { phoneNumber: '+989123456789', callId: callIdOf('89') },
		},
		reference: 'none',
		placed: [
			{
				body: after('89', 0),
				call: { callId: callIdOf('89'), ...queued, requestedAt: '2025-06-01T08:00:00.000Z' },
			},
		],
		refused: [],
		unsure: ['', '[]', '{}', { callId: 'x', now: 0 }].map((body) => ({ body })),
	},
	lookUp: {
		callId: callIdOf('89'),
		request: { method: 'GET', path: `/sandbox/calls/${callIdOf('89')}` },
		states: [
			{ body: after('89', 999), ...queued },
			{ body: after('89', 1_000), ...goingOn('ringing', null) },
			{ body: after('89', 2_999), ...goingOn('ringing', null) },
			{ body: after('89', 3_000), ...goingOn('in-progress', true) },
			{ body: after('05', 5_999), ...goingOn('in-progress', false) },
			{ body: after('89', 6_000), ...over('completed', null, true) },
			{ body: after('01', 2_999), ...goingOn('ringing', null) },
			{ body: after('01', 3_000), ...over('busy') },
			// A clock may be behind.
			{ body: after('89', -60_000), ...queued },
			...endings.map(([digits, state]) => ({ body: after(digits, 60_000), ...state })),
		],
		noRecord: [{ status: 404, body: {} }, { body: '' }, { body: { callId: 'x', now: 0 } }],
		otherwise: [{ status: 422, body: { error: 'NumberRefused' } }],
		unreadable: [],
		byRecord: null,
	},
	problems: [
		{
			status: 422,
			body: { error: 'NumberRefused' },
			problem: { code: 'NumberRefused', text: null },
			verdict: 'refused',
		},
		{
			status: 429,
			body: { error: 'TooManyCalls' },
			problem: { code: 'TooManyCalls', text: null },
			verdict: 'rate-limited',
		},
		{ status: 500, body: '', problem: nothing, verdict: 'fault' },
	],
	explained: ['NumberRefused'],
	fields: {},
	echoes: [],
	mayBeCompleted: (given) =>
		isPickedUp(given) && Number(given['now']) - Number.parseInt(partsOf(given).begun, 36) >= 6_000,
	account: null,
	events: {
		told: [
			{ query: { callId: callIdOf('89') }, type: 'ended', call: over('completed', null, true) },
			...endings.map(([digits, state]) => ({
				query: { callId: ` ${callIdOf(digits)}` },
				type: 'ended' as const,
				call: state,
			})),
		],
		others: [{}, { query: { callId: 'x' } }, { query: { id: callIdOf('89') } }],
		mayBeCompleted: isPickedUp,
		registration: null,
	},
	lists: null,
	calls: null,
};

testProvider(sandbox, samples);

const numberEnding = (digits: string): string => `091234567${digits}`;

const place = async (digits: string) => {
	const host = new TestHost(sandbox);
	const input = { phoneNumber: numberEnding(digits), code: '482133', fields: {} };
	return { host, report: await sendOtpCall(host.context, input) };
};

describe('A call of the sandbox', () => {
	it('is queued for 1 s, rings for 2 s, talks for 3 s', async () => {
		const { host, report } = await place('89');
		const { callId } = report.call;
		const seen: string[] = [report.call.status];
		for (const pause of [999, 1, 1_999, 1, 2_999, 1]) {
			host.clock.pass(pause);
			seen.push((await getOtpCallStatus(host.context, callId)).call.status);
		}
		assert.deepEqual(seen, [
			'queued',
			'queued',
			'ringing',
			'ringing',
			'in-progress',
			'in-progress',
			'completed',
		]);
	});

	it('ends as the call of a real provider does, field by field', async () => {
		const { host, report } = await place('89');
		host.clock.pass(60_000);
		const { call } = await getOtpCallStatus(host.context, report.call.callId);
		assert.deepEqual(call, {
			provider: 'sandbox',
			callId: report.call.callId,
			phoneNumber: '+989123456789',
			status: 'completed',
			reason: null,
			final: true,
			answered: true,
			requestedAt: '2025-06-01T08:00:00.000Z',
			answeredAt: '2025-06-01T08:00:03.000Z',
			endedAt: '2025-06-01T08:00:06.000Z',
			durationSeconds: 5,
			billedSeconds: 3,
			cost: null,
		});
	});

	for (const [digits, kind, mayRing] of [
		['07', 'refused', false],
		['08', 'rate-limited', false],
		['09', 'outcome-unknown', true],
	] as const) {
		it(`to a number that ends with ${digits} is ${kind} when it is sent`, async () => {
			const error = await failing(place(digits), kind);
			assert.equal(error.facts.callMayHaveBeenPlaced, mayRing);
		});
	}

	it('is known to every process, by its call ID alone', async () => {
		const { report } = await place('01');
		const elsewhere = new TestHost(sandbox);
		elsewhere.clock.pass(5_000);
		const { call } = await getOtpCallStatus(elsewhere.context, report.call.callId);
		assert.equal(call.status, 'busy');
		assert.equal(call.phoneNumber, '+989123456701');
	});

	it('has a call ID of its own, though two are placed at the same moment', async () => {
		const ids = await Promise.all([place('89'), place('89')]);
		assert.equal(new Set(ids.map(({ report }) => report.call.callId)).size, 2);
	});

	it('never shows its code', async () => {
		const { host, report } = await place('89');
		const looked = await getOtpCallStatus(host.context, report.call.callId);
		assert.doesNotMatch(JSON.stringify([report, looked]), /482133/);
	});

	it('makes no request', async () => {
		const { host, report } = await place('89');
		await getOtpCallStatus(host.context, report.call.callId);
		assert.equal(host.requests.length, 0);
	});

	it('may be to Vietnam', async () => {
		const host = new TestHost(sandbox);
		const input = { phoneNumber: '0332665702', code: '1', fields: {} };
		const { call } = await sendOtpCall(host.context, input);
		host.clock.pass(10_000);
		assert.equal((await getOtpCallStatus(host.context, call.callId)).call.status, 'no-answer');
	});

	it('is not found under an ID that only looks like one', async () => {
		const { context } = new TestHost(sandbox);
		for (const id of ['sandbox-', 'sandbox-1-2-3', 'sandbox-989123456789-zzzzzzzzzz-a', 'x']) {
			await failing(getOtpCallStatus(context, id), 'invalid-input');
		}
	});

	it('may be of a time that has not come: a clock may be behind', async () => {
		const { context } = new TestHost(sandbox);
		const id = 'sandbox-989123456789-zzzzzzzzz-a';
		assert.equal((await getOtpCallStatus(context, id)).call.status, 'queued');
	});
});
