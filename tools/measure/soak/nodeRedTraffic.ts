import {
	type SimulatedAccount,
	nodeRedAccount,
	nodeRedFields,
	simulatedAccounts,
} from '../../../test/fixtures/simulatedAccounts';
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

/** A real Node-RED with a send node for each provider, and one more that waits for the end of its calls. */
export async function openNodeRedTraffic(
	target: TrafficTarget,
	onOutcome: OnOutcome,
): Promise<TrafficHost> {
	const nodeRed = await startNodeRed();
	await nodeRed.deploy([
		...simulatedAccounts.flatMap((simulated) => nodesOf(simulated, target)),
		{ id: 'catch', type: 'catch', scope: null, wires: [['failed']] },
		{ id: 'answered', type: 'link in', wires: [[]] },
		{ id: 'failed', type: 'link in', wires: [[]] },
	]);
	nodeRed.node('answered').on('input', (message) => {
		onOutcome(numberOf(message), { is: 'call', callId: callIdIn(message['payload']) });
	});
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

/** A provider's account, and two send nodes that use it. */
function nodesOf(simulated: SimulatedAccount, { baseUrl }: TrafficTarget): readonly FlowNode[] {
	const { name } = simulated.provider;
	const account = `${name}-account`;
	return [
		{ ...nodeRedAccount(simulated, baseUrl, 'key'), id: account },
		...[false, true].flatMap((waits) => {
			const flow = flowName(name, waits);
			return [
				{ id: `from-${flow}`, type: 'link in', wires: [[`send-${flow}`]] },
				{
					id: `send-${flow}`,
					type: 'send-otp-call',
					account,
					phoneNumber: 'phoneNumber',
					phoneNumberType: 'msg',
					code: 'code',
					codeType: 'msg',
					...nodeRedFields(simulated),
					simplify: true,
					timeout: String(TIMEOUT_SECONDS),
					waitForResult: waits,
					waitTimeout: String(WAIT_TIMEOUT_SECONDS),
					wires: [['answered']],
				},
			];
		}),
	];
}

const flowName = (provider: string, waits: boolean): string =>
	waits ? `${provider}-wait` : provider;

const flowFor = ({ provider, phoneNumber }: Order): string =>
	flowName(provider, Number(phoneNumber.at(-2)) % 2 === 0);

// A message keeps its ID all the way, also in a Catch node.
function messageFor({ phoneNumber, code }: Order): Message {
	return { _msgid: phoneNumber, phoneNumber, code };
}

function numberOf({ _msgid }: Message): string {
	return String(_msgid);
}

function callIdIn(payload: unknown): string {
	return typeof payload === 'object' && payload !== null && 'callId' in payload
		? String(payload.callId)
		: '';
}

function errorIn({ error }: Message): unknown {
	return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}
