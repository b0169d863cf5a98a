// npm run bench: measures our nodes beside what a user would use without them.
import { type Simulator, startSimulator } from '../simulator/index';
import { type Comparison, comparisons, withoutCoreNodes } from './bench/comparisons';
import { measureConditions } from './bench/conditions';
import { measureFootprint } from './bench/footprint';
import { tablesOf, writePerformancePage } from './bench/page';
import { measureRealWait } from './bench/realWait';
import { measureShares, profiledHosts } from './bench/shares';
import { measureStores } from './bench/stores';
import { type Trial, mediansOf, runTrial } from './bench/trial';
import { UsageError, readNumber, readOptions, runTool } from '../commandLine';
import { fetchCoreNodes } from './hosts/n8nCoreNodes';

const USAGE = `Usage: npm run bench -- [options]

  --quick                  one round instead of three
  --rounds <number>        rounds; each figure is the median of its rounds
  --only <word>            only sections whose name contains the word; repeatable
  --core-nodes             measure n8n's own nodes, too; installs them into .cache/ at the first time
  --n8n-nodes-base <path>  the same with an n8n-nodes-base that is installed already
  --real                   a real n8n with PostgreSQL, too: the sections n8n-stores and n8n-wait-real
  --write                  write the sections that were measured into docs/performance.md
`;

const WITHOUT_CORE_NODES =
	"n8n's own nodes are left out: add --core-nodes, which installs them, or --n8n-nodes-base <folder>.\n";

/** How a section is measured. */
interface Settings {
	readonly simulator: Simulator;
	readonly rounds: number;
	/** The folder of n8n's own nodes; '' when there is none. */
	readonly n8nNodesBase: string;
}

/** A part of the page, by the name of its place there. */
interface Section {
	readonly name: string;
	/** Whether n8n's own nodes are beside ours. */
	readonly needsCoreNodes: boolean;
	/** Whether it starts a real n8n. */
	readonly isReal: boolean;
	/** @returns the tables in Markdown */
	readonly measure: (settings: Settings) => Promise<string>;
}

const sections: readonly Section[] = [
	...comparisons.map(
		(comparison): Section => ({
			name: comparison.name,
			needsCoreNodes: comparison.sides.some(({ coreNodes }) => coreNodes),
			isReal: false,
			measure: (settings) => compare(comparison, settings),
		}),
	),
	...Object.entries(profiledHosts).map(
		([name, host]): Section => ({
			name,
			needsCoreNodes: false,
			isReal: false,
			measure: ({ simulator }) => measureShares(simulator, host),
		}),
	),
	{
		name: 'conditions-table',
		needsCoreNodes: false,
		isReal: false,
		// One round: there are 48 of them.
		measure: ({ simulator }) => measureConditions(simulator),
	},
	{
		name: 'n8n-stores',
		needsCoreNodes: false,
		isReal: true,
		measure: ({ simulator }) => measureStores(simulator),
	},
	{
		name: 'n8n-wait-real',
		needsCoreNodes: false,
		isReal: true,
		measure: ({ simulator }) => measureRealWait(simulator),
	},
	{
		name: 'footprint',
		needsCoreNodes: true,
		isReal: false,
		measure: ({ n8nNodesBase, simulator }) => measureFootprint(simulator, n8nNodesBase),
	},
];

void runTool(USAGE, async () => {
	const options = readOptions({
		quick: { type: 'boolean', default: false },
		rounds: { type: 'string', default: '3' },
		only: { type: 'string', multiple: true, default: [''] },
		'core-nodes': { type: 'boolean', default: false },
		'n8n-nodes-base': { type: 'string', default: '' },
		real: { type: 'boolean', default: false },
		write: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	});
	if (options.help) return void process.stdout.write(USAGE);
	const rounds = readNumber('rounds', options.rounds, { least: 1, whole: true });
	const chosen = sectionsNamed(options.only, options.real);
	const n8nNodesBase = options['core-nodes'] ? await fetchCoreNodes() : options['n8n-nodes-base'];
	const hasAll = n8nNodesBase !== '' || !chosen.some(({ needsCoreNodes }) => needsCoreNodes);
	if (options.write && !hasAll) {
		throw new UsageError(`--write would take figures out of the page. ${WITHOUT_CORE_NODES}`);
	}
	await bench(chosen, n8nNodesBase, options.quick ? 1 : rounds, options.write);
	if (!hasAll) process.stderr.write(WITHOUT_CORE_NODES);
});

function sectionsNamed(words: readonly string[], isReal: boolean): readonly Section[] {
	const named = sections.filter(({ name }) => words.some((word) => name.includes(word)));
	const chosen = named.filter((section) => isReal || !section.isReal);
	if (chosen.length > 0) return chosen;
	if (named.length > 0) throw new UsageError('This section needs --real');
	const names = sections.map(({ name }) => name).join(', ');
	throw new UsageError(`--only names no section. There are ${names}`);
}

async function bench(
	chosen: readonly Section[],
	n8nNodesBase: string,
	rounds: number,
	write: boolean,
): Promise<void> {
	const simulator = await startSimulator({ recordLimit: 0 });
	try {
		const tables: Record<string, string> = {};
		for (const { measure, name } of chosen) {
			const measured = await measure({ simulator, rounds, n8nNodesBase });
			tables[name] = measured;
			console.log(`${measured}\n`);
		}
		if (write) await writePerformancePage(tables, rounds);
	} finally {
		await simulator.close();
	}
}

/**
 * Runs every case of a comparison in each round, one after the other, so that whatever else the machine
 * does meanwhile meets them all alike.
 */
async function compare(
	whole: Comparison,
	{ n8nNodesBase, rounds: wanted, simulator }: Settings,
): Promise<string> {
	const comparison = n8nNodesBase === '' ? withoutCoreNodes(whole) : whole;
	const { conditions, mostRounds = wanted, name, sides } = comparison;
	const rounds = Math.min(wanted, mostRounds);
	const trials = sides.map((side) => ({ side, done: new Array<Trial>() }));
	for (let round = 1; round <= rounds; round += 1) {
		for (const { done, side } of trials) {
			const { calls = conditions.calls, caseName } = side;
			process.stderr.write(`${name}: round ${String(round)} of ${String(rounds)}, ${caseName}\n`);
			done.push(await runTrial(simulator, caseName, n8nNodesBase, { ...conditions, calls }));
		}
	}
	const medians = new Map(trials.map(({ done, side }) => [side.caseName, mediansOf(done)]));
	return tablesOf({ comparison, medians });
}
