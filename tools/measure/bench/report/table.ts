import { type Comparison, type Figure, isReached, measuredFor } from '../comparisons/comparison';
import type { Trial } from '../measuring/trial';

/** A comparison with its medians, by case name. */
export interface Measured {
	readonly comparison: Comparison;
	readonly medians: ReadonlyMap<string, Trial>;
}

interface Column {
	readonly heading: string;
	readonly digits: number;
}

const COLUMNS: Readonly<Record<Figure, Column>> = {
	callsPerSecond: { heading: 'calls per second', digits: 0 },
	cpuMsPerCall: { heading: 'CPU per call (ms)', digits: 2 },
	connections: { heading: 'connections', digits: 0 },
	memoryGrowthMB: { heading: 'memory growth (MB)', digits: 0 },
	longestStallMs: { heading: 'longest stall (ms)', digits: 0 },
	lookUpsPerCall: { heading: 'look-ups per call', digits: 1 },
	delayMedianMs: { heading: 'delay, median (ms)', digits: 0 },
	delayP99Ms: { heading: 'delay, p99 (ms)', digits: 0 },
};

/** Both tables of a comparison in Markdown: the figures, and how they stand to the aims. */
export function tableOf({ comparison, medians }: Measured): string {
	return [
		`### ${comparison.title}`,
		'',
		...rows(figureRows(comparison, medians)),
		'',
		...rows(aimRows(comparison, medians)),
		'',
	].join('\n');
}

function figureRows(
	{ sides, figures }: Comparison,
	medians: ReadonlyMap<string, Trial>,
): string[][] {
	return [
		['', ...figures.map((figure) => COLUMNS[figure].heading)],
		...sides.map(({ caseName, label }) => {
			const trial = medians.get(caseName);
			return [label, ...figures.map((figure) => (trial ? shown(figure, trial[figure]) : '–'))];
		}),
	];
}

function aimRows({ sides, aims }: Comparison, medians: ReadonlyMap<string, Trial>): string[][] {
	const [ours] = sides;
	const labels = new Map(sides.map(({ caseName, label }) => [caseName, label]));
	const trial = medians.get(ours.caseName);
	return [
		[ours.label, 'aim', 'measured', ''],
		...aims.map((aim) => {
			const value = trial && measuredFor(aim, trial, medians);
			const times = aim.beside === undefined ? '' : ' times';
			const beside =
				aim.beside === undefined ? '' : `, beside ${labels.get(aim.beside) ?? aim.beside}`;
			const bound =
				aim.atLeast === undefined
					? `at most ${String(aim.atMost)}${times}`
					: `at least ${String(aim.atLeast)}${times}`;
			const measured =
				value === undefined
					? '–'
					: aim.beside === undefined
						? shown(aim.figure, value)
						: `${value.toFixed(2)}${times}`;
			return [
				`${COLUMNS[aim.figure].heading}${beside}`,
				bound,
				measured,
				value === undefined ? '–' : isReached(aim, value) ? 'reached' : '**missed**',
			];
		}),
	];
}

function shown(figure: Figure, value: number): string {
	return value.toLocaleString('en-US', {
		minimumFractionDigits: COLUMNS[figure].digits,
		maximumFractionDigits: COLUMNS[figure].digits,
	});
}

function rows([head, ...body]: readonly string[][]): string[] {
	if (head === undefined) return [];
	const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map((_, n) => (n === 0 ? '---' : '---:'))), ...body.map(line)];
}
