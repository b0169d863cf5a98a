import assert from 'node:assert/strict';

import { listCalls, listChoices } from '../../calls/lists';
import { autocall } from '../../providers/autocall/adapter';
import { calls } from '../../providers/autocall/lists';
import { bitel } from '../../providers/bitel/adapter';
import { vietnam } from '../../providers/reading/phoneNumber';
import type { OutgoingRequest } from '../../calls/transport';
import { sample } from '../fixtures/samples';
import { filledIn } from '../providers/answers';
import { allCalls } from './samples';
import { TestHost, answered, failing, notSent } from './testHost';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const windowOf = ({ url }: OutgoingRequest) => {
	const query = new URL(url).searchParams;
	return { limit: Number(query.get('limit')), offset: Number(query.get('offset')) };
};

/** A server with so many records, that gives at most so many at a time. */
const pages =
	(records: readonly unknown[], most = Number.POSITIVE_INFINITY) =>
	(request: OutgoingRequest) => {
		const { limit, offset } = windowOf(request);
		const data = records.slice(offset, offset + Math.min(limit, most));
		return answered(200, { data, limit, offset, total: records.length });
	};

const campaign = (n: number, fields: object = {}) => ({
	campaign_uuid: uuid(n),
	campaign_name: `Campaign ${n}`,
	type_autocall: 'autocall_voice_tts',
	active: true,
	status: 'start',
	schedules: null,
	...fields,
});

const token = 'token-of-12c';

const choicesOf = async (records: readonly unknown[], filter = '') =>
	(await listChoices(new TestHost(autocall, [pages(records)]).context, 'campaign', filter)).choices;

