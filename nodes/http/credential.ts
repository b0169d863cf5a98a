import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import {
	accountFieldsOf,
	authorizedRequest,
	readAccount,
	readSecret,
	secretOf,
} from '../../calls/account';
import type { AccountValues } from '../../calls/account';
import { readBaseUrl } from '../../calls/baseUrl';
import { OtpCallError, wordsOf } from '../../calls/errors';
import { readTestNumbers } from '../../calls/testNumbers';
import { fetchToken } from '../../calls/tokens';
import type { Provider } from '../../providers/contract';
import type { Field } from '../../providers/fields';
import { propertyOf } from '../forms/fields';
import { n8nWords } from '../forms/words';
import { clock } from './time';
import { openTransport, sessionProperty } from './transport';

/** An account as an n8n credential holds it: made of the provider's fields, which know nothing of n8n. */

const hiddenSession: INodeProperties = {
	displayName: 'Session Token',
	name: sessionProperty,
	// n8n keeps the token here that it got for the API key, and fills it again when it is refused.
	type: 'hidden',
	typeOptions: { expirable: true, password: true },
	default: '',
};

const nameOf = ({ credentialName, name }: Field): string => credentialName ?? name;

/** The properties of the provider's credential, in the order of its form. */
export function credentialProperties(provider: Provider): INodeProperties[] {
	const { account, defaultBaseUrl } = provider;
	if (account === null) return [];
	const properties = accountFieldsOf(provider).map((field) => ({
		...propertyOf(field),
		name: nameOf(field),
		...(field.kind === 'url' && { default: defaultBaseUrl ?? '' }),
	}));
	return account.exchange === undefined ? properties : [hiddenSession, ...properties];
}

/** What the credential holds, by the names of the provider's fields. */
export function accountValues(
	provider: Provider,
	credential: ICredentialDataDecryptedObject,
): AccountValues {
	return Object.fromEntries(
		accountFieldsOf(provider).map((field) => [field.name, credential[nameOf(field)]]),
	);
}

/**
 * n8n shows a user the code of an error instead of its message, when it has one.
 * @returns an error without a code, whose cause is the other
 */
function withoutCode(error: unknown): Error {
	if (!(error instanceof OtpCallError)) {
		return new Error('The credential cannot be used', { cause: error });
	}
	const { message, remedy } = wordsOf(error, n8nWords);
	return new Error(`${message}. ${remedy}`, { cause: error });
}

/** The token of a credential as it is now; what n8n got for a key stands in its session. */
function tokenOf(provider: Provider, credential: ICredentialDataDecryptedObject): string {
	const { account } = provider;
	if (account === null) return '';
	const { field, is, value } = secretOf(account, accountValues(provider, credential));
	return readSecret(is === 'key' ? credential[sessionProperty] : value, field, provider);
}

/**
 * Puts the account's token on a request. A function, because the expression that n8n offers for this
 * costs more than half a millisecond for each call.
 * @throws Error with the OtpCallError as its cause, for a token or base URL that cannot work
 */
export const authenticateFor =
	(provider: Provider): Exclude<IAuthenticate, { type: string }> =>
	async (credential, { baseURL, ...request }) => {
		try {
			const token = tokenOf(provider, credential);
			// Only the credential's own test has a base: as it was typed.
			if (baseURL !== undefined) readTestNumbers(provider, accountValues(provider, credential));
			const base = baseURL === undefined ? '' : readBaseUrl(credential['baseUrl'], provider);
			const headers = Object.fromEntries(
				Object.entries(request.headers ?? {}).map(([name, value]) => [name, String(value)]),
			);
			const open = { url: `${base}${request.url}`, headers };
			return { ...request, ...authorizedRequest(provider, open, token) };
		} catch (error) {
			throw withoutCode(error);
		}
	};

/**
 * For a credential's `preAuthentication`: exchanges the account's key for a token.
 * @returns what n8n stores; nothing for an account that holds a token already
 * @throws Error with the OtpCallError as its cause
 */
export async function exchangeKey(
	host: IHttpRequestHelper,
	provider: Provider,
	credential: ICredentialDataDecryptedObject,
): Promise<Record<string, string>> {
	const { account } = provider;
	if (account?.exchange === undefined) return {};
	const values = accountValues(provider, credential);
	if (secretOf(account, values).is === 'token') return {};
	try {
		const { baseUrl, secret } = readAccount(provider, values);
		const transport = openTransport((options) => host.helpers.httpRequest(options));
		const { token } = await fetchToken(
			{ provider, baseUrl, transport, clock },
			account.exchange,
			secret?.value ?? '',
		);
		return { [sessionProperty]: readSecret(token, account.token, provider) };
	} catch (error) {
		throw withoutCode(error);
	}
}
