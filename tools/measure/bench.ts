// npm run bench: measures our nodes beside what a user would use without them.
import { type Simulator, startSimulator } from '../simulator/index';
import { type Comparison, comparisons, withoutCoreNodes } from './bench/comparisons';
import { type Measured, tablesOf, writePerformancePage } from './bench/page';
import { type Trial, mediansOf, runTrial } from './bench/trial';
import { UsageError, readNumber, readOptions, runTool } from '../commandLine';
import { fetchCoreNodes } from './hosts/n8nCoreNodes';

const USAGE = `Usage: npm run bench -- [options]

  --quick                  one round instead of five
  --rounds <number>        rounds; each figure is the median of its rounds
  --only <word>            only comparisons whose name contains the word; repeatable
  --core-nodes             measure n8n's own nodes, too; installs them into .cache/ at the first time
  --n8n-nodes-base <path>  the same with an n8n-nodes-base that is installed already
  --write                  write docs/performance.md
`;

const WITHOUT_CORE_NODES =
	"n8n's own nodes are left out: add --core-nodes, which installs them, or --n8n-nodes-base <folder>.\n";

void runTool(USAGE, async () => {
	const options = readOptions({
		quick: { type: 'boolean', default: false },
		rounds: { type: 'string', default: '5' },
		only: { type: 'string', multiple: true, default: [''] },
		'core-nodes': { type: 'boolean', default: false },
		'n8n-nodes-base': { type: 'string', default: '' },
		write: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	});
	if (options.help) return void process.stdout.write(USAGE);
	const rounds = readNumber('rounds', options.rounds, { least: 1, whole: true });
	const chosen = comparisonsNamed(options.only);
	const n8nNodesBase = options['core-nodes'] ? await fetchCoreNodes() : options['n8n-nodes-base'];
	const needsCoreNodes = chosen.some(({ sides }) => sides.some(({ coreNodes }) => coreNodes));
	const hasAll = n8nNodesBase !== '' || !needsCoreNodes;
	if (options.write && !hasAll) {
		throw new UsageError(`--write would take figures out of the page. ${WITHOUT_CORE_NODES}`);
	}
	await bench(
		hasAll ? chosen : chosen.map(withoutCoreNodes),
		n8nNodesBase,
		options.quick ? 1 : rounds,
		options.write,
	);
	if (!hasAll) process.stderr.write(WITHOUT_CORE_NODES);
});

function comparisonsNamed(words: readonly string[]): readonly Comparison[] {
	const chosen = comparisons.filter(({ name }) => words.some((word) => name.includes(word)));
	if (chosen.length > 0) return chosen;
	const names = comparisons.map(({ name }) => name).join(', ');
	throw new UsageError(`--only names no comparison. There are ${names}`);
}

async function bench(
	chosen: readonly Comparison[],
	n8nNodesBase: string,
	rounds: number,
	write: boolean,
): Promise<void> {
	const simulator = await startSimulator({ recordLimit: 0 });
	try {
		const measured: Measured[] = [];
		for (const comparison of chosen) {
			const medians = await compare(simulator, comparison, rounds, n8nNodesBase);
			measured.push({ comparison, medians });
			console.log(`${tablesOf({ comparison, medians })}\n`);
		}
		if (write) await writePerformancePage(measured, rounds);
	} finally {
		await simulator.close();
	}
}

/**
 * Runs every case of a comparison in each round, one after the other, so that whatever else the machine
 * does meanwhile meets them all alike.
 * @returns the medians of each case, by its name
 */
async function compare(
	simulator: Simulator,
	{ name, sides, conditions }: Comparison,
	rounds: number,
	n8nNodesBase: string,
): Promise<ReadonlyMap<string, Trial>> {
	const trials = sides.map((side) => ({ side, done: new Array<Trial>() }));
	for (let round = 1; round <= rounds; round += 1) {
		for (const { done, side } of trials) {
			const { calls = conditions.calls, caseName } = side;
			process.stderr.write(`${name}: round ${String(round)} of ${String(rounds)}, ${caseName}\n`);
			done.push(await runTrial(simulator, caseName, n8nNodesBase, { ...conditions, calls }));
		}
	}
	return new Map(trials.map(({ done, side }) => [side.caseName, mediansOf(done)]));
}
