import { isInvalid } from '../providers/fields';
import { exchange, isCanceled, secretsOf } from './context';
import type { CallContext } from './context';
import { isOfSend } from './identity';
import { limits } from './limits';
import { reportOf } from './report';
import type { CallReport, PreparedSend } from './report';

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
		// The failure of a look, of any kind, says nothing about the send.
		const found = await exchange(looking, lookup.request).catch(() => null);
		if (found?.is !== 'answered' || found.status < 200 || found.status > 299) continue;
		const reading = lookup.read(found);
		if (reading.is !== 'call' || !isOfSend(reading.identity, reading.call.requestedAt, sent))
			continue;
		return reportOf(context.provider, reading, secretsOf(context, code));
	}
	return null;
}
