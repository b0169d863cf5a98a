import { isInvalid } from '../providers/fields';
import type { HttpAnswer, PlannedSend, Reading } from '../providers/contract';
import { exchange, isCanceled, secretsOf } from './context';
import type { CallContext } from './context';
import { isAnswerTo, isOfSend } from './identity';
import type { SentCall } from './identity';
import { limits } from './limits';
import { reportOf } from './report';
import type { CallRecord, CallReport, PreparedSend } from './report';

/** The call in a 2xx answer, or null for any other reading. */
type ReadCall = (answer: HttpAnswer) => CallRecord | null;

/**
 * Asks until an answer brings the call. A failure, of any kind, says nothing about the send.
 * @param pauses before each request, in milliseconds
 */
async function askAgain(
	context: CallContext,
	{ code }: PreparedSend,
	request: PlannedSend['request'],
	pauses: readonly number[],
	read: ReadCall,
): Promise<CallReport | null> {
	for (const pause of pauses) {
		await context.clock.sleep(pause, context.signal);
		if (isCanceled(context)) return null;
		const found = await exchange(context, request).catch(() => null);
		if (found?.is !== 'answered' || found.status < 200 || found.status > 299) continue;
		const record = read(found);
		if (record !== null) return reportOf(context.provider, record, secretsOf(context, code));
	}
	return null;
}

const callIn = (reading: Reading, sent: SentCall): CallRecord | null => {
	const isCall = reading.is === 'call' || reading.is === 'known-request';
	return isCall && isAnswerTo(reading.identity, sent) ? reading : null;
};

/**
 * Sends the very request again, for a provider that recognises it. Only a yes counts: what is refused now,
 * for want of balance as it were, may have been taken before.
 */
async function sendAgain(context: CallContext, prepared: PreparedSend): Promise<CallReport | null> {
	const { planned, sent } = prepared;
	const pauses = limits.resend.map((pause) => pause + (context.clock.random() * pause) / 2);
	return await askAgain(context, prepared, planned.request, pauses, (answer) =>
		callIn(planned.read(answer), sent),
	);
}

/** Looks for the record of the call by the reference that we gave it. */
async function lookForRecord(
	context: CallContext,
	prepared: PreparedSend,
): Promise<CallReport | null> {
	const { planned, sent } = prepared;
	const lookup = planned.reference === null ? null : context.provider.planStatus(planned.reference);
	if (lookup === null || isInvalid(lookup)) return null;
	const timeout = Math.min(context.timeout ?? limits.request, limits.recoveryLook);
	const looking = { ...context, timeout };
	return await askAgain(looking, prepared, lookup.request, limits.recovery, (answer) => {
		const reading = lookup.read(answer);
		if (reading.is !== 'call') return null;
		return isOfSend(reading.identity, reading.call.requestedAt, sent) ? reading : null;
	});
}

/**
 * Finds out what became of a send whose answer was lost, within a short time: by its record, or by the same
 * request once more where the provider recognises it.
 * @returns null when nobody knows, or the provider can do neither
 */
export async function recover(
	context: CallContext,
	prepared: PreparedSend,
): Promise<CallReport | null> {
	return prepared.planned.isIdempotent === true
		? await sendAgain(context, prepared)
		: await lookForRecord(context, prepared);
}
