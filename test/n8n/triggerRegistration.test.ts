import assert from 'node:assert/strict';

import { SIMULATOR_API_KEY, SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import type { NodeUnderTest } from './engine';
import { TriggerHost } from './triggerHost';
import type { HostOptions } from './triggerHost';

describe('OTP Call Trigger in n8n: registration at the provider', () => {
	let simulator: Simulator;
	const hosts: TriggerHost[] = [];

	before(async () => {
		simulator = await startSimulator();
	});
	after(() => simulator.close());
	beforeEach(() => simulator.reset());
	afterEach(async () => {
		await Promise.all(hosts.splice(0).map((host) => host.close()));
	});

	const trigger = (triggerOn: string[] = ['ended'], credential = {}): NodeUnderTest => ({
		type: 'otpCallTrigger',
		parameters: { provider: 'autocall', triggerOn },
		credentials: {
			autocallApi: {
				authentication: 'apiKey',
				apiKey: SIMULATOR_API_KEY,
				baseUrl: simulator.url,
				...credential,
			},
		},
	});

	const start = async (options: Partial<HostOptions> = {}): Promise<TriggerHost> => {
		const host = await TriggerHost.start({ under: trigger(), ...options });
		hosts.push(host);
		return host;
	};

	const registered = () =>
		simulator.registrations.map(({ event, callbackUrl }) => [event, callbackUrl]);
	const created = () =>
		simulator.requests.filter(
			({ method, url }) => method === 'POST' && url.startsWith('/v1/event'),
		);

	it('registers its whole address for the CDR when the workflow is published', async () => {
		const host = await start();
		await host.publish();
		assert.deepEqual(registered(), [['cdr', await host.url()]]);
	});

	it('recognises its registration after a restart', async () => {
		const host = await start();
		await host.publish();
		await host.publish();
		assert.equal(created().length, 1);
		assert.equal(registered().length, 1);
	});

	it('registers again after a restart when the provider has lost the registration', async () => {
		const host = await start();
		await host.publish();
		simulator.reset();
		await host.publish();
		assert.deepEqual(registered(), [['cdr', await host.url()]]);
	});

	it('removes its own registration and only its own', async () => {
		const other = await start({ publicUrl: 'http://127.0.0.1:9' });
		await other.publish();
		const host = await start();
		await host.publish();
		await host.hook('delete');
		assert.deepEqual(registered(), [['cdr', 'http://127.0.0.1:9/webhook/hook/:b']]);
		assert.deepEqual(host.stored, { 'node:Under Test': {} });
	});

	it('registers every occasion that is chosen, and ends those that no longer are', async () => {
		const before = await start({ under: trigger(['ringing', 'answered', 'ended']) });
		await before.publish();
		assert.deepEqual(
			registered()
				.map(([event]) => event)
				.sort(),
			['answered', 'cdr', 'ringing'],
		);
		const publicUrl = new URL(await before.url()).origin;
		const changed = await start({ under: trigger(['answered']), publicUrl });
		await changed.hook('create');
		assert.deepEqual(
			registered().map(([event]) => event),
			['answered'],
		);
	});

	it('moves its registration when the address of n8n has changed', async () => {
		const before = await start({ publicUrl: 'http://127.0.0.1:9' });
		await before.publish();
		const moved = await start({ stored: before.stored });
		await moved.publish();
		assert.deepEqual(registered(), [['cdr', await moved.url()]]);
	});

	it('ends a former registration that a crash has left beside the present one', async () => {
		const before = await start({ publicUrl: 'http://127.0.0.1:9' });
		await before.publish();
		const moved = await start();
		await moved.publish();
		const publicUrl = new URL(await moved.url()).origin;
		const restarted = await start({ stored: before.stored, publicUrl });
		await restarted.publish();
		assert.deepEqual(registered(), [['cdr', await moved.url()]]);
	});

	it('ends the former registration too when the address changed while it was switched off', async () => {
		const before = await start({ publicUrl: 'http://127.0.0.1:9' });
		await before.publish();
		const moved = await start({ stored: before.stored });
		await moved.hook('delete');
		assert.deepEqual(registered(), []);
	});

	it('registers the test address while a test event is listened for', async () => {
		const host = await start({ isTest: true });
		await host.publish();
		assert.match(String(registered()[0]?.[1]), /\/webhook-test\/hook\/:b$/);
		await host.hook('delete');
		assert.deepEqual(registered(), []);
	});

	it("says in the provider's words why it refuses the registration", async () => {
		simulator.faults.add({
			fault: { kind: 'status', status: 422, body: { error: 'callback_url is not allowed' } },
			match: { method: 'POST', path: '/v1/event' },
		});
		const host = await start();
		await assert.rejects(host.publish(), {
			name: 'NodeApiError',
			message: 'TEL4VN Autocall refused the request (HTTP 422): “callback_url is not allowed”',
		});
	});

	it('says that its address is not public, before any request', async () => {
		const credential = { baseUrl: 'https://api.example.com' };
		const host = await start({ under: trigger(['ended'], credential) });
		await assert.rejects(host.hook('create'), (error: Error & { description?: string }) => {
			assert.match(
				error.message,
				/^Webhook URL is http:\/\/127\.0\.0\.1:\d+, which TEL4VN Autocall cannot/,
			);
			assert.match(error.description ?? '', /WEBHOOK_URL/);
			return true;
		});
	});

	it('says that the API key is wrong', async () => {
		const host = await start({ under: trigger(['ended'], { apiKey: 'wrong' }) });
		await assert.rejects(host.publish(), /did not accept the API Key/);
	});

	it('asks for at least one occasion', async () => {
		const host = await start({ under: trigger([]) });
		await assert.rejects(host.publish(), /Trigger On is empty/);
	});

	it('has nothing to register, and needs no account, for a provider that takes no registration', async () => {
		const host = await start({
			under: { type: 'otpCallTrigger', parameters: { provider: 'bitel', triggerOn: ['ended'] } },
		});
		await host.publish();
		await host.hook('delete');
		assert.equal(simulator.requests.length, 0);
	});

	it('keeps a token as well as an API key out of what it stores', async () => {
		const host = await start({
			under: trigger(['ended'], { authentication: 'token', token: SIMULATOR_TOKEN }),
		});
		await host.publish();
		assert.ok(!JSON.stringify(host.stored).includes(SIMULATOR_TOKEN));
		assert.equal(registered().length, 1);
	});
});
