// Our node alone under all conditions: warm and cold, http and https, how fast the provider is, and how many at a time.
import { readFile } from 'node:fs/promises';
import { type Simulator, startSimulator } from '../../simulator/index';
import { CERTIFICATE } from '../process';
import { markdownTable } from '../report';
import { type Trial, runTrial } from './trial';

const CALLS = 500;
const KEY = new URL('../../../test/tools/simulator/fixtures/loopback-key.pem', import.meta.url);

const HOSTS = [
	{ label: 'Node-RED', caseFor: (atATime: number) => `node-red-send-${String(atATime)}` },
	{ label: 'n8n', caseFor: (atATime: number) => (atATime === 10 ? 'n8n-send' : 'n8n-send-100') },
];
const STARTS = [
	{ label: 'cold', warmUp: { waves: 0, size: 10 } },
	{ label: 'warm', warmUp: { waves: 100, size: 10 } },
];
/** In the order of the columns. */
const LOADS = [0, 20, 200].flatMap((latencyMs) =>
	[10, 100].map((atATime) => ({ latencyMs, atATime })),
);

/** What each table shows. */
const FIGURES: ReadonlyArray<{ readonly title: string; readonly of: (trial: Trial) => string }> = [
	{ title: 'calls per second', of: ({ callsPerSecond }) => callsPerSecond.toFixed(0) },
	{ title: 'CPU per call (ms)', of: ({ cpuMsPerCall }) => cpuMsPerCall.toFixed(2) },
	{ title: 'longest stall (ms)', of: ({ longestStallMs }) => longestStallMs.toFixed(0) },
];

/** One row of each table. */
interface Row {
	readonly words: readonly string[];
	readonly trials: readonly Trial[];
}

/** @returns the tables in Markdown */
export async function measureConditions(simulator: Simulator): Promise<string> {
	const tls = { key: await readFile(KEY, 'utf8'), cert: await readFile(CERTIFICATE, 'utf8') };
	const secure = await startSimulator({ recordLimit: 0, tls });
	const servers = [
		{ label: 'http', server: simulator },
		{ label: 'https', server: secure },
	];
	try {
		const rows: Row[] = [];
		for (const host of HOSTS) {
			for (const start of STARTS) {
				for (const { label, server } of servers) {
					const words = [host.label, start.label, label];
					process.stderr.write(`conditions: ${words.join(', ')}\n`);
					const trials: Trial[] = [];
					for (const { atATime, latencyMs } of LOADS) {
						const conditions = { calls: CALLS, latencyMs, warmUp: start.warmUp };
						trials.push(await runTrial(server, host.caseFor(atATime), '', conditions));
					}
					rows.push({ words, trials });
				}
			}
		}
		return FIGURES.map((figure) => tableOf(figure, rows)).join('\n\n');
	} finally {
		await secure.close();
	}
}

function tableOf({ of, title }: (typeof FIGURES)[number], rows: readonly Row[]): string {
	const head = LOADS.map(
		({ atATime, latencyMs }) => `${String(latencyMs)} ms, ${String(atATime)} at a time`,
	);
	const table = markdownTable(
		['', '', '', ...head],
		rows.map(({ trials, words }) => [...words, ...trials.map(of)]),
		'right',
	);
	return `### Send OTP Call, ${String(CALLS)} calls, by what the provider takes to answer: ${title}\n\n${table}`;
}
