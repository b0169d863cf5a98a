import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import type { NodeAPI } from 'node-red';

import { storedSecret } from '../../node-red/forms/form';
import { version } from '../../node-red/forms/migrations';
import account from '../../node-red/nodes/otp-call-account/runtime';
import { SEED_CAMPAIGN_UUID, SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { nodeRedAccount, simulatedAccounts } from '../fixtures/simulatedAccounts';
import { ProxyServer } from './proxyServer';
import { at, coreNodes } from './runningFlow';
import type { Fields } from './runningFlow';

interface Answer {
	readonly status: number;
	readonly body: unknown;
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
	request(): {
		post(path: string): {
			type(type: string): { send(body: string): Promise<Answer> };
			send(body: object): Promise<Answer>;
		};
	};
	log(): { readonly args: readonly unknown[] };
}

const helper = createRequire(import.meta.url)('node-red-node-test-helper') as TestHelper;

interface Form {
	readonly properties: Fields;
	readonly secrets: Fields;
}

describe('Node-RED: the test of an account as it stands in its form', () => {
	let simulator: Simulator;
	/** Another server, to which nothing shall go unasked. */
	let other: Simulator;
	let permissions: string[] = [];

	before(() => helper.startServer());
	after(() => helper.stopServer());
	beforeEach(async () => {
		simulator = await startSimulator();
		other = await startSimulator();
		permissions = [];
	});
	afterEach(async () => {
		await helper.unload();
		await simulator.close();
		await other.close();
	});

	const load = async (flow: readonly object[] = [], credentials: object = {}): Promise<void> => {
		const watch = (RED: NodeAPI): void => {
			const needsPermission = RED.auth.needsPermission.bind(RED.auth);
			RED.auth.needsPermission = (permission) => {
				permissions.push(permission);
				return needsPermission(permission);
			};
		};
		await helper.load([watch, account, ...coreNodes('node-red')], flow, credentials);
	};
	const bitel = (baseUrl: string, token: string): Form => ({
		properties: { provider: 'bitel', baseUrl, version },
		secrets: { token },
	});
	const ask = (what: string, form: Form, id = 'new') =>
		helper.request().post(`/otp-call-account/${id}/${what}`).send(form);
	const test = (form: Form, id?: string, language = 'en') =>
		ask(`test?language=${language}`, form, id);
	const deployed = (token = SIMULATOR_TOKEN, fields: Fields = {}) =>
		load(
			[
				{
					id: 'account',
					type: 'otp-call-account',
					provider: 'bitel',
					baseUrl: simulator.url,
					version,
					...fields,
				},
			],
			{ account: { token } },
		);

	it('needs the permission to write accounts', async () => {
		await load();
		assert.deepEqual(permissions, ['otp-call-account.read', 'otp-call-account.write']);
	});

	for (const simulated of simulatedAccounts) {
		it(`passes before the account is deployed, and calls nobody: ${simulated.provider.name}`, async () => {
			await load();
			const { credentials, type: _type, ...properties } = nodeRedAccount(simulated, simulator.url);
			const { body, status } = await test({
				properties: { ...properties, version },
				secrets: credentials,
			});
			assert.deepEqual([status, body], [200, {}]);
			assert.equal(simulator.counters.sends, 0);
			assert.equal(simulator.counters.requests, 1);
		});
	}

	it('says what is wrong and what to do, in words without a secret', async () => {
		await load();
		const { body, status } = await test(bitel(simulator.url, 'wrong-token-91'));
		assert.equal(status, 502);
		assert.match(String(at(body, 'message')), /^Bitel did not accept the token of the account/);
		assert.match(String(at(body, 'remedy')), /enter it under Token in the account/);
		assert.doesNotMatch(JSON.stringify([body, helper.log().args]), /wrong-token-91|[‹›]/);
	});

	it('speaks the language of the form', async () => {
		await load();
		const { body } = await test(bitel(simulator.url, ''), 'new', 'vi');
		assert.match(String(at(body, 'message')), /^Token of the tài khoản is empty/);
	});

	it('asks no server over plain HTTP but one on this machine', async () => {
		await load();
		const { body, status } = await test(bitel('http://api.example.com', 'token'));
		assert.equal(status, 400);
		assert.match(String(at(body, 'message')), /must begin with https:\/\//);
	});

	it('takes a secret that was saved before from the runtime', async () => {
		await deployed();
		const { body, status } = await test(bitel(simulator.url, storedSecret), 'account');
		assert.deepEqual([status, body], [200, {}]);
	});

	it('sends a secret that was saved before to no other address', async () => {
		await deployed();
		const { body, status } = await test(bitel(other.url, storedSecret), 'account');
		assert.equal(status, 400);
		assert.match(String(at(body, 'message')), /^Base URL has changed/);
		assert.match(String(at(body, 'remedy')), /^Enter Token once more/);
		assert.equal(other.counters.requests, 0);
		// One that is typed now is another matter.
		assert.equal((await test(bitel(other.url, SIMULATOR_TOKEN), 'account')).status, 200);
	});

	it('goes through the proxy that is chosen in the form', async () => {
		const proxy = await ProxyServer.start();
		await load([{ id: 'proxy', type: 'http proxy', url: proxy.url, noproxy: [] }]);
		const { properties, secrets } = bitel(simulator.url, SIMULATOR_TOKEN);
		const { status } = await test({ properties: { ...properties, proxy: 'proxy' }, secrets });
		await proxy.close();
		assert.equal(status, 200);
		assert.deepEqual(proxy.tunnels, [new URL(simulator.url).host]);
	});

	it('takes variables of the environment, as a deployed account does', async () => {
		process.env['TOKEN_OF_TESTS'] = SIMULATOR_TOKEN;
		await load();
		assert.equal((await test(bitel(simulator.url, '${TOKEN_OF_TESTS}'))).status, 200);
		delete process.env['TOKEN_OF_TESTS'];
	});

	it('takes nothing that a page of another site could post', async () => {
		await deployed();
		const body = new URLSearchParams({
			'properties[provider]': 'bitel',
			'properties[baseUrl]': simulator.url,
			'secrets[token]': storedSecret,
		}).toString();
		const { status } = await helper
			.request()
			.post('/otp-call-account/account/test')
			.type('application/x-www-form-urlencoded')
			.send(body);
		assert.equal(status, 400);
		assert.equal(simulator.counters.requests, 0);
	});

	it('goes for the lists to pick from, too', async () => {
		await load();
		const form = {
			properties: {
				provider: 'autocall',
				baseUrl: simulator.url,
				authentication: 'token',
				version,
			},
			secrets: { token: SIMULATOR_TOKEN },
		};
		const { body, status } = await ask('lists/campaign', form);
		assert.equal(status, 200);
		assert.equal(at(body, 'choices', '0', 'value'), SEED_CAMPAIGN_UUID);
	});
});
