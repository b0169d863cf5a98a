import type {
	IAllExecuteFunctions,
	ICredentialsDecrypted,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { OtpCallError } from '../../calls/errors';
import { withTokens } from '../../calls/tokens';
import type { TokenSource } from '../../calls/tokens';
import type { Exchange, OutgoingRequest, Transport } from '../../calls/transport';
import type { Provider } from '../../providers/contract';
import { readAnswer } from './answers';
import { clock, deadlineIn } from './time';
import { codeOf, exchangeOf, findCause } from './networkErrors';

const isOtpCallError = (value: unknown): value is OtpCallError => value instanceof OtpCallError;

/** The hidden property in which n8n, and we, put the token that was got for a key. */
export const sessionProperty = 'sessionToken';

/** What stands there for an account that needs no such token. */
const noSessionNeeded = 'none is needed';

/** The same object, with some members that are others. */
const withMembers = <T extends object>(object: T, others: Readonly<Record<string, unknown>>): T =>
	new Proxy(object, {
		get: (target, name): unknown =>
			typeof name === 'string' && Object.hasOwn(others, name)
				? others[name]
				: Reflect.get(target, name),
	});

/**
 * The same functions with another signal: n8n's helper takes the signal of the execution whatever the
 * request says, and only a signal of the request's own can end it when its time is over. It ends the
 * request for a token as well, which gets no signal from n8n.
 */
function withSignal(functions: IAllExecuteFunctions, signal: AbortSignal): IAllExecuteFunctions {
	const { helpers } = functions;
	const httpRequest = (options: IHttpRequestOptions) =>
		helpers.httpRequest({ ...options, abortSignal: signal });
	return withMembers(functions, {
		getExecutionCancelSignal: () => signal,
		helpers: withMembers(helpers, { httpRequest }),
	});
}

const optionsFor = (request: OutgoingRequest, abortSignal: AbortSignal): IHttpRequestOptions => ({
	method: request.method,
	url: request.url,
	headers: { ...request.headers },
	...(request.body !== null && { body: request.body }),
	// A stream is the only form that n8n hands over before the body has come to its end: the others
	// have no limit of length, and a body that says JSON but is not would come as a string.
	encoding: 'stream',
	returnFullResponse: true,
	// n8n would send a request that is answered 401 a second time, and follow redirects of a POST.
	ignoreHttpStatusErrors: true,
	disableFollowRedirect: true,
	abortSignal,
});

/** How n8n's request helper is called: with the account's authorization, or without. */
export type Ask = (options: IHttpRequestOptions, signal: AbortSignal) => Promise<unknown>;

/** Sends one request once. @throws OtpCallError when no token could be had */
async function sendOnce(ask: Ask, request: OutgoingRequest): Promise<Exchange> {
	const { longestAnswer, signal, timeout } = request;
	if (signal?.aborted) return { is: 'not-sent', code: 'ERR_CANCELED' };
	const deadline = deadlineIn(timeout, signal);
	const endedBy = (): string | null => {
		if (deadline.isOver()) return 'ECONNABORTED';
		return signal?.aborted ? 'ERR_CANCELED' : null;
	};
	let hasHead = false;
	try {
		// Raced, because n8n may be busy with a token, and does not hear the signal then. A request that
		// it makes afterwards dies at once: its signal has aborted.
		const options = optionsFor(request, deadline.signal);
		const given = await Promise.race([ask(options, deadline.signal), deadline.ended]);
		hasHead = true;
		const answer = await Promise.race([readAnswer(given, longestAnswer), deadline.ended]);
		if (answer === null) return { is: 'answer-lost', code: 'ANSWER_TOO_LONG' };
		return { is: 'answered', ...answer };
	} catch (error) {
		const own = findCause(error, isOtpCallError);
		if (own !== undefined) throw own;
		const ending = endedBy();
		if (ending !== null) return { is: 'answer-lost', code: ending };
		return hasHead ? { is: 'answer-lost', code: codeOf(error) } : exchangeOf(error);
	} finally {
		deadline.release();
	}
}

/** A transport without authorization, for the one request that gets a token. */
export function openTransport(ask: (options: IHttpRequestOptions) => Promise<unknown>): Transport {
	return (request) => sendOnce(ask, request);
}

/** An account as n8n's helper takes it. */
export interface Authorization {
	/** Read once and handed over with each request, since n8n would decrypt it anew each time. */
	readonly credential: ICredentialsDecrypted;
	/** For an account whose tokens are got for a key. */
	readonly tokens: { readonly provider: Provider; readonly source: TokenSource } | null;
}

/**
 * A transport over n8n's request helper, with its proxies, its certificates and its protection of
 * internal addresses.
 */
export function authorizedTransport(
	functions: IAllExecuteFunctions,
	{ credential, tokens }: Authorization,
): Transport {
	const askAs =
		(account: ICredentialsDecrypted): Ask =>
		(options, signal) =>
			functions.helpers.httpRequestWithAuthentication.call(
				withSignal(functions, signal),
				account.type,
				options,
				{ credentialsDecrypted: account, preAuthenticationRetryStatusCode: [] },
			);
	if (tokens === null) {
		// Were it empty, n8n would have the token tried before each request.
		const data = { ...credential.data, [sessionProperty]: noSessionNeeded };
		const ask = askAs({ ...credential, data });
		return (request) => sendOnce(ask, request);
	}
	// n8n fetches a token only for a credential that has none.
	return withTokens(tokens.provider, tokens.source, clock, (request, token) =>
		sendOnce(
			askAs({ ...credential, data: { ...credential.data, [sessionProperty]: token } }),
			request,
		),
	);
}
