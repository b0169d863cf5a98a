import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import {
	authorizedRequest,
	companionOf,
	readAccount,
	readSecret,
	secretOf,
} from '../../calls/account';
import type { AccountValues } from '../../calls/account';
import { readBaseUrl } from '../../calls/baseUrl';
import type { CallContext } from '../../calls/context';
import { OtpCallError, wordsOf } from '../../calls/errors';
import { failureOf, question, verdictOf } from '../../calls/failures';
import { ask } from '../../calls/status';
import type { Transport } from '../../calls/transport';
import { fetchToken } from '../../calls/tokens';
import type { Provider, ProviderAccount } from '../../providers/contract';
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
export function credentialProperties({ account, defaultBaseUrl }: Provider): INodeProperties[] {
	if (account === null) return [];
	const properties = account.fields.map((field) => ({
		...propertyOf(field),
		name: nameOf(field),
		...(field.kind === 'url' && { default: defaultBaseUrl ?? '' }),
	}));
	return [hiddenSession, ...properties];
}

/** What the credential holds, by the names of the provider's fields. */
export function accountValues(
	{ fields }: ProviderAccount,
	credential: ICredentialDataDecryptedObject,
): AccountValues {
	return Object.fromEntries(fields.map((field) => [field.name, credential[nameOf(field)]]));
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

/** The token of a credential as it is now; what n8n got for a key stands in its session. */
function tokenOf(provider: Provider, credential: ICredentialDataDecryptedObject): string {
	const { account } = provider;
	if (account === null) return '';
	const { field, is, value } = secretOf(account, accountValues(account, credential));
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
			const companion =
				provider.account === null
					? ''
					: companionOf(provider, accountValues(provider.account, credential));
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

/** The request by which a credential is tested: it calls nobody and costs nothing. */
export interface TestRequest {
	readonly url: string;
	readonly qs?: Readonly<Record<string, string>>;
}

/**
 * Fails where the provider's server cannot be reached or refuses the token, in the words that the nodes have for
 * it: of the request of its own test n8n shows the code of the network, or the word Unauthorized.
 */
async function checkToken(context: CallContext, { qs, url }: TestRequest): Promise<void> {
	const answer = await ask(context, { method: 'GET', path: url, ...(qs && { query: qs }) }, 1);
	const judged = context.provider.judge?.(answer) ?? null;
	const verdict = judged ?? (answer.status < 300 ? null : verdictOf(context, answer));
	if (verdict !== 'not-authorized' && verdict !== 'forbidden') return;
	throw failureOf(context, question, answer);
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
	test: TestRequest,
): Promise<Record<string, string>> {
	const { account } = provider;
	if (account === null) return {};
	try {
		const { baseUrl, companion, secret } = readAccount(
			provider,
			accountValues(account, credential),
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
		await checkToken(context, test);
		return {};
	} catch (error) {
		throw withoutCode(error);
	}
}
