import type { Errand, Ending } from './errand';

/** Where the traffic places its calls. */
export interface Place {
	readonly host: 'node-red' | 'n8n';
	/** The simulator's base URL, without a trailing slash. */
	readonly baseUrl: string;
	readonly token: string;
	readonly campaign: string;
	readonly template: string;
}

/** A host with flows for both providers, some of which wait for the end of their calls. */
export interface TrafficHost {
	/** How many errands it takes at a time. */
	readonly batch: number;
	/** Puts errands in; the end of each is told to `onEnd`. */
	take(errands: readonly Errand[]): void;
	close(): Promise<void>;
}

/** Told of each errand's end, by its phone number. */
export type OnEnd = (phoneNumber: string, ending: Ending) => void;

/** The flows' settings in seconds: short, so that a fault does not hold a place for long. */
export const TIMEOUT_SECONDS = 3;
export const WAIT_TIMEOUT_SECONDS = 40;

export function isPlace(value: unknown): value is Place {
	return (
		typeof value === 'object' &&
		value !== null &&
		['host', 'baseUrl', 'token', 'campaign', 'template'].every(
			(name) => typeof Reflect.get(value, name) === 'string',
		)
	);
}
