import type { Comparison } from './comparison';

const FIGURES: Comparison['figures'] = [
	'callsPerSecond',
	'cpuMsPerCall',
	'connections',
	'memoryGrowthMB',
	'longestStallMs',
];
const CALLS = 500;
const WARM_UP = { waves: 200, size: 10 };
const OURS = { caseName: 'n8n-send', label: 'Send OTP Call, concurrency 10' };

/** 500 items into n8n's engine. @param hasNodesBase whether n8n's own nodes are there to be measured */
export function n8nComparisons(hasNodesBase: boolean): readonly Comparison[] {
	const httpRequest = {
		caseName: 'n8n-http-request',
		label: 'HTTP Request (n8n-nodes-base)',
	};
	const allAtOnce = {
		caseName: 'n8n-all-at-once',
		label: 'all requests at once, as HTTP Request sends them',
	};
	const beside = hasNodesBase ? httpRequest.caseName : allAtOnce.caseName;
	return [
		{
			name: 'n8n-200ms',
			title: 'n8n: 500 items, the provider answers after 200 ms',
			sides: [
				OURS,
				{
					caseName: 'n8n-one-after-another',
					label: 'one request after another, as Twilio, Plivo and Vonage nodes do',
				},
			],
			circumstances: { calls: CALLS, latencyMs: 200, warmUp: WARM_UP },
			figures: FIGURES,
			aims: [{ figure: 'callsPerSecond', beside: 'n8n-one-after-another', atLeast: 9 }],
		},
		{
			name: 'n8n-0ms',
			title: 'n8n: 500 items, the provider answers at once',
			sides: [OURS, allAtOnce, ...(hasNodesBase ? [httpRequest] : [])],
			circumstances: { calls: CALLS, latencyMs: 0, warmUp: WARM_UP },
			figures: FIGURES,
			aims: [
				{ figure: 'callsPerSecond', beside, atLeast: 1 },
				{ figure: 'cpuMsPerCall', beside, atMost: 1 },
				{ figure: 'connections', atMost: 10 },
				{ figure: 'longestStallMs', atMost: 60 },
			],
		},
	];
}
