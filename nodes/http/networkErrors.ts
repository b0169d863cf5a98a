import { neverLeft } from '../../calls/transport';
import type { Exchange } from '../../calls/transport';

const fieldOf = (value: unknown, name: string): unknown =>
	typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** The error, and those that caused it: n8n wraps an axios error, which wraps one of Node.js. */
function* chain(error: unknown): Generator<unknown> {
	for (let depth = 0, at = error; depth < 5 && at !== undefined && at !== null; depth += 1) {
		yield at;
		at = fieldOf(at, 'cause');
	}
}

/** What Node.js says when the other end gives up during the handshake: nothing is written before its end. */
const handshakeFailed = /before secure TLS connection was established/;

/** Whether the failure happened before anything of the request could leave. */
const isBeforeSending = (error: unknown): boolean =>
	// The same code stands for a connection that came about and then fell silent.
	(fieldOf(error, 'syscall') === 'connect' && fieldOf(error, 'code') === 'ETIMEDOUT') ||
	handshakeFailed.test(String(fieldOf(error, 'message')));

/** Steps that only a connection can take: some codes stand for its making and for its use alike. */
const inUse: ReadonlySet<unknown> = new Set(['read', 'write', 'writev', 'shutdown']);

/** n8n declines addresses that its administrator has blocked before it makes a request. */
const isBlocked = (error: unknown): boolean => /^SsrfBlocked/.test(String(fieldOf(error, 'name')));

/**
 * What it means that n8n's helper threw before it had the head of an answer. Nothing but a proof makes
 * it `not-sent`: an error of an unknown sort may have come up after the request had left.
 */
export function exchangeOf(error: unknown): Exchange {
	const errors = [...chain(error)];
	if (errors.some(isBlocked)) return { is: 'not-sent', code: 'BLOCKED_BY_HOST' };
	const codes = errors
		.map((each) => fieldOf(each, 'code'))
		.filter((code) => typeof code === 'string');
	const code = codes[0] ?? 'ERR_NETWORK';
	if (errors.some((each) => inUse.has(fieldOf(each, 'syscall'))))
		return { is: 'answer-lost', code };
	const proof = codes.find(neverLeft);
	if (proof !== undefined) return { is: 'not-sent', code: proof };
	return { is: errors.some(isBeforeSending) ? 'not-sent' : 'answer-lost', code };
}

/** The code of an error, or of one that caused it. */
export function codeOf(error: unknown): string {
	const codes = [...chain(error)].map((each) => fieldOf(each, 'code'));
	return codes.find((code) => typeof code === 'string') ?? 'ERR_NETWORK';
}

/** The first error among those that caused this one for which `is` holds. */
export function findCause<T>(error: unknown, is: (value: unknown) => value is T): T | undefined {
	for (const each of chain(error)) if (is(each)) return each;
	return undefined;
}
