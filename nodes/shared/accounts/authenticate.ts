import type {
	IAuthenticate,
	IHttpRequestHelper,
	ICredentialDataDecryptedObject,
} from 'n8n-workflow';

import { readBaseUrl } from '../../../calls/baseUrl';
import { OtpCallError } from '../../../calls/errors';
import { fetchToken } from '../../../calls/tokens';
import type { Provider } from '../../../providers/contract';
import { clock } from '../clock';
import { openTransport } from '../transport';
import type { Account } from './account';
import { readSecret } from './secretText';

export const tokenField = { field: 'token', label: 'Token' };
export const apiKeyField = { field: 'apiKey', label: 'API Key' };

/**
 * Puts the account's token on a request. A function, because the expression that n8n offers for this
 * costs more than half a millisecond for each call.
 */
export const bearerOf =
	(account: Account, provider: Provider): Exclude<IAuthenticate, { type: string }> =>
	async (credential, request) => ({
		...request,
		// Only the credential's own test has one: as it was typed.
		...(request.baseURL !== undefined && {
			baseURL: readBaseUrl(credential['baseUrl'], provider),
		}),
		headers: {
			...request.headers,
			authorization: `Bearer ${readSecret(account.token(credential), tokenField)}`,
		},
	});

/**
 * Exchanges the account's key for a token.
 * @returns '' for an account that holds a token already
 * @throws Error with the OtpCallError as its cause: n8n shows the message of an error without a code
 */
export async function exchangeKey(
	host: IHttpRequestHelper,
	account: Account,
	provider: Provider,
	credential: ICredentialDataDecryptedObject,
): Promise<string> {
	const apiKey = account.exchange?.apiKey(credential) ?? null;
	if (apiKey === null || provider.tokens === undefined) return '';
	try {
		const { token } = await fetchToken(
			{
				provider,
				baseUrl: readBaseUrl(credential['baseUrl'], provider),
				transport: openTransport((options) => host.helpers.httpRequest(options)),
				clock,
			},
			provider.tokens,
			readSecret(apiKey, apiKeyField),
		);
		return readSecret(token, tokenField);
	} catch (error) {
		if (!(error instanceof OtpCallError))
			throw withoutCode('The token could not be fetched', error);
		throw withoutCode(`${error.message}. ${error.facts.remedy}`, error);
	}
}

const withoutCode = (message: string, cause: unknown): Error => new Error(message, { cause });
