import assert from 'node:assert/strict';

import { createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { at } from '../tools/simulator/client';
import { EventHost, flowOf, secret, until } from './eventFlow';

describe('A call whose provider takes an address with it, in Node-RED', () => {
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

	const sendNode = {
		id: 'send',
		type: 'send-otp-call',
		z: 'tab',
		account: 'account',
		phoneNumber: '0901888484',
		phoneNumberType: 'str',
		code: '80417',
		codeType: 'str',
		wires: [[]],
	};
	const account = () => ({ provider: 'esms', baseUrl: simulator.url });
	const flow = (fields: Record<string, unknown> = {}, own: Record<string, unknown> = {}) => [
		...flowOf({ publicUrl: host.url, ...fields }, account()),
		{ ...sendNode, ...own },
	];
	const place = async (calls = 1) => {
		host.give('send', {});
		await until(() => simulator.calls.length === calls, `${calls} calls`);
		return at(simulator.requests.at(-1)?.json, 'CallbackUrl');
	};

	it('carries the address of the event node of its account, secret included', async () => {
		await host.boot(flow());
		assert.deepEqual(host.statuses(), ['listening']);
		assert.equal(await place(), `${host.url}/hook?secret=${secret}`);
	});

	for (const esmsCallbackQuery of ['joined', 'appended'] as const) {
		it(`is told there when it has ended, its parameters ${esmsCallbackQuery}`, async () => {
			simulator.change({ esmsCallbackQuery });
			await host.boot(flow());
			await place();
			await simulator.clock.advance(60_000);
			await until(() => host.messages.length === 1, 'a message');
			const [{ payload, topic } = {}] = host.messages;
			assert.equal(topic, 'ended');
			assert.equal(at(payload, 'callId'), simulator.calls[0]?.callId);
			assert.equal(at(payload, 'phoneNumber'), '+84901888484');
			assert.deepEqual([at(payload, 'status'), at(payload, 'answered')], ['completed', null]);
			assert.deepEqual(
				simulator.deliveries.map(({ method, status }) => [method, status]),
				[['GET', 200]],
			);
		});
	}

	it('is confirmed by the record where the node asks for it, not by a forged event', async () => {
		await host.boot(flow({ confirmStatus: true }));
		await place();
		const callId = simulator.calls[0]?.callId ?? '';
		const told = `SMSID=${callId}&SendStatus=5&SendSuccess=1&SendFailed=0`;
		const deliver = async () => (await fetch(`${host.url}/hook?secret=${secret}&${told}`)).status;
		assert.equal(await deliver(), 503);
		assert.equal(host.messages.length, 0);
		await simulator.clock.advance(60_000);
		await until(() => host.messages.length === 1, 'a message');
	});

	it('is refused without the secret, or with two', async () => {
		await host.boot(flow());
		const told = 'SMSID=x&SendStatus=5&SendSuccess=1&SendFailed=0';
		for (const query of [
			told,
			`secret=wrong&${told}`,
			`secret=${secret}&secret=${secret}&${told}`,
		]) {
			assert.equal((await fetch(`${host.url}/hook?${query}`)).status, 401, query);
		}
		assert.equal(host.messages.length, 0);
	});

	it('has no address without an event node, and none of one that is gone', async () => {
		await host.boot(flow());
		await place();
		const without = flow().filter(({ id }) => id !== 'event');
		await host.deploy(without);
		assert.equal(await place(2), undefined);
	});

	it('carries an address of the user’s own before that of the event node', async () => {
		const callbackUrl = 'http://127.0.0.1:9/own';
		await host.boot(flow({}, { callbackUrl, callbackUrlType: 'str' }));
		assert.equal(await place(), callbackUrl);
	});

	it('asks for a public address that can be reached, and has none until then', async () => {
		for (const publicUrl of ['', 'not an address']) {
			await host.boot(flow({ publicUrl }));
			assert.deepEqual(host.statuses(), ['invalid-input']);
			assert.match(String(host.errors()[0]?.message), /^Public URL /);
			assert.equal(await place(simulator.calls.length + 1), undefined);
			await host.halt();
		}
		await host.boot(flow());
	});
});
