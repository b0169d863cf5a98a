import { isInvalid } from '../providers/fields';
import { exchange, isCanceled } from './context';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { limits } from './limits';
import { reportOf } from './report';
import type { CallRecord, CallReport } from './report';
import type { PreparedSend } from './send';
import type { Exchange } from './transport';

/** How far the provider's clock may be behind ours. */
const clockDifference = 5 * 60_000;

const isWholeNumber = (phoneNumber: string): boolean => /^\+\d+$/.test(phoneNumber);

/** A reference of the user's own may have been used before, for another call. */
function isOfThisSend({ call }: CallRecord, prepared: PreparedSend, sentAt: number): boolean {
	if (prepared.isReferenceNew) return true;
	if (isWholeNumber(call.phoneNumber) && call.phoneNumber !== prepared.phoneNumber) return false;
	return call.requestedAt === null || Date.parse(call.requestedAt) > sentAt - clockDifference;
}

/** One look-up. Its failure of any kind says nothing about the send. */
async function look(context: CallContext, request: Parameters<typeof exchange>[1]) {
	return await exchange(context, request).catch((error: unknown): Exchange => {
		if (error instanceof OtpCallError) return { is: 'not-sent', code: error.code };
		throw error;
	});
}

/**
 * Looks for the record of a call whose answer was lost, for a short time.
 * @param sentAt when the send began, in milliseconds since 1970
 * @returns null when none turned up, or the provider cannot be asked by our reference
 */
export async function recover(
	context: CallContext,
	prepared: PreparedSend,
	sentAt: number,
): Promise<CallReport | null> {
	const { planned, code } = prepared;
	const lookup = planned.reference === null ? null : context.provider.planStatus(planned.reference);
	if (lookup === null || isInvalid(lookup)) return null;
	const timeout = Math.min(context.timeout ?? limits.request, limits.recoveryLook);
	const looking = { ...context, timeout };
	for (const pause of limits.recovery) {
		await context.clock.sleep(pause, context.signal);
		if (isCanceled(context)) return null;
		const found = await look(looking, lookup.request);
		if (found.is !== 'answered' || found.status < 200 || found.status > 299) continue;
		const reading = lookup.read(found);
		if (reading.is !== 'call' || !isOfThisSend(reading, prepared, sentAt)) continue;
		return reportOf(context.provider, reading, [code]);
	}
	return null;
}
