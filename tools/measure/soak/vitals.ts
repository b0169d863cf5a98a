import { setTimeout as sleep } from 'node:timers/promises';

/** What a process holds when it has nothing to do. Memory is in bytes. */
export interface Vitals {
	/** Of the heap, after a forced collection. */
	readonly heapUsed: number;
	readonly rss: number;
	/** Open handles and timers, by the names of Node.js. */
	readonly resources: ReadonlyMap<string, number>;
}

// Idle connections are kept for some seconds after the last request.
const CONNECTIONS_IDLE_MS = 8_000;
const BETWEEN_COLLECTIONS_MS = 100;

/** Waits until idle connections have been closed, collects garbage, and looks. Needs --expose-gc. */
export async function readVitals(): Promise<Vitals> {
	if (globalThis.gc === undefined) throw new Error('Run this with --expose-gc');
	await sleep(CONNECTIONS_IDLE_MS);
	for (let time = 0; time < 3; time += 1) {
		globalThis.gc();
		await sleep(BETWEEN_COLLECTIONS_MS);
	}
	const { heapUsed, rss } = process.memoryUsage();
	return { heapUsed, rss, resources: countsOf(process.getActiveResourcesInfo()) };
}

function countsOf(names: readonly string[]): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
	return counts;
}

export function isVitals(value: unknown): value is Vitals {
	return (
		typeof value === 'object' &&
		value !== null &&
		'heapUsed' in value &&
		typeof value.heapUsed === 'number' &&
		'rss' in value &&
		typeof value.rss === 'number' &&
		'resources' in value &&
		value.resources instanceof Map
	);
}
