import { versionOf } from '../hosts/n8nCoreNodes';
import { machine, markdownTable, writeFigures } from '../report';
import type { Aim, Comparison, Figure } from './comparisons';

/** What was measured of a case. */
export type Figures = Readonly<Partial<Record<Figure, number>>>;

/** A comparison with its medians, by case name. */
export interface Measured {
	readonly comparison: Pick<Comparison, 'title' | 'sides' | 'figures' | 'aims'>;
	readonly medians: ReadonlyMap<string, Figures>;
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
	memoryPerCallMB: { heading: 'memory per waiting call (MB)', digits: 1 },
	heapPerCallKB: { heading: 'of it heap (kB)', digits: 0 },
};

/** Both tables of a comparison in Markdown: the figures, and how they stand to the aims. */
export function tablesOf({ comparison, medians }: Measured): string {
	const { title, sides, figures, aims } = comparison;
	const figureTable = markdownTable(
		['', ...figures.map((figure) => COLUMNS[figure].heading)],
		sides.map(({ caseName, label }) => {
			const measured = medians.get(caseName);
			const cell = (figure: Figure): string => {
				const value = measured?.[figure];
				return value === undefined ? '–' : shown(figure, value);
			};
			return [label, ...figures.map(cell)];
		}),
		'right',
	);
	const aimTable = markdownTable(
		['', 'aim', 'measured', ''],
		aims.map((aim) => aimRow(aim, sides, medians)),
		'right',
	);
	return [`### ${title}`, figureTable, ...(aims.length > 0 ? [aimTable] : [])].join('\n\n');
}

function aimRow(
	{ of, figure, beside, atLeast, atMost }: Aim,
	sides: Comparison['sides'],
	medians: ReadonlyMap<string, Figures>,
): readonly string[] {
	const times = beside === undefined ? '' : ' times';
	const other = sides.find(({ caseName }) => caseName === beside);
	const own = sides.find(({ caseName }) => caseName === of) ?? sides[0];
	const our = medians.get(own.caseName)?.[figure];
	const value =
		beside === undefined || our === undefined ? our : our / (medians.get(beside)?.[figure] ?? NaN);
	const name = COLUMNS[figure].heading;
	const bound = atLeast === undefined ? `at most ${String(atMost)}` : `at least ${String(atLeast)}`;
	return [
		`${own.label}: ${name}${other === undefined ? '' : `, beside ${other.label}`}`,
		`${bound}${times}`,
		...(value === undefined || Number.isNaN(value)
			? ['–', '–']
			: [
					beside === undefined ? shown(figure, value) : `${value.toFixed(2)}${times}`,
					value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity)
						? 'reached'
						: '**missed**',
				]),
	];
}

function shown(figure: Figure, value: number): string {
	return value.toLocaleString('en-US', {
		minimumFractionDigits: COLUMNS[figure].digits,
		maximumFractionDigits: COLUMNS[figure].digits,
	});
}

/** Puts the tables of a run into docs/performance.md, by the names of their sections. */
export async function writePerformancePage(
	tables: Readonly<Record<string, string>>,
	rounds: number,
): Promise<void> {
	const conditions = `Medians of ${String(rounds)} ${rounds === 1 ? 'round' : 'rounds'} (of one where calls are waited for and under other conditions) on ${machine()}; n8n-core ${versionOf('n8n-core')}, Node-RED ${versionOf('node-red')}. Simulator and host share the cores.`;
	await writeFigures('performance.md', { conditions, ...tables });
}
