import type { Order } from '../orders';
import { hasFields } from '../process';
import type { BusyVitals } from '../vitals';

/** Which case is opened, and where it places its calls. */
export interface CaseTarget {
	readonly caseName: string;
	/** The simulator's base URL, without a trailing slash. */
	readonly baseUrl: string;
	readonly token: string;
	/** The folder of an installed `n8n-nodes-base`; '' when there is none. */
	readonly n8nNodesBase: string;
}

/** A host that runs a flow which places calls. */
export interface RunningCase {
	/**
	 * Puts all orders in at once and resolves when each has its result.
	 * @param onResult told of each result as soon as the flow has it
	 */
	place(orders: readonly Order[], onResult: (phoneNumber: string) => void): Promise<void>;
	close(): Promise<void>;
	/** Base URL of the host's editor and admin API; undefined when it has none. */
	readonly editorUrl?: string;
	/** Where the provider is to report ended calls; undefined when nothing listens. */
	readonly eventUrl?: string;
}

/** Starts the host and deploys the flow. */
export type OpenCase = (target: CaseTarget) => Promise<RunningCase>;

/** What a host process sees of its own run, from the first order put in to the last result. */
export interface HostFigures extends BusyVitals {
	/** When each phone number had its result, in epoch milliseconds; a second result adds an entry. */
	readonly results: ReadonlyArray<readonly [phoneNumber: string, at: number]>;
}

export const isCaseTarget = (value: unknown): value is CaseTarget =>
	hasFields(value, {
		caseName: 'string',
		baseUrl: 'string',
		token: 'string',
		n8nNodesBase: 'string',
	});

export const isOrders = (value: unknown): value is readonly Order[] =>
	Array.isArray(value) &&
	value.every((order) =>
		hasFields(order, { provider: 'string', phoneNumber: 'string', code: 'string' }),
	);

export const isHostFigures = (value: unknown): value is HostFigures =>
	hasFields(value, {
		seconds: 'number',
		cpuSeconds: 'number',
		memoryGrowth: 'number',
		longestStallMs: 'number',
		results: 'array',
	});
