import type { IDataObject } from 'n8n-workflow';

import { SEED_CAMPAIGN_UUID, SEED_TEMPLATE_NAME } from '../../tools/simulator';
import { runNode } from '../n8n/engine';
import type { NodeUnderTest } from '../n8n/engine';
import { requestSeconds } from './hostUnderTest';
import type { AccountUnderTest, HostUnderTest, Outcome } from './hostUnderTest';
import { faultSuite } from './suite';

const credentialsOf = ({ provider, baseUrl, token }: AccountUnderTest) =>
	provider === 'bitel'
		? { bitelApi: { baseUrl, token } }
		: { autocallApi: { baseUrl, token, authentication: 'token' } };

const fieldsOf = ({ provider }: AccountUnderTest) =>
	provider === 'bitel'
		? {}
		: {
				campaign: { __rl: true, mode: 'id', value: SEED_CAMPAIGN_UUID },
				template: { __rl: true, mode: 'name', value: SEED_TEMPLATE_NAME },
			};

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
	send: (account, phoneNumber, code) =>
		run({
			type: 'sendOtpCall',
			parameters: {
				provider: account.provider,
				phoneNumber,
				code,
				...fieldsOf(account),
				options: { timeout: requestSeconds },
			},
			credentials: credentialsOf(account),
		}),
	status: (account, callId) =>
		run({
			type: 'getOtpCallStatus',
			parameters: { provider: account.provider, callId, options: { timeout: requestSeconds } },
			credentials: credentialsOf(account),
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
