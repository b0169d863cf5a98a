import type { CallContext } from '../../calls/context';
import type { outputOf } from '../../calls/output';
import type { CallReport } from '../../calls/report';
import { limits } from '../../calls/limits';
import { waitUntilEnded } from '../../calls/wait';
import { pollIntervalField, waitTimeoutField } from '../../calls/fields';
import { readSeconds } from '../../calls/seconds';
import type { SentCall } from '../../calls/identity';
import type { EndedCalls } from './endedCalls';
import type { Message } from './messages';

/** How a node follows a call; times are milliseconds. */
export interface Following {
	readonly pollInterval: number | undefined;
	readonly waitTimeout: number | undefined;
	/** Send a message for each change on the way. */
	readonly emitChanges: boolean;
}

/** @throws OtpCallError `invalid-input` */
export function readFollowing(config: ReadonlyMap<string, unknown>): Following {
	return {
		pollInterval: readSeconds(config.get('pollInterval'), pollIntervalField),
		waitTimeout: readSeconds(config.get('waitTimeout'), waitTimeoutField),
		emitChanges: config.get('emitChanges') === true,
	};
}

/** The payload for a call. */
type Payload = (report: CallReport) => ReturnType<typeof outputOf>;

/**
 * Follows a call to its end, with the node's status. An event of the same account ends the pause before
 * the next look. Each change but the end is sent on its own when
 * that is wanted; the end is the message's result.
 * @throws OtpCallError
 */
export async function followCall(
	{ context, ended }: { readonly context: CallContext; readonly ended: EndedCalls },
	callId: string,
	message: Message,
	payload: Payload,
	following: Following,
	start: {
		readonly firstLookAfter: number;
		readonly by?: 'reference' | 'record';
		readonly known?: CallReport;
		readonly sent?: SentCall;
		readonly mayRetry?: boolean;
	},
): Promise<CallReport> {
	const onChange = (report: CallReport) => {
		message.status.showCall(report.call);
		if (following.emitChanges && !report.call.final) message.emit(payload(report));
	};
	const { known } = start;
	if (known !== undefined) onChange(known);
	const report = await ended.during(callId, context.clock, (clock, expectsEvent) =>
		waitUntilEnded({ ...context, clock }, callId, {
			...start,
			// Who wants each change on the way is looked for one, and not only for the end.
			pollInterval: following.pollInterval ?? (following.emitChanges ? limits.poll : undefined),
			waitTimeout: following.waitTimeout,
			expectsEvent,
			onChange,
		}),
	);
	message.status.showCall(report.call);
	return report;
}
