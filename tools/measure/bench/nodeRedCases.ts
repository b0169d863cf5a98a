import { type FlowNode, type Message, startNodeRed } from '../hosts/nodeRed';
import type { Order } from '../orders';
import type { CaseTarget, OpenCase, RunningCase } from './case';

/** Where messages come from, where answered ones and failed ones go. */
const SOURCE = 'source';
const ANSWERED = 'answered';
const FAILED = 'failed';
const PAUSE_SECONDS = '2';

/** The part of a flow that places calls: the node `send` takes the messages, results go to ANSWERED. */
interface NodeRedCase {
	/** Whether an event node of ours listens for the ends of calls. */
	readonly listens?: boolean;
	readonly nodes: (target: CaseTarget) => readonly FlowNode[];
	/** The message that asks for a call. */
	readonly messageFor: (order: Order) => Message;
}

const asFields = ({ phoneNumber, code }: Order): Message => ({ phoneNumber, code });
const asBody = ({ phoneNumber, code }: Order): Message => ({
	payload: { phoneNumber, text: code },
});

const CASES: Readonly<Record<string, NodeRedCase>> = {
	// Our node.
	'node-red-send': { nodes: (target) => sendOtpCall(target, {}), messageFor: asFields },
	'node-red-send-10': { nodes: (target) => sendOtpCall(target, {}, 10), messageFor: asFields },
	'node-red-send-100': { nodes: (target) => sendOtpCall(target, {}, 100), messageFor: asFields },
	// Our node, waiting for the end of each call.
	'node-red-wait': {
		nodes: (target) => sendOtpCall(target, { waitForResult: true }),
		messageFor: asFields,
	},
	// The same with a fixed interval, which learns nothing.
	'node-red-wait-fixed': {
		nodes: (target) => sendOtpCall(target, { waitForResult: true, pollInterval: '2' }),
		messageFor: asFields,
	},
	// The same with an event node of the same account in the flow.
	'node-red-wait-event': {
		nodes: (target) => [...sendOtpCall(target, { waitForResult: true }), otpCallEvent],
		messageFor: asFields,
		listens: true,
	},
	// Node-RED's own node, set up as a user would for the same request.
	'node-red-http-request': {
		nodes: (target) => [sendByHttp(target, ANSWERED)],
		messageFor: asBody,
	},
	// What users make by hand: http request, then delay, http request and switch in a loop.
	'node-red-loop': { nodes: loopByHand, messageFor: asBody },
};

function sendOtpCall(
	{ baseUrl, token }: CaseTarget,
	more: object,
	maxInFlight = 50,
): readonly FlowNode[] {
	return [
		{
			id: 'account',
			type: 'otp-call-account',
			provider: 'bitel',
			baseUrl,
			maxInFlight: String(maxInFlight),
			credentials: { token },
		},
		{
			id: 'send',
			type: 'send-otp-call',
			account: 'account',
			phoneNumber: 'phoneNumber',
			phoneNumberType: 'msg',
			code: 'code',
			codeType: 'msg',
			simplify: true,
			...more,
			wires: [[ANSWERED]],
		},
	];
}

const EVENT_PATH = 'ended';
const EVENT_SECRET = '0123456789abcdef0123456789abcdef';

const otpCallEvent: FlowNode = {
	id: 'event',
	type: 'otp-call-event',
	account: 'account',
	triggerOn: ['ended'],
	path: EVENT_PATH,
	publicUrl: '',
	confirmStatus: false,
	simplify: true,
	credentials: { secret: EVENT_SECRET },
	wires: [[]],
};

function loopByHand(target: CaseTarget): readonly FlowNode[] {
	return [
		sendByHttp(target, 'pause'),
		{
			id: 'pause',
			type: 'delay',
			pauseType: 'delay',
			timeout: PAUSE_SECONDS,
			timeoutUnits: 'seconds',
			wires: [['address']],
		},
		{
			id: 'address',
			type: 'change',
			rules: [
				{
					t: 'set',
					p: 'url',
					pt: 'msg',
					to: `"${target.baseUrl}/api/v2/voice/status/" & payload.result.id`,
					tot: 'jsonata',
				},
				{ t: 'delete', p: 'headers', pt: 'msg' },
			],
			wires: [['look-up']],
		},
		httpRequest(target, { id: 'look-up', method: 'GET', url: '', wires: [['ended']] }),
		{
			id: 'ended',
			type: 'switch',
			property: 'payload.result.status',
			propertyType: 'msg',
			rules: [{ t: 'eq', v: 'WAITING', vt: 'str' }, { t: 'else' }],
			checkall: 'false',
			repair: false,
			outputs: 2,
			wires: [['pause'], [ANSWERED]],
		},
	];
}

function sendByHttp(target: CaseTarget, next: string): FlowNode {
	const url = `${target.baseUrl}/api/v2/voice/otp`;
	return httpRequest(target, { id: 'send', method: 'POST', url, wires: [[next]] });
}

function httpRequest(
	{ token }: CaseTarget,
	own: {
		readonly id: string;
		readonly method: 'GET' | 'POST';
		readonly url: string;
		readonly wires: ReadonlyArray<readonly string[]>;
	},
): FlowNode {
	return {
		...own,
		type: 'http request',
		ret: 'obj',
		paytoqs: 'ignore',
		authType: 'bearer',
		credentials: { user: '', password: token },
		persist: false,
		senderr: true,
		headers: [],
	};
}

/** Every case of Node-RED by its name, in a real Node-RED. */
export const nodeRedCases: ReadonlyMap<string, OpenCase> = new Map(
	Object.entries(CASES).map(([name, each]) => [name, (target) => openCase(each, target)]),
);

/** Messages come from one node that sends them all at once. */
async function openCase(
	{ nodes, messageFor, listens }: NodeRedCase,
	target: CaseTarget,
): Promise<RunningCase> {
	const nodeRed = await startNodeRed();
	await nodeRed.deploy([
		{ id: SOURCE, type: 'link in', wires: [['send']] },
		...nodes(target),
		{ id: ANSWERED, type: 'link in', wires: [[]] },
		{ id: 'catch', type: 'catch', scope: null, wires: [[FAILED]] },
		{ id: FAILED, type: 'link in', wires: [[]] },
	]);
	let onAnswered: (message: Message) => void = () => undefined;
	let onFailed: (message: Message) => void = () => undefined;
	nodeRed.node(ANSWERED).on('input', (message) => onAnswered(message));
	nodeRed.node(FAILED).on('input', (message) => onFailed(message));
	return {
		place: (orders, onResult) =>
			new Promise((resolve, reject) => {
				let left = orders.length;
				// A message is known by its ID, which flows pass on.
				onAnswered = ({ _msgid }) => {
					onResult(String(_msgid));
					left -= 1;
					if (left === 0) resolve();
				};
				onFailed = ({ error }) => reject(new Error(`The flow failed: ${JSON.stringify(error)}`));
				const messages = orders.map((order) => ({
					...messageFor(order),
					_msgid: order.phoneNumber,
				}));
				nodeRed.node(SOURCE).send([messages]);
			}),
		close: () => nodeRed.close(),
		editorUrl: nodeRed.url,
		...(listens && { eventUrl: `${nodeRed.flowsUrl}/${EVENT_PATH}?secret=${EVENT_SECRET}` }),
	};
}
