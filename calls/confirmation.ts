import type { CallContext } from './context';
import type { CallReport } from './send';
import { lookUp, planLookup } from './status';

async function find(context: CallContext, callId: string): Promise<CallReport | null> {
	const found = await lookUp(context, planLookup(context, callId).lookup);
	if (found !== null || context.provider.planRecord === undefined) return found;
	// Without a reference of ours in the event, its call ID is the one of the provider's record.
	return await lookUp(context, planLookup(context, callId, 'record').lookup);
}

/**
 * What the provider itself says of a call that an event calls ended, since events are unsigned.
 * @param callId as the event gives it: our reference of the call, or the provider's own of its record
 * @returns null when the provider knows no such call, or the call goes on
 * @throws OtpCallError when the provider cannot be asked
 */
export async function confirmEnd(context: CallContext, callId: string): Promise<CallReport | null> {
	const found = await find(context, callId);
	return found?.call.final === true ? found : null;
}
