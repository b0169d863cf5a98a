// npm run bench: measures our nodes beside what a builder would use without them.
import { parseArgs } from 'node:util';
import { startSimulator } from '../../simulator/index';
import type { Comparison } from './comparisons/comparison';
import { n8nComparisons } from './comparisons/n8n';
import { nodeRedComparisons } from './comparisons/nodeRed';
import { waitComparisons } from './comparisons/waits';
import { compare } from './measuring/compare';
import { writePerformancePage } from './report/performancePage';
import { type Measured, tableOf } from './report/table';

const HELP = `Usage: npm run bench -- [options]

  --quick                  one round instead of five
  --rounds <number>        rounds; each figure is the median of its rounds
  --only <word>            only comparisons whose name contains the word; repeatable
  --n8n-nodes-base <path>  an installed n8n-nodes-base, to measure n8n's own HTTP Request node
  --write                  write docs/performance.md
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			quick: { type: 'boolean', default: false },
			rounds: { type: 'string', default: '5' },
			only: { type: 'string', multiple: true, default: [''] },
			'n8n-nodes-base': { type: 'string', default: '' },
			write: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return void process.stdout.write(HELP);
	const rounds = values.quick ? 1 : Number(values.rounds);
	const n8nNodesBase = values['n8n-nodes-base'];
	const comparisons = comparisonsFor(n8nNodesBase).filter(({ name }) =>
		values.only.some((word) => name.includes(word)),
	);
	const simulator = await startSimulator({ recordLimit: 0 });
	try {
		const measured: Measured[] = [];
		for (const comparison of comparisons) {
			const medians = await compare(simulator, comparison, rounds, n8nNodesBase);
			measured.push({ comparison, medians });
			console.log(tableOf({ comparison, medians }));
		}
		if (values.write) await writePerformancePage(measured, rounds);
	} finally {
		await simulator.close();
	}
}

function comparisonsFor(n8nNodesBase: string): readonly Comparison[] {
	return [...nodeRedComparisons, ...n8nComparisons(n8nNodesBase !== ''), ...waitComparisons];
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