describe('A list to pick a campaign from', () => {
	it('is asked for page by page, until there is no more', async () => {
		const records = Array.from({ length: 120 }, (_, n) => campaign(n));
		const host = new TestHost(autocall, [pages(records)]);
		const seen: string[] = [];
		let offset: number | null = 0;
		while (offset !== null) {
			const page = await listChoices(host.context, 'campaign', '', offset);
			seen.push(...page.choices.map(({ value }) => value));
			offset = page.nextOffset;
		}
		assert.equal(new Set(seen).size, 120);
		assert.deepEqual(host.requests.map(windowOf), [
			{ limit: 50, offset: 0 },
			{ limit: 50, offset: 50 },
			{ limit: 50, offset: 100 },
		]);
		assert.ok(host.requests.every(({ url }) => url.includes('/v3/campaign?type=autocall&')));
	});

	it('leaves none out when the provider gives fewer than it was asked for', async () => {
		const records = Array.from({ length: 45 }, (_, n) => campaign(n));
		const host = new TestHost(autocall, [pages(records, 20)]);
		const { choices, nextOffset } = await listChoices(host.context, 'campaign');
		assert.equal(new Set(choices.map(({ value }) => value)).size, 45);
		assert.equal(nextOffset, null);
	});

	it('has voice OTP first, also when it stands on a later page', async () => {
		const records = Array.from({ length: 120 }, (_, n) => campaign(n));
		records.push(campaign(120, { type_autocall: 'autocall_voice_otp' }));
		const [first, second] = await choicesOf(records);
		assert.deepEqual([first?.value, second?.value], [uuid(120), uuid(0)]);
	});

	it('gives the rest of more than a thousand on demand', async () => {
		const records = Array.from({ length: 1_030 }, (_, n) => campaign(n));
		const { context } = new TestHost(autocall, [pages(records)]);
		const first = await listChoices(context, 'campaign');
		assert.deepEqual([first.choices.length, first.nextOffset], [1_000, 1_000]);
		const rest = await listChoices(context, 'campaign', '', 1_000);
		assert.deepEqual([rest.choices.length, rest.nextOffset], [30, null]);
	});

	it('has voice OTP first', async () => {
		const choices = await choicesOf([
			campaign(1),
			campaign(2, { type_autocall: 'autocall_voice_otp' }),
			campaign(3),
			campaign(4, { campaign_name: 'VoiceOTP night' }),
		]);
		assert.deepEqual(
			choices.map(({ value }) => value),
			[uuid(2), uuid(4), uuid(1), uuid(3)],
		);
	});

	it('points out what calls nobody now', async () => {
		const nameOf = async (fields: object) => (await choicesOf([campaign(1, fields)]))[0]?.name;
		assert.equal(await nameOf({}), 'Campaign 1');
		assert.equal(await nameOf({ status: 'stop' }), 'Campaign 1 (stopped)');
		assert.equal(await nameOf({ status: 'pause' }), 'Campaign 1 (paused)');
		assert.equal(await nameOf({ active: false }), 'Campaign 1 (inactive)');
		assert.equal(await nameOf({ status: 'constructor' }), 'Campaign 1 (constructor)');
	});

	it('points out a campaign that is outside its hours', async () => {
		// The clock of the test stands at 15:00 of a Sunday in Vietnam.
		const hour = 3_600_000_000_000;
		const nameOf = async (schedules: unknown) =>
			(await choicesOf([campaign(1, { schedules })]))[0]?.name;
		const sunday = (from: number, to: number) => [
			{ sunday_start_time: from * hour, sunday_end_time: to * hour },
		];
		const monday = { monday_start_time: 8 * hour, monday_end_time: 20 * hour };
		const closed = 'Campaign 1 (outside its hours)';
		assert.equal(await nameOf(sunday(8, 20)), 'Campaign 1');
		assert.equal(await nameOf(sunday(8, 15)), closed);
		assert.equal(await nameOf(sunday(15, 16)), 'Campaign 1');
		assert.equal(await nameOf([monday]), closed);
		assert.equal(await nameOf([monday, ...sunday(14, 16)]), 'Campaign 1');
		for (const unclear of [null, [], {}, 'x', [null], [{}], [{ sunday_start_time: 'x' }]]) {
			assert.equal(await nameOf(unclear), 'Campaign 1', JSON.stringify(unclear));
		}
	});

	it('can be searched by name and UUID, in either case', async () => {
		const records = [campaign(1), campaign(2, { campaign_name: 'Đăng ký OTP' })];
		for (const filter of ['otp', ' OTP ', uuid(2)]) {
			assert.deepEqual(
				(await choicesOf(records, filter)).map(({ value }) => value),
				[uuid(2)],
			);
		}
		assert.deepEqual(await choicesOf(records, 'nothing'), []);
	});

	it('leaves out what cannot be picked', async () => {
		const records = [null, 7, 'x', {}, campaign(1, { campaign_uuid: '' }), campaign(2)];
		assert.equal((await choicesOf(records)).length, 1);
	});

	it('may be empty', async () => {
		for (const body of [{ data: null, total: 0 }, { data: [] }]) {
			const host = new TestHost(autocall, [answered(200, body)]);
			const page = await listChoices(host.context, 'campaign');
			assert.deepEqual(page, { choices: [], nextOffset: null });
		}
	});

	it('says why it cannot be had', async () => {
		for (const [reply, kind] of [
			[notSent(), 'unreachable'],
			[answered(401), 'not-authorized'],
			[answered(200, '<html>'), 'bad-response'],
			[answered(200, { data: 'x' }), 'bad-response'],
			[answered(400, { error: 'no' }), 'refused'],
		] as const) {
			await failing(listChoices(new TestHost(autocall, [reply]).context, 'campaign'), kind);
		}
	});

	it('is read at every status of success', async () => {
		for (const status of [200, 299]) {
			const host = new TestHost(autocall, [answered(status, { data: [campaign(1)], total: 1 })]);
			assert.equal((await listChoices(host.context, 'campaign')).choices.length, 1);
		}
	});

	it('is empty where the provider has none', async () => {
		for (const [provider, field] of [
			[bitel, 'campaign'],
			[autocall, 'voice'],
			[autocall, 'constructor'],
			[autocall, '__proto__'],
		] as const) {
			const host = new TestHost(provider);
			const page = await listChoices(host.context, field);
			assert.deepEqual(page, { choices: [], nextOffset: null });
			assert.equal(host.requests.length, 0);
		}
	});
});

describe('A list to pick a template from', () => {
	it('has their names, and says which read the code', async () => {
		const records = [
			{ template_name: 'otp_script_01', content: 'Ma cua ban: {{ code_otp }}' },
			{ template_name: 'hello', content: 'Xin chao' },
			{ template_uuid: 'x' },
		];
		const host = new TestHost(autocall, [pages(records)]);
		assert.deepEqual((await listChoices(host.context, 'template')).choices, [
			{ value: 'otp_script_01', name: 'otp_script_01', description: 'reads the code' },
			{ value: 'hello', name: 'hello', description: null },
		]);
	});
});

