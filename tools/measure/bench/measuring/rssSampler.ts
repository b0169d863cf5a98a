import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const EVERY_MS = 10;

// A thread of its own, because a host that stalls its event loop stalls every timer on it as well.
const SAMPLER = `
const { workerData } = require('node:worker_threads');
const peak = new Float64Array(workerData.peak);
const stop = new Int32Array(workerData.stop);
while (Atomics.wait(stop, 0, 0, ${EVERY_MS}) === 'timed-out') {
	peak[0] = Math.max(peak[0], process.memoryUsage.rss());
}
`;

/** Watches how far the resident memory of this process grows. */
export class RssSampler {
	readonly #peak: Float64Array;
	readonly #stop: Int32Array;
	readonly #worker: Worker;
	#before = 0;

	private constructor(worker: Worker, peak: Float64Array, stop: Int32Array) {
		this.#worker = worker;
		this.#peak = peak;
		this.#stop = stop;
	}

	static async start(): Promise<RssSampler> {
		const peak = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
		const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
		const worker = new Worker(SAMPLER, { eval: true, execArgv: [], workerData: { peak, stop } });
		await once(worker, 'online');
		return new RssSampler(worker, new Float64Array(peak), new Int32Array(stop));
	}

	/** Counts from now on. */
	begin(): void {
		this.#before = process.memoryUsage.rss();
		this.#peak[0] = this.#before;
	}

	/** The most that memory has grown by since `begin`, in bytes. */
	async end(): Promise<number> {
		Atomics.store(this.#stop, 0, 1);
		Atomics.notify(this.#stop, 0);
		await this.#worker.terminate();
		return Math.max(0, (this.#peak[0] ?? 0) - this.#before);
	}
}
