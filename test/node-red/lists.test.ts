import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import account from '../../node-red/nodes/otp-call-account/runtime';
import {
	SEED_CAMPAIGN_UUID,
	SIMULATOR_TOKEN,
	STOPPED_CAMPAIGN_UUID,
	startSimulator,
} from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import type { NodeAPI } from 'node-red';

interface Answer {
	readonly status: number;
	readonly body: {
		readonly choices: readonly { readonly value: string; readonly name: string }[];
		readonly nextOffset: number | null;
		readonly message?: string;
		readonly remedy?: string;
	};
}

/** What is used of node-red-node-test-helper, which has no types. */
interface TestHelper {
	load(
		nodes: readonly ((RED: NodeAPI) => void)[],
		flow: readonly object[],
		credentials: object,
	): Promise<void>;
	unload(): Promise<void>;
	startServer(): Promise<void>;
	stopServer(): Promise<void>;
	request(): { get(path: string): Promise<Answer> };
}

const helper = createRequire(import.meta.url)('node-red-node-test-helper') as TestHelper;

describe('Node-RED: lists to pick from', () => {
	let simulator: Simulator;
	const permissions: string[] = [];

	before(() => helper.startServer());
	after(() => helper.stopServer());
	beforeEach(async () => {
		simulator = await startSimulator();
	});
	afterEach(async () => {
		await helper.unload();
		await simulator.close();
	});

	const load = async (fields: Record<string, unknown> = {}, token = SIMULATOR_TOKEN) => {
		const watch = (RED: NodeAPI): void => {
			const needsPermission = RED.auth.needsPermission.bind(RED.auth);
			permissions.length = 0;
			RED.auth.needsPermission = (permission) => {
				permissions.push(permission);
				return needsPermission(permission);
			};
		};
		await helper.load(
			[watch, account],
			[
				{
					id: 'account',
					type: 'otp-call-account',
					provider: 'autocall',
					baseUrl: simulator.url,
					authentication: 'token',
					...fields,
				},
			],
			{ account: { token } },
		);
	};
	const get = (field: string, query = '', id = 'account') =>
		helper.request().get(`/otp-call-account/${id}/lists/${field}${query}`);

	it('need the permission to read accounts', async () => {
		await load();
		assert.equal(permissions[0], 'otp-call-account.read');
	});

	it('hold campaigns by name, with those that do not run pointed out', async () => {
		await load();
		const { status, body } = await get('campaign');
		assert.equal(status, 200);
		const names = new Map(body.choices.map(({ value, name }) => [value, name]));
		assert.equal(names.get(SEED_CAMPAIGN_UUID), 'VoiceOTP');
		assert.equal(names.get(STOPPED_CAMPAIGN_UUID), 'VoiceOTP Stopped (stopped)');
	});

	it('come in pages to their end', async () => {
		await load();
		const values: string[] = [];
		for (let offset: number | null = 0; offset !== null; ) {
			const { body }: Answer = await get('template', `?offset=${offset}`);
			values.push(...body.choices.map(({ value }) => value));
			offset = body.nextOffset;
		}
		assert.equal(new Set(values).size, 130);
	});

	it('find what is typed on a later page', async () => {
		await load();
		const { body } = await get('template', '?filter=SCRIPT_127');
		assert.deepEqual(
			body.choices.map(({ value }) => value),
			['otp_script_127'],
		);
	});

	it('are asked of the account’s own server, whatever the browser sends', async () => {
		await load();
		const elsewhere = await startSimulator();
		await get('campaign', `?baseUrl=${elsewhere.url}&url=${elsewhere.url}&offset=-1`);
		assert.equal(elsewhere.counters.requests, 0);
		assert.deepEqual(
			simulator.requests.map(({ url }) => url),
			[0, 50, 100].map((offset) => `/v3/campaign?type=autocall&limit=50&offset=${offset}`),
		);
		await elsewhere.close();
	});

	it('that the provider refuses say why and what to do, without ending the editor’s session', async () => {
		await load({}, 'wrong-token');
		const { status, body } = await get('campaign');
		assert.equal(status, 502);
		assert.match(String(body.message), /did not accept the token of the account/);
		assert.match(String(body.remedy), /Get a new token/);
		assert.doesNotMatch(JSON.stringify(body), /[‹›]/);
		assert.doesNotMatch(JSON.stringify(body), /wrong-token/);
	});

	it('that fail say it in the language of the form that asks', async () => {
		await load({}, 'wrong-token');
		const { body } = await get('campaign', '?language=vi');
		assert.match(String(body.message), /did not accept the token of the tài khoản/);
		const other = await get('campaign', '?language=constructor');
		assert.match(String(other.body.message), /of the account/);
	});

	it('of an account that is not deployed say so', async () => {
		await load();
		const { status, body } = await get('campaign', '', 'nobody');
		assert.equal(status, 400);
		assert.match(String(body.message), /Account does not exist/);
	});

	it('that the provider does not have are refused without a request', async () => {
		await load();
		for (const field of ['refId', 'constructor', '__proto__']) {
			assert.equal((await get(field)).status, 400, field);
		}
		await helper.unload();
		await load({ provider: 'bitel' });
		assert.equal((await get('campaign')).status, 400);
		assert.equal(simulator.counters.requests, 0);
	});
});
