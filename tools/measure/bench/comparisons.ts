import type { Conditions, Trial } from './trial';

/** What a waiting call takes, where it was measured while all of them wait. */
interface WaitingFigures {
	/** Of the resident memory, for each call. */
	readonly memoryPerCallMB: number;
	readonly heapPerCallKB: number;
}

/** A figure of a trial. */
export type Figure = keyof Trial | keyof WaitingFigures;

/** One side of a comparison. */
export interface Side {
	/** The case's name. */
	readonly caseName: string;
	/** How a reader calls it. */
	readonly label: string;
	/** Whether it is made of n8n's own nodes, which have to be brought first. */
	readonly coreNodes?: boolean;
	/** Calls where it would take too long for as many as the others: one after another. */
	readonly calls?: number;
}

/** Cases that are measured side by side under the same conditions. */
export interface Comparison {
	/** For the command line. */
	readonly name: string;
	readonly title: string;
	/** The first one is ours. */
	readonly sides: readonly [Side, ...Side[]];
	readonly conditions: Conditions;
	/** So many rounds at most: where hundreds of calls are waited for, one round says enough. */
	readonly mostRounds?: number;
	/** What is shown, in this order. */
	readonly figures: readonly Figure[];
	readonly aims: readonly Aim[];
}

/** What a side of ours is to reach, by itself or as a multiple of what another side has. */
export interface Aim {
	/** The case that is to reach it; undefined for the first one. */
	readonly of?: string;
	readonly figure: Figure;
	/** The other side's case; undefined for a bound of its own. */
	readonly beside?: string;
	readonly atLeast?: number;
	readonly atMost?: number;
}

const BURST_FIGURES: readonly Figure[] = [
	'callsPerSecond',
	'cpuMsPerCall',
	'connections',
	'memoryGrowthMB',
	'longestStallMs',
];
const BURST_WARM_UP = { waves: 200, size: 10 };

const NODE_RED_CALLS = 2_000;
const NODE_RED_SIDES: Comparison['sides'] = [
	{ caseName: 'node-red-send', label: 'Send OTP Call' },
	{ caseName: 'node-red-http-request', label: 'http request (core)' },
	{ caseName: 'bare-pool', label: 'undici pool without a host' },
];

const N8N_CALLS = 500;
const N8N_SEND: Side = { caseName: 'n8n-send', label: 'Send OTP Call, 10 at a time' };

const WAIT_FIGURES: readonly Figure[] = [
	'lookUpsPerCall',
	'delayMedianMs',
	'delayP99Ms',
	'cpuMsPerCall',
	'connections',
	'memoryGrowthMB',
	'longestStallMs',
];
const WAIT_CALLS = 500;
const SHORTEST_MS = 6_000;
const LONGEST_MS = 24_000;
// Any step that shares no factor with the number of calls spreads the lengths evenly and not in order.
const STEP = 173;
const WAIT_CONDITIONS: Conditions = {
	calls: WAIT_CALLS,
	latencyMs: 20,
	lengthOf: (n) =>
		SHORTEST_MS + ((LONGEST_MS - SHORTEST_MS) * ((n * STEP) % WAIT_CALLS)) / WAIT_CALLS,
	// As a host that has followed some calls to their end before.
	warmUp: { waves: 1, size: 64 },
};

