import { isInvalid } from '../providers/fields';
import { exchange, isCanceled, secretsOf } from './context';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { isOfSend } from './identity';
import { limits } from './limits';
import { reportOf } from './report';
import type { CallReport } from './report';
import type { PreparedSend } from './report';
import type { Exchange } from './transport';

/** One look-up. Its failure of any kind says nothing about the send. */
async function look(context: CallContext, request: Parameters<typeof exchange>[1]) {
	return await exchange(context, request).catch((error: unknown): Exchange => {
		if (error instanceof OtpCallError) return { is: 'not-sent', code: error.code };
		throw error;
	});
}

/**
 * Looks for the record of a call whose answer was lost, for a short time.
 * @returns null when none turned up, or the provider cannot be asked by our reference
 */
export async function recover(
	context: CallContext,
	prepared: PreparedSend,
): Promise<CallReport | null> {
	const { planned, code, sent } = prepared;
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
		if (reading.is !== 'call' || !isOfSend(reading.identity, reading.call.requestedAt, sent))
			continue;
		return reportOf(context.provider, reading, secretsOf(context, code));
	}
	return null;
}
