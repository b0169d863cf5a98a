import assert from 'node:assert/strict';

import type { CallContext } from '../../calls/context';
import { OtpCallError, wordsOf } from '../../calls/errors';
import type { ErrorKind } from '../../calls/errors';
import type { Clock, Exchange, OutgoingRequest, Transport } from '../../calls/transport';
import { plainWords } from '../../calls/words';
import type { Provider } from '../../providers/contract';

/** A clock that nobody waits for: a sleep moves it, and ends at once. */
class MovedClock implements Clock {
	readonly slept: number[] = [];
	/** Called in each sleep, before the time moves. */
	onSleep: (milliseconds: number) => void = () => undefined;
	/** What `random` gives: between 0 and 1. */
	chance = 0;
	readonly start = Date.parse('2025-06-01T08:00:00Z');
	#now = this.start;

	now(): number {
		return this.#now;
	}

	pass(milliseconds: number): void {
		this.#now += milliseconds;
	}

	async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
		this.slept.push(milliseconds);
		this.onSleep(milliseconds);
		if (!signal?.aborted) this.pass(milliseconds);
		// Lets everything that waits for a settled promise run first, as a real sleep does.
		await new Promise(setImmediate);
	}

	random(): number {
		return this.chance;
	}
}

export type Reply = Exchange | ((request: OutgoingRequest) => Exchange | Promise<Exchange>);

/** An answer as a transport gives it. A body that is no string is sent as JSON. */
export const answered = (
	status: number,
	body: unknown = '',
	headers: Readonly<Record<string, string>> = {},
): Exchange => ({
	is: 'answered',
	status,
	headers,
	text: typeof body === 'string' ? body : JSON.stringify(body),
});

export const notSent = (code = 'ECONNREFUSED'): Exchange => ({ is: 'not-sent', code });
export const answerLost = (code = 'ECONNRESET'): Exchange => ({ is: 'answer-lost', code });

/** A host in memory: it gives the replies one by one, the last one for ever, and keeps the requests. */
export class TestHost {
	readonly clock = new MovedClock();
	readonly requests: OutgoingRequest[] = [];
	readonly stop = new AbortController();
	readonly context: CallContext;
	readonly #replies: Reply[];

	constructor(
		provider: Provider,
		replies: readonly Reply[] = [],
		options: Partial<
			Pick<CallContext, 'credentials' | 'baseUrl' | 'timeout' | 'transport' | 'lengths'>
		> = {},
	) {
		this.#replies = [...replies];
		this.context = {
			provider,
			baseUrl: provider.apiRoot === null ? '' : 'https://api.example.com',
			transport: this.transport,
			clock: this.clock,
			credentials: () => ['the-token-of-the-account'],
			lastingSecret: 'the-token-of-the-account',
			signal: this.stop.signal,
			...options,
		};
	}

	readonly transport: Transport = async (request) => {
		this.requests.push(request);
		const [reply = answerLost('NO_REPLY_WAS_PLANNED')] = this.#replies;
		if (this.#replies.length > 1) this.#replies.shift();
		return typeof reply === 'function' ? await reply(request) : reply;
	};

	/** How many requests would have placed a call. */
	get sends(): number {
		return this.requests.filter(({ method }) => method === 'POST').length;
	}
}

/** One of our errors, of this kind, with words that anybody can read. */
function checked(error: unknown, kind: ErrorKind | undefined): OtpCallError {
	assert.ok(error instanceof OtpCallError, `not one of our errors: ${String(error)}`);
	if (kind !== undefined) assert.equal(error.code, kind, error.message);
	const { message, remedy } = wordsOf(error, plainWords);
	assert.equal(message, error.message);
	assert.doesNotMatch(`${message} ${remedy}`, /[‹›]|undefined|\[object/);
	assert.notEqual(remedy, '');
	return error;
}

/** The error with which something fails; a failure of the test when it succeeds or fails otherwise. */
export async function failing(work: unknown, kind?: ErrorKind): Promise<OtpCallError> {
	try {
		await Promise.resolve(work);
	} catch (error) {
		return checked(error, kind);
	}
	assert.fail('it succeeded');
}

/** The error that a function throws. */
export function throwing(work: () => unknown, kind?: ErrorKind): OtpCallError {
	try {
		work();
	} catch (error) {
		return checked(error, kind);
	}
	assert.fail('it succeeded');
}
