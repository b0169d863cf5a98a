import assert from 'node:assert/strict';
import {
	DEFAULT_CAMPAIGNS,
	DEFAULT_TEMPLATES,
	SEED_CAMPAIGN_UUID,
	type Simulator,
	createManualClock,
	startSimulator,
} from '../../../tools/simulator';
import { AUTOCALL_SEND, at, get, sendAutocall } from './client';

describe("simulator: Autocall's lists", () => {
	let simulator: Simulator;

	beforeEach(async () => {
		const clock = createManualClock(Date.parse('2023-03-07T10:00:00+07:00'));
		simulator = await startSimulator({ clock });
	});
	afterEach(() => simulator.close());

	const rows = async (path: string): Promise<readonly unknown[]> => {
		const data: unknown = at((await get(simulator.url, path)).json, 'data');
		return Array.isArray(data) ? Array.from<unknown>(data) : [];
	};

	for (const [path, total] of [
		['/v3/campaign?type=autocall&', DEFAULT_CAMPAIGNS.length],
		['/v3/template?', DEFAULT_TEMPLATES.length],
	] as const) {
		it(`${path} comes in pages whose offset counts records`, async () => {
			const first = await rows(`${path}limit=100&offset=0`);
			const second = await rows(`${path}limit=100&offset=100`);
			assert.equal(first.length, 100);
			assert.equal(second.length, total - 100);
			const { json } = await get(simulator.url, `${path}limit=2&offset=1`);
			assert.deepEqual(json, { data: first.slice(1, 3), limit: 2, offset: 1, total });
		});

		for (const query of ['', 'limit=10', 'offset=0', 'limit=0&offset=0', 'limit=10&offset=-1']) {
			it(`${path} is refused with "${query}"`, async () => {
				assert.equal((await get(simulator.url, path + query)).status, 400);
			});
		}

		it(`${path} is refused with a parameter that is not documented, or given twice`, async () => {
			for (const query of ['limit=10&offset=0&page=1', 'limit=10&limit=20&offset=0']) {
				assert.equal((await get(simulator.url, path + query)).status, 400);
			}
		});
	}

	it('of campaigns hold both types, and every state', async () => {
		const campaigns = await rows('/v3/campaign?type=autocall&limit=1000&offset=0');
		const values = (field: string) => [...new Set(campaigns.map((row) => at(row, field)))].sort();
		assert.deepEqual(values('type_autocall'), ['autocall_voice_otp', 'autocall_voice_tts']);
		assert.deepEqual(values('status'), ['pause', 'start', 'stop']);
		assert.deepEqual(values('active'), [false, true]);
		assert.equal(at(campaigns[0], 'campaign_uuid'), SEED_CAMPAIGN_UUID);
	});

	it('of campaigns need the type autocall', async () => {
		assert.equal((await get(simulator.url, '/v3/campaign?limit=10&offset=0')).status, 400);
		const other = await get(simulator.url, '/v3/campaign?type=inbound&limit=10&offset=0');
		assert.equal(other.status, 400);
	});

	it('of templates are searched by a part of the name', async () => {
		const found = await rows('/v3/template?limit=10&offset=0&template_name=script_07');
		assert.deepEqual(
			found.map((row) => at(row, 'template_name')),
			['otp_script_07'],
		);
	});

	describe('of CDRs', () => {
		const refIds = async (filters: string) =>
			(await rows(`/v3/cdr?limit=10&offset=0${filters}`)).map((row) =>
				at(row, 'additional', 'ref_id'),
			);

		beforeEach(async () => {
			await sendAutocall(simulator.url, { ...AUTOCALL_SEND, ref_id: 'morning' });
			await simulator.clock.advance(12 * 3_600_000);
			const busy = { ...AUTOCALL_SEND, phone_number: '0332665701', ref_id: 'evening' };
			await sendAutocall(simulator.url, busy);
			await simulator.clock.advance(24 * 3_600_000);
			await sendAutocall(simulator.url, { ...AUTOCALL_SEND, ref_id: 'under way' });
		});

		it('hold the calls that have a record, the newest first', async () => {
			assert.deepEqual(await refIds(''), ['evening', 'morning']);
		});

		const filters: readonly (readonly [string, readonly string[]])[] = [
			['&status=BUSY', ['evening']],
			['&phone=0332665711', ['morning']],
			['&hotline=02873003586', ['evening', 'morning']],
			['&hotline=02873003587', []],
			['&direction=inbound', []],
			[`&campaign_uuid=${SEED_CAMPAIGN_UUID}&direction=outbound`, ['evening', 'morning']],
			['&start_date=2023-03-07', ['evening', 'morning']],
			['&start_date=2023-03-07%2010:00:02', ['evening']],
			['&end_date=2023-03-07+22:00:00', ['morning']],
			['&start_date=2023-03-08', []],
		];
		for (const [filter, expected] of filters) {
			it(`are filtered by ${filter}`, async () => {
				assert.deepEqual(await refIds(filter), expected);
			});
		}

		it('are refused with a date that is none', async () => {
			const answer = await get(simulator.url, '/v3/cdr?limit=1&offset=0&start_date=07/03/2023');
			assert.equal(answer.status, 400);
			assert.deepEqual(answer.json, { error: [{ start_date: 'Invalid date' }] });
		});
	});
});
