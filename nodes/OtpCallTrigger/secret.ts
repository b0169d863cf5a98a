import type { IWebhookFunctions } from 'n8n-workflow';

import { isSecret } from '../../calls/events';

/**
 * The path of the webhook, after the ID that n8n gives every webhook: a colon and the node's own ID, which
 * n8n made at random, keeps for the life of the node and makes anew for each copy or import.
 *
 * The colon makes two things of it. For n8n's router it is a parameter, so that a request with anything
 * else in this place reaches the node too, and is told apart here and answered 401; a fixed path would
 * be compared by n8n's database. For people and providers it is a piece of the address, which n8n shows
 * and registers as it is: the address can be copied, and carries its secret.
 */
export const secretPath = '=:{{ $nodeId }}';

/** True for a request to the whole address. */
export function knowsSecret(functions: IWebhookFunctions): boolean {
	const { id } = functions.getNode();
	const given = Object.entries(Object(functions.getParamsData())).find(([name]) => name === id);
	return isSecret(given?.[1], `:${id}`);
}