describe('Many records of calls', () => {
	const cdr = (n: number) => ({
		...sample('autocall-cdr'),
		id: uuid(n),
		additional: { ref_id: `REF${n}`, code_otp: 'LUAN001' },
	});
	const many = (length: number) => Array.from({ length }, (_, n) => cdr(n));

	it('are read from all pages, without codes', async () => {
		const host = new TestHost(autocall, [pages(many(120))]);
		const reports = await listCalls(host.context, calls, allCalls, Number.POSITIVE_INFINITY);
		assert.equal(new Set(reports.map(({ call }) => call.callId)).size, 120);
		assert.doesNotMatch(JSON.stringify(reports), /LUAN001/);
		assert.equal(host.requests.length, 3);
	});

	it('are no more than the limit, and no more are asked for', async () => {
		const host = new TestHost(autocall, [pages(many(120))]);
		assert.equal((await listCalls(host.context, calls, allCalls, 60)).length, 60);
		assert.deepEqual(host.requests.map(windowOf), [
			{ limit: 50, offset: 0 },
			{ limit: 10, offset: 50 },
		]);
		assert.deepEqual(await listCalls(host.context, calls, allCalls, 0), []);
	});

	it('are complete when the provider gives fewer than it was asked for', async () => {
		const host = new TestHost(autocall, [pages(many(45), 20)]);
		const reports = await listCalls(host.context, calls, allCalls, Number.POSITIVE_INFINITY);
		assert.equal(reports.length, 45);
	});

	it('are filtered by the provider, in its own writing', async () => {
		const host = new TestHost(autocall, [pages([])]);
		const phoneNumber = { e164: '+84332665711', national: '0332665711', country: vietnam };
		const filter = {
			from: '2025-01-01',
			to: '2025-01-31',
			phoneNumber,
			fields: filledIn(calls.filters, { status: 'answered', campaign: uuid(1) }),
		};
		await listCalls(host.context, calls, filter, 10);
		const query = Object.fromEntries(new URL(host.requests[0]?.url ?? '').searchParams);
		assert.deepEqual(query, {
			limit: '10',
			offset: '0',
			start_date: '2025-01-01 00:00:00',
			end_date: '2025-01-31 23:59:59',
			status: 'answered',
			phone: '0332665711',
			campaign_uuid: uuid(1),
		});
	});

	it('end when a provider claims more than it has', async () => {
		const host = new TestHost(autocall, [answered(200, { data: [], total: 1_000_000 })]);
		assert.deepEqual(await listCalls(host.context, calls, allCalls, Number.POSITIVE_INFINITY), []);
		assert.equal(host.requests.length, 1);
	});

	it('are never cut off without a word', async () => {
		const endless = answered(200, { data: [cdr(1)], total: 1e15 });
		const host = new TestHost(autocall, [endless]);
		const listing = listCalls(host.context, calls, allCalls, Number.POSITIVE_INFINITY);
		const error = await failing(listing, 'invalid-input');
		assert.match(error.message, / match more than 20000 calls$/);
		assert.match(error.facts.remedy, /Narrow the dates/);
		assert.equal(host.requests.length, 400);
	});
});

describe('A credential that a server gives back', () => {
	it('stands in no name of a list', async () => {
		const host = new TestHost(autocall, [pages([campaign(1, { campaign_name: `${token} x` })])], {
			credentials: () => [token, 'short'],
		});
		const { choices } = await listChoices(host.context, 'campaign');
		assert.match(JSON.stringify(choices), /••• x/);
		assert.ok(!JSON.stringify(choices).includes(token));
	});

	it('is looked for in names only when it is too long to be a part of an ordinary word', async () => {
		const host = new TestHost(autocall, [pages([campaign(1, { campaign_name: 'shortened' })])], {
			credentials: () => ['short', 'rtened-elev'],
		});
		const { choices } = await listChoices(host.context, 'campaign');
		assert.match(JSON.stringify(choices), /shortened/);
	});
});
