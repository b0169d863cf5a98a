import type { Circumstances } from '../measuring/trial';
import type { Comparison } from './comparison';

const FIGURES: Comparison['figures'] = [
	'lookUpsPerCall',
	'delayMedianMs',
	'delayP99Ms',
	'cpuMsPerCall',
	'connections',
	'memoryGrowthMB',
	'longestStallMs',
];

const SHORTEST_MS = 6_000;
const LONGEST_MS = 24_000;
const CALLS = 500;
// Any step that shares no factor with the number of calls spreads the lengths evenly and not in order.
const STEP = 173;

const CIRCUMSTANCES: Circumstances = {
	calls: CALLS,
	latencyMs: 20,
	lengthOf: (n) => SHORTEST_MS + ((LONGEST_MS - SHORTEST_MS) * ((n * STEP) % CALLS)) / CALLS,
	warmUp: { waves: 2, size: 20 },
};

/** 500 calls that last 6 to 24 s, each followed to its end. */
export const waitComparisons: readonly Comparison[] = [
	{
		name: 'node-red-wait',
		title: 'Node-RED: 500 calls of 6 to 24 s, each waited for until it has ended',
		sides: [
			{ caseName: 'node-red-wait', label: 'Send OTP Call, Wait for Result' },
			{ caseName: 'node-red-loop', label: 'http request, delay 2 s, http request, switch, again' },
		],
		circumstances: CIRCUMSTANCES,
		figures: FIGURES,
		aims: [
			{ figure: 'lookUpsPerCall', beside: 'node-red-loop', atMost: 1 },
			{ figure: 'cpuMsPerCall', beside: 'node-red-loop', atMost: 1 },
		],
	},
	{
		name: 'n8n-wait',
		title: 'n8n: 500 executions at once, each waits for a call of 6 to 24 s until it has ended',
		sides: [
			{ caseName: 'n8n-wait', label: 'Send OTP Call, Wait for Result' },
			{ caseName: 'n8n-loop', label: 'HTTP Request, Wait 2 s, HTTP Request, If, again' },
		],
		circumstances: CIRCUMSTANCES,
		figures: FIGURES,
		aims: [
			{ figure: 'lookUpsPerCall', beside: 'n8n-loop', atMost: 1 },
			{ figure: 'cpuMsPerCall', beside: 'n8n-loop', atMost: 1 },
		],
	},
];
