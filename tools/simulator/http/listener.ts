import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { inflict } from '../faults/effects';
import type { Fault } from '../faults/fault';
import type { FaultTable, FaultTarget } from '../faults/faultTable';
import { parseJson } from '../json';
import type { ApiAnswer, Handled } from '../provider';
import type { OpenRequest, Recording } from '../recording';
import type { Connections } from './port';
import { ApiRequest, readBody } from './request';
import type { Route, Routes } from './routes';

/** What the listener needs to serve the providers' APIs. */
export interface ApiParts {
	readonly routes: Routes;
	readonly faults: FaultTable;
	readonly recording: Recording;
	readonly connections: Connections;
	/** How much later every answer comes now, in milliseconds. */
	readonly latencyMs: () => number;
}

/** The listener for all APIs: records each request, lets faults happen, else answers. */
export function createApiListener(parts: ApiParts): RequestListener {
	const former: FormerAnswers = new Map();
	return (request, response) => {
		new ApiTransaction(parts, former, request, response).run();
	};
}

/** What was answered last, by provider and operation. */
type FormerAnswers = Map<string, ApiAnswer>;

class ApiTransaction {
	readonly #parts: ApiParts;
	readonly #former: FormerAnswers;
	readonly #request: IncomingMessage;
	readonly #response: ServerResponse;
	readonly #record: OpenRequest;
	readonly #search: string;
	readonly #route: Route;
	#lateRecordMs = 0;

	constructor(
		parts: ApiParts,
		former: FormerAnswers,
		request: IncomingMessage,
		response: ServerResponse,
	) {
		const { method = '', url = '', headers, rawHeaders } = request;
		this.#parts = parts;
		this.#former = former;
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
		this.#search = query < 0 ? '' : url.slice(query);
		this.#route = parts.routes.find(method, query < 0 ? url : url.slice(0, query));
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
			const befalling = fault ?? faults.forPhoneNumber(target, () => this.#phoneNumber());
			if (befalling === undefined) this.#sendAfterLatency(this.#answer());
			else this.#suffer(befalling);
		});
	}

	#faultTarget(): FaultTarget {
		const { provider, endpoint } = this.#route;
		const { method, url } = this.#record;
		return { provider, operation: endpoint?.operation ?? 'other', method, url };
	}

	#kind(): string {
		const { provider = '', operation } = this.#faultTarget();
		return `${provider} ${operation}`;
	}

	#phoneNumber(): string | undefined {
		return this.#route.endpoint?.phoneNumberOf?.(this.#apiRequest());
	}

	#answer(): ApiAnswer {
		const handled = this.#handle();
		const { placed } = handled;
		if (placed !== undefined) {
			this.#parts.recording.placedCall(this.#record, placed.callId, placed.phoneNumber);
		}
		this.#former.set(this.#kind(), handled);
		return handled;
	}

	#handle(): Handled {
		const route = this.#route;
		if (route.endpoint === undefined) return route.refusal;
		const { api, endpoint } = route;
		const request = this.#apiRequest();
		const isLetIn = endpoint.isOpen === true || api.accepts(api.credentialOf(request));
		return isLetIn ? endpoint.handle(request) : api.answers.unauthorized;
	}

	#apiRequest(): ApiRequest {
		const { endpoint } = this.#route;
		const parameters = endpoint === undefined ? {} : this.#route.parameters;
		return new ApiRequest(this.#record, this.#search, parameters, this.#lateRecordMs);
	}

	#suffer(fault: Fault): void {
		this.#parts.recording.befell(this.#record, fault.kind);
		if (fault.kind === 'late-record') this.#lateRecordMs = fault.ms;
		inflict(fault, {
			answers: this.#route.api?.answers,
			response: this.#response,
			answer: () => this.#answer(),
			former: () => this.#former.get(this.#kind()),
			send: (answer) => this.#sendAfterLatency(answer),
			begin: (status, headers) => this.#begin(status, headers),
			reset: () => this.#reset(),
		});
	}

	#sendAfterLatency(answer: ApiAnswer): void {
		const latencyMs = this.#parts.latencyMs();
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
