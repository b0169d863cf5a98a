import type { IDataObject } from 'n8n-workflow';

import { n8nCredentials, n8nParameters } from '../fixtures/simulatedAccounts';
import { runNode } from '../n8n/engine';
import type { NodeUnderTest } from '../n8n/engine';
import { requestSeconds } from './hostUnderTest';
import type { HostUnderTest, Outcome } from './hostUnderTest';
import { faultSuite } from './suite';

const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null;

async function run(node: NodeUnderTest): Promise<Outcome> {
	const start = Date.now();
	const ran = await runNode({ ...node, settings: { onError: 'continueErrorOutput' } });
	const [succeeded, failed] = ran.outputs;
	const json = succeeded?.[0]?.json ?? failed?.[0]?.json ?? {};
	const details = isObject(json['details']) ? json['details'] : {};
	const mayHaveBeen = details['callMayHaveBeenPlaced'];
	return {
		result: [details['kind'], json['status']].find((word) => typeof word === 'string') ?? 'nothing',
		callMayHaveBeenPlaced: typeof mayHaveBeen === 'boolean' ? mayHaveBeen : null,
		milliseconds: Date.now() - start,
		said: JSON.stringify(ran.outputs) + JSON.stringify(ran.error ?? null),
	};
}

const host: HostUnderTest = {
	send: ({ simulated, baseUrl }, phoneNumber, code) =>
		run({
			type: 'sendOtpCall',
			parameters: {
				...n8nParameters(simulated),
				phoneNumber,
				code,
				options: { timeout: requestSeconds },
			},
			credentials: n8nCredentials(simulated, baseUrl),
		}),
	status: ({ simulated, baseUrl }, callId) =>
		run({
			type: 'getOtpCallStatus',
			parameters: {
				provider: simulated.provider.name,
				callId,
				options: { timeout: requestSeconds },
			},
			credentials: n8nCredentials(simulated, baseUrl),
		}),
	close: async () => {},
};

faultSuite('n8n', async () => {
	// What the engine loads at its first run would count as a provider's slow answer for all that start with it.
	await runNode({
		type: 'sendOtpCall',
		parameters: { provider: 'sandbox', phoneNumber: '+15005550006', code: '1234' },
		credentials: {},
	});
	return host;
});
