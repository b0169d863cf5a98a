// A process of its own for one case, so that its memory and its event loop are its own.
import type { Order } from '../orders';
import { expectIt, serveCommands } from '../process';
import { readHeap, watchWork } from '../vitals';
import { profiled } from './shares';
import { type HostFigures, type OpenCase, type RunningCase, isCaseTarget, isOrders } from './case';

let running: RunningCase | undefined;
let caseName = '';

serveCommands({
	open: async (argument) => {
		const target = expectIt(argument, isCaseTarget);
		const open = (await casesWith(target.caseName)).get(target.caseName);
		if (open === undefined) throw new RangeError(`There is no case ${target.caseName}`);
		running = await open(target);
		caseName = target.caseName;
		return running.editorUrl;
	},
	eventUrl: () => running?.eventUrl,
	warmUp: (argument) => opened().place(expectIt(argument, isOrders), () => undefined),
	measure: (argument) => measure(opened(), expectIt(argument, isOrders)),
	/** Puts orders in whose results nobody waits for. */
	begin: (argument) => {
		const orders = expectIt(argument, isOrders);
		opened()
			.place(orders, () => undefined)
			.catch(() => undefined);
	},
	heap: () => readHeap(),
	profile: (argument) => {
		const orders = expectIt(argument, isOrders);
		return profiled(caseName, () => opened().place(orders, () => undefined));
	},
	close: () => running?.close(),
});

/** The cases of one host: only the host that is measured is loaded. */
async function casesWith(name: string): Promise<ReadonlyMap<string, OpenCase>> {
	if (name.startsWith('n8n-')) return (await import('./n8nCases')).n8nCases;
	if (name.startsWith('node-red-')) return (await import('./nodeRedCases')).nodeRedCases;
	return new Map([['bare-pool', (await import('./barePool')).openBarePool]]);
}

function opened(): RunningCase {
	if (running === undefined) throw new Error('No case is open');
	return running;
}

async function measure(host: RunningCase, orders: readonly Order[]): Promise<HostFigures> {
	const results: Array<readonly [phoneNumber: string, at: number]> = [];
	const vitals = await watchWork(() =>
		host.place(orders, (phoneNumber) => results.push([phoneNumber, Date.now()])),
	);
	return { ...vitals, results };
}
