import type { CallEvent, ProviderEvents, WebhookDelivery } from '../contract';
import { endedCall } from './calls';

/**
 * The sandbox has no server that could tell of a call: whoever builds a flow opens its address with the ID of a
 * call behind it, in the browser or by another node. The ID says how the call ended, so nothing can be forged.
 */
function read({ query }: WebhookDelivery): CallEvent | null {
	const { callId } = query;
	const call = callId === undefined ? null : endedCall(callId.trim());
	if (call === null) return null;
	return {
		is: 'event',
		type: 'ended',
		key: call.callId,
		record: { ...call, cost: null },
		call,
	};
}

export const events: ProviderEvents = {
	method: 'GET',
	carriesReference: false,
	types: ['ended'],
	read,
};
