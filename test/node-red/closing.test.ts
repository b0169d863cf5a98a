import assert from 'node:assert/strict';

import { SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { RunningFlow, hosts, until } from './runningFlow';
import type { Fields } from './runningFlow';

const send = {
	type: 'send-otp-call',
	phoneNumber: 'phoneNumber',
	phoneNumberType: 'msg',
	code: '80417',
	codeType: 'str',
};
const person = { phoneNumber: '09123456789' };

/** Timers and sockets of this process that keep it alive. */
const handles = (): readonly string[] =>
	process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocket/.test(name));

for (const host of hosts) {
	describe(`Closing in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;

		beforeEach(async () => {
			simulator = await startSimulator();
		});
		afterEach(async () => {
			await simulator.close();
		});

		const start = async (node: Fields = {}, account: Fields = {}) => {
			flow = await RunningFlow.start(
				host,
				{ ...send, ...node },
				{ provider: 'bitel', baseUrl: simulator.url, ...account },
				{ token: SIMULATOR_TOKEN },
			);
		};
		/** Stops Node-RED and gives the errors that the node reported while it was stopped. */
		const stop = async (): Promise<readonly (readonly [string, boolean])[]> => {
			const started = performance.now();
			await flow.stop();
			assert.ok(performance.now() - started < 1_000, 'It closes at once');
			return flow.ends
				.filter((error) => error !== null)
				.map((error) => [
					String(Reflect.get(error, 'code')),
					Reflect.get(error, 'callMayHaveBeenPlaced') === true,
				]);
		};
		const noConnections = () =>
			until(() => simulator.connections.current === 0, 'the connections closed');

		it('ends a message whose request is under way as unknown, and the rest unsent', async () => {
			await start({}, { maxInFlight: '2' });
			simulator.faults.add({ fault: { kind: 'never-answer', placesCall: true } });
			for (let count = 0; count < 5; count += 1) flow.give(person);
			await until(() => simulator.counters.sends === 2, 'two requests');
			assert.deepEqual(
				(await stop()).toSorted((a, b) => Number(b[1]) - Number(a[1])),
				[
					['outcome-unknown', true],
					['outcome-unknown', true],
					['canceled', false],
					['canceled', false],
					['canceled', false],
				],
			);
			assert.equal(simulator.counters.sends, 2);
			await noConnections();
		});

		it('ends a message that waits for the end of its call, which goes on', async () => {
			await start({ waitForResult: true });
			flow.give(person);
			await until(() => flow.words().includes('queued •••6789'), 'a call');
			assert.deepEqual(await stop(), [['canceled', true]]);
			await noConnections();
		});

		it('ends a message that waits before its next try', async () => {
			await start();
			simulator.faults.add({ fault: { kind: 'status', status: 429, retryAfter: 9 } });
			flow.give(person);
			await until(() => simulator.counters.answers.get(429) === 1, 'the first answer');
			await new Promise((resolve) => setTimeout(resolve, 20));
			assert.deepEqual(await stop(), [['canceled', false]]);
			assert.equal(simulator.counters.sends, 1);
		});

		it('ends a message that is still connecting as not placed', async () => {
			// Nobody answers at this address, which is reserved for documents.
			await start({}, { baseUrl: 'https://192.0.2.1' });
			flow.give(person);
			await until(() => flow.words().includes('sending •••6789'), 'a try to connect');
			assert.deepEqual(await stop(), [['canceled', false]]);
		});

		it('says nothing when nothing is under way', async () => {
			await start();
			await flow.result(person);
			assert.deepEqual(await stop(), []);
			await noConnections();
		});

		it('goes on with other nodes when one is deployed again', async () => {
			await start({ waitForResult: true });
			const key = flow.give(person);
			await until(() => flow.words().includes('queued •••6789'), 'a call');
			const flows = [
				{ id: 'tab', type: 'tab', label: 'Tests' },
				{ id: 'account', type: 'otp-call-account', provider: 'bitel', baseUrl: simulator.url },
				{ ...send, id: 'node', z: 'tab', x: 0, y: 0, account: 'account', name: 'new', wires: [[]] },
			];
			await flow.helper.setFlows(flows, 'nodes', { account: { token: SIMULATOR_TOKEN } });
			assert.deepEqual(
				flow.ends.map((error) => error !== null),
				[true],
			);
			assert.ok(!flow.completed.some((message) => message['key'] === key));
			flow.give(person);
			await until(() => simulator.calls.length === 2, 'a call of the new node');
			await flow.stop();
		});

		it('leaves no timer and no socket of ours behind', async () => {
			await start({ waitForResult: true });
			const before = handles().length;
			for (let count = 0; count < 20; count += 1) flow.give(person);
			await until(() => simulator.calls.length === 20, 'twenty calls');
			await stop();
			await noConnections();
			await until(() => handles().length <= before, 'timers and sockets gone');
		});
	});
}
