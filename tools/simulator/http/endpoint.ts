import type { IncomingHttpHeaders } from 'node:http';
import type { Call } from '../dialing/call';

/** The two APIs that the simulator speaks. */
export type Provider = 'bitel' | 'autocall';

/** A request to one of the APIs, read to its end. */
export interface ApiRequest {
	readonly method: string;
	/** As on the wire, without the query. */
	readonly path: string;
	/** As on the wire: '' or from the question mark on. */
	readonly search: string;
	readonly headers: IncomingHttpHeaders;
	readonly bodyText: string;
	/** The parsed body; undefined when it is empty or not JSON. */
	readonly json: unknown;
	/** By how many milliseconds the record of a call that this request places is to be late. */
	readonly lateRecordMs: number;
}

/** What the API answers. */
export interface ApiAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** The answer, and the call that the request placed, if it placed one. */
export interface Handled {
	readonly answer: ApiAnswer;
	readonly placed?: Call;
}

/** One documented operation. */
export interface Endpoint {
	readonly provider: Provider;
	/** `send` places a call, `status` asks for one call. */
	readonly purpose: 'send' | 'status' | 'other';
	readonly method: string;
	/** Matches the whole path; its first group is the path's parameter, still percent-encoded. */
	readonly path: RegExp;
	/** The call that a status request asks for. */
	readonly callAskedFor?: (parameter: string) => Call | undefined;
	readonly handle: (request: ApiRequest, parameter: string) => Handled;
}

/** An answer with a JSON body. */
export function jsonAnswer(status: number, body: unknown): ApiAnswer {
	return {
		status,
		headers: { 'content-type': 'application/json; charset=utf-8' },
		body: JSON.stringify(body),
	};
}

/** The decoded path parameter; undefined when its percent-encoding is broken. */
export function decodeParameter(parameter: string): string | undefined {
	try {
		return decodeURIComponent(parameter);
	} catch {
		return undefined;
	}
}

/** The token of an `Authorization: Bearer …` header; undefined when there is none. */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
	return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
}

/** Whether the request declares its body to be JSON. */
export function declaresJson(headers: IncomingHttpHeaders): boolean {
	return /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(headers['content-type'] ?? '');
}
