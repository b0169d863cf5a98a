import type { Comparison } from './comparison';

const SIDES: Comparison['sides'] = [
	{ caseName: 'node-red-send', label: 'Send OTP Call' },
	{ caseName: 'node-red-http-request', label: 'http request (core)' },
	{ caseName: 'bare-pool', label: 'undici pool without a host' },
];
const FIGURES: Comparison['figures'] = [
	'callsPerSecond',
	'cpuMsPerCall',
	'connections',
	'memoryGrowthMB',
	'longestStallMs',
];
const CALLS = 2_000;
const WARM_UP = { waves: 200, size: 10 };

/** 2,000 messages at once into Node-RED. */
export const nodeRedComparisons: readonly Comparison[] = [
	{
		name: 'node-red-0ms',
		title: 'Node-RED: 2,000 messages at once, the provider answers at once',
		sides: SIDES,
		circumstances: { calls: CALLS, latencyMs: 0, warmUp: WARM_UP },
		figures: FIGURES,
		aims: [
			{ figure: 'callsPerSecond', beside: 'node-red-http-request', atLeast: 4 },
			{ figure: 'cpuMsPerCall', beside: 'node-red-http-request', atMost: 0.25 },
			{ figure: 'connections', atMost: 50 },
			{ figure: 'longestStallMs', atMost: 50 },
			{ figure: 'memoryGrowthMB', beside: 'node-red-http-request', atMost: 0.25 },
			{ figure: 'callsPerSecond', beside: 'bare-pool', atLeast: 0.75 },
		],
	},
	{
		name: 'node-red-200ms',
		title: 'Node-RED: 2,000 messages at once, the provider answers after 200 ms',
		sides: SIDES,
		circumstances: { calls: CALLS, latencyMs: 200, warmUp: WARM_UP },
		figures: FIGURES,
		aims: [
			{ figure: 'connections', atMost: 50 },
			{ figure: 'longestStallMs', atMost: 50 },
			{ figure: 'memoryGrowthMB', beside: 'node-red-http-request', atMost: 0.25 },
			{ figure: 'callsPerSecond', beside: 'bare-pool', atLeast: 0.75 },
		],
	},
];
