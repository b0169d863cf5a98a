import assert from 'node:assert/strict';

import { createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import {
	nodeRedAccount,
	nodeRedFields,
	numberFrom,
	simulatedAccounts,
} from '../fixtures/simulatedAccounts';
import { RunningFlow, hosts, passTimeWith } from './runningFlow';
import type { Fields } from './runningFlow';

const typed = { phoneNumberType: 'msg', phoneNumber: 'phoneNumber', codeType: 'msg', code: 'otp' };

for (const host of hosts) {
	describe(`Test numbers in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;
		let time: ReturnType<typeof passTimeWith> | undefined;

		beforeEach(async () => {
			simulator = await startSimulator({ clock: createManualClock() });
			time = passTimeWith(simulator);
		});
		afterEach(async () => {
			time?.restore();
			await flow.stop();
			await simulator.close();
		});

		for (const simulated of simulatedAccounts) {
			const { code, provider } = simulated;
			const listed = (ending: number) => numberFrom(provider, 4_200_000 + ending);
			const testCode = provider.codeRule.maxLength < 6 ? '82915' : '829154';
			const start = async (node: Fields & { readonly type: string }): Promise<void> => {
				const { credentials, ...account } = nodeRedAccount(simulated, simulator.url);
				flow = await RunningFlow.start(
					host,
					node,
					{ ...account, testNumbers: [1, 50].map(listed).join(', ') },
					{ ...credentials, testCode },
				);
			};
			const sending = { type: 'send-otp-call', ...typed, ...nodeRedFields(simulated) };

			it(`${provider.name}: are never called, and have the code of the account where the node makes it`, async () => {
				await start({ ...sending, generateCode: true });
				const result = await flow.result({ phoneNumber: listed(50) });
				assert.deepEqual(
					[result['provider'], result['test'], result['code']],
					[provider.name, true, testCode],
				);
				assert.equal(simulator.requests.length, 0);
				const called = await flow.result({ phoneNumber: listed(51) });
				assert.equal(called['test'], undefined);
				assert.equal(simulator.counters.placed, 1);
			});

			it(`${provider.name}: are waited for without a request`, async () => {
				await start({ ...sending, waitForResult: true });
				const result = await flow.result({ phoneNumber: listed(1), otp: code });
				assert.deepEqual([result['status'], result['test']], ['busy', true]);
				assert.equal(simulator.requests.length, 0);
			});
		}
	});
}
