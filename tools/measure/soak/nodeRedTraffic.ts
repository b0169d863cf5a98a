import { type FlowNode, type Message, startNodeRed } from '../bench/hosts/nodeRed';
import type { Errand } from './errand';
import { readEnding } from './errand';
import {
	type OnEnd,
	type Place,
	TIMEOUT_SECONDS,
	type TrafficHost,
	WAIT_TIMEOUT_SECONDS,
} from './traffic';

const LANES = ['bitel', 'bitel-wait', 'autocall', 'autocall-wait'] as const;
type Lane = (typeof LANES)[number];

/** A real Node-RED with a send node for each provider, and one more that waits for the end of its calls. */
export async function openNodeRedTraffic(place: Place, onEnd: OnEnd): Promise<TrafficHost> {
	const nodeRed = await startNodeRed();
	await nodeRed.deploy([
		...accounts(place),
		...LANES.flatMap((lane) => laneNodes(lane, place)),
		{ id: 'catch', type: 'catch', scope: null, wires: [['failed']] },
		{ id: 'answered', type: 'link in', wires: [[]] },
		{ id: 'failed', type: 'link in', wires: [[]] },
	]);
	nodeRed.node('answered').on('input', (message) => onEnd(numberOf(message), { is: 'call' }));
	nodeRed.node('failed').on('input', (message) => {
		onEnd(numberOf(message), readEnding(errorIn(message)));
	});
	return {
		batch: 1,
		take: (errands) => {
			for (const errand of errands) {
				nodeRed.node(`from-${laneOf(errand)}`).send([[messageFor(errand)]]);
			}
		},
		close: () => nodeRed.close(),
	};
}

function accounts({ baseUrl, token, campaign }: Place): readonly FlowNode[] {
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

function laneNodes(lane: Lane, { template }: Place): readonly FlowNode[] {
	return [
		{ id: `from-${lane}`, type: 'link in', wires: [[`send-${lane}`]] },
		{
			id: `send-${lane}`,
			type: 'send-otp-call',
			account: lane.startsWith('bitel') ? 'bitel-account' : 'autocall-account',
			phoneNumber: 'phoneNumber',
			phoneNumberType: 'msg',
			code: 'code',
			codeType: 'msg',
			template,
			templateType: 'str',
			simplify: true,
			timeout: String(TIMEOUT_SECONDS),
			waitForResult: lane.endsWith('-wait'),
			waitTimeout: String(WAIT_TIMEOUT_SECONDS),
			wires: [['answered']],
		},
	];
}

function laneOf({ provider, phoneNumber }: Errand): Lane {
	const waits = Number(phoneNumber.at(-2)) % 2 === 0;
	return waits ? `${provider}-wait` : provider;
}

// A message keeps its ID all the way, also in a Catch node.
function messageFor({ phoneNumber, code }: Errand): Message {
	return { _msgid: phoneNumber, phoneNumber, code };
}

function numberOf({ _msgid }: Message): string {
	return String(_msgid);
}

function errorIn({ error }: Message): unknown {
	return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}
