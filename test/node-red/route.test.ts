import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { ProxyServer } from './proxyServer';
import { RunningFlow, hosts } from './runningFlow';
import type { Fields, FlowNode } from './runningFlow';

const pem = (name: string): string =>
	readFileSync(
		new URL(`../tools/simulator/fixtures/loopback-${name}.pem`, import.meta.url),
		'utf8',
	);

const send = {
	type: 'send-otp-call',
	phoneNumber: '09123456789',
	phoneNumberType: 'str',
	code: '80417',
	codeType: 'str',
};

const proxyVariables = ['http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY'];

for (const host of hosts) {
	describe(`The way to the provider in ${host}`, () => {
		let simulator: Simulator;
		let proxy: ProxyServer;
		let flow: RunningFlow;
		const environment = new Map<string, string | undefined>();

		beforeEach(async () => {
			for (const name of proxyVariables) {
				environment.set(name, process.env[name]);
				delete process.env[name];
			}
			proxy = await ProxyServer.start();
		});
		afterEach(async () => {
			await flow.stop();
			await simulator.close();
			await proxy.close();
			for (const [name, value] of environment) {
				if (value === undefined) delete process.env[name];
				else process.env[name] = value;
			}
		});

		const start = async (
			account: Fields,
			nodes: readonly FlowNode[] = [],
			secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
		): Promise<void> => {
			flow = await RunningFlow.start(
				host,
				send,
				{ provider: 'bitel', baseUrl: simulator.url, ...account },
				{ token: SIMULATOR_TOKEN },
				nodes,
				secrets,
			);
		};
		const tlsNode = {
			id: 'tls',
			type: 'tls-config',
			verifyservercert: true,
			cert: '',
			key: '',
			ca: '',
		};
		const proxyNode = (fields: Fields): FlowNode => ({
			id: 'proxy',
			type: 'http proxy',
			url: proxy.url,
			noproxy: [],
			...fields,
		});

		it('trusts the authority of a tls-config node, and none without it', async () => {
			simulator = await startSimulator({ tls: { key: pem('key'), cert: pem('cert') } });
			await start({});
			const error = await flow.failure({});
			assert.equal(error.code, 'unreachable');
			assert.match(error.message, /certificate cannot be verified/);
			await flow.stop();
			await start({ tls: 'tls' }, [tlsNode], { tls: { cadata: pem('cert') } });
			await flow.result({});
			assert.equal(simulator.calls.length, 1);
		});

		it('leads through an http proxy node, with its user name and password', async () => {
			simulator = await startSimulator();
			const secrets = { proxy: { username: 'ann', password: 'secret' } };
			await start({ proxy: 'proxy' }, [proxyNode({})], secrets);
			await flow.result({});
			assert.deepEqual(proxy.tunnels, [simulator.url.replace('http://', '')]);
			assert.deepEqual(proxy.authorizations, [`Basic ${btoa('ann:secret')}`]);
		});

		it('leads past an http proxy node that excludes the host', async () => {
			simulator = await startSimulator();
			await start({ proxy: 'proxy' }, [proxyNode({ noproxy: ['127.0.0.1'] })]);
			await flow.result({});
			assert.deepEqual(proxy.tunnels, []);
		});

		it('leads through the proxy of the environment, unless that excludes the host', async () => {
			simulator = await startSimulator();
			process.env['HTTP_PROXY'] = proxy.url;
			await start({});
			await flow.result({});
			assert.equal(proxy.tunnels.length, 1);
			await flow.stop();
			process.env['no_proxy'] = '127.0.0.1';
			await start({});
			await flow.result({});
			assert.equal(proxy.tunnels.length, 1);
		});

		it('says that a proxy lets nothing through, and that no call was placed', async () => {
			simulator = await startSimulator();
			proxy.status = 407;
			await start({ proxy: 'proxy', timeout: '1' }, [proxyNode({})]);
			const error = await flow.failure({});
			assert.equal(error.code, 'unreachable');
			assert.equal(error.cause['callMayHaveBeenPlaced'], false);
			assert.equal(simulator.counters.requests, 0);
		});
	});
}
