import assert from 'node:assert/strict';

import { createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { call } from '../tools/simulator/client';
import { passTimeWith } from './runningFlow';
import { EventHost, flowOf, secret, until } from './eventFlow';

describe('Node-RED: a registration of otp-call-event', () => {
	let simulator: Simulator;
	let host: EventHost;

	beforeEach(async () => {
		simulator = await startSimulator({ clock: createManualClock() });
		host = await EventHost.start();
	});
	afterEach(async () => {
		await host.halt();
		await host.close();
		await simulator.close();
	});

	const autocall = (fields: Record<string, unknown> = {}, account: Record<string, unknown> = {}) =>
		flowOf(
			{ publicUrl: host.url, ...fields },
			{ provider: 'autocall', baseUrl: simulator.url, ...account },
		);
	const bitel = (fields: Record<string, unknown> = {}) =>
		flowOf(fields, { provider: 'bitel', baseUrl: simulator.url });
	const address = (path = 'hook'): string => `${host.url}/${path}?secret=${secret}`;
	const registered = () =>
		simulator.registrations.map(({ event, callbackUrl }) => `${event} ${callbackUrl}`).sort();
	const registerElsewhere = (event: string, url: string) =>
		call(simulator.url, 'POST', '/v1/event', { callback_url: url, event });

	it('is made on deploy for each chosen occasion, with the whole address', async () => {
		await host.boot(autocall({ triggerOn: ['ringing', 'answered', 'ended'] }));
		await host.untilStatus('registered');
		assert.deepEqual(registered(), [
			`answered ${address()}`,
			`cdr ${address()}`,
			`ringing ${address()}`,
		]);
	});

	it('holds the root of the flows and the path of the public URL', async () => {
		const flow = autocall({ publicUrl: `${host.url}/behind/a/proxy/`, path: '/a/b/' });
		await host.boot(flow, { httpNodeRoot: '/flows/' });
		await host.untilStatus('registered');
		assert.deepEqual(registered(), [`cdr ${host.url}/behind/a/proxy/flows/a/b?secret=${secret}`]);
	});

	it('is recognised after a restart', async () => {
		await host.boot(autocall());
		await host.untilStatus('registered');
		await host.halt();
		assert.deepEqual(registered(), [`cdr ${address()}`]);
		await host.boot(autocall());
		await host.untilStatus('registered');
		assert.deepEqual(registered(), [`cdr ${address()}`]);
	});

	it('outlives a redeployment of everything', async () => {
		await host.boot(autocall());
		await host.untilStatus('registered');
		await host.deploy(autocall());
		await until(
			() => host.statuses().filter((text) => text === 'registered').length === 2,
			'again',
		);
		assert.deepEqual(registered(), [`cdr ${address()}`]);
		const changes = simulator.requests.filter(({ method }) => method !== 'GET');
		assert.equal(changes.length, 1);
	});

	it('ends with the node, and no other does', async () => {
		await registerElsewhere('cdr', `${host.url}/another?secret=${secret}`);
		await host.boot(autocall({ triggerOn: ['ringing', 'ended'] }));
		await host.untilStatus('registered');
		await host.deploy(autocall().filter(({ id }) => id !== 'event'));
		assert.deepEqual(registered(), [`cdr ${host.url}/another?secret=${secret}`]);
	});

	it('ends when the node goes together with its account', async () => {
		await host.boot(autocall());
		await host.untilStatus('registered');
		await host.deploy(autocall().filter(({ id }) => id !== 'event' && id !== 'account'));
		assert.deepEqual(registered(), []);
	});

	it('ends when the node is disabled, and comes back with it', async () => {
		await host.boot(autocall());
		await host.untilStatus('registered');
		await host.deploy(autocall({ d: true }), 'nodes');
		assert.deepEqual(registered(), []);
		await host.deploy(autocall(), 'nodes');
		await until(() => registered().length === 1, 'registered again');
	});

	it('moves with the path', async () => {
		await host.boot(autocall());
		await host.untilStatus('registered');
		await host.deploy(autocall({ path: 'moved' }), 'nodes');
		await until(() => registered().join() === `cdr ${address('moved')}`, 'moved');
	});

	it('loses the occasions that are no longer chosen', async () => {
		await host.boot(autocall({ triggerOn: ['ringing', 'ended'] }));
		await host.untilStatus('registered');
		await host.deploy(autocall({ triggerOn: ['ringing'] }), 'nodes');
		await until(() => registered().join() === `ringing ${address()}`, 'ringing alone');
	});

	it('ends when the node gets an account that takes no registration', async () => {
		await host.boot(autocall());
		await host.untilStatus('registered');
		await host.deploy(bitel());
		await until(() => registered().length === 0, 'the registration ended');
	});

	it('that the provider refuses is told on the node', async () => {
		simulator.faults.add({
			match: { method: 'POST', path: /event/ },
			fault: { kind: 'status', status: 400, body: { error: 'callback_url is not allowed' } },
		});
		await host.boot(autocall());
		await host.untilStatus('refused');
		assert.match(String(host.errors()[0]?.message), /callback_url is not allowed/);
	});

	it('is made when a provider that could not be reached is back', async () => {
		const time = passTimeWith(simulator);
		try {
			// All tries of the first look for what is registered already, and one of the second.
			simulator.faults.add({
				match: { path: /event/ },
				fault: { kind: 'status', status: 503 },
				times: 4,
			});
			await host.boot(autocall());
			await host.untilStatus('registered');
			assert.deepEqual(host.statuses(), ['registering', 'unreachable', 'trying', 'registered']);
			assert.ok(time.slept.includes(10_000));
			assert.deepEqual(registered(), [`cdr ${address()}`]);
		} finally {
			time.restore();
		}
	});

	it('is given up when the node closes before', async () => {
		const fault = { kind: 'never-answer' } as const;
		simulator.faults.add({ match: { path: /event/ }, fault, times: 1 });
		await host.boot(autocall());
		await until(() => simulator.requests.length === 1, 'a request under way');
		const start = performance.now();
		await host.deploy(autocall().filter(({ id }) => id !== 'event'));
		assert.ok(performance.now() - start < 2_000);
		assert.deepEqual([host.errors(), registered()], [[], []]);
	});

	it('is not tried with a URL that the provider cannot reach', async () => {
		await host.boot(autocall({}, { baseUrl: 'https://api.example.com' }));
		await host.untilStatus('invalid-input');
		assert.match(String(host.errors()[0]?.message), /cannot reach from the internet/);
	});
});
