// What the nodes take before anything is placed, and what a call takes that is waited for.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SIMULATOR_TOKEN, type Simulator } from '../../simulator/index';
import { answeredOrders } from '../orders';
import { CommandedProcess, hasFields } from '../process';
import { markdownTable, median } from '../report';
import type { CaseTarget } from './case';

const run = promisify(execFile);
const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const HOST_PROCESS = new URL('./hostProcess.ts', import.meta.url);
const LOADS = 5;
/** Longer than any measurement of it: nothing ends meanwhile. */
const CALL_MS = 600_000;
const SETTLES_MS = 1_500;
const PLACED_WITHIN_MS = 60_000;

/** @returns the tables in Markdown */
export async function measureFootprint(
	simulator: Simulator,
	n8nNodesBase: string,
): Promise<string> {
	const tables = [
		['### Memory of calls that are waited for', await waitingTable(simulator, n8nNodesBase)],
		['### Loading a node', await loadTable(n8nNodesBase)],
		['### The packages', await packageTable()],
	];
	return tables.flat().join('\n\n');
}

async function waitingTable(simulator: Simulator, n8nNodesBase: string): Promise<string> {
	const rows: string[][] = [];
	for (const [label, caseName, calls] of [
		['Node-RED, Send OTP Call', 'node-red-wait', 1_000],
		['Node-RED, Send OTP Call', 'node-red-wait', 10_000],
		['Node-RED, http request, delay, switch', 'node-red-loop', 1_000],
		['n8n, Send OTP Call, an execution each', 'n8n-wait', 100],
		['n8n, HTTP Request, Wait, If, an execution each', 'n8n-loop', 100],
	] as const) {
		process.stderr.write(`footprint: ${label}, ${String(calls)} calls\n`);
		const bytes = await heapOfWaiting(simulator, { caseName, calls, n8nNodesBase });
		const total = `${(bytes / 1e6).toFixed(0)} MB`;
		rows.push([label, calls.toLocaleString('en-US'), (bytes / calls / 1e3).toFixed(1), total]);
	}
	return markdownTable(['', 'calls', 'heap per call (kB)', 'all of them'], rows, 'right');
}

async function heapOfWaiting(
	simulator: Simulator,
	{ caseName, calls, n8nNodesBase }: { caseName: string; calls: number; n8nNodesBase: string },
): Promise<number> {
	const host = new CommandedProcess(HOST_PROCESS);
	try {
		simulator.reset();
		await host.ask('open', {
			caseName,
			baseUrl: simulator.url,
			token: SIMULATOR_TOKEN,
			n8nNodesBase,
		} satisfies CaseTarget);
		simulator.change({ queuedMs: 0, ringsMs: 0, talksMs: 0 });
		// Whatever is loaded or compiled by the first calls is no memory of those that wait.
		await host.ask('warmUp', answeredOrders(0, 20));
		simulator.change({ talksMs: CALL_MS });
		const before = await heapOf(host);
		const placed = simulator.counters.placed;
		await host.ask('begin', answeredOrders(1_000, calls));
		const end = Date.now() + PLACED_WITHIN_MS;
		while (simulator.counters.placed - placed < calls && Date.now() < end) await sleep(20);
		await sleep(SETTLES_MS);
		if (simulator.counters.placed - placed < calls) throw new Error(`${caseName}: not all placed`);
		return (await heapOf(host)) - before;
	} finally {
		await host.end();
	}
}

async function heapOf(host: CommandedProcess): Promise<number> {
	const heap = await host.ask('heap');
	if (typeof heap !== 'number') throw new TypeError('The host has told no number');
	return heap;
}

/** Loads a file in a process of its own, with what every host has loaded already. */
const LOADER = `
const [host, file] = process.argv.slice(1);
if (host !== '') require(host);
const heap = process.memoryUsage().heapUsed;
const start = performance.now();
require(file);
console.log(JSON.stringify({ ms: performance.now() - start, heap: process.memoryUsage().heapUsed - heap }));
`;

async function loadTable(n8nNodesBase: string): Promise<string> {
	const n8n = 'n8n-workflow';
	const ours = (name: string) => join(REPOSITORY, `dist/nodes/${name}/${name}.node.js`);
	const red = (name: string) => join(REPOSITORY, `node-red/dist/${name}.js`);
	const core = join(REPOSITORY, 'node_modules/@node-red/nodes/core/network/21-httprequest.js');
	const files: [label: string, host: string, file: string][] = [
		...['SendOtpCall', 'GetOtpCallStatus', 'CheckOtpCode', 'OtpCallTrigger'].map(
			(name): [string, string, string] => [`n8n: ${name}`, n8n, ours(name)],
		),
		[
			'n8n: HttpRequest (core)',
			n8n,
			join(n8nNodesBase, 'dist/nodes/HttpRequest/HttpRequest.node.js'),
		],
		...['send-otp-call', 'get-otp-call-status', 'check-otp-code', 'otp-call-event'].map(
			(name): [string, string, string] => [`Node-RED: ${name}`, '', red(name)],
		),
		['Node-RED: http request (core)', '', core],
	];
	const rows: string[][] = [];
	for (const [label, host, file] of files) {
		const ms: number[] = [];
		const heap: number[] = [];
		for (let load = 0; load < LOADS; load += 1) {
			const { stdout } = await run(process.execPath, ['-e', LOADER, host, file], {
				cwd: REPOSITORY,
			});
			const seen: unknown = JSON.parse(stdout);
			if (!hasFields(seen, { ms: 'number', heap: 'number' })) throw new TypeError(stdout);
			ms.push(seen.ms);
			heap.push(seen.heap / 1e6);
		}
		rows.push([label, median(ms).toFixed(0), median(heap).toFixed(1)]);
	}
	return markdownTable(['', 'load (ms)', 'heap (MB)'], rows, 'right');
}

const firstOf = (told: object): unknown => Reflect.get(told, Object.keys(told)[0] ?? '');

async function packageTable(): Promise<string> {
	const rows: string[][] = [];
	for (const folder of [REPOSITORY, join(REPOSITORY, 'node-red')]) {
		const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--workspaces=false'];
		const { stdout } = await run('npm', args, { cwd: folder });
		// An array, or in newer versions of npm an object, with one entry for each package.
		const told: unknown = JSON.parse(stdout);
		const packed: unknown = typeof told === 'object' && told !== null ? firstOf(told) : undefined;
		if (!hasFields(packed, { name: 'string', size: 'number', unpackedSize: 'number' }))
			throw new TypeError(`npm pack has told something else: ${stdout.slice(0, 200)}`);
		const kB = (bytes: number): string => (bytes / 1e3).toFixed(0);
		rows.push([packed.name, kB(packed.size), kB(packed.unpackedSize)]);
	}
	return markdownTable(['', 'packed (kB)', 'unpacked (kB)'], rows, 'right');
}
