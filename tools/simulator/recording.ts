import type { IncomingHttpHeaders } from 'node:http';
import type { FaultKind } from './faults/fault';
import { Latest } from './latest';
import type { Operation } from './provider';

/** A request to one of the APIs, as it arrived. */
export interface RecordedRequest {
	readonly method: string;
	/** Path and query exactly as they were on the wire. */
	readonly url: string;
	readonly headers: IncomingHttpHeaders;
	/** Names and values in turn, exactly as they were on the wire. */
	readonly rawHeaders: readonly string[];
	/** '' while it has not been read, or was not read because of a fault. */
	readonly bodyText: string;
	/** The parsed body; undefined when there is none or it is not JSON. */
	readonly json: unknown;
	/** Real time, in epoch milliseconds. */
	readonly receivedAt: number;
	/** Counts the connections that were accepted, from 1. */
	readonly connectionId: number;
	/** The call that this request placed; null when it placed none. */
	readonly placedCallId: string | null;
	/** The fault that befell it. */
	readonly fault: FaultKind | null;
	/** The status that was answered; null while or when there is none. */
	readonly status: number | null;
}

/** The recorder's own view of a request: what is learnt later is filled in. */
export type OpenRequest = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] };

/** What happened since the start or the last reset; kept even when requests are not recorded. */
export interface Counters {
	/** Requests to the APIs, whether understood or not. */
	readonly requests: number;
	/** Requests to a send endpoint, whether they placed a call or not. */
	readonly sends: number;
	/** Calls that were placed. */
	readonly placed: number;
	/** Look-ups of one call. */
	readonly statuses: number;
	/** Requests that a fault befell. */
	readonly faults: number;
	/** Answers, by HTTP status. */
	readonly answers: ReadonlyMap<number, number>;
	/** Calls placed, by phone number as it was sent. */
	readonly placedByNumber: ReadonlyMap<string, number>;
}

/** Counts everything and keeps the latest requests. */
export class Recording implements Counters {
	readonly #requests: Latest<OpenRequest>;
	readonly #answers = new Map<number, number>();
	readonly #placedByNumber = new Map<string, number>();
	requests = 0;
	sends = 0;
	placed = 0;
	statuses = 0;
	faults = 0;

	/** `limit`: how many requests are kept, the latest ones; 0 for none. */
	constructor(limit: number) {
		this.#requests = new Latest(limit);
	}

	get answers(): ReadonlyMap<number, number> {
		return this.#answers;
	}

	get placedByNumber(): ReadonlyMap<string, number> {
		return this.#placedByNumber;
	}

	/** The requests that are kept, oldest first. */
	kept(): readonly RecordedRequest[] {
		return this.#requests.kept();
	}

	arrived(request: OpenRequest, operation: Operation): void {
		this.requests += 1;
		if (operation === 'send') this.sends += 1;
		if (operation === 'status') this.statuses += 1;
		this.#requests.add(request);
	}

	placedCall(request: OpenRequest, callId: string, phoneNumber: string): void {
		request.placedCallId = callId;
		this.placed += 1;
		this.#placedByNumber.set(phoneNumber, (this.#placedByNumber.get(phoneNumber) ?? 0) + 1);
	}

	befell(request: OpenRequest, fault: FaultKind): void {
		request.fault = fault;
		this.faults += 1;
	}

	answered(request: OpenRequest, status: number): void {
		request.status = status;
		this.#answers.set(status, (this.#answers.get(status) ?? 0) + 1);
	}

	clear(): void {
		this.#requests.clear();
		this.requests = 0;
		this.sends = 0;
		this.placed = 0;
		this.statuses = 0;
		this.faults = 0;
		this.#answers.clear();
		this.#placedByNumber.clear();
	}
}
