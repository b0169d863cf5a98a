import { Agent, type RequestOptions, request as httpRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { Clock } from './clock';
import { Latest } from './latest';

/** A request by which a provider tells somebody of a call. */
export interface Webhook {
	readonly method: 'POST' | 'GET';
	/** With the query, where the event travels in it. */
	readonly url: string;
	/** '' where there is no body. */
	readonly contentType: string;
	readonly body: string;
	readonly callId: string;
	/** What it tells, in the provider's words. */
	readonly event: string;
}

/** A webhook that was sent. */
export interface Delivery extends Webhook {
	/** Simulator's clock, in epoch milliseconds. */
	readonly sentAt: number;
	/** The receiver's HTTP status; null when it did not answer. */
	readonly status: number | null;
	/** Why there is no status; null when there is one. */
	readonly error: string | null;
}

/** Something about a call that a provider tells. */
export interface DueWebhook {
	/** Epoch milliseconds. */
	readonly at: number;
	/** The webhooks for those who receive them when the time has come. */
	readonly webhooks: () => readonly Webhook[];
}

/** What brings webhooks about: a call. */
export interface WebhookSource {
	/** All that it brings about from its start to its end; none when nobody would receive them. */
	readonly webhooks: () => readonly DueWebhook[];
}

/** A webhook's request with the event as JSON in its body. */
export function jsonPost(url: string, event: object): WebhookRequest {
	return { method: 'POST', url, contentType: 'application/json', body: JSON.stringify(event) };
}

/** A webhook's request with the event as a form in its body. */
export function formPost(url: string, event: object): WebhookRequest {
	const contentType = 'application/x-www-form-urlencoded';
	return { method: 'POST', url, contentType, body: parametersOf(event).toString() };
}

/** A webhook's request with the event in its query, after what the receiver's own URL has there. */
export function getWithQuery(url: string, event: object): WebhookRequest {
	const target = new URL(url);
	for (const [name, value] of parametersOf(event)) target.searchParams.append(name, value);
	return { method: 'GET', url: target.href, contentType: '', body: '' };
}

type WebhookRequest = Pick<Webhook, 'method' | 'url' | 'contentType' | 'body'>;

function parametersOf(event: object): URLSearchParams {
	const fields = Object.entries<unknown>({ ...event });
	return new URLSearchParams(fields.map(([name, value]) => [name, String(value)]));
}

// Real time: a receiver that hangs must not stop the clock for ever.
const RECEIVER_TIMEOUT_MS = 10_000;
const MOST_CONNECTIONS = 50;
const CLOSED = { status: null, error: 'The simulator is closed' };

/** Sends the webhooks of calls when the clock passes their times, and remembers what became of them. */
export class Webhooks {
	readonly #clock: Clock;
	readonly #copies: () => number;
	readonly #agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
	readonly #tlsAgent = new TlsAgent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
	readonly #closing = new AbortController();
	readonly #deliveries: Latest<Delivery>;
	readonly #followed = new WeakSet<WebhookSource>();
	/** The end of what is being sent about a call: its webhooks keep their order. */
	readonly #lastSent = new WeakMap<WebhookSource, Promise<void>>();

	/** `limit`: how many deliveries are remembered, the latest ones; `copies`: how often each is sent. */
	constructor(clock: Clock, limit: number, copies: () => number) {
		this.#clock = clock;
		this.#copies = copies;
		this.#deliveries = new Latest(limit);
	}

	/** What was sent, oldest first. */
	get deliveries(): readonly Delivery[] {
		return this.#deliveries.kept();
	}

	/** Tells of a call that was just placed. Nothing is scheduled while nobody receives. */
	follow(source: WebhookSource): void {
		this.#schedule(source, -Infinity);
	}

	/** Tells of calls under way whatever is still to come, since somebody new may receive. */
	followFromNow(sources: Iterable<WebhookSource>): void {
		const now = this.#clock.now();
		for (const source of sources) this.#schedule(source, now);
	}

	/** Sends one webhook once; failed deliveries are not repeated (whether they are is not documented). */
	async deliver({ method, url, contentType, body, callId, event }: Webhook): Promise<Delivery> {
		const webhook = { method, url, contentType, body, callId, event };
		const sentAt = this.#clock.now();
		const outcome = this.#closing.signal.aborted ? CLOSED : await this.#send(webhook);
		const delivery: Delivery = { ...webhook, sentAt, ...outcome };
		this.#deliveries.add(delivery);
		return delivery;
	}

	/** Forgets what was sent. */
	clear(): void {
		this.#deliveries.clear();
	}

	/** Gives up what is under way, closes every connection and sends nothing any more. */
	close(): void {
		this.#closing.abort();
		this.#agent.destroy();
		this.#tlsAgent.destroy();
	}

	#schedule(source: WebhookSource, after: number): void {
		if (this.#followed.has(source)) return;
		const due = source.webhooks();
		if (due.length > 0) this.#followed.add(source);
		for (const { at, webhooks } of due) {
			if (at > after) this.#clock.schedule(at, () => this.#deliverInTurn(source, webhooks));
		}
	}

	#deliverInTurn(source: WebhookSource, webhooks: () => readonly Webhook[]): Promise<void> {
		const before = this.#lastSent.get(source) ?? Promise.resolve();
		const sent = before.then(() => this.#deliverAll(webhooks()));
		this.#lastSent.set(source, sent);
		return sent;
	}

	async #deliverAll(webhooks: readonly Webhook[]): Promise<void> {
		for (let copy = 0; copy < this.#copies(); copy++) {
			await Promise.all(webhooks.map((webhook) => this.deliver(webhook)));
		}
	}

	#send({ method, url, contentType, body }: Webhook): Promise<Pick<Delivery, 'status' | 'error'>> {
		return new Promise((resolve) => {
			const target = new URL(url);
			const options: RequestOptions = {
				method,
				headers: contentType === '' ? {} : bodyHeaders(contentType, body),
				signal: this.#closing.signal,
				timeout: RECEIVER_TIMEOUT_MS,
			};
			const request =
				target.protocol === 'https:'
					? tlsRequest(target, { ...options, agent: this.#tlsAgent })
					: httpRequest(target, { ...options, agent: this.#agent });
			request.once('timeout', () => request.destroy(new Error('The receiver did not answer')));
			request.once('error', (error) => resolve({ status: null, error: error.message }));
			request.once('response', (response) => {
				response.resume();
				response.once('error', (error) => resolve({ status: null, error: error.message }));
				response.once('end', () => resolve({ status: response.statusCode ?? null, error: null }));
			});
			request.end(body);
		});
	}
}

function bodyHeaders(contentType: string, body: string): Record<string, string> {
	return { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)) };
}
