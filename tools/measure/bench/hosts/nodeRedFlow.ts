import type { Order } from '../orders';
import type { RunningCase } from '../measuring/measuredCase';
import { type FlowNode, type Message, startNodeRed } from './nodeRed';

/** Where messages come from, where answered ones and failed ones go. */
const SOURCE = 'source';
const ANSWERED = 'answered';
const FAILED = 'failed';

/** The part of a flow that places calls. */
export interface PlacingFlow {
	/** The node that takes the messages. */
	readonly first: string;
	/** The flow's nodes; results go to the node named by `answered`. */
	nodes(answered: string): readonly FlowNode[];
	/** The message that asks for a call. */
	messageFor(order: Order): Message;
}

/** Runs the flow in a real Node-RED. Messages come from one node that sends them all at once. */
export async function runInNodeRed(flow: PlacingFlow): Promise<RunningCase> {
	const nodeRed = await startNodeRed();
	await nodeRed.deploy([
		{ id: SOURCE, type: 'link in', wires: [[flow.first]] },
		...flow.nodes(ANSWERED),
		{ id: ANSWERED, type: 'link in', wires: [[]] },
		{ id: 'catch', type: 'catch', scope: null, wires: [[FAILED]] },
		{ id: FAILED, type: 'link in', wires: [[]] },
	]);
	let waiting: Batch | undefined;
	nodeRed.node(ANSWERED).on('input', (message) => waiting?.answered(message));
	nodeRed.node(FAILED).on('input', (message) => waiting?.failed(message));
	return {
		place: (orders, onResult) =>
			new Promise((resolve, reject) => {
				waiting = new Batch(orders, onResult, resolve, reject);
				const messages = orders.map((order) => ({
					...flow.messageFor(order),
					_msgid: order.phoneNumber,
				}));
				nodeRed.node(SOURCE).send([messages]);
			}),
		close: () => nodeRed.close(),
		editorUrl: nodeRed.url,
	};
}

/** The messages that are under way. A message is known by its ID, which flows pass on. */
class Batch {
	#left: number;
	readonly #onResult: (phoneNumber: string) => void;
	readonly #resolve: () => void;
	readonly #reject: (error: Error) => void;

	constructor(
		orders: readonly Order[],
		onResult: (phoneNumber: string) => void,
		resolve: () => void,
		reject: (error: Error) => void,
	) {
		this.#left = orders.length;
		this.#onResult = onResult;
		this.#resolve = resolve;
		this.#reject = reject;
	}

	answered(message: Message): void {
		this.#onResult(String(message['_msgid']));
		this.#left -= 1;
		if (this.#left === 0) this.#resolve();
	}

	failed({ error }: Message): void {
		this.#reject(new Error(`The flow failed: ${JSON.stringify(error)}`));
	}
}
