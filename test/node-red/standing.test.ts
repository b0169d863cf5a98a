import assert from 'node:assert/strict';

import { SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { RunningFlow, hosts } from './runningFlow';

const send = {
	type: 'send-otp-call',
	phoneNumber: '09123456789',
	phoneNumberType: 'str',
	code: '1234',
	codeType: 'str',
};
/** Another node of the same account. */
const look = {
	id: 'look',
	type: 'get-otp-call-status',
	account: 'account',
	callId: '0'.repeat(32),
	callIdType: 'str',
	z: 'tab',
	x: 0,
	y: 0,
	wires: [[]],
};
const refused = { fill: 'red', shape: 'ring' };

for (const host of hosts) {
	describe(`The statuses of an account's nodes in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;

		beforeEach(async () => {
			simulator = await startSimulator();
		});
		afterEach(async () => {
			await flow.stop();
			await simulator.close();
		});

		const start = async (token: string): Promise<void> => {
			flow = await RunningFlow.start(
				host,
				send,
				{ provider: 'bitel', baseUrl: simulator.url },
				{ token },
				[look],
			);
		};

		it('carry the time of what is over', async () => {
			const before = new Date();
			await start(SIMULATOR_TOKEN);
			await flow.result({});
			const times = [before, new Date()].map((date) => date.toTimeString().slice(0, 5));
			const [, number, time = ''] =
				/^queued (•••\d{4}) (\d\d:\d\d)$/.exec(flow.shown()?.text ?? '') ?? [];
			assert.equal(number, '•••6789', flow.shown()?.text);
			assert.ok(times.includes(time), flow.shown()?.text);
		});

		it('carry none while something is under way', async () => {
			await start(SIMULATOR_TOKEN);
			await flow.result({});
			const texts = flow.helper.getNode('node').status.args.map(([{ text = '' }]) => text);
			assert.deepEqual(
				texts.map((text) => /\d\d:\d\d$/.test(text)),
				texts.map((_, at) => at === texts.length - 1),
				texts.join(', '),
			);
		});

		it('say that the account was refused, also at nodes that have asked nothing yet', async () => {
			await start('wrong');
			const error = await flow.failure({});
			assert.equal(error.code, 'not-authorized');
			const shown = flow.shown('look');
			assert.deepEqual({ ...shown, text: '' }, { ...refused, text: '' });
			assert.match(shown?.text ?? '', /^account refused \d\d:\d\d$/);
			assert.match(flow.shown()?.text ?? '', /^not authorized \d\d:\d\d$/);
		});

		it('say it no longer when the provider takes the account again', async () => {
			await start(SIMULATOR_TOKEN);
			simulator.faults.add({ fault: { kind: 'status', status: 401 }, times: 1 });
			await flow.failure({});
			assert.match(flow.shown('look')?.text ?? '', /^account refused/);
			await flow.result({});
			assert.deepEqual(flow.shown('look'), {});
		});
	});
}
