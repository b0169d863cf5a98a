// The workflows of a real n8n that wait for the end of a call.
import type { INodeParameters } from 'n8n-workflow';
import { autocallSend } from '../../../test/n8n/accounts';
import type { FlowNode } from '../../../test/e2e/hosts/workflows';
import {
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	SIMULATOR_TOKEN,
	type Simulator,
} from '../../simulator/index';
import { HEADER_AUTH, HTTP_REQUEST, IF, WAIT } from '../hosts/n8nCoreNodes';

const PAUSE_SECONDS = 2;

/** A workflow that places a call and waits for its end. */
export interface RealWait {
	/** Behind the webhook that brings number and code in its body. */
	readonly nodes: (simulator: Simulator) => readonly FlowNode[];
	/** The last one, which puts out how the call has ended. */
	readonly result: string;
	/** As in `N8n.createWorkflow`. */
	readonly back?: Readonly<Record<string, string>>;
	/** Whether a trigger of the account wakes it, and n8n has stored it as waiting meanwhile. */
	readonly isParked: boolean;
	/** Whether it learns from the lengths of earlier calls. */
	readonly learns: boolean;
}

/** The credentials of the account at the simulator. */
export const autocallAccount = (simulator: Simulator) => autocallSend(simulator).credentials;

/** By the names of the comparison's sides. */
export const realWaits: Readonly<Record<string, RealWait>> = {
	'real-polling': {
		nodes: (simulator) => [sendOtpCall(simulator, {})],
		result: 'Send',
		isParked: false,
		learns: true,
	},
	'real-event': {
		nodes: (simulator) => [sendOtpCall(simulator, { waitFor: 'event' })],
		result: 'Send',
		isParked: true,
		learns: false,
	},
	// A pause of less than 65 s stays in n8n's process.
	'real-loop': {
		nodes: (simulator) => [
			httpRequest('Place', {
				method: 'POST',
				url: `${simulator.url}/v3/autocall/otp`,
				sendBody: true,
				specifyBody: 'json',
				jsonBody: `={ "campaign_uuid": "${SEED_CAMPAIGN_UUID}", "template": "${SEED_TEMPLATE_NAME}", "phone_number": "{{ $json.body.phoneNumber }}", "code_otp": "{{ $json.body.code }}" }`,
			}),
			{
				name: 'Wait',
				type: WAIT.type,
				typeVersion: WAIT.version,
				parameters: { resume: 'timeInterval', amount: PAUSE_SECONDS, unit: 'seconds' },
			},
			httpRequest('Look Up', {
				method: 'GET',
				url: `=${simulator.url}/v3/cdr/{{ $('Place').item.json.call_id }}`,
				// There is no record before the end: that is no error here.
				options: { response: { response: { neverError: true } } },
			}),
			{
				name: 'Ended?',
				type: IF.type,
				typeVersion: IF.version,
				parameters: { conditions: HAS_ENDED, options: {} },
			},
		],
		back: { 'Ended?': 'Wait' },
		result: 'Ended?',
		isParked: false,
		learns: false,
	},
};

const HAS_ENDED = {
	options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
	combinator: 'and',
	conditions: [
		{
			id: 'ended',
			leftValue: '={{ $json.status }}',
			rightValue: '',
			operator: { type: 'string', operation: 'exists', singleValue: true },
		},
	],
};

function sendOtpCall(simulator: Simulator, options: INodeParameters): FlowNode {
	return {
		name: 'Send',
		...autocallSend(simulator, {
			phoneNumber: '={{ $json.body.phoneNumber }}',
			code: '={{ $json.body.code }}',
			waitForResult: true,
			options,
		}),
	};
}

function httpRequest(name: string, parameters: INodeParameters): FlowNode {
	return {
		name,
		type: HTTP_REQUEST.type,
		typeVersion: HTTP_REQUEST.version,
		credentials: { [HEADER_AUTH]: { name: 'Authorization', value: `Bearer ${SIMULATOR_TOKEN}` } },
		parameters: {
			authentication: 'genericCredentialType',
			genericAuthType: HEADER_AUTH,
			options: {},
			...parameters,
		},
	};
}
