import type { IExecuteFunctions } from 'n8n-workflow';

import { callStatuses } from '../../providers/call';
import type { Call } from '../../providers/call';
import { isJsonObject } from '../../providers/reading/json';
import { errorKinds } from '../../calls/errors';
import type { ErrorFacts } from '../../calls/errors';
import type { SentCall } from '../../calls/identity';
import type { CallReport } from '../../calls/report';

/** What one try of this run has done for an item, as far as a phone may ring because of it. */
export type Remembered = (
	| { readonly is: 'placed'; readonly report: CallReport }
	| { readonly is: 'unknown'; readonly facts: ErrorFacts }
) & {
	/** Whom the call was for. Another number in the same place is another call. */
	readonly recipient: string;
	/** What its records are compared with. */
	readonly sent: SentCall;
	/** The key from which the node made the code, which the flow still has to learn; null: the code is the user's. */
	readonly codeKey: string | null;
	/** The token of the code that is read out, where it is kept: the next try may have another code. */
	readonly verification?: string | undefined;
};

/** One item for which a phone rings or may ring. */
export interface RememberedItem {
	readonly item: number;
	readonly is: Remembered['is'];
	/** Null: it has none, or it is not known. */
	readonly callId: string | null;
}

/** What earlier tries of this run have done. */
export interface CallMemory {
	recall(item: number, recipient: string): Remembered | undefined;
	remember(item: number, done: Remembered): void;
	/** The items for which a phone rings or may ring. */
	items(): readonly RememberedItem[];
	forgetAll(): void;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isCall = (value: unknown): value is Call =>
	isObject(value) &&
	callStatuses.some((status) => status === value['status']) &&
	typeof value['provider'] === 'string' &&
	typeof value['callId'] === 'string' &&
	typeof value['phoneNumber'] === 'string' &&
	typeof value['final'] === 'boolean';

const isReport = (value: unknown): value is CallReport =>
	isObject(value) &&
	isCall(value['call']) &&
	isJsonObject(value['raw']) &&
	typeof value['unsettled'] === 'boolean';

const isFacts = (value: unknown): value is ErrorFacts =>
	isObject(value) &&
	errorKinds.some((kind) => kind === value['kind']) &&
	typeof value['message'] === 'string' &&
	typeof value['remedy'] === 'string' &&
	typeof value['callMayHaveBeenPlaced'] === 'boolean';

const isSent = (value: unknown): value is SentCall =>
	isObject(value) &&
	typeof value['phoneNumber'] === 'string' &&
	(value['reference'] === null || typeof value['reference'] === 'string') &&
	typeof value['isReferenceNew'] === 'boolean' &&
	typeof value['preparedAt'] === 'number';

const isRemembered = (value: unknown): value is Remembered =>
	isObject(value) &&
	typeof value['recipient'] === 'string' &&
	isSent(value['sent']) &&
	(value['codeKey'] === null || typeof value['codeKey'] === 'string') &&
	['undefined', 'string'].includes(typeof value['verification']) &&
	(value['is'] === 'placed' ? isReport(value['report']) : isFacts(value['facts']));

const callIdOf = (known: Remembered): string | null =>
	known.is === 'placed' ? known.report.call.callId : (known.facts.callId ?? null);

const place = 'otpCalls';

/** The record of that name within another; it is made when there is none. */
function recordIn(parent: Record<string, unknown>, name: string): Record<string, unknown> {
	const known = parent[name];
	if (isObject(known)) return known;
	const made: Record<string, unknown> = {};
	parent[name] = made;
	return made;
}

/**
 * Remembers calls in the node's context. That is a part of the execution's own data, so it outlives
 * what runs a node anew: the tries of Retry On Fail get the same data, whether the node threw or put
 * out an error item first, and an execution that is retried from the list of executions begins with
 * the data that were stored when it failed. It is empty again in every new execution. The run index
 * keeps the turns of a loop apart.
 *
 * The phone number alone makes a call the same. The code does not: an expression that makes one up
 * gives another code in each try, and must not make the phone ring again for it.
 */
export function callMemory(functions: IExecuteFunctions): CallMemory {
	const runIndex: unknown = functions.getWorkflowDataProxy(0).$runIndex;
	const runs = recordIn(functions.getContext('node'), place);
	const run = String(runIndex);
	return {
		recall(item, recipient) {
			const known = recordIn(runs, run)[String(item)];
			return isRemembered(known) && known.recipient === recipient ? known : undefined;
		},
		remember(item, done) {
			recordIn(runs, run)[String(item)] = done;
		},
		items: () =>
			Object.entries(recordIn(runs, run)).flatMap(([item, known]) =>
				isRemembered(known) ? [{ item: Number(item), is: known.is, callId: callIdOf(known) }] : [],
			),
		forgetAll() {
			delete runs[run];
		},
	};
}
