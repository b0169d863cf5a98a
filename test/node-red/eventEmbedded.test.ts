import assert from 'node:assert/strict';

import { SIMULATOR_API_KEY, createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { at } from '../tools/simulator/client';
import { EmbeddedHost } from './embeddedHost';
import { hosts, until } from './runningFlow';
import type { Fields } from './runningFlow';

const secret = '0123456789abcdef0123456789abcdef';

const ended = { call_id: 'c1', state: 'cdr', status: 'answered', ref_id: 'order-1' };

for (const name of hosts) {
	describe(`otp-call-event of the packed package in an embedded ${name}`, function () {
		this.timeout(60_000);
		let host: EmbeddedHost;
		let simulator: Simulator;

		const account = (): Fields => ({
			id: 'account',
			type: 'otp-call-account',
			provider: 'autocall',
			baseUrl: simulator.url,
			authentication: 'apiKey',
			credentials: { apiKey: SIMULATOR_API_KEY },
		});
		const flow = (): Fields[] => [
			{ id: 'tab', type: 'tab', label: 'Events' },
			account(),
			{
				id: 'event',
				type: 'otp-call-event',
				z: 'tab',
				x: 0,
				y: 0,
				account: 'account',
				triggerOn: ['ended'],
				path: 'hook',
				publicUrl: host.url,
				confirmStatus: false,
				simplify: true,
				credentials: { secret },
				wires: [['out']],
			},
			{ id: 'out', type: 'junction', z: 'tab', x: 0, y: 0, wires: [[]] },
		];

		before(async () => {
			simulator = await startSimulator({ clock: createManualClock() });
			host = await EmbeddedHost.start(name);
		});
		after(async () => {
			await host.stop();
			await simulator.close();
		});
		beforeEach(async () => {
			await host.deploy([]);
			const shown = host.statusesOf('event');
			await host.deploy(flow());
			await until(() => shown.includes('registered'), 'registered at the provider');
		});

		const deliver = async (body: string, type: string): Promise<number> => {
			const url = `${host.url}/hook?secret=${secret}`;
			const headers = { 'content-type': type };
			return (await fetch(url, { method: 'POST', headers, body })).status;
		};

		it('takes JSON, a form, and JSON that is not declared as such', async () => {
			const bodies = [
				[JSON.stringify({ ...ended, call_id: 'c1' }), 'application/json'],
				[
					new URLSearchParams({ ...ended, call_id: 'c2' }).toString(),
					'application/x-www-form-urlencoded',
				],
				[JSON.stringify({ ...ended, call_id: 'c3' }), 'text/plain'],
			] as const;
			for (const [body, type] of bodies) {
				const message = host.next('out');
				assert.equal(await deliver(body, type), 200, type);
				assert.equal(at(await message, 'payload', 'callId'), 'order-1');
			}
		});

		it('refuses what is too long or no event, whoever reads it first', async () => {
			const long = JSON.stringify({ ...ended, note: 'x'.repeat(70_000) });
			assert.equal(await deliver(long, 'application/json'), 413);
			assert.equal(await deliver(long, 'text/plain'), 413);
			assert.equal(await deliver('{', 'text/plain'), 400);
			assert.equal(await deliver('', 'application/json'), 400);
		});

		it('leaves neither a path nor a registration behind when it is removed', async () => {
			assert.equal(simulator.registrations.length, 1);
			await host.deploy([account()]);
			assert.equal(await deliver(JSON.stringify(ended), 'application/json'), 404);
			assert.equal(simulator.registrations.length, 0);
		});

		it('gives the editor the secret, which its address needs', async () => {
			const secrets = await host.ask('GET', '/credentials/otp-call-event/event');
			assert.deepEqual(JSON.parse(secrets.text), { secret });
		});
	});
}
