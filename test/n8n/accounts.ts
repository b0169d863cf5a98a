import type { INodeParameters } from 'n8n-workflow';

import {
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	SIMULATOR_API_KEY,
	SIMULATOR_TOKEN,
} from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import type { NodeUnderTest } from './engine';

/** A node with an account at the simulator, ready to be run. */
export type Prepared = Required<Pick<NodeUnderTest, 'credentials' | 'parameters' | 'type'>>;

export const bitelSend = (simulator: Simulator, parameters: INodeParameters = {}): Prepared => ({
	type: 'sendOtpCall',
	credentials: { bitelApi: { token: SIMULATOR_TOKEN, baseUrl: simulator.url } },
	parameters: {
		provider: 'bitel',
		phoneNumber: '={{ $json.phone }}',
		code: '={{ $json.code }}',
		...parameters,
	},
});

export const bitelStatus = (simulator: Simulator, parameters: INodeParameters = {}): Prepared => ({
	...bitelSend(simulator),
	type: 'getOtpCallStatus',
	parameters: { provider: 'bitel', callId: '={{ $json.callId }}', ...parameters },
});

const tokenAccount = (simulator: Simulator) => ({
	autocallApi: { authentication: 'token', token: SIMULATOR_TOKEN, baseUrl: simulator.url },
});

export const keyAccount = (simulator: Simulator) => ({
	autocallApi: { authentication: 'apiKey', apiKey: SIMULATOR_API_KEY, baseUrl: simulator.url },
});

export const autocallSend = (simulator: Simulator, parameters: INodeParameters = {}): Prepared => ({
	type: 'sendOtpCall',
	credentials: tokenAccount(simulator),
	parameters: {
		provider: 'autocall',
		phoneNumber: '={{ $json.phone }}',
		code: '={{ $json.code }}',
		campaign: { __rl: true, mode: 'list', value: SEED_CAMPAIGN_UUID },
		template: { __rl: true, mode: 'list', value: SEED_TEMPLATE_NAME },
		...parameters,
	},
});

export const autocallStatus = (
	simulator: Simulator,
	parameters: INodeParameters = {},
): Prepared => ({
	type: 'getOtpCallStatus',
	credentials: tokenAccount(simulator),
	parameters: { provider: 'autocall', callId: '={{ $json.callId }}', ...parameters },
});

export const sandboxSend = (parameters: INodeParameters = {}): Prepared => ({
	type: 'sendOtpCall',
	credentials: {},
	parameters: {
		provider: 'sandbox',
		phoneNumber: '={{ $json.phone }}',
		code: '={{ $json.code }}',
		...parameters,
	},
});

/** A Bitel number that nobody has: the simulator rings no phone. */
export const iranian = (index: number): string => `0912${String(3_000_000 + index * 100 + 50)}`;
export const vietnamese = (index: number): string => `033${String(3_000_000 + index * 100 + 50)}`;

/** Items for calls to so many numbers. */
export const phones = (count: number, from = 0) =>
	Array.from({ length: count }, (_, index) => ({ phone: iranian(from + index), code: '1234' }));
