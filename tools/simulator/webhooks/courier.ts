import { Agent, type RequestOptions, request as httpRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { Clock } from '../clock';
import { Latest } from '../latest';

/** A webhook that is due: one POST. */
export interface Parcel {
	readonly url: string;
	readonly contentType: string;
	readonly body: string;
	readonly callId: string;
	/** What it tells: an Autocall event, the CDR for a campaign's callback, or Bitel's finished request. */
	readonly occasion: 'ringing' | 'answered' | 'hangup' | 'cdr' | 'campaign-cdr' | 'bitel-finished';
}

/** A webhook that was sent. */
export interface Delivery extends Parcel {
	/** Simulator's clock, in epoch milliseconds. */
	readonly sentAt: number;
	/** The receiver's HTTP status; null when it did not answer. */
	readonly status: number | null;
	/** Why there is no status; null when there is one. */
	readonly error: string | null;
}

// Real time: a receiver that hangs must not stop the clock for ever.
const RECEIVER_TIMEOUT_MS = 10_000;
const MOST_CONNECTIONS = 50;
const CLOSED = { status: null, error: 'The simulator is closed' };

/** Sends webhooks, and remembers what became of them. */
export class Courier {
	readonly #clock: Clock;
	readonly #agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
	readonly #tlsAgent = new TlsAgent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
	readonly #deliveries: Latest<Delivery>;
	readonly #closing = new AbortController();

	/** `limit`: how many deliveries are remembered, the latest ones. */
	constructor(clock: Clock, limit: number) {
		this.#clock = clock;
		this.#deliveries = new Latest(limit);
	}

	/** What was sent, oldest first. */
	get deliveries(): readonly Delivery[] {
		return this.#deliveries.kept();
	}

	/** Sends one webhook once; failed deliveries are not repeated (whether they are is not documented). */
	async deliver(parcel: Parcel): Promise<Delivery> {
		const sentAt = this.#clock.now();
		const outcome = this.#closing.signal.aborted ? CLOSED : await this.#post(parcel);
		const { url, contentType, body, callId, occasion } = parcel;
		const delivery: Delivery = { url, contentType, body, callId, occasion, sentAt, ...outcome };
		this.#deliveries.add(delivery);
		return delivery;
	}

	clear(): void {
		this.#deliveries.clear();
	}

	/** Gives up what is under way, closes every connection and sends nothing any more. */
	close(): void {
		this.#closing.abort();
		this.#agent.destroy();
		this.#tlsAgent.destroy();
	}

	#post(parcel: Parcel): Promise<Pick<Delivery, 'status' | 'error'>> {
		return new Promise((resolve) => {
			const url = new URL(parcel.url);
			const options: RequestOptions = {
				method: 'POST',
				headers: {
					'content-type': parcel.contentType,
					'content-length': Buffer.byteLength(parcel.body),
				},
				signal: this.#closing.signal,
				timeout: RECEIVER_TIMEOUT_MS,
			};
			const request =
				url.protocol === 'https:'
					? tlsRequest(url, { ...options, agent: this.#tlsAgent })
					: httpRequest(url, { ...options, agent: this.#agent });
			request.once('timeout', () => request.destroy(new Error('The receiver did not answer')));
			request.once('error', (error) => resolve({ status: null, error: error.message }));
			request.once('response', (response) => {
				response.resume();
				response.once('error', (error) => resolve({ status: null, error: error.message }));
				response.once('end', () => resolve({ status: response.statusCode ?? null, error: null }));
			});
			request.end(parcel.body);
		});
	}
}
