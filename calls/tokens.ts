import type { Provider, TokenExchange } from '../providers/contract';
import { named } from '../providers/fields';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { failureOf, question, unreadable, verdictOf, wrongAddress } from './failures';
import { ask } from './status';
import { authorizedRequest } from './account';
import { timeoutField } from './fields';
import type { Clock, Exchange, OutgoingRequest, Transport } from './transport';

/** Where an account's token comes from. */
export interface TokenSource {
	/** The token, if it can be had at once: most requests need not wait for it. */
	held(): string | null;
	/** @param waiting aborts when nobody waits any more @throws OtpCallError when none can be had */
	current(waiting: AbortSignal): Promise<string>;
	/** A token other than the stale one; null: there is no other. @throws OtpCallError */
	fresh(stale: string, waiting: AbortSignal): Promise<string | null>;
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
	const asking: CallContext = {
		...context,
		credentials: () => [apiKey],
		lastingSecret: apiKey,
	};
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

/** What is known of the tokens of one key. A host may keep it longer than one execution. */
export interface TokenMemory {
	held: HeldToken | null;
	/** Requests with the token before this one may still be under way, and come back with it. */
	previous: string | null;
	underWay: {
		readonly token: Promise<string>;
		readonly end: AbortController;
		waiters: number;
	} | null;
	/** Why the key was refused last, so that a batch does not ask with it for each of its items. */
	refusal: { readonly error: OtpCallError; readonly until: number } | null;
}

export const newTokenMemory = (): TokenMemory => ({
	held: null,
	previous: null,
	underWay: null,
	refusal: null,
});

/** So long a refused key is not tried again, in milliseconds. */
const refusedFor = 10_000;

/**
 * A token fetched against an API key: once for all requests that wait for it, and kept until shortly
 * before its end.
 * @param memory what is known already
 */
export function exchangedToken(
	context: TokenRequestContext,
	tokens: TokenExchange,
	apiKey: string,
	memory: TokenMemory = newTokenMemory(),
): TokenSource {
	const keep = ({ token, lifeSeconds }: { token: string; lifeSeconds: number }): string => {
		const life = lifeSeconds * 1000;
		memory.previous = memory.held?.token ?? null;
		const goodUntil = context.clock.now() + life - Math.min(margin, life / 2);
		memory.held = { token, goodUntil };
		return token;
	};

	const begin = (): NonNullable<TokenMemory['underWay']> => {
		const end = new AbortController();
		const token = fetchToken({ ...context, signal: end.signal }, tokens, apiKey)
			.then(keep)
			.catch((error: unknown) => {
				if (error instanceof OtpCallError && error.code === 'not-authorized') {
					memory.refusal = { error, until: context.clock.now() + refusedFor };
				}
				throw error;
			})
			.finally(() => {
				if (memory.underWay?.token === token) memory.underWay = null;
			});
		return { token, end, waiters: 0 };
	};

	/** Joins the fetch that is under way, or begins one; it ends when nobody waits for it any more. */
	const fetchOnce = async (waiting: AbortSignal): Promise<string> => {
		const { refusal } = memory;
		if (refusal !== null && refusal.until > context.clock.now()) throw refusal.error;
		memory.underWay ??= begin();
		const fetch = memory.underWay;
		fetch.waiters += 1;
		const leave = () => {
			fetch.waiters -= 1;
			if (fetch.waiters > 0) return;
			// Who comes next begins anew, rather than join what is given up.
			if (memory.underWay === fetch) memory.underWay = null;
			fetch.end.abort();
		};
		waiting.addEventListener('abort', leave, { once: true });
		return await fetch.token;
	};

	const good = (): string | null =>
		memory.held !== null && memory.held.goodUntil > context.clock.now() ? memory.held.token : null;

	return {
		held: good,
		current: async (waiting) => good() ?? (await fetchOnce(waiting)),
		fresh: async (stale, waiting) => {
			const { held } = memory;
			const token = held !== null && held.token !== stale ? held.token : await fetchOnce(waiting);
			return token === stale ? null : token;
		},
		secrets: () =>
			[memory.held?.token, memory.previous, apiKey].filter((secret) => typeof secret === 'string'),
	};
}

/** A fresh token helps, and nothing has been done: the provider turned the request away for its token. */
const isUnauthorized = (provider: Provider, sent: Exchange): boolean =>
	sent.is === 'answered' && verdictOf({ provider }, sent) === 'not-authorized';

const stopped = Symbol('the flow was stopped');
const tooLate = Symbol('the time of the request is over');

/** What comes first: the token, the stop of the flow that waits for it, or the end of the request's time. */
async function inTime<T>(
	ask: (waiting: AbortSignal) => Promise<T>,
	{ signal, timeout }: OutgoingRequest,
	clock: Clock,
): Promise<T | typeof stopped | typeof tooLate> {
	const settled = new AbortController();
	const stop = () => {
		settled.abort();
	};
	signal?.addEventListener('abort', stop, { once: true });
	try {
		const limit = clock
			.sleep(timeout, settled.signal)
			.then(() => (signal?.aborted ? stopped : tooLate));
		if (signal?.aborted) return stopped;
		return await Promise.race([ask(settled.signal), limit]);
	} finally {
		signal?.removeEventListener('abort', stop);
		stop();
	}
}

/** Nothing of it has left, or what left was turned away. */
const notSent: Exchange = { is: 'not-sent', code: 'ERR_CANCELED' };

function noTokenInTime({ label }: Provider): OtpCallError {
	return new OtpCallError({
		kind: 'unreachable',
		message: `${label} gave no token in time, so nothing was sent`,
		remedy: `Try again in some minutes, or raise ${named(timeoutField)}; if it stays, tell ${label}`,
		networkCode: 'ETIMEDOUT',
		callMayHaveBeenPlaced: false,
	});
}

/**
 * A transport that has a token for each request: one that is turned away for its token goes once more
 * with a fresh one. The wait for a token has the limit of a request, and never makes an unknown outcome.
 * @param send sends one request with a token, once
 */
export function withTokens(
	provider: Provider,
	source: TokenSource,
	clock: Clock,
	send: (request: OutgoingRequest, token: string) => Promise<Exchange>,
): Transport {
	return async (request) => {
		const token =
			source.held() ?? (await inTime((waiting) => source.current(waiting), request, clock));
		if (token === stopped) return notSent;
		if (token === tooLate) throw noTokenInTime(provider);
		const sent = await send(request, token);
		if (!isUnauthorized(provider, sent)) return sent;
		const fresh = await inTime((waiting) => source.fresh(token, waiting), request, clock);
		if (fresh === stopped) return notSent;
		if (fresh === tooLate) throw noTokenInTime(provider);
		return fresh === null ? sent : await send(request, fresh);
	};
}

/**
 * The same transport with the account's token where the provider wants it.
 * @param companion what goes with the token; '' where the account has no such field
 */
export function authorized(
	provider: Provider,
	transport: Transport,
	source: TokenSource,
	clock: Clock,
	companion = '',
): Transport {
	return withTokens(provider, source, clock, (request, token) =>
		transport(authorizedRequest(provider, request, token, companion)),
	);
}
