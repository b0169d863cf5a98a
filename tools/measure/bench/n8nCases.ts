import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { type Flow, type FlowNode, openFlow } from '../hosts/n8n';
import {
	HEADER_AUTH,
	HTTP_REQUEST,
	IF,
	LOOP_OVER_ITEMS,
	WAIT,
	loadCoreNodes,
} from '../hosts/n8nCoreNodes';
import type { Order } from '../orders';
import { BARE_NODE, bareNode } from './n8nBareNode';
import type { CaseTarget, OpenCase, RunningCase } from './case';

const PAUSE_SECONDS = 2;

/** A workflow that places calls, and how it is executed. */
interface N8nCase {
	/** By the URL of the provider. */
	readonly nodes: (baseUrl: string) => Flow['nodes'];
	/** The output whose items are the results; of the first node where nothing else is said. */
	readonly result: { readonly node: string; readonly output: number };
	/** One execution for all orders, or one for each at the same time. */
	readonly executions: 'one for all' | 'one for each';
	/** Whether it is made of n8n's own nodes. */
	readonly coreNodes: boolean;
}

const SENT = { node: 'Send', output: 0 };

const CASES: Readonly<Record<string, N8nCase>> = {
	// Our node, one execution for all items.
	'n8n-send': {
		nodes: () => [sendOtpCall({ options: { concurrency: 10 } })],
		result: SENT,
		executions: 'one for all',
		coreNodes: false,
	},
	'n8n-send-100': {
		nodes: () => [sendOtpCall({ options: { concurrency: 100 } })],
		result: SENT,
		executions: 'one for all',
		coreNodes: false,
	},
	// Our node, one execution for each call, each waiting for its end.
	'n8n-wait': {
		nodes: () => [sendOtpCall({ waitForResult: true })],
		result: SENT,
		executions: 'one for each',
		coreNodes: false,
	},
	// The same with a fixed interval, which learns nothing.
	'n8n-wait-fixed': {
		nodes: () => [sendOtpCall({ waitForResult: true, options: { pollInterval: 2 } })],
		result: SENT,
		executions: 'one for each',
		coreNodes: false,
	},
	// n8n's request helper with no more around it than any node needs, ten at a time.
	'n8n-helper': {
		nodes: (baseUrl) => [
			{
				name: 'Send',
				type: BARE_NODE,
				parameters: { url: `${baseUrl}/api/v2/voice/otp` },
				credential: 'bitelApi',
				next: [],
			},
		],
		result: SENT,
		executions: 'one for all',
		coreNodes: false,
	},
	// HTTP Request, set up as a user would for the same request: it sends all items at once.
	'n8n-http-request': {
		nodes: (baseUrl) => [sendByHttp(baseUrl, [])],
		result: SENT,
		executions: 'one for all',
		coreNodes: true,
	},
	// The same with the body written as JSON.
	'n8n-http-request-json': {
		nodes: (baseUrl) => [
			sendByHttp(baseUrl, [], {
				specifyBody: 'json',
				jsonBody: '={ "phoneNumber": "{{ $json.phoneNumber }}", "text": "{{ $json.code }}" }',
			}),
		],
		result: SENT,
		executions: 'one for all',
		coreNodes: true,
	},
	// HTTP Request in the loop that spares the provider a burst: one item after another.
	'n8n-one-after-another': {
		nodes: (baseUrl) => [
			{
				name: 'Loop',
				...LOOP_OVER_ITEMS,
				parameters: { batchSize: 1, options: {} },
				next: [[], ['Send']],
			},
			sendByHttp(baseUrl, [['Loop']]),
		],
		result: { node: 'Loop', output: 0 },
		executions: 'one for all',
		coreNodes: true,
	},
	// What users make by hand: HTTP Request, then Wait, HTTP Request and If in a loop, for each call.
	'n8n-loop': {
		nodes: (baseUrl) => [
			sendByHttp(baseUrl, [['Wait']]),
			{
				name: 'Wait',
				...WAIT,
				parameters: { resume: 'timeInterval', amount: PAUSE_SECONDS, unit: 'seconds' },
				next: [['Look Up']],
			},
			httpRequest(
				'Look Up',
				{ method: 'GET', url: `=${baseUrl}/api/v2/voice/status/{{ $json.result.id }}` },
				[['Still Waiting?']],
			),
			{
				name: 'Still Waiting?',
				...IF,
				parameters: { conditions: STILL_WAITING, options: {} },
				next: [['Wait']],
			},
		],
		result: { node: 'Still Waiting?', output: 1 },
		executions: 'one for each',
		coreNodes: true,
	},
};

const STILL_WAITING = {
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

const FIELDS = {
	specifyBody: 'keypair',
	bodyParameters: {
		parameters: [
			{ name: 'phoneNumber', value: '={{ $json.phoneNumber }}' },
			{ name: 'text', value: '={{ $json.code }}' },
		],
	},
};

function sendOtpCall(parameters: INodeParameters): FlowNode {
	return {
		name: 'Send',
		type: 'sendOtpCall',
		parameters: {
			provider: 'bitel',
			phoneNumber: '={{ $json.phoneNumber }}',
			code: '={{ $json.code }}',
			...parameters,
		},
		credential: 'bitelApi',
		next: [],
	};
}

function sendByHttp(
	baseUrl: string,
	next: FlowNode['next'],
	body: INodeParameters = FIELDS,
): FlowNode {
	return httpRequest(
		'Send',
		{
			method: 'POST',
			url: `${baseUrl}/api/v2/voice/otp`,
			sendBody: true,
			contentType: 'json',
			...body,
		},
		next,
	);
}

function httpRequest(name: string, parameters: INodeParameters, next: FlowNode['next']): FlowNode {
	return {
		name,
		...HTTP_REQUEST,
		parameters: {
			authentication: 'genericCredentialType',
			genericAuthType: HEADER_AUTH,
			...parameters,
			options: {},
		},
		credential: HEADER_AUTH,
		next,
	};
}

/** Every case of n8n by its name, on n8n's own engine. */
export const n8nCases: ReadonlyMap<string, OpenCase> = new Map(
	Object.entries(CASES).map(([name, n8nCase]) => [name, (target) => openCase(n8nCase, target)]),
);

async function openCase(
	{ nodes, result, executions, coreNodes }: N8nCase,
	{ baseUrl, token, n8nNodesBase }: CaseTarget,
): Promise<RunningCase> {
	const run = await openFlow({
		nodes: nodes(baseUrl),
		credentials: {
			bitelApi: { baseUrl, token },
			[HEADER_AUTH]: { name: 'Authorization', value: `Bearer ${token}` },
		},
		nodeTypes: { [BARE_NODE]: bareNode },
		...(coreNodes && loadCoreNodes(n8nNodesBase)),
		result: result.node,
	});
	const place = async (
		orders: readonly Order[],
		onResult: (phoneNumber: string) => void,
	): Promise<void> => {
		const outputs = await run(
			orders.map(({ phoneNumber, code }): IDataObject => ({ phoneNumber, code })),
		);
		for (const { json } of outputs[result.output] ?? []) onResult(calledNumber(json));
	};
	return {
		place: async (orders, onResult) => {
			if (executions === 'one for all') return place(orders, onResult);
			await Promise.all(orders.map((order) => place([order], onResult)));
		},
		close: async () => undefined,
	};
}

/** The number called in national form, from our output or from the provider's own answer. */
function calledNumber(json: unknown): string {
	if (typeof json !== 'object' || json === null) return '';
	if ('phoneNumber' in json) return String(json.phoneNumber).replace(/^\+98/, '0');
	return 'result' in json ? calledNumber(json.result) : '';
}
