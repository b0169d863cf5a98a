import assert from 'node:assert/strict';
import { type Simulator, createManualClock, startSimulator } from '../../../tools/simulator';
import { KAVENEGAR_TEMPLATE } from '../../../tools/simulator/providers/kavenegar/lookupRules';
import { type Answer, at, call } from './client';

const KEY = 'simulator-token';
const ORDER = {
	receptor: '09123456750',
	token: '48213',
	template: KAVENEGAR_TEMPLATE,
	type: 'call',
};

describe('simulator: Kavenegar', () => {
	let simulator: Simulator;

	before(async () => {
		simulator = await startSimulator({ clock: createManualClock(1_356_619_709_000) });
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const lookup = (changes: Record<string, string> = {}, key = KEY): Promise<Answer> => {
		const body = new URLSearchParams({ ...ORDER, ...changes }).toString();
		const headers = { 'content-type': 'application/x-www-form-urlencoded' };
		return call(simulator.url, 'POST', `/v1/${key}/verify/lookup.json`, body, { headers });
	};
	const get = (method: string, key = KEY): Promise<Answer> =>
		call(simulator.url, 'GET', `/v1/${key}/${method}`, undefined, { headers: {} });
	const said = ({ json }: Answer): unknown => at(json, 'return', 'status');

	it('answers a lookup as documented, with the code in its message', async () => {
		simulator.plans.forNextCall({ ids: { messageid: '8792343' } });
		const { status, json } = await lookup();
		assert.equal(status, 200);
		assert.deepEqual(at(json, 'entries'), [
			{
				messageid: 8792343,
				message: 'کد تایید شما: 48213',
				status: 1,
				statustext: 'در صف ارسال',
				sender: '10004346',
				receptor: '09123456750',
				date: 1356619709,
				cost: 1200,
			},
		]);
		assert.deepEqual(
			simulator.calls.map(({ provider, code }) => [provider, code]),
			[['kavenegar', '48213']],
		);
	});

	it('tells a call in the states of a message', async () => {
		const statesOf = async (ending: string): Promise<unknown[]> => {
			const { json } = await lookup({ receptor: `091234567${ending}` });
			const id = String(at(json, 'entries', 0, 'messageid'));
			const seen: unknown[] = [];
			for (const pass of [0, 1_500, 10_000]) {
				await simulator.clock.advance(pass);
				seen.push(at((await get(`sms/status.json?messageid=${id}`)).json, 'entries', 0, 'status'));
			}
			return seen;
		};
		assert.deepEqual(await statesOf('50'), [1, 5, 10]);
		assert.deepEqual(await statesOf('02'), [1, 5, 11]);
		assert.equal((await statesOf('06')).at(-1), 6);
		const unknown = await get('sms/status.json?messageid=1');
		assert.equal(at(unknown.json, 'entries', 0, 'status'), 100);
	});

	for (const [changes, code] of [
		[{ token: '12a4' }, 428],
		[{ token: '12 34' }, 431],
		[{ token: '' }, 406],
		[{ template: 'other' }, 424],
		[{ receptor: '+989123456750' }, 411],
		[{ type: 'sms' }, 400],
		[{ localid: '7' }, 400],
	] as const) {
		it(`refuses ${JSON.stringify(changes)} with ${code}, and places nothing`, async () => {
			const refused = await lookup(changes);
			assert.deepEqual([refused.status, said(refused)], [code, code]);
			simulator.change({ kavenegarErrorsAsStatus: false });
			const in200 = await lookup(changes);
			assert.deepEqual([in200.status, said(in200)], [200, code]);
			assert.equal(simulator.counters.placed, 0);
		});
	}

	it('refuses a wrong key, an unknown method and a wrong one', async () => {
		assert.equal(said(await lookup({}, 'wrong')), 403);
		assert.equal(said(await get('account/info.json', 'wrong')), 403);
		assert.equal(said(await get('sms/none.json')), 404);
		assert.equal(said(await get('verify/lookup.json')), 405);
		assert.equal(said(await get('sms/status.json?messageid=a')), 400);
	});

	it('shows the credit of the account', async () => {
		const { json } = await get('account/info.json');
		assert.equal(at(json, 'entries', 'remaincredit'), 1_000_000);
	});
});
