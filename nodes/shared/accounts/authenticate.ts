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
 * n8n shows a builder the code of an error instead of its message, when it has one.
 * @returns an error without a code, whose cause is the other
 */
const withoutCode = (error: unknown): Error => {
	const words =
		error instanceof OtpCallError
			? `${error.message}. ${error.facts.remedy}`
			: 'The account cannot be used';
	return new Error(words, { cause: error });
};

/**
 * Puts the account's token on a request. A function, because the expression that n8n offers for this
 * costs more than half a millisecond for each call.
 * @throws Error with the OtpCallError as its cause, for a token or base URL that cannot work
 */
export const bearerOf =
	(account: Account, provider: Provider): Exclude<IAuthenticate, { type: string }> =>
	async (credential, request) => {
		try {
			const token = readSecret(account.token(credential), tokenField);
			return {
				...request,
				// Only the credential's own test has one: as it was typed.
				...(request.baseURL !== undefined && {
					baseURL: readBaseUrl(credential['baseUrl'], provider),
				}),
				headers: { ...request.headers, authorization: `Bearer ${token}` },
			};
		} catch (error) {
			throw withoutCode(error);
		}
	};

/**
 * Exchanges the account's key for a token.
 * @returns '' for an account that holds a token already
 * @throws Error with the OtpCallError as its cause
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
		throw withoutCode(error);
	}
}
