import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from '../orders';
import type { RunningCase } from './measuredCase';
import { RssSampler } from './rssSampler';

/** What a host process sees of its own run. */
export interface HostFigures {
	/** From the first order put in to the last result. */
	readonly seconds: number;
	/** Of all threads, user and system. */
	readonly cpuSeconds: number;
	/** Growth of the resident memory at its peak, in bytes. */
	readonly memoryGrowth: number;
	/** The longest time in which the event loop served nothing, in milliseconds. */
	readonly longestStallMs: number;
	/** When each phone number had its result, in epoch milliseconds; a second result adds an entry. */
	readonly results: ReadonlyArray<readonly [phoneNumber: string, at: number]>;
}

const STALL_RESOLUTION_MS = 1;
const SETTLE_MS = 50;

/** Lets `running` place `orders` and watches the process meanwhile. */
export async function measure(
	running: RunningCase,
	orders: readonly Order[],
): Promise<HostFigures> {
	const results: Array<readonly [string, number]> = [];
	const sampler = await RssSampler.start();
	const stalls = monitorEventLoopDelay({ resolution: STALL_RESOLUTION_MS });
	globalThis.gc?.();
	await sleep(SETTLE_MS);
	stalls.enable();
	await sleep(SETTLE_MS);
	stalls.reset();
	sampler.begin();
	const cpuBefore = process.cpuUsage();
	const begin = performance.now();
	await running.place(orders, (phoneNumber) => results.push([phoneNumber, Date.now()]));
	const seconds = (performance.now() - begin) / 1000;
	const cpu = process.cpuUsage(cpuBefore);
	const memoryGrowth = await sampler.end();
	// A stall shows only when the event loop turns again.
	await sleep(SETTLE_MS);
	stalls.disable();
	return {
		seconds,
		cpuSeconds: (cpu.user + cpu.system) / 1e6,
		memoryGrowth,
		longestStallMs: stalls.max / 1e6,
		results,
	};
}