/** All that is measured. */
export const comparisons: readonly Comparison[] = [
	{
		name: 'node-red-0ms',
		title: 'Node-RED: 2,000 messages at once, the provider answers at once',
		sides: NODE_RED_SIDES,
		conditions: { calls: NODE_RED_CALLS, latencyMs: 0, warmUp: BURST_WARM_UP },
		figures: BURST_FIGURES,
		aims: [
			{ figure: 'callsPerSecond', beside: 'node-red-http-request', atLeast: 5.5 },
			{ figure: 'cpuMsPerCall', beside: 'node-red-http-request', atMost: 0.18 },
			{ figure: 'connections', atMost: 50 },
			{ figure: 'longestStallMs', atMost: 50 },
			{ figure: 'memoryGrowthMB', beside: 'node-red-http-request', atMost: 0.25 },
			{ figure: 'callsPerSecond', beside: 'bare-pool', atLeast: 0.9 },
		],
	},
	{
		name: 'node-red-200ms',
		title: 'Node-RED: 2,000 messages at once, the provider answers after 200 ms',
		sides: NODE_RED_SIDES,
		conditions: { calls: NODE_RED_CALLS, latencyMs: 200, warmUp: BURST_WARM_UP },
		figures: BURST_FIGURES,
		aims: [
			{ figure: 'connections', atMost: 50 },
			{ figure: 'longestStallMs', atMost: 50 },
			{ figure: 'memoryGrowthMB', beside: 'node-red-http-request', atMost: 0.25 },
			{ figure: 'callsPerSecond', beside: 'bare-pool', atLeast: 0.75 },
		],
	},
	{
		name: 'n8n-200ms',
		title: 'n8n: 500 items, the provider answers after 200 ms',
		sides: [
			N8N_SEND,
			{ caseName: 'n8n-send-100', label: 'Send OTP Call, 100 at a time' },
			{
				caseName: 'n8n-one-after-another',
				label: 'HTTP Request in Loop Over Items, one after another',
				coreNodes: true,
				calls: 30,
			},
		],
		conditions: { calls: N8N_CALLS, latencyMs: 200, warmUp: BURST_WARM_UP },
		figures: BURST_FIGURES,
		aims: [
			{ figure: 'callsPerSecond', beside: 'n8n-one-after-another', atLeast: 9 },
			{
				of: 'n8n-send-100',
				figure: 'callsPerSecond',
				beside: 'n8n-one-after-another',
				atLeast: 65,
			},
		],
	},
	{
		name: 'n8n-0ms',
		title: 'n8n: 500 items, the provider answers at once',
		sides: [
			N8N_SEND,
			{
				caseName: 'n8n-helper',
				label: "n8n's request helper with nothing around it, 10 at a time",
			},
			{
				caseName: 'n8n-http-request-json',
				label: 'HTTP Request with a JSON body, all items at once',
				coreNodes: true,
			},
			{
				caseName: 'n8n-http-request',
				label: 'HTTP Request with fields, all items at once',
				coreNodes: true,
			},
		],
		conditions: { calls: N8N_CALLS, latencyMs: 0, warmUp: BURST_WARM_UP },
		figures: BURST_FIGURES,
		aims: [
			{ figure: 'callsPerSecond', beside: 'n8n-http-request-json', atLeast: 2.2 },
			{ figure: 'cpuMsPerCall', beside: 'n8n-http-request-json', atMost: 0.45 },
			{ figure: 'connections', atMost: 10 },
			{ figure: 'longestStallMs', atMost: 30 },
		],
	},
	{
		name: 'node-red-wait',
		title: 'Node-RED: 500 calls of 6 to 24 s, each waited for until it has ended',
		sides: [
			{ caseName: 'node-red-wait', label: 'Send OTP Call, Wait for Result' },
			{ caseName: 'node-red-wait-fixed', label: 'the same, Check Every 2 s' },
			{ caseName: 'node-red-wait-event', label: 'the same, with otp-call-event in the flow' },
			{ caseName: 'node-red-loop', label: 'http request, delay 2 s, http request, switch, again' },
		],
		conditions: WAIT_CONDITIONS,
		mostRounds: 1,
		figures: WAIT_FIGURES,
		aims: [
			{ figure: 'delayMedianMs', atMost: 1_000 },
			{ figure: 'lookUpsPerCall', atMost: 5 },
			{ of: 'node-red-wait-event', figure: 'delayMedianMs', atMost: 150 },
			{ of: 'node-red-wait-event', figure: 'lookUpsPerCall', atMost: 1 },
			{ figure: 'cpuMsPerCall', beside: 'node-red-loop', atMost: 1 },
		],
	},
	{
		name: 'n8n-wait',
		title: 'n8n: 500 executions at once, each waits for a call of 6 to 24 s until it has ended',
		sides: [
			{ caseName: 'n8n-wait', label: 'Send OTP Call, Wait for Result' },
			{ caseName: 'n8n-wait-fixed', label: 'the same, Check Every 2 s' },
			{
				caseName: 'n8n-loop',
				label: 'HTTP Request, Wait 2 s, HTTP Request, If, again',
				coreNodes: true,
			},
		],
		conditions: WAIT_CONDITIONS,
		mostRounds: 1,
		figures: WAIT_FIGURES,
		aims: [
			{ figure: 'delayMedianMs', atMost: 1_000 },
			{ figure: 'lookUpsPerCall', atMost: 5 },
			{ figure: 'cpuMsPerCall', beside: 'n8n-loop', atMost: 1 },
		],
	},
];

/** The comparison without the sides that are made of n8n's own nodes, and without the aims beside them. */
export function withoutCoreNodes(comparison: Comparison): Comparison {
	const [ours, ...others] = comparison.sides;
	const sides = others.filter(({ coreNodes }) => coreNodes !== true);
	const isThere = ({ beside }: Aim): boolean =>
		beside === undefined || sides.some(({ caseName }) => caseName === beside);
	return { ...comparison, sides: [ours, ...sides], aims: comparison.aims.filter(isThere) };
}
