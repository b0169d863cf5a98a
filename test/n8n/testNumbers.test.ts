import assert from 'node:assert/strict';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import {
	n8nCredentials,
	n8nParameters,
	numberFrom,
	simulatedAccounts,
} from '../fixtures/simulatedAccounts';
import { testCredential } from './credentialTest';
import { runNode } from './engine';
import type { NodeRun } from './engine';
import { record } from './reading';

const continuing = { settings: { onError: 'continueErrorOutput' } } as const;

describe('Test numbers in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const json = ({ outputs }: NodeRun, output = 0): Record<string, unknown> =>
		record(outputs[output]?.[0]?.json);

	for (const simulated of simulatedAccounts) {
		const { account, code, provider } = simulated;
		const listed = (ending: number) => numberFrom(provider, 4_200_000 + ending);
		const testCode = '82915';
		const longCode = provider.codeRule.maxLength < 6 ? testCode : `${testCode}4`;
		const credentials = (values: Record<string, string> = {}) => ({
			[account.credential]: {
				...n8nCredentials(simulated, simulator.url)[account.credential],
				testNumbers: [1, 9, 50].map(listed).join(', '),
				testCode: longCode,
				...values,
			},
		});
		const send = (phoneNumber: string, parameters = {}, values = {}) =>
			runNode({
				type: 'sendOtpCall',
				parameters: { ...n8nParameters(simulated), phoneNumber, code, ...parameters },
				credentials: credentials(values),
				...continuing,
			});

		it(`${provider.name}: are never called, and have the code of the credential where the node makes it`, async () => {
			const result = json(await send(listed(50), { generateCode: true }));
			assert.deepEqual(
				[result['provider'], result['status'], result['test'], result['code']],
				[provider.name, 'queued', true, longCode],
			);
			const wanted = json(await send(listed(50)));
			assert.equal(wanted['code'], undefined);
			const callId = String(result['callId']);
			const looked = await runNode({
				type: 'getOtpCallStatus',
				parameters: { provider: provider.name, callId },
				credentials: credentials(),
				...continuing,
			});
			assert.deepEqual([json(looked)['callId'], json(looked)['test']], [callId, true]);
			assert.equal(simulator.requests.length, 0);
		});

		it(`${provider.name}: are waited for without a request, and never parked`, async () => {
			const waiting = { waitForResult: true, options: { pollInterval: 0.2, waitFor: 'event' } };
			const result = json(await send(listed(1), waiting));
			assert.deepEqual(
				[result['status'], result['answered'], result['test']],
				['busy', false, true],
			);
			assert.equal(simulator.requests.length, 0);
		});

		it(`${provider.name}: fail as their endings say, and others are called`, async () => {
			const { kind, callMayHaveBeenPlaced } = record(json(await send(listed(9)), 1)['details']);
			assert.deepEqual([kind, callMayHaveBeenPlaced], ['outcome-unknown', true]);
			assert.equal(simulator.requests.length, 0);
			const called = json(await send(listed(51)));
			assert.equal(called['test'], undefined);
			assert.equal(simulator.counters.placed, 1);
		});

		it(`${provider.name}: are refused before any call where one of them, or the code, cannot be right`, async () => {
			for (const [values, says] of [
				[{ testNumbers: '12345' }, /^Test Numbers of the credential/],
				[{ testCode: '123456' }, /^Test Code of the credential/],
			] as const) {
				const { error } = json(await send(listed(51), {}, values), 1);
				assert.match(String(error), says);
				const tested = await testCredential(account.credential, {
					...credentials(values)[account.credential],
				});
				assert.equal(tested.status, 'Error');
				assert.match(tested.message, says);
			}
			assert.equal(simulator.requests.length, 0);
		});
	}
});
