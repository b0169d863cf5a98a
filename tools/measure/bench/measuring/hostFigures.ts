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
	readonly results: readonly Result[];
}

export type Result = readonly [phoneNumber: string, at: number];

const NUMBERS = ['seconds', 'cpuSeconds', 'memoryGrowth', 'longestStallMs'];

/** Reads what another process sent. @throws TypeError */
export function readHostFigures(value: unknown): HostFigures {
	if (!isHostFigures(value)) throw new TypeError('The host process sent no figures');
	return value;
}

function isHostFigures(value: unknown): value is HostFigures {
	return (
		typeof value === 'object' &&
		value !== null &&
		NUMBERS.every((name) => typeof Reflect.get(value, name) === 'number') &&
		'results' in value &&
		Array.isArray(value.results)
	);
}
