// Our node alone under other conditions than those of the comparisons.
import { readFile } from 'node:fs/promises';
import { type Simulator, startSimulator } from '../../simulator/index';
import { CERTIFICATE } from '../process';
import { markdownTable } from '../report';
import { type Trial, mediansOf, runTrial } from './trial';

const CALLS = 500;
const KEY = new URL('../../../test/tools/simulator/fixtures/loopback-key.pem', import.meta.url);

/** What is measured of each host. */
const CONDITIONS = [
	{ isWarm: false, isSecure: false, latencyMs: 0, atATime: 10 },
	{ isWarm: true, isSecure: false, latencyMs: 0, atATime: 10 },
	{ isWarm: true, isSecure: false, latencyMs: 0, atATime: 100 },
	{ isWarm: true, isSecure: false, latencyMs: 20, atATime: 10 },
	{ isWarm: true, isSecure: false, latencyMs: 20, atATime: 100 },
	{ isWarm: true, isSecure: false, latencyMs: 200, atATime: 100 },
	{ isWarm: true, isSecure: true, latencyMs: 0, atATime: 10 },
	{ isWarm: true, isSecure: true, latencyMs: 20, atATime: 100 },
] as const;

const HOSTS = [
	{ label: 'Node-RED', caseFor: (atATime: number) => `node-red-send-${String(atATime)}` },
	{ label: 'n8n', caseFor: (atATime: number) => (atATime === 10 ? 'n8n-send' : 'n8n-send-100') },
];

/** @returns the table in Markdown */
export async function measureConditions(simulator: Simulator, rounds: number): Promise<string> {
	const tls = { key: await readFile(KEY, 'utf8'), cert: await readFile(CERTIFICATE, 'utf8') };
	const secure = await startSimulator({ recordLimit: 0, tls });
	try {
		const rows: string[][] = [];
		for (const { caseFor, label } of HOSTS) {
			for (const { atATime, isSecure, isWarm, latencyMs } of CONDITIONS) {
				const words = [
					label,
					isWarm ? 'warm' : 'cold',
					isSecure ? 'https' : 'http',
					`${String(latencyMs)} ms`,
					String(atATime),
				];
				process.stderr.write(`conditions: ${words.join(', ')}\n`);
				const trials: Trial[] = [];
				for (let round = 0; round < rounds; round += 1) {
					const warmUp = { waves: isWarm ? 100 : 0, size: 10 };
					const conditions = { calls: CALLS, latencyMs, warmUp };
					const at = isSecure ? secure : simulator;
					trials.push(await runTrial(at, caseFor(atATime), '', conditions));
				}
				const { callsPerSecond, cpuMsPerCall, longestStallMs } = mediansOf(trials);
				const figures = [callsPerSecond.toFixed(0), cpuMsPerCall.toFixed(2)];
				rows.push([...words, ...figures, longestStallMs.toFixed(0)]);
			}
		}
		const head = ['', '', '', 'the provider answers after', 'at a time'];
		const figures = ['calls per second', 'CPU per call (ms)', 'longest stall (ms)'];
		const table = markdownTable([...head, ...figures], rows, 'right');
		return `### Send OTP Call, ${String(CALLS)} calls, under other conditions\n\n${table}`;
	} finally {
		await secure.close();
	}
}
