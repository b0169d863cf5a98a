import { type FlowNode, type Message, startNodeRed } from '../hosts/nodeRed';
import type { Order } from '../orders';
import {
	type OnOutcome,
	TIMEOUT_SECONDS,
	type TrafficHost,
	type TrafficTarget,
	WAIT_TIMEOUT_SECONDS,
	readError,
} from './traffic';

const FLOWS = ['bitel', 'bitel-wait', 'autocall', 'autocall-wait'] as const;
type FlowName = (typeof FLOWS)[number];

/** A real Node-RED with a send node for each provider, and one more that waits for the end of its calls. */
export async function openNodeRedTraffic(
	target: TrafficTarget,
	onOutcome: OnOutcome,
): Promise<TrafficHost> {
	const nodeRed = await startNodeRed();
	await nodeRed.deploy([
		...accounts(target),
		...FLOWS.flatMap((flow) => nodesOf(flow, target)),
		{ id: 'catch', type: 'catch', scope: null, wires: [['failed']] },
		{ id: 'answered', type: 'link in', wires: [[]] },
		{ id: 'failed', type: 'link in', wires: [[]] },
	]);
	nodeRed.node('answered').on('input', (message) => onOutcome(numberOf(message), { is: 'call' }));
	nodeRed.node('failed').on('input', (message) => {
		onOutcome(numberOf(message), readError(errorIn(message)));
	});
	return {
		batch: 1,
		take: (orders) => {
			for (const order of orders) {
				nodeRed.node(`from-${flowFor(order)}`).send([[messageFor(order)]]);
			}
		},
		close: () => nodeRed.close(),
	};
}

function accounts({ baseUrl, token, campaign }: TrafficTarget): readonly FlowNode[] {
	const account = { type: 'otp-call-account', baseUrl, credentials: { token } };
	return [
		{ ...account, id: 'bitel-account', provider: 'bitel' },
		{
			...account,
			id: 'autocall-account',
			provider: 'autocall',
			authentication: 'token',
			campaign,
		},
	];
}

function nodesOf(flow: FlowName, { template }: TrafficTarget): readonly FlowNode[] {
	return [
		{ id: `from-${flow}`, type: 'link in', wires: [[`send-${flow}`]] },
		{
			id: `send-${flow}`,
			type: 'send-otp-call',
			account: flow.startsWith('bitel') ? 'bitel-account' : 'autocall-account',
			phoneNumber: 'phoneNumber',
			phoneNumberType: 'msg',
			code: 'code',
			codeType: 'msg',
			template,
			templateType: 'str',
			simplify: true,
			timeout: String(TIMEOUT_SECONDS),
			waitForResult: flow.endsWith('-wait'),
			waitTimeout: String(WAIT_TIMEOUT_SECONDS),
			wires: [['answered']],
		},
	];
}

function flowFor({ provider, phoneNumber }: Order): FlowName {
	const waits = Number(phoneNumber.at(-2)) % 2 === 0;
	return waits ? `${provider}-wait` : provider;
}

// A message keeps its ID all the way, also in a Catch node.
function messageFor({ phoneNumber, code }: Order): Message {
	return { _msgid: phoneNumber, phoneNumber, code };
}

function numberOf({ _msgid }: Message): string {
	return String(_msgid);
}

function errorIn({ error }: Message): unknown {
	return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}
