import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { hasFields } from './process';

// Finer would cost more CPU than some of the calls that are measured.
const STALL_RESOLUTION_MS = 2;
const SETTLE_MS = 50;
const MEMORY_EVERY_MS = 10;
// Idle connections are kept for some seconds after the last request.
const CONNECTIONS_IDLE_MS = 8_000;
const COLLECTIONS = 3;
const BETWEEN_COLLECTIONS_MS = 100;

/** What a process was seen to take while it was busy. */
export interface BusyVitals {
	/** From the begin of the work to its end. */
	readonly seconds: number;
	/** Of all threads, user and system. */
	readonly cpuSeconds: number;
	/** Growth of the resident memory at its peak, in bytes. */
	readonly memoryGrowth: number;
	/** The longest time in which the event loop served nothing, in milliseconds. */
	readonly longestStallMs: number;
}

/** Does some work and watches this process meanwhile. Needs --expose-gc. */
export async function watchWork(work: () => Promise<void>): Promise<BusyVitals> {
	const memory = await MemoryPeak.start();
	const stalls = monitorEventLoopDelay({ resolution: STALL_RESOLUTION_MS });
	collectGarbage();
	await sleep(SETTLE_MS);
	stalls.enable();
	await sleep(SETTLE_MS);
	stalls.reset();
	memory.begin();
	const cpuBefore = process.cpuUsage();
	const begin = performance.now();
	await work();
	const seconds = (performance.now() - begin) / 1000;
	const cpu = process.cpuUsage(cpuBefore);
	const memoryGrowth = await memory.end();
	// A stall shows only when the event loop turns again.
	await sleep(SETTLE_MS);
	stalls.disable();
	return {
		seconds,
		cpuSeconds: (cpu.user + cpu.system) / 1e6,
		memoryGrowth,
		longestStallMs: stalls.max / 1e6,
	};
}

// A thread of its own, because a host that stalls its event loop stalls every timer on it as well.
const SAMPLER = `
const { workerData } = require('node:worker_threads');
const peak = new Float64Array(workerData.peak);
const stop = new Int32Array(workerData.stop);
while (Atomics.wait(stop, 0, 0, ${MEMORY_EVERY_MS}) === 'timed-out') {
	peak[0] = Math.max(peak[0], process.memoryUsage.rss());
}
`;

/** How far the resident memory of this process grows. */
class MemoryPeak {
	readonly #peak: Float64Array;
	readonly #stop: Int32Array;
	readonly #worker: Worker;
	#before = 0;

	private constructor(worker: Worker, peak: Float64Array, stop: Int32Array) {
		this.#worker = worker;
		this.#peak = peak;
		this.#stop = stop;
	}

	static async start(): Promise<MemoryPeak> {
		const peak = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
		const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
		const worker = new Worker(SAMPLER, { eval: true, execArgv: [], workerData: { peak, stop } });
		await once(worker, 'online');
		return new MemoryPeak(worker, new Float64Array(peak), new Int32Array(stop));
	}

	/** Counts from now on. */
	begin(): void {
		this.#before = process.memoryUsage.rss();
		this.#peak[0] = this.#before;
	}

	/** @returns the most that memory has grown by since `begin`, in bytes */
	async end(): Promise<number> {
		Atomics.store(this.#stop, 0, 1);
		Atomics.notify(this.#stop, 0);
		await this.#worker.terminate();
		return Math.max(0, (this.#peak[0] ?? 0) - this.#before);
	}
}

/** What a process holds when it has nothing to do. */
export interface IdleVitals {
	/** Of the heap, after a forced collection, in bytes. */
	readonly heapUsed: number;
	/** Open handles and timers, by the names of Node.js. */
	readonly resources: ReadonlyMap<string, number>;
}

/** Waits until idle connections have been closed, collects garbage, and looks. Needs --expose-gc. */
export async function readIdleVitals(): Promise<IdleVitals> {
	await sleep(CONNECTIONS_IDLE_MS);
	const heapUsed = await readHeap();
	const resources = new Map<string, number>();
	for (const name of process.getActiveResourcesInfo()) {
		resources.set(name, (resources.get(name) ?? 0) + 1);
	}
	return { heapUsed, resources };
}

export const isIdleVitals = (value: unknown): value is IdleVitals =>
	hasFields(value, { heapUsed: 'number', resources: 'map' });

/** What the heap holds after a forced collection, in bytes. Needs --expose-gc. */
export async function readHeap(): Promise<number> {
	for (let time = 0; time < COLLECTIONS; time += 1) {
		collectGarbage();
		await sleep(BETWEEN_COLLECTIONS_MS);
	}
	return process.memoryUsage().heapUsed;
}

function collectGarbage(): void {
	if (globalThis.gc === undefined) throw new Error('Run this with --expose-gc');
	globalThis.gc();
}
