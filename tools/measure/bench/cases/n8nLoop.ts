import type { FlowNode } from '../hosts/n8n';
import { runInN8n } from '../hosts/n8nCase';
import type { OpenCase } from '../measuring/measuredCase';
import { HTTP_REQUEST, IF, WAIT, headerAuth, loadCoreNodes, standIns } from '../n8nCoreNodes/index';

const PAUSE_SECONDS = 2;

/** What builders make by hand: HTTP Request, then Wait, HTTP Request and If in a loop, for each call. */
export const open: OpenCase = ({ baseUrl, token, n8nNodesBase }) =>
	runInN8n(
		{
			nodes: [
				{
					...httpRequest('Send', 'POST', `${baseUrl}/api/v2/voice/otp`),
					next: [['Wait']],
				},
				{
					name: 'Wait',
					...WAIT,
					parameters: { resume: 'timeInterval', amount: PAUSE_SECONDS, unit: 'seconds' },
					next: [['Look']],
				},
				{
					...httpRequest('Look', 'GET', `=${baseUrl}/api/v2/voice/status/{{ $json.result.id }}`),
					next: [['Still Waiting?']],
				},
				{
					name: 'Still Waiting?',
					...IF,
					parameters: { conditions: isWaiting(), options: {} },
					next: [['Wait']],
				},
			],
			credentials: { httpHeaderAuth: { name: 'Authorization', value: `Bearer ${token}` } },
			credentialTypes: [headerAuth],
			nodeTypes: n8nNodesBase === '' ? standIns : loadCoreNodes(n8nNodesBase),
			result: 'Still Waiting?',
		},
		1,
		'one for each',
	);

function httpRequest(name: string, method: 'GET' | 'POST', url: string): Omit<FlowNode, 'next'> {
	return {
		name,
		...HTTP_REQUEST,
		parameters: {
			method,
			url,
			authentication: 'genericCredentialType',
			genericAuthType: headerAuth.name,
			sendBody: method === 'POST',
			contentType: 'json',
			specifyBody: 'keypair',
			bodyParameters: {
				parameters: [
					{ name: 'phoneNumber', value: '={{ $json.phoneNumber }}' },
					{ name: 'text', value: '={{ $json.code }}' },
				],
			},
			options: {},
		},
		credential: headerAuth.name,
	};
}

function isWaiting(): FlowNode['parameters'] {
	return {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
		combinator: 'and',
		conditions: [
			{
				id: 'waiting',
				leftValue: '={{ $json.result.status }}',
				rightValue: 'WAITING',
				operator: { type: 'string', operation: 'equals' },
			},
		],
	};
}
