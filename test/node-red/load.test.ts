import assert from 'node:assert/strict';

import { SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { RunningFlow, at, until } from './runningFlow';
import type { Fields } from './runningFlow';

const send = {
	type: 'send-otp-call',
	phoneNumber: 'phoneNumber',
	phoneNumberType: 'msg',
	code: '80417',
	codeType: 'str',
};

/** Different numbers, none of which ends in 01 to 09: those fail. */
const numberOf = (index: number): string => `0912${String(1_000_000 + index * 100 + 50)}`;

describe('Many messages at once in Node-RED', () => {
	let simulator: Simulator;
	let flow: RunningFlow;

	beforeEach(async () => {
		simulator = await startSimulator();
	});
	afterEach(async () => {
		await flow.stop();
		await simulator.close();
	});

	const start = async (account: Fields = {}, node: Fields = {}): Promise<void> => {
		flow = await RunningFlow.start(
			'node-red',
			{ ...send, ...node },
			{ provider: 'bitel', baseUrl: simulator.url, ...account },
			{ token: SIMULATOR_TOKEN },
		);
	};
	const give = (count: number): void => {
		for (let index = 0; index < count; index += 1) flow.give({ phoneNumber: numberOf(index) });
	};

	it('are sent in their order, one after another where the account says so', async () => {
		await start({ maxInFlight: '1' });
		give(100);
		await until(() => flow.completed.length === 100, 'all answered');
		const sent = simulator.requests.map(({ json }) => at(json, 'phoneNumber'));
		assert.deepEqual(
			sent,
			Array.from({ length: 100 }, (_, index) => numberOf(index)),
		);
	});

	it('are each answered exactly once, also when every tenth fails', async () => {
		await start();
		const everyTenth = { phoneNumber: '' };
		for (let index = 0; index < 500; index += 1) {
			everyTenth.phoneNumber = numberOf(index);
			if (index % 10 === 0) {
				simulator.faults.add({
					fault: { kind: index % 20 === 0 ? 'reset-after-placing' : 'html' },
					match: { ...everyTenth },
				});
			}
		}
		give(500);
		await until(() => flow.ends.length >= 500, 'all answered');
		await new Promise((resolve) => setTimeout(resolve, 20));
		assert.equal(flow.ends.length, 500);
		assert.equal(flow.caught.length, 50);
		assert.equal(flow.out.length, 450);
		assert.equal(new Set(flow.out.map(({ key }) => key)).size, 450);
		assert.equal(simulator.counters.sends, 500);
		assert.ok([...simulator.counters.placedByNumber.values()].every((count) => count === 1));
		assert.ok(simulator.connections.peak <= 50, String(simulator.connections.peak));
		assert.deepEqual(
			[...new Set(flow.caught.map(({ error }) => at(error, 'code')))],
			['outcome-unknown'],
		);
		await until(() => flow.words().at(-1) === '50 of 500 failed', 'a sum as status');
	});

	it('share the places of their account, whatever node they come to', async () => {
		simulator.change({ latencyMs: 30 });
		await start({ maxInFlight: '3' });
		give(12);
		await until(() => flow.completed.length === 12, 'all answered');
		assert.equal(simulator.connections.peak, 3);
	});

	it('hold no place while they wait for the ends of their calls', async () => {
		await start({ maxInFlight: '2' }, { waitForResult: true });
		give(40);
		await until(() => simulator.calls.length === 40, 'all placed');
		assert.equal(flow.ends.length, 0);
	});

	it('change the status some times a second, not some thousand times', async () => {
		await start();
		const begun = performance.now();
		give(1_000);
		await until(() => flow.ends.length === 1_000, 'all answered');
		const seconds = (performance.now() - begun) / 1_000;
		await until(() => flow.words().at(-1) === '1000 calls done', 'a sum as status');
		assert.ok(flow.words().some((text) => / under way$/.test(text ?? '')));
		const { length } = flow.statuses();
		assert.ok(length < 30 + 10 * seconds, `${length} changes of the status in ${seconds} s`);
		assert.equal(simulator.counters.placed, 1_000);
	});
});
