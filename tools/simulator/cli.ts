import { parseArgs } from 'node:util';
import { PROVIDERS, SIMULATOR_TOKEN, startSimulator } from './index';

const HELP = `Usage: tsx tools/simulator/cli.ts [--port <number>] [--latency <milliseconds>] [--record <number>]

  --port     where to listen; default: a free port
  --latency  added to every API answer; default: 0
  --record   how many requests are kept, the latest ones; default: 1000
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '0' },
			latency: { type: 'string', default: '0' },
			record: { type: 'string', default: '1000' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return void process.stdout.write(HELP);
	const simulator = await startSimulator({
		port: Number(values.port),
		latencyMs: Number(values.latency),
		recordLimit: Number(values.record),
		callLimit: Number(values.record),
	});
	process.stdout.write(introduction(simulator.url));
	const end = (): void => void simulator.close();
	process.once('SIGINT', end);
	process.once('SIGTERM', end);
}

function introduction(url: string): string {
	const rows: readonly (readonly [string, string])[] = [
		['token', SIMULATOR_TOKEN],
		...PROVIDERS.flatMap(({ title, seeds }) =>
			Object.entries(seeds).map(([what, value]) => [`${title} ${what}`, value] as const),
		),
		['control', `${url}/_simulator`],
	];
	const width = Math.max(...rows.map(([what]) => what.length));
	return `Simulator of ${PROVIDERS.map(({ title }) => title).join(' and ')}: ${url}

${rows.map(([what, value]) => `  ${what.padEnd(width)}  ${value}`).join('\n')}

A number's last two digits choose how its call ends: 01 busy, 02 no answer, 03 declined, 04 unreachable,
05 answering machine, 06 failed, anything else answered. Ctrl-C ends the simulator.
`;
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
