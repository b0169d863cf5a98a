import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import {
	accountFieldsOf,
	authorizedRequest,
	companionOf,
	readAccount,
	readSecret,
	secretOf,
} from '../../calls/account';
import type { AccountValues } from '../../calls/account';
import { strangeServer, testAccount } from '../../calls/accountTest';
import { readBaseUrl } from '../../calls/baseUrl';
import { OtpCallError, wordsOf } from '../../calls/errors';
import type { Transport } from '../../calls/transport';
import { fetchToken } from '../../calls/tokens';
import type { Provider } from '../../providers/contract';
import type { Field } from '../../providers/fields';
import { propertyOf } from '../forms/fields';
import { n8nWords } from '../forms/words';
import { clock } from './time';
import { openTransport, sessionProperty } from './transport';

/** An account as an n8n credential holds it: made of the provider's fields, which know nothing of n8n. */

/**
 * n8n keeps the token here that it got for an API key, and fills it again when it is refused. While it is
 * empty, n8n runs `preAuthentication` before each request, that of a credential's test included.
 */
const hiddenSession: INodeProperties = {
	displayName: 'Session Token',
	name: sessionProperty,
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
	return [hiddenSession, ...properties];
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

/** The code of the network at the end of our words. */
const networkCode = / \((?:E[A-Z_]{4,}|ERR_[A-Z_]+)\)/g;

/**
 * n8n shows a user the code of an error instead of its message, when it has one, and words of its own for a
 * message that holds one.
 * @returns an error without a code, whose cause is the other
 */
function withoutCode(error: unknown): Error {
	if (!(error instanceof OtpCallError)) {
		return new Error('The credential cannot be used', { cause: error });
	}
	const { message, remedy } = wordsOf(error, n8nWords);
	const words = `${message.replace(networkCode, '')}. ${remedy}`;
	return new Error(words, { cause: error });
}

/** What a credential authorizes requests by, as it is now. */
interface Authority {
	/** What n8n got for a key stands in its session. */
	readonly token: string;
	readonly companion: string;
}

/** @throws OtpCallError `invalid-input` */
function authorityOf(provider: Provider, credential: ICredentialDataDecryptedObject): Authority {
	const { account } = provider;
	if (account === null) return { token: '', companion: '' };
	const values = accountValues(provider, credential);
	const { field, is, value } = secretOf(account, values);
	const token = readSecret(is === 'key' ? credential[sessionProperty] : value, field, provider);
	return { token, companion: companionOf(provider, values) };
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
			const { companion, token } = authorityOf(provider, credential);
			// Only the credential's own test has a base: as it was typed.
			const base = baseURL === undefined ? '' : readBaseUrl(credential['baseUrl'], provider);
			const headers = Object.fromEntries(
				Object.entries(request.headers ?? {}).map(([name, value]) => [name, String(value)]),
			);
			// What has no body, or another than text, keeps it: the nodes send text.
			const sent = typeof request.body === 'string' ? request.body : null;
			const open = { url: `${base}${request.url}`, headers, body: sent };
			const { body, ...rest } = authorizedRequest(provider, open, token, companion);
			return { ...request, ...rest, ...(body !== null && { body }) };
		} catch (error) {
			throw withoutCode(error);
		}
	};

/**
 * The test of a credential as n8n takes it. `preAuthentication` comes first: an account that holds a token has been
 * tested by then, in the words that the nodes have for what fails. Of this request n8n shows the code of the
 * network, or the word Unauthorized.
 */
export function credentialTestOf(provider: Provider): ICredentialTestRequest {
	if (provider.account === null) throw new Error(`${provider.label} has no account`);
	const { answerKey, path, query } = provider.account.test;
	const { message, remedy } = wordsOf(strangeServer(provider), n8nWords);
	return {
		request: {
			baseURL: '={{ $credentials.baseUrl }}',
			url: path,
			...(query && { qs: query }),
			ignoreHttpStatusErrors: { ignore: true, except: [401, 403] },
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseSuccessBody',
				// A rule that matches fails the test.
				properties: { key: answerKey, value: undefined, message: `${message}. ${remedy}` },
			},
		],
	};
}

/**
 * For a credential's `preAuthentication`: exchanges the account's key for a token, or, for an account that
 * holds a token already, tries that.
 * @returns what n8n stores; nothing where there is a token already
 * @throws Error with the OtpCallError as its cause
 */
export async function prepareCredential(
	host: IHttpRequestHelper,
	provider: Provider,
	credential: ICredentialDataDecryptedObject,
): Promise<Record<string, string>> {
	const { account } = provider;
	if (account === null) return {};
	try {
		const { baseUrl, companion, secret } = readAccount(
			provider,
			accountValues(provider, credential),
		);
		const value = secret?.value ?? '';
		const open = openTransport((options) => host.helpers.httpRequest(options));
		const server = { provider, baseUrl, clock };
		if (account.exchange !== undefined && secret?.is === 'key') {
			const { token } = await fetchToken({ ...server, transport: open }, account.exchange, value);
			return { [sessionProperty]: readSecret(token, account.token, provider) };
		}
		const transport: Transport = (request) =>
			open(authorizedRequest(provider, request, value, companion));
		const credentials = () => [companion, value].filter((each) => each !== '');
		const context = { ...server, transport, credentials, lastingSecret: value };
		await testAccount(context);
		return {};
	} catch (error) {
		throw withoutCode(error);
	}
}
