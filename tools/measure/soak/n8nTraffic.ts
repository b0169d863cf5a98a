import type { INode } from 'n8n-workflow';
import {
	type SimulatedAccount,
	n8nCredentials,
	n8nParameters,
	simulatedAccounts,
} from '../../../test/fixtures/simulatedAccounts';
import { type Flow, type RunFlow, openFlow } from '../hosts/n8n';
import type { Order } from '../orders';
import {
	type OnOutcome,
	type Outcome,
	TIMEOUT_SECONDS,
	type TrafficHost,
	type TrafficTarget,
	WAIT_TIMEOUT_SECONDS,
	readError,
} from './traffic';

/** Items of one execution. */
const BATCH = 20;

/** What is special in a workflow. With Retry On Fail an error stops the whole execution. */
interface Special {
	readonly waitForResult: boolean;
	readonly settings: Partial<INode>;
}

const TO_ERROR_OUTPUT: Partial<INode> = { onError: 'continueErrorOutput' };
const RETRY: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 200 };
const SPECIALS: readonly Special[] = [
	{ waitForResult: false, settings: TO_ERROR_OUTPUT },
	{ waitForResult: true, settings: TO_ERROR_OUTPUT },
	{ waitForResult: false, settings: RETRY },
];

interface OpenWorkflow {
	readonly run: RunFlow;
	readonly retries: boolean;
}

/** n8n's engine with workflows for each provider: one waits, one has Retry On Fail, one has neither. */
export async function openN8nTraffic(
	target: TrafficTarget,
	onOutcome: OnOutcome,
): Promise<TrafficHost> {
	const workflows = new Map<string, readonly OpenWorkflow[]>();
	for (const simulated of simulatedAccounts) {
		const open = SPECIALS.map(async (special) => ({
			run: await openFlow(flowFor(target, simulated, special)),
			retries: special.settings === RETRY,
		}));
		workflows.set(simulated.provider.name, await Promise.all(open));
	}
	let turn = 0;
	return {
		batch: BATCH,
		take: (orders) => {
			turn += 1;
			for (const [provider, ofProvider] of workflows) {
				const mine = orders.filter((order) => order.provider === provider);
				const workflow = ofProvider[turn % SPECIALS.length];
				if (workflow !== undefined && mine.length > 0) void runOnce(workflow, mine, onOutcome);
			}
		},
		close: async () => undefined,
	};
}

function flowFor(
	{ baseUrl }: TrafficTarget,
	simulated: SimulatedAccount,
	{ waitForResult, settings }: Special,
): Flow {
	return {
		nodes: [
			{
				name: 'Send',
				type: 'sendOtpCall',
				parameters: {
					...n8nParameters(simulated),
					phoneNumber: '={{ $json.phoneNumber }}',
					code: '={{ $json.code }}',
					waitForResult,
					options: { timeout: TIMEOUT_SECONDS, waitTimeout: WAIT_TIMEOUT_SECONDS },
				},
				credential: simulated.account.credential,
				settings,
				next: [],
			},
		],
		credentials: n8nCredentials(simulated, baseUrl, 'key'),
		result: 'Send',
	};
}

async function runOnce(
	{ run, retries }: OpenWorkflow,
	orders: readonly Order[],
	onOutcome: OnOutcome,
): Promise<void> {
	try {
		const [placed = [], failed = []] = await run(orders.map((order) => ({ ...order })));
		for (const { pairedItem, json } of placed) {
			const callId = typeof json['callId'] === 'string' ? json['callId'] : '';
			onOutcome(phoneNumberOf(orders, pairedItem), { is: 'call', callId });
		}
		for (const { pairedItem, json } of failed) {
			onOutcome(phoneNumberOf(orders, pairedItem), readError(json['details']));
		}
	} catch (error) {
		if (!retries) throw error;
		// An execution that stops at an item says nothing of the others.
		const outcome: Outcome = {
			is: 'error',
			kind: 'execution-stopped',
			callMayHaveBeenPlaced: true,
		};
		for (const { phoneNumber } of orders) onOutcome(phoneNumber, outcome);
	}
}

function phoneNumberOf(orders: readonly Order[], pairedItem: unknown): string {
	const item =
		typeof pairedItem === 'object' && pairedItem !== null && 'item' in pairedItem
			? Number(pairedItem.item)
			: NaN;
	return orders[item]?.phoneNumber ?? 'an item without its input';
}
