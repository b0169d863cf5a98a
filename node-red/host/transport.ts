import type { Dispatcher } from 'undici';

import type { Exchange, OutgoingRequest, Transport } from '../../calls/transport';
import { onAbort } from './aborts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Where requests go: an account's pool of connections to the origin of its base URL. */
export interface OpenConnections {
	/** Such as `https://api.example.com`. */
	readonly origin: string;
	readonly dispatcher: Dispatcher;
}

const stopped = new Error('Given up');

/** The network's code of a failure; a proxy that refuses a tunnel has none that says so. */
function codeOf(error: unknown): string {
	if (!(error instanceof Error)) return 'UNKNOWN';
	if (/^Proxy response/.test(error.message)) return 'PROXY';
	if ('code' in error && error.code === 'UND_ERR_PRX_TLS' && error.cause !== undefined) {
		return codeOf(error.cause);
	}
	return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

type SingleHeaders = Readonly<Record<string, string | undefined>>;

function areSingle(headers: Headers): headers is SingleHeaders {
	for (const name in headers) if (Array.isArray(headers[name])) return false;
	return true;
}

/** A header that came several times, as one. */
const singleValues = (headers: Headers): SingleHeaders =>
	areSingle(headers)
		? headers
		: Object.fromEntries(
				Object.entries(headers).map(([name, value]) => [
					name,
					Array.isArray(value) ? value.join(', ') : value,
				]),
			);

/**
 * One request on its way. It has left when undici begins to write it to a connection, and not before:
 * that tells the failures that may be repeated from those that may not, whatever their codes are.
 */
class RequestUnderWay implements Dispatcher.DispatchHandler {
	readonly #request: OutgoingRequest;
	readonly #settle: (exchange: Exchange) => void;
	readonly #timer: NodeJS.Timeout;
	readonly #forgetAbort: () => void;
	#controller: Dispatcher.DispatchController | null = null;
	#settled = false;
	#status = 0;
	#headers: Headers = {};
	#chunks: Buffer[] = [];
	#length = 0;

	constructor(request: OutgoingRequest, settle: (exchange: Exchange) => void) {
		this.#request = request;
		this.#settle = settle;
		this.#timer = setTimeout(() => {
			this.#giveUp(this.#controller === null ? 'UND_ERR_CONNECT_TIMEOUT' : 'ETIMEDOUT');
		}, request.timeout);
		this.#forgetAbort = onAbort(request.signal, () => {
			this.#giveUp('ERR_CANCELED');
		});
	}

	onRequestStart(controller: Dispatcher.DispatchController): void {
		// Given up while it waited for a connection: an abort here keeps it from being written.
		if (this.#settled) controller.abort(stopped);
		else this.#controller = controller;
	}

	onResponseStart(
		_controller: Dispatcher.DispatchController,
		status: number,
		headers: Headers,
	): void {
		this.#status = status;
		this.#headers = headers;
	}

	onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
		this.#length += chunk.length;
		if (this.#length > this.#request.longestAnswer) this.#giveUp('ANSWER_TOO_LONG');
		else this.#chunks.push(chunk);
	}

	onResponseEnd(): void {
		const [first, second] = this.#chunks;
		const body = first !== undefined && second === undefined ? first : Buffer.concat(this.#chunks);
		this.#end({
			is: 'answered',
			status: this.#status,
			headers: singleValues(this.#headers),
			text: body.toString('utf8'),
		});
	}

	onResponseError(_controller: Dispatcher.DispatchController, error: unknown): void {
		this.fail(codeOf(error));
	}

	fail(code: string): void {
		this.#end({ is: this.#controller === null ? 'not-sent' : 'answer-lost', code });
	}

	#giveUp(code: string): void {
		const controller = this.#controller;
		this.fail(code);
		controller?.abort(stopped);
	}

	#end(exchange: Exchange): void {
		if (this.#settled) return;
		this.#settled = true;
		clearTimeout(this.#timer);
		this.#forgetAbort();
		this.#chunks = [];
		this.#settle(exchange);
	}
}

const pathOf = (url: string, origin: string): string => url.slice(origin.length) || '/';

/** An account's connections, as a transport asks for them. */
export interface ConnectionSource {
	/** Null: they have to be opened. */
	readonly opened: OpenConnections | null;
	open(): Promise<OpenConnections>;
}

/**
 * Sends requests over an account's connections: each once, no redirect followed, with one limit of time
 * from here to the last byte of the answer.
 * @param connections opened at the first request
 */
export function createTransport(connections: ConnectionSource): Transport {
	return async (request) => {
		let { opened } = connections;
		try {
			opened ??= await connections.open();
		} catch (error) {
			return { is: 'not-sent', code: codeOf(error) };
		}
		const { origin, dispatcher } = opened;
		if (request.signal?.aborted) return { is: 'not-sent', code: 'ERR_CANCELED' };
		return await new Promise<Exchange>((resolve) => {
			const underWay = new RequestUnderWay(request, resolve);
			try {
				dispatcher.dispatch(
					{
						origin,
						path: pathOf(request.url, origin),
						method: request.method,
						headers: request.headers,
						body: request.body,
					},
					underWay,
				);
			} catch (error) {
				underWay.fail(codeOf(error));
			}
		});
	};
}
