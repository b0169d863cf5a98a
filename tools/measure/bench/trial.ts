import { SIMULATOR_TOKEN, type Simulator } from '../../simulator/index';
import { type Order, answeredOrders } from '../orders';
import { CommandedProcess, expectIt } from '../process';
import { median, percentile } from '../report';
import { type CaseTarget, type HostFigures, isHostFigures } from './case';

const HOST_PROCESS = new URL('./hostProcess.ts', import.meta.url);

/** What the calls of a comparison have in common. */
export interface Conditions {
	readonly calls: number;
	/** Every answer of the simulator comes this much later, in milliseconds. */
	readonly latencyMs: number;
	/** How long the call that is placed as number `n` rings and talks, in milliseconds; default: not at all. */
	readonly lengthOf?: (n: number) => number;
	/** Waves of calls before the measured ones, and calls in each. */
	readonly warmUp: { readonly waves: number; readonly size: number };
}

/** What one run of a case came to. */
export interface Trial {
	readonly callsPerSecond: number;
	readonly cpuMsPerCall: number;
	/** Open at the same time, at the peak, as the simulator sees them. */
	readonly connections: number;
	readonly memoryGrowthMB: number;
	readonly longestStallMs: number;
	readonly lookUpsPerCall: number;
	/** From the end of the call at the provider to the flow's result. */
	readonly delayMedianMs: number;
	readonly delayP99Ms: number;
}

/** Runs a case once, in a process of its own. @throws when a call was not placed exactly once */
export async function runTrial(
	simulator: Simulator,
	caseName: string,
	n8nNodesBase: string,
	conditions: Conditions,
): Promise<Trial> {
	const { calls, warmUp, latencyMs } = conditions;
	const host = new CommandedProcess(HOST_PROCESS);
	try {
		simulator.reset();
		simulator.change({ queuedMs: 0, ringsMs: 0, talksMs: 0 });
		await host.ask('open', {
			caseName,
			baseUrl: simulator.url,
			token: SIMULATOR_TOKEN,
			n8nNodesBase,
		} satisfies CaseTarget);
		const eventUrl = await host.ask('eventUrl');
		const prepare = (planned: readonly Order[]): void => {
			simulator.reset();
			planLengths(simulator, planned, conditions);
			if (typeof eventUrl === 'string') simulator.change({ bitelWebhookUrl: eventUrl });
		};
		for (let wave = 0; wave < warmUp.waves; wave += 1) {
			const warming = answeredOrders(wave * warmUp.size, warmUp.size);
			prepare(warming);
			await host.ask('warmUp', warming);
		}
		const orders = answeredOrders(warmUp.waves * warmUp.size, calls);
		prepare(orders);
		simulator.change({ latencyMs });
		const seen = expectIt(await host.ask('measure', orders), isHostFigures);
		checkPlacedOnce(caseName, simulator, orders, seen);
		const trial = trialOf(simulator, calls, seen);
		await host.ask('close');
		return trial;
	} finally {
		await host.end();
	}
}

function planLengths(
	simulator: Simulator,
	orders: readonly Order[],
	{ lengthOf }: Conditions,
): void {
	simulator.change({ queuedMs: 0, ringsMs: 0, talksMs: 0 });
	if (lengthOf === undefined) return;
	for (const [n, { phoneNumber }] of orders.entries()) {
		const length = lengthOf(n);
		simulator.plans.forNumber(phoneNumber, { ringsMs: length / 4, talksMs: (length * 3) / 4 });
	}
}

function checkPlacedOnce(
	caseName: string,
	{ counters }: Simulator,
	orders: readonly Order[],
	{ results }: HostFigures,
): void {
	const answered = new Set(results.map(([phoneNumber]) => phoneNumber));
	const wrong = orders.filter(
		({ phoneNumber }) =>
			counters.placedByNumber.get(phoneNumber) !== 1 || !answered.has(phoneNumber),
	);
	if (wrong.length > 0 || results.length !== orders.length || counters.placed !== orders.length) {
		throw new Error(
			`${caseName}: ${String(orders.length)} calls were asked for, ${String(counters.placed)} placed, ${String(results.length)} answered; ${String(wrong.length)} numbers not exactly once`,
		);
	}
}

function trialOf(
	{ calls, counters, connections }: Simulator,
	count: number,
	seen: HostFigures,
): Trial {
	const endedAt = new Map(
		calls.map(({ phoneNumber, attempts }) => [phoneNumber, attempts.at(-1)?.endedAt ?? 0]),
	);
	const delays = seen.results.map(([phoneNumber, at]) => at - (endedAt.get(phoneNumber) ?? at));
	return {
		callsPerSecond: count / seen.seconds,
		cpuMsPerCall: (seen.cpuSeconds * 1000) / count,
		connections: connections.peak,
		memoryGrowthMB: seen.memoryGrowth / 1e6,
		longestStallMs: seen.longestStallMs,
		lookUpsPerCall: counters.statuses / count,
		delayMedianMs: median(delays),
		delayP99Ms: percentile(delays, 0.99),
	};
}

/** The median of each figure. */
export function mediansOf(trials: readonly Trial[]): Trial {
	const of = (figure: keyof Trial): number => median(trials.map((trial) => trial[figure]));
	return {
		callsPerSecond: of('callsPerSecond'),
		cpuMsPerCall: of('cpuMsPerCall'),
		connections: of('connections'),
		memoryGrowthMB: of('memoryGrowthMB'),
		longestStallMs: of('longestStallMs'),
		lookUpsPerCall: of('lookUpsPerCall'),
		delayMedianMs: of('delayMedianMs'),
		delayP99Ms: of('delayP99Ms'),
	};
}
