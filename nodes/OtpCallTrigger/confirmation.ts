import type { CallContext } from '../../calls/context';
import type { CallReport } from '../../calls/send';
import { lookUp, planLookup } from '../../calls/status';
import type { CallEvent } from '../../providers/contract';

async function find(context: CallContext, callId: string): Promise<CallReport | null> {
	const found = await lookUp(context, planLookup(context, callId).lookup);
	if (found !== null || context.provider.planRecord === undefined) return found;
	// Without a reference of ours in the event, its call ID is the one of the provider's record.
	return await lookUp(context, planLookup(context, callId, 'record').lookup);
}

/**
 * What the provider itself says of a call that an event calls ended.
 * @returns null when it knows no such call, or the call goes on
 * @throws OtpCallError when the provider cannot be asked
 */
export async function confirmEnd(
	context: CallContext,
	event: CallEvent,
): Promise<CallReport | null> {
	const found = await find(context, event.call.callId);
	return found?.call.final === true ? found : null;
}
