import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from '../orders';
import type { HostFigures, Result } from './hostFigures';
import type { RunningCase } from './measuredCase';
import { RssSampler } from './rssSampler';

// Finer would cost more CPU than some of the calls that are measured.
const STALL_RESOLUTION_MS = 2;
const SETTLE_MS = 50;

/** Lets `running` place `orders` and watches the process meanwhile. */
export async function measure(
	running: RunningCase,
	orders: readonly Order[],
): Promise<HostFigures> {
	const results: Result[] = [];
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
