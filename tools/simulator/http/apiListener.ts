import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call } from '../dialing/call';
import type { Exchange } from '../exchange';
import { inflict } from '../faults/effects';
import type { Fault } from '../faults/fault';
import type { FaultTable, FaultTarget } from '../faults/faultTable';
import { isJsonObject, parseJson } from '../json';
import type { OpenRequest, Recording } from '../recording';
import type { Connections } from './connections';
import type { ApiAnswer, Endpoint, Handled } from './endpoint';
import { readBody } from './requestBody';
import { type Route, findRoute } from './routes';

/** What the listener needs to serve the two APIs. */
export interface ApiParts {
	readonly exchange: Exchange;
	readonly endpoints: readonly Endpoint[];
	readonly faults: FaultTable;
	readonly recording: Recording;
	readonly connections: Connections;
	/** Told of each call that was placed. */
	readonly onPlaced: (call: Call) => void;
}

/** Serves one request to the APIs. */
export type ApiListener = (request: IncomingMessage, response: ServerResponse) => void;

/** The listener for both APIs: records each request, lets faults happen, else answers. */
export function createApiListener(parts: ApiParts): ApiListener {
	return (request, response) => {
		new ApiTransaction(parts, request, response).run();
	};
}

class ApiTransaction {
	readonly #parts: ApiParts;
	readonly #request: IncomingMessage;
	readonly #response: ServerResponse;
	readonly #record: OpenRequest;
	readonly #path: string;
	readonly #search: string;
	readonly #route: Route;
	#lateRecordMs = 0;

	constructor(parts: ApiParts, request: IncomingMessage, response: ServerResponse) {
		const { method = '', url = '', headers, rawHeaders } = request;
		this.#parts = parts;
		this.#request = request;
		this.#response = response;
		this.#record = {
			method,
			url,
			headers,
			rawHeaders,
			bodyText: '',
			json: undefined,
			receivedAt: Date.now(),
			connectionId: parts.connections.idOf(request.socket),
			placedCallId: null,
			fault: null,
			status: null,
		};
		const query = url.indexOf('?');
		this.#path = query < 0 ? url : url.slice(0, query);
		this.#search = query < 0 ? '' : url.slice(query);
		this.#route = findRoute(parts.endpoints, method, this.#path);
	}

	run(): void {
		const { faults, recording } = this.#parts;
		const target = this.#faultTarget();
		recording.arrived(this.#record, target.operation);
		const fault = faults.forHeaders(target);
		if (fault?.kind === 'reset-before-body') return this.#suffer(fault);
		readBody(this.#request, (text) => {
			// Who went away before the end of the request gets no answer and no call.
			if (text === undefined) return this.#reset();
			this.#record.bodyText = text;
			this.#record.json = text === '' ? undefined : parseJson(text);
			const befalling = fault ?? faults.forPhoneNumber(target, this.#phoneNumber());
			if (befalling === undefined) this.#sendAfterLatency(this.#answer());
			else this.#suffer(befalling);
		});
	}

	#faultTarget(): FaultTarget {
		const route = this.#route;
		const isKnown = 'endpoint' in route;
		return {
			provider: isKnown ? route.endpoint.provider : route.provider,
			operation: isKnown ? route.endpoint.purpose : 'other',
			method: this.#record.method,
			url: this.#record.url,
		};
	}

	#phoneNumber(): string | undefined {
		const route = this.#route;
		if (!('endpoint' in route)) return undefined;
		if (route.endpoint.callAskedFor !== undefined) {
			return route.endpoint.callAskedFor(route.parameter)?.phoneNumber;
		}
		const { json } = this.#record;
		if (!isJsonObject(json)) return undefined;
		const sent = json['phoneNumber'] ?? json['phone_number'];
		return typeof sent === 'string' ? sent : undefined;
	}

	#answer(): ApiAnswer {
		const { answer, placed } = this.#handle();
		if (placed !== undefined) {
			this.#parts.recording.placedCall(this.#record, placed.callId, placed.phoneNumber);
			this.#parts.onPlaced(placed);
		}
		return answer;
	}

	#handle(): Handled {
		const route = this.#route;
		if (!('endpoint' in route)) return { answer: route.refusal };
		const { method, headers, bodyText, json } = this.#record;
		return route.endpoint.handle(
			{
				method,
				path: this.#path,
				search: this.#search,
				headers,
				bodyText,
				json,
				lateRecordMs: this.#lateRecordMs,
			},
			route.parameter,
		);
	}

	#suffer(fault: Fault): void {
		this.#parts.recording.befell(this.#record, fault.kind);
		if (fault.kind === 'late-record') this.#lateRecordMs = fault.ms;
		inflict(fault, {
			provider: this.#faultTarget().provider,
			response: this.#response,
			answer: () => this.#answer(),
			send: (answer) => this.#sendAfterLatency(answer),
			begin: (status, headers) => this.#begin(status, headers),
			reset: () => this.#reset(),
		});
	}

	#sendAfterLatency(answer: ApiAnswer): void {
		const { latencyMs } = this.#parts.exchange.settings;
		if (latencyMs === 0) return this.#send(answer);
		const timer = setTimeout(() => this.#send(answer), latencyMs);
		this.#response.once('close', () => clearTimeout(timer));
	}

	#send({ status, headers, body }: ApiAnswer): void {
		this.#begin(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
		this.#response.end(body);
	}

	#begin(status: number, headers: Readonly<Record<string, string>>): void {
		this.#parts.recording.answered(this.#record, status);
		this.#response.writeHead(status, headers);
	}

	#reset(): void {
		this.#parts.connections.reset(this.#request.socket);
	}
}
