import type { HttpAnswer, Provider, ProviderRequest } from '../providers/contract';
import { mask } from '../redaction/records';
import type { Secrets } from '../redaction/texts';
import type { CallLengths } from './callLengths';
import type { Clock, Exchange, Transport } from './transport';
import { OtpCallError } from './errors';
import { limits } from './limits';
import type { TestNumbers } from './testNumbers';

/** Everything that one operation needs from its host. */
export interface CallContext {
	readonly provider: Provider;
	/** Tidied by `readBaseUrl`; '' for a provider without a server. */
	readonly baseUrl: string;
	readonly transport: Transport;
	readonly clock: Clock;
	/** The account's tokens and keys as they are now, to be kept out of everything that comes out. */
	readonly credentials: () => readonly string[];
	/**
	 * What only the account knows and what outlasts its tokens; for a provider without an account, what the
	 * host has that comes nearest. Never empty: hashes and seals follow from it.
	 */
	readonly lastingSecret: string;
	/** Numbers that are never called; null or absent: none. */
	readonly tests?: TestNumbers | null;
	/** How long the latest calls of the account have lasted; absent: nothing is learned from them. */
	readonly lengths?: CallLengths | undefined;
	/** Ends waits and requests when the host stops. */
	readonly signal?: AbortSignal | undefined;
	/** Milliseconds for one request; the default is `limits.request`. */
	readonly timeout?: number | undefined;
}

export const secretsOf = (context: CallContext, code?: string): Secrets => ({
	credentials: context.credentials(),
	codes: code === undefined ? [] : [code],
});

export const isCanceled = (context: CallContext): boolean => context.signal?.aborted ?? false;

/** Shorter ones may be parts of ordinary words; errors are searched for them all the same. */
const unmistakable = 12;

/** A provider that gives a credential back would have it in the record that flows see. */
function withoutCredentials(context: CallContext, sent: Exchange & { is: 'answered' }): Exchange {
	const echoed = context
		.credentials()
		.filter((secret) => secret.length >= unmistakable && sent.text.includes(secret));
	// As it is, so that it is not parsed again by the next who asks.
	if (echoed.length === 0) return sent;
	const text = echoed.reduce((hidden, secret) => hidden.replaceAll(secret, mask), sent.text);
	return { ...sent, text };
}

/** Sends one request to the provider, or lets a provider without a server answer it. */
export async function exchange(context: CallContext, request: ProviderRequest): Promise<Exchange> {
	const { provider } = context;
	if (provider.answerLocally) {
		const outcome = provider.answerLocally(request, context.clock.now());
		return outcome === 'answer-lost'
			? { is: 'answer-lost', code: 'ECONNRESET' }
			: { is: 'answered', ...outcome };
	}
	const sent = await transmit(context, request);
	return sent.is === 'answered' ? withoutCredentials(context, sent) : sent;
}

const withQuery = (path: string, query: ProviderRequest['query']): string =>
	query === undefined ? path : `${path}?${new URLSearchParams(query).toString()}`;

/** The body of a request, and what it is. */
function bodyOf({ body, form }: ProviderRequest): { type: string | null; text: string | null } {
	if (body !== undefined) return { type: 'application/json', text: JSON.stringify(body) };
	if (form === undefined) return { type: null, text: null };
	return {
		type: 'application/x-www-form-urlencoded',
		text: new URLSearchParams(form).toString(),
	};
}

async function transmit(context: CallContext, request: ProviderRequest): Promise<Exchange> {
	const { type, text } = bodyOf(request);
	try {
		return await context.transport({
			method: request.method,
			url: `${context.baseUrl}${withQuery(request.path, request.query)}`,
			headers: { accept: 'application/json', ...(type !== null && { 'content-type': type }) },
			body: text,
			timeout: context.timeout ?? limits.request,
			longestAnswer: limits.answer,
			signal: context.signal,
		});
	} catch (error) {
		if (error instanceof OtpCallError) throw error;
		// What a host fails at in its own way proves nothing about the request.
		return { is: 'answer-lost', code: 'ERR_TRANSPORT' };
	}
}

const day = 86_400_000;

/** The three forms of RFC 9110, all in GMT. `Date.parse` alone also takes `-5` and `1.5` for dates. */
const httpDate = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? [\d a-z:-]+$/i;

/**
 * The pause that the provider asks for with `Retry-After`, in milliseconds, a day at most; null when it
 * asks for none. The header is a number of seconds or an HTTP date.
 */
export function retryAfterOf(answer: HttpAnswer, now: number): number | null {
	const value = answer.headers['retry-after']?.trim() ?? '';
	if (/^\d+$/.test(value)) return Math.min(day, Number(value) * 1000);
	const date = httpDate.test(value) ? Date.parse(value.replace(/(?: GMT)?$/i, ' GMT')) : NaN;
	return Number.isNaN(date) ? null : Math.min(day, Math.max(0, date - now));
}

/** The pause before try number `tried + 1`: doubled each time, with up to half of it as jitter. */
export function backOff(clock: Clock, tried: number): number {
	const pause = limits.backOff * 2 ** (tried - 1);
	return pause + (clock.random() * pause) / 2;
}
