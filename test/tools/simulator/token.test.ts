import assert from 'node:assert/strict';
import {
	SIMULATOR_API_KEY,
	type Simulator,
	TOKEN_LIFETIME_MS,
	createManualClock,
	startSimulator,
} from '../../../tools/simulator';
import { at, call } from './client';

describe("simulator: Autocall's token endpoint", () => {
	let simulator: Simulator;

	beforeEach(async () => {
		simulator = await startSimulator({ clock: createManualClock() });
	});
	afterEach(() => simulator.close());

	const headers = { 'content-type': 'application/json' };
	const ask = (body: unknown = { api_key: SIMULATOR_API_KEY }) =>
		call(simulator.url, 'POST', '/v3/auth/token', body, { headers });
	const statusWith = async (token: unknown) => {
		const authorization = { authorization: `Bearer ${String(token)}` };
		return (await call(simulator.url, 'GET', '/v1/event', undefined, { headers: authorization }))
			.status;
	};

	it('answers a token for an API key, with every documented field', async () => {
		const { status, json } = await ask();
		assert.equal(status, 200);
		assert.deepEqual(Object.keys(json ?? {}).sort(), [
			'client_id',
			'domain_uuid',
			'expired_in',
			'refresh_token',
			'token',
			'token_type',
			'user_id',
		]);
		assert.equal(await statusWith(at(json, 'token')), 200);
	});

	it("answers in the older version's wrapper when that is set", async () => {
		simulator.change({ tokenForm: 'wrapped' });
		const { json } = await ask();
		assert.equal(await statusWith(at(json, 'data', 'token')), 200);
		assert.equal(at(json, 'token'), undefined);
	});

	it('answers another token each time, and both are accepted', async () => {
		const tokens = [at((await ask()).json, 'token'), at((await ask()).json, 'token')];
		assert.notEqual(tokens[0], tokens[1]);
		for (const token of tokens) assert.equal(await statusWith(token), 200);
	});

	it('issues tokens that expire after 24 hours', async () => {
		const token = at((await ask()).json, 'token');
		await simulator.clock.advance(TOKEN_LIFETIME_MS - 1);
		assert.equal(await statusWith(token), 200);
		await simulator.clock.advance(1);
		assert.equal(await statusWith(token), 401);
	});

	it('issues tokens that can be revoked at once', async () => {
		const token = at((await ask()).json, 'token');
		simulator.revokeIssuedTokens();
		assert.equal(await statusWith(token), 401);
	});

	it('answers 401 to a wrong API key', async () => {
		const answer = await ask({ api_key: 'wrong' });
		assert.equal(answer.status, 401);
		assert.deepEqual(answer.json, { error: 'api_key is invalid' });
	});

	it("answers 401 in the older version's form when that is set", async () => {
		simulator.change({ tokenForm: 'wrapped' });
		const answer = await ask({ api_key: 'wrong' });
		assert.equal(answer.status, 401);
		assert.equal(at(answer.json, 'data', 'error'), 'api_key is invalid');
	});

	for (const [what, body] of [
		['without an API key', {}],
		['with a number for an API key', { api_key: 1 }],
		['with another field', { api_key: SIMULATOR_API_KEY, user: 'x' }],
	] as const) {
		it(`refuses a request ${what}`, async () => {
			assert.equal((await ask(body)).status, 400);
		});
	}
});
