// Where the CPU time of a call goes in a host: a profile of a burst, by whose code it was spent in.
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

/** A host whose calls are profiled. */
export interface ProfiledHost {
	/** The case of our node. */
	readonly caseName: string;
	readonly title: string;
	/** What is neither ours nor any part's that is known by its folder. */
	readonly rest: string;
}

/** The hosts, by the names of their sections. */
export const profiledHosts = {
	'node-red-shares': {
		caseName: 'node-red-send',
		title: 'Node-RED: where the time of a call goes',
		rest: 'Node-RED: its nodes, messages and log',
	},
	'n8n-shares': {
		caseName: 'n8n-send',
		title: 'n8n: where the time of a call goes',
		rest: "n8n's engine",
	},
} as const satisfies Readonly<Record<string, ProfiledHost>>;

/**
 * Profiles some work of this process.
 * @param caseName of the host that runs in it
 * @returns the time of each part, idle time left out
 */
export async function profiled(caseName: string, work: () => Promise<void>): Promise<Shares> {
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.setSamplingInterval', { interval: EVERY_US });
	await session.post('Profiler.start');
	await work();
	const { profile } = await session.post('Profiler.stop');
	session.disconnect();
	const host = Object.values(profiledHosts).find((each) => each.caseName === caseName);
	return sharesOf(profile, host?.rest ?? 'the host');
}

function sharesOf(
	{ nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
	rest: string,
): Shares {
	const partOf = new Map(
		nodes.map(({ callFrame, id }) => {
			const part = partOfFrame(callFrame);
			return [id, part === undefined ? rest : part];
		}),
	);
	const shares = new Map<string, number>();
	for (const [index, id] of samples.entries()) {
		const part = partOf.get(id);
		if (part === undefined || part === null) continue;
		shares.set(part, (shares.get(part) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
	}
	return shares;
}

/** Whose code it is, by the folders it lies in. */
const FOLDERS: ReadonlyArray<readonly [part: string, url: RegExp]> = [
	['Node.js: connections, streams and timers', /^$|^node:|^wasm:/],
	['undici: the request and its answer', /\/undici\//],
	[
		"n8n's request helper and axios",
		/\/(?:axios|proxy-from-env|qs)\/|\/backend-network\/|\/request-helpers\//,
	],
	["n8n's log", /\/(?:winston|winston-transport|logform|callsites|readable-stream)\/|\/logging\//],
];

/** Null: nobody's; undefined: the host's. */
function partOfFrame({
	functionName,
	lineNumber,
	url,
}: Profiler.ProfileNode['callFrame']): string | null | undefined {
	// The last one is the profiler itself.
	if (['(idle)', '(root)', '(program)'].includes(functionName) || url === 'node:inspector')
		return null;
	if (functionName === '(garbage collector)') return 'the garbage collector';
	if (url.includes('/tools/measure/')) return null;
	const isBuilt = url.includes('/dist/') && !url.includes('/node_modules/');
	if (isBuilt || url.includes('/node-red-otp-call/'))
		return partOfModule(moduleAt(url, lineNumber));
	return FOLDERS.find(([, folder]) => folder.test(url))?.[0];
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
			const name =
				/^\/\/ ((?:calls|credentials|node_modules|node-red|nodes|providers|redaction)\/\S+)$/.exec(
					text,
				)?.[1];
			return name === undefined ? [] : [{ from, name }];
		});
}

/** Our parts, by the files that are theirs; the first that fits. */
const MODULES: ReadonlyArray<readonly [part: string, file: RegExp]> = [
	['ours: the message and the status', /host\/(?:messages|statusBoard|words)/],
	['ours: the line, and what ends a message', /host\/(?:slots|aborts)/],
	[
		'ours: the request, its limits and its token',
		/host\/(?:transport|connections|clock|accountStanding)|^nodes\/http\/|calls\/(?:context|tokens|account|transport)/,
	],
	['ours: secrets and numbers masked', /^redaction\/|\/nodeError/],
	['ours: the phone number', /phoneNumber|libphonenumber/],
	[
		'ours: fields, number and code read and checked',
		/typedValues|providers\/reading|providers\/fields|calls\/input|^nodes\/forms\/|\/orders/,
	],
	['ours: the items in their order', /^nodes\/items\/|calls\/turns/],
];

const partOfModule = (name: string): string =>
	MODULES.find(([, file]) => file.test(name))?.[0] ??
	'ours: the call, from the order to the report';

/** @returns the table in Markdown */
export async function measureShares(
	simulator: Simulator,
	{ caseName, title }: ProfiledHost,
): Promise<string> {
	process.stderr.write(`shares: ${caseName}\n`);
	const host = new CommandedProcess(HOST_PROCESS);
	try {
		simulator.reset();
		simulator.change({ queuedMs: 0, ringsMs: 0, talksMs: 0 });
		await host.ask('open', {
			caseName,
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
		return `### ${title}\n\n${table}`;
	} finally {
		await host.end();
	}
}
