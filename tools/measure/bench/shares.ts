// Where the CPU time of a call goes in Node-RED: a profile of a burst, by whose code it was spent in.
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { SIMULATOR_TOKEN, type Simulator } from '../../simulator/index';
import { answeredOrders } from '../orders';
import { CommandedProcess, hasFields } from '../process';
import { markdownTable } from '../report';
import type { CaseTarget } from './case';

const HOST_PROCESS = new URL('./hostProcess.ts', import.meta.url);
const WARM_UP = { waves: 500, size: 10 };
const CALLS = 5_000;
const EVERY_US = 200;

/** Milliseconds by the name of a part. */
type Shares = ReadonlyMap<string, number>;

/** Profiles some work of this process. @returns the time of each part, idle time left out */
export async function profiled(work: () => Promise<void>): Promise<Shares> {
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.setSamplingInterval', { interval: EVERY_US });
	await session.post('Profiler.start');
	await work();
	const { profile } = await session.post('Profiler.stop');
	session.disconnect();
	return sharesOf(profile);
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Shares {
	const partOf = new Map(nodes.map(({ callFrame, id }) => [id, partOfFrame(callFrame)]));
	const shares = new Map<string, number>();
	for (const [index, id] of samples.entries()) {
		const part = partOf.get(id);
		if (part === undefined || part === null) continue;
		shares.set(part, (shares.get(part) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
	}
	return shares;
}

const WIRE = 'undici and Node.js: the request and its answer';
const OTHER = 'Node-RED: its nodes, messages and log';

/** Null: nobody's. */
function partOfFrame({
	functionName,
	lineNumber,
	url,
}: Profiler.ProfileNode['callFrame']): string | null {
	if (['(idle)', '(root)', '(program)'].includes(functionName)) return null;
	if (functionName === '(garbage collector)') return 'the garbage collector';
	if (url === '' || url.startsWith('node:') || url.includes('/undici/') || url.startsWith('wasm:'))
		return WIRE;
	if (url.includes('/tools/measure/')) return null;
	const isOurs = url.includes('/node-red/dist/') || url.includes('/node-red-otp-call/');
	return isOurs ? partOfModule(moduleAt(url, lineNumber)) : OTHER;
}

/** In which of our files a line of a bundle comes from; the bundler leaves their names in it. */
function moduleAt(url: string, line: number): string {
	const known = modules.get(url) ?? modulesIn(url);
	modules.set(url, known);
	return known.findLast(({ from }) => from <= line)?.name ?? '';
}

const modules = new Map<string, readonly { readonly from: number; readonly name: string }[]>();

function modulesIn(url: string): readonly { readonly from: number; readonly name: string }[] {
	const path = url.startsWith('file:') ? fileURLToPath(url) : url;
	return readFileSync(path, 'utf8')
		.split('\n')
		.flatMap((text, from) => {
			const name = /^\/\/ ((?:calls|node-red|providers|redaction)\/\S+\.ts)$/.exec(text)?.[1];
			return name === undefined ? [] : [{ from, name }];
		});
}

function partOfModule(name: string): string {
	if (/host\/(?:messages|statusBoard|words)/.test(name)) return 'ours: the message and the status';
	if (/host\/(?:slots|aborts)/.test(name)) return 'ours: the line, and what ends a message';
	if (
		/host\/(?:transport|connections|clock)|calls\/(?:context|tokens|account|transport)/.test(name)
	)
		return 'ours: the request, its limits and its token';
	if (name.startsWith('redaction/') || name.endsWith('/nodeError.ts'))
		return 'ours: secrets and numbers masked';
	if (/phoneNumber/.test(name)) return 'ours: the phone number';
	if (/typedValues|providers\/reading|providers\/fields|calls\/input/.test(name))
		return 'ours: fields, number and code read and checked';
	return 'ours: the call, from the order to the report';
}

/** @returns the table in Markdown */
export async function measureShares(simulator: Simulator): Promise<string> {
	process.stderr.write('node-red-shares\n');
	const host = new CommandedProcess(HOST_PROCESS);
	try {
		simulator.reset();
		simulator.change({ queuedMs: 0, ringsMs: 0, talksMs: 0 });
		await host.ask('open', {
			caseName: 'node-red-send',
			baseUrl: simulator.url,
			token: SIMULATOR_TOKEN,
			n8nNodesBase: '',
		} satisfies CaseTarget);
		for (let wave = 0; wave < WARM_UP.waves; wave += 1)
			await host.ask('warmUp', answeredOrders(wave * WARM_UP.size, WARM_UP.size));
		const shares = await host.ask('profile', answeredOrders(100_000, CALLS));
		if (!hasFields({ shares }, { shares: 'map' }) || !(shares instanceof Map))
			throw new TypeError('The host has told no shares');
		const parts = [...shares].flatMap(([part, ms]): [string, number][] =>
			typeof part === 'string' && typeof ms === 'number' ? [[part, ms]] : [],
		);
		const all = parts.reduce((sum, [, ms]) => sum + ms, 0);
		const rows = parts
			.toSorted(([, a], [, b]) => b - a)
			.map(([part, ms]) => [
				part,
				((ms * 1000) / CALLS).toFixed(1),
				`${((ms / all) * 100).toFixed(0)} %`,
			]);
		const table = markdownTable(['', 'CPU per call (µs), profiled', 'share'], rows, 'right');
		return `### Node-RED: where the time of a call goes\n\n${table}`;
	} finally {
		await host.end();
	}
}
