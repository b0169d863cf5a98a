// What waiting for the end of a call takes in a real n8n process with PostgreSQL.
import { type N8n, startN8n } from '../../../test/e2e/hosts/n8n';
import { Run, freePort } from '../../../test/e2e/hosts/programs';
import type { Simulator } from '../../simulator/index';
import { Inspector, readProgramVitals } from '../hosts/programVitals';
import { median, percentile } from '../report';
import type { Comparison } from './comparisons';
import { type Figures, tablesOf } from './page';
import { type RealWait, realWaits } from './realWaitCases';
import { WaitingFlow, planCalls } from './realWaitFlow';

/**
 * As many as n8n starts on two cores before the first one ends, and as end no faster than it can wake
 * executions: the delay of more of them would be that of a queue in n8n.
 */
const CALLS = 50;
const SHORTEST_MS = 6_000;
const LONGEST_MS = 24_000;
// Any step that shares no factor with the number of calls spreads the lengths evenly and not in order.
const STEP = 173;
const WARM_UP_CALLS = 32;
const SHORT_WARM_UP_MS = 1_000;

const COMPARISON: Pick<Comparison, 'title' | 'sides' | 'figures' | 'aims'> = {
	title: `A real n8n with PostgreSQL: ${String(CALLS)} executions, each waits for a call of 6 to 24 s until it has ended`,
	sides: [
		{ caseName: 'real-polling', label: 'Send OTP Call, Wait for Result' },
		{ caseName: 'real-event', label: "the same, Wait For: The Provider's Event" },
		{ caseName: 'real-loop', label: 'HTTP Request, Wait 2 s, HTTP Request, If, again' },
	],
	figures: [
		'lookUpsPerCall',
		'delayMedianMs',
		'delayP99Ms',
		'cpuMsPerCall',
		'memoryPerCallMB',
		'heapPerCallKB',
	],
	aims: [
		{ figure: 'delayMedianMs', atMost: 1_000 },
		{ figure: 'lookUpsPerCall', atMost: 5 },
		{ of: 'real-event', figure: 'delayMedianMs', atMost: 150 },
		{ of: 'real-event', figure: 'lookUpsPerCall', atMost: 1 },
	],
};

/** Measures every way to wait, each in an n8n that was just started. @returns the tables in Markdown */
export async function measureRealWait(simulator: Simulator): Promise<string> {
	const run = new Run();
	try {
		simulator.reset();
		const inspectorPort = await freePort();
		const env = { NODE_OPTIONS: `--inspect=127.0.0.1:${String(inspectorPort)}` };
		const n8n = await startN8n(run, { mode: 'regular', workers: 0, env });
		const medians = new Map<string, Figures>();
		for (const [index, { caseName }] of COMPARISON.sides.entries()) {
			process.stderr.write(`n8n-wait-real: ${caseName}\n`);
			const wait = realWaits[caseName];
			if (wait === undefined) throw new RangeError(`There is no case ${caseName}`);
			if (index > 0) await n8n.restart('main');
			const inspector = await Inspector.open(inspectorPort);
			medians.set(caseName, await measured(n8n, simulator, wait, inspector));
			inspector.close();
		}
		return tablesOf({ comparison: COMPARISON, medians });
	} finally {
		await run.end();
	}
}

async function measured(
	n8n: N8n,
	simulator: Simulator,
	wait: RealWait,
	inspector: Inspector,
): Promise<Figures> {
	const { counters } = simulator;
	const flow = await WaitingFlow.publish(n8n, simulator, wait);
	const spread = (n: number, count: number): number =>
		SHORTEST_MS + ((LONGEST_MS - SHORTEST_MS) * (((n + 1) * STEP) % count)) / count;
	// Only what learns from the lengths of earlier calls has to have seen such lengths.
	const warmUp = planCalls(WARM_UP_CALLS, (n) =>
		wait.learns ? spread(n, WARM_UP_CALLS) : SHORT_WARM_UP_MS,
	);
	await flow.begin(warmUp);
	await flow.ended();

	const group = n8n.pidOf('main');
	const idleHeap = await inspector.readHeap();
	const idle = readProgramVitals(group);
	const lookUpsBefore = counters.statuses;
	const calls = planCalls(CALLS, (n) => spread(n, CALLS));
	await flow.begin(calls);
	await flow.parked();
	const begun = readProgramVitals(group);
	const waitingHeap = await inspector.readHeap();
	const waiting = readProgramVitals(group);
	const readAt = Date.now();
	await flow.ended();
	const { cpuSeconds } = readProgramVitals(group);
	const lookUps = counters.statuses - lookUpsBefore;

	const endOf = new Map(
		simulator.calls.map(({ attempts, phoneNumber }) => [phoneNumber, attempts.at(-1)?.endedAt]),
	);
	// n8n itself notes when an execution has stopped, which is right after its last node, the one that waits:
	// a node more to tell it would take longer than what is measured.
	const delays = (await flow.results(calls)).map(
		({ phoneNumber, stoppedAt }) => stoppedAt - (endOf.get(phoneNumber) ?? NaN),
	);
	await flow.unpublish();
	if (calls.some(({ phoneNumber }) => (endOf.get(phoneNumber) ?? 0) < readAt))
		process.stderr.write(
			'n8n-wait-real: this machine is too slow, a call had ended before all waited\n',
		);
	// Without the collection that was forced.
	const cpu = begun.cpuSeconds - idle.cpuSeconds + cpuSeconds - waiting.cpuSeconds;
	// What n8n has given back meanwhile was not of these calls.
	const perCall = (before: number, after: number): number => Math.max(0, after - before) / CALLS;
	return {
		lookUpsPerCall: lookUps / CALLS,
		delayMedianMs: median(delays),
		delayP99Ms: percentile(delays, 0.99),
		cpuMsPerCall: (cpu * 1000) / CALLS,
		memoryPerCallMB: perCall(idle.memory, waiting.memory) / 1e6,
		heapPerCallKB: perCall(idleHeap, waitingHeap) / 1e3,
	};
}
