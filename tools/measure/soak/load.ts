import { SIMULATOR_TOKEN, type Simulator } from '../../simulator/index';
import { type CaseTarget, type HostFigures, isHostFigures } from '../bench/case';
import { answeredOrders } from '../orders';
import { CommandedProcess, expectIt } from '../process';
import { percentile } from '../report';

const HOST_PROCESS = new URL('../bench/hostProcess.ts', import.meta.url);
const EDITOR_PROBE = new URL('./editorProbe.ts', import.meta.url);
const WARM_UP = 100;

/** What happened when many calls were asked for at once. */
export interface Load {
	readonly host: 'Node-RED' | 'n8n';
	readonly calls: number;
	readonly placedByNumber: PlacedByNumber;
	/** Results that the flow put out. */
	readonly results: number;
	readonly figures: HostFigures;
	readonly connections: number;
	/** How long the admin API took to answer meanwhile, in milliseconds; undefined for a host without one. */
	readonly editor:
		| { readonly asked: number; readonly p99: number; readonly max: number }
		| undefined;
}

/** How many phone numbers were called never, once and more often. */
export interface PlacedByNumber {
	readonly never: number;
	readonly once: number;
	readonly moreOften: number;
}

/** Puts `calls` calls at once into a host in a process of its own. */
export async function runLoad(
	simulator: Simulator,
	host: Load['host'],
	calls: number,
): Promise<Load> {
	const process = new CommandedProcess(HOST_PROCESS);
	const probe = new CommandedProcess(EDITOR_PROBE);
	try {
		simulator.reset();
		const editorUrl = await process.ask('open', {
			caseName: host === 'n8n' ? 'n8n-send' : 'node-red-send',
			baseUrl: simulator.url,
			token: SIMULATOR_TOKEN,
			n8nNodesBase: '',
		} satisfies CaseTarget);
		await process.ask('warmUp', answeredOrders(0, WARM_UP));
		simulator.reset();
		const orders = answeredOrders(WARM_UP, calls);
		if (editorUrl !== undefined) await probe.ask('start', editorUrl);
		const figures = expectIt(await process.ask('measure', orders), isHostFigures);
		const waits = editorUrl === undefined ? undefined : await probe.ask('stop');
		const load: Load = {
			host,
			calls,
			placedByNumber: placedByNumber(
				simulator,
				orders.map(({ phoneNumber }) => phoneNumber),
			),
			results: figures.results.length,
			figures,
			connections: simulator.connections.peak,
			editor: editorOf(waits),
		};
		await process.ask('close');
		return load;
	} finally {
		await Promise.all([process.end(), probe.end()]);
	}
}

/** Counts how often each of these numbers was called. */
export function placedByNumber(
	{ counters }: Simulator,
	phoneNumbers: Iterable<string>,
): PlacedByNumber {
	let [never, once, moreOften] = [0, 0, 0];
	for (const phoneNumber of phoneNumbers) {
		const placed = counters.placedByNumber.get(phoneNumber) ?? 0;
		if (placed === 0) never += 1;
		else if (placed === 1) once += 1;
		else moreOften += 1;
	}
	return { never, once, moreOften };
}

function editorOf(waits: unknown): Load['editor'] {
	if (!Array.isArray(waits)) return undefined;
	const taken = waits.map(Number);
	return { asked: taken.length, p99: percentile(taken, 0.99), max: Math.max(...taken) };
}
