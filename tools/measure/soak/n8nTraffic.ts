import { type Flow, type RunFlow, openFlow } from '../bench/hosts/n8n';
import { type Ending, type Errand, readEnding } from './errand';
import {
	type OnEnd,
	type Place,
	TIMEOUT_SECONDS,
	type TrafficHost,
	WAIT_TIMEOUT_SECONDS,
} from './traffic';

/** Items of one execution. */
const BATCH = 20;

interface Lane {
	readonly run: RunFlow;
	readonly provider: Errand['provider'];
	/** On an error the whole execution is tried again, instead of the item going to the error output. */
	readonly retries: boolean;
}

/** n8n's engine with workflows for each provider: one waits, one has Retry On Fail, one has neither. */
export async function openN8nTraffic(place: Place, onEnd: OnEnd): Promise<TrafficHost> {
	const lanes: Lane[] = [];
	for (const provider of ['bitel', 'autocall'] as const) {
		for (const kind of ['plain', 'waits', 'retries'] as const) {
			const run = await openFlow(flowFor(place, provider, kind));
			lanes.push({ run, provider, retries: kind === 'retries' });
		}
	}
	let turn = 0;
	return {
		batch: BATCH,
		take: (errands) => {
			turn += 1;
			for (const provider of ['bitel', 'autocall'] as const) {
				const mine = errands.filter((errand) => errand.provider === provider);
				const choice = lanes.filter((lane) => lane.provider === provider);
				const lane = choice[turn % choice.length];
				if (lane !== undefined && mine.length > 0) void runOnce(lane, mine, onEnd);
			}
		},
		close: async () => undefined,
	};
}

function flowFor(
	{ baseUrl, token, campaign, template }: Place,
	provider: Errand['provider'],
	kind: 'plain' | 'waits' | 'retries',
): Flow {
	return {
		nodes: [
			{
				name: 'Send',
				type: 'sendOtpCall',
				parameters: {
					provider,
					phoneNumber: '={{ $json.phoneNumber }}',
					code: '={{ $json.code }}',
					...(provider === 'autocall' && {
						campaign: { __rl: true, mode: 'id', value: campaign },
						template: { __rl: true, mode: 'name', value: template },
					}),
					waitForResult: kind === 'waits',
					options: { timeout: TIMEOUT_SECONDS, waitTimeout: WAIT_TIMEOUT_SECONDS },
				},
				credential: `${provider}Api`,
				settings:
					kind === 'retries'
						? { retryOnFail: true, maxTries: 3, waitBetweenTries: 200 }
						: { onError: 'continueErrorOutput' },
				next: [],
			},
		],
		credentials: {
			[`${provider}Api`]: {
				baseUrl,
				token,
				...(provider === 'autocall' && { authentication: 'token', campaignUuid: campaign }),
			},
		},
		result: 'Send',
	};
}

async function runOnce({ run, retries }: Lane, errands: readonly Errand[], onEnd: OnEnd) {
	try {
		const [placed = [], failed = []] = await run(errands.map((errand) => ({ ...errand })));
		for (const { pairedItem } of placed) tell(errands, pairedItem, { is: 'call' }, onEnd);
		for (const { pairedItem, json } of failed) {
			tell(errands, pairedItem, readEnding(json['details']), onEnd);
		}
	} catch (error) {
		if (!retries) throw error;
		// An execution that stops at an item says nothing of the others.
		const ending: Ending = { is: 'error', kind: 'execution-stopped', callMayHaveBeenPlaced: true };
		for (const { phoneNumber } of errands) onEnd(phoneNumber, ending);
	}
}

function tell(errands: readonly Errand[], pairedItem: unknown, ending: Ending, onEnd: OnEnd): void {
	const item =
		typeof pairedItem === 'object' && pairedItem !== null && 'item' in pairedItem
			? Number(pairedItem.item)
			: NaN;
	onEnd(errands[item]?.phoneNumber ?? 'an item without its input', ending);
}
