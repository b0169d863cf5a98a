import type { Provider, TokenExchange } from '../providers/contract';
import { named } from '../providers/fields';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { failureOf, question, unreadable, verdictOf, wrongAddress } from './failures';
import { ask } from './status';
import { authorizedRequest } from './account';
import type { Clock, Exchange, Transport } from './transport';

/** Where an account's token comes from. */
export interface TokenSource {
	/** The token, if it can be had at once: most requests need not wait for it. */
	held(): string | null;
	/** @throws OtpCallError when none can be had */
	current(): Promise<string>;
	/** A token other than the stale one; null: there is no other. @throws OtpCallError */
	fresh(stale: string): Promise<string | null>;
	/** Every secret that is in use now, to be kept out of what comes out. */
	secrets(): readonly string[];
}

/** A token that a user has entered. */
export function fixedToken(token: string): TokenSource {
	return {
		held: () => token,
		current: async () => token,
		fresh: async () => null,
		secrets: () => [token],
	};
}

/** Before its end a token is renewed this much earlier, for clocks that differ. */
const margin = 60_000;

interface HeldToken {
	readonly token: string;
	readonly goodUntil: number;
}

/** What the fetch of a token needs. The transport is one without authorization. */
export interface TokenRequestContext {
	readonly provider: Provider;
	readonly baseUrl: string;
	readonly transport: Transport;
	readonly clock: Clock;
	readonly signal?: AbortSignal | undefined;
}

function wrongKey(provider: Provider, { key }: TokenExchange, httpStatus: number): OtpCallError {
	return new OtpCallError({
		kind: 'not-authorized',
		message: `${provider.label} did not accept the ${named(key)} of the ‹account› (HTTP ${httpStatus})`,
		remedy: `Copy the ${named(key)} that ${provider.label} gave you into the ‹account› once more, without spaces`,
		httpStatus,
		callMayHaveBeenPlaced: false,
	});
}

/**
 * Exchanges an API key for a token. The request is repeated like a question: it places no call.
 * @throws OtpCallError `not-authorized` for a wrong key, `unreachable`, `bad-response` and the like
 */
export async function fetchToken(
	context: TokenRequestContext,
	tokens: TokenExchange,
	apiKey: string,
): Promise<{ readonly token: string; readonly lifeSeconds: number }> {
	const asking: CallContext = { ...context, credentials: () => [apiKey] };
	const answer = await ask(asking, tokens.request(apiKey));
	const { status } = answer;
	if (status === 400 || status === 401 || status === 403) {
		throw wrongKey(context.provider, tokens, status);
	}
	if (status === 404) throw wrongAddress(asking, answer);
	if (status < 200 || status > 299) throw failureOf(asking, question, answer);
	const held = tokens.read(answer);
	if (held === null) throw unreadable(asking, question, answer, 'holds no token');
	return held;
}

/**
 * A token fetched against an API key: once for all requests that wait for it, and kept until shortly
 * before its end.
 */
export function exchangedToken(
	context: TokenRequestContext,
	tokens: TokenExchange,
	apiKey: string,
): TokenSource {
	let held: HeldToken | null = null;
	let previous: string | null = null;
	let underWay: Promise<string> | null = null;

	const fetchOnce = (): Promise<string> => {
		underWay ??= fetchToken(context, tokens, apiKey)
			.then(({ token, lifeSeconds }) => {
				const life = lifeSeconds * 1000;
				// Requests with the token before this one may still be under way, and come back with it.
				previous = held?.token ?? null;
				held = { token, goodUntil: context.clock.now() + life - Math.min(margin, life / 2) };
				return token;
			})
			.finally(() => {
				underWay = null;
			});
		return underWay;
	};

	const good = (): string | null =>
		held !== null && held.goodUntil > context.clock.now() ? held.token : null;

	return {
		held: good,
		current: async () => good() ?? (await fetchOnce()),
		fresh: async (stale) => {
			const token = held !== null && held.token !== stale ? held.token : await fetchOnce();
			return token === stale ? null : token;
		},
		secrets: () => [apiKey, held?.token, previous].filter((secret) => typeof secret === 'string'),
	};
}

/** A fresh token helps, and nothing has been done: the provider turned the request away for its token. */
const isUnauthorized = (provider: Provider, sent: Exchange): boolean =>
	sent.is === 'answered' && verdictOf({ provider }, sent) === 'not-authorized';

const stopped = Symbol('the flow was stopped');

/** What comes first: the token, or the stop of the flow that waits for it. */
async function unlessStopped<T>(
	token: Promise<T>,
	signal: AbortSignal | undefined,
): Promise<T | typeof stopped> {
	if (signal === undefined) return await token;
	return await new Promise((resolve, reject) => {
		const stop = () => {
			resolve(stopped);
		};
		if (signal.aborted) stop();
		signal.addEventListener('abort', stop, { once: true });
		token.then(resolve, reject).finally(() => {
			signal.removeEventListener('abort', stop);
		});
	});
}

/** Nothing of it has left, or what left was declined with a 401. */
const notSent: Exchange = { is: 'not-sent', code: 'ERR_CANCELED' };

/** The same transport with the account's token; a request that is turned away for it goes once more with a fresh one. */
export function authorized(
	provider: Provider,
	transport: Transport,
	source: TokenSource,
): Transport {
	return async (request) => {
		const token = source.held() ?? (await unlessStopped(source.current(), request.signal));
		if (token === stopped) return notSent;
		const sent = await transport(authorizedRequest(provider, request, token));
		if (!isUnauthorized(provider, sent)) return sent;
		const fresh = await unlessStopped(source.fresh(token), request.signal);
		if (fresh === stopped) return notSent;
		return fresh === null ? sent : await transport(authorizedRequest(provider, request, fresh));
	};
}
