import type { Order } from '../orders';

/** Which case is opened, and where it places its calls. */
export interface Target {
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
}

/** Starts the host and deploys the flow. */
export type OpenCase = (target: Target) => Promise<RunningCase>;

export function isTarget(value: unknown): value is Target {
	return (
		typeof value === 'object' &&
		value !== null &&
		['caseName', 'baseUrl', 'token', 'n8nNodesBase'].every(
			(name) => typeof Reflect.get(value, name) === 'string',
		)
	);
}
