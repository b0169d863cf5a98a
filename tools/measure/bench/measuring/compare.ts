import type { Simulator } from '../../../simulator/index';
import type { Comparison } from '../comparisons/comparison';
import { median } from './statistics';
import { type Trial, runTrial } from './trial';

/**
 * Runs every case of a comparison in each round, one after the other, so that whatever else the machine
 * does meanwhile meets them all alike.
 * @returns the medians of each case, by its name
 */
export async function compare(
	simulator: Simulator,
	{ name, sides, circumstances }: Comparison,
	rounds: number,
	n8nNodesBase: string,
): Promise<ReadonlyMap<string, Trial>> {
	const trials = new Map<string, Trial[]>(sides.map(({ caseName }) => [caseName, []]));
	for (let round = 1; round <= rounds; round += 1) {
		for (const [caseName, done] of trials) {
			process.stderr.write(`${name}: round ${String(round)} of ${String(rounds)}, ${caseName}\n`);
			done.push(await runTrial(simulator, caseName, n8nNodesBase, circumstances));
		}
	}
	return new Map([...trials].map(([caseName, done]) => [caseName, mediansOf(done)]));
}

function mediansOf(trials: readonly Trial[]): Trial {
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
