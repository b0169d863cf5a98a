import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request to an endpoint, read to its end. */
export class ApiRequest {
	readonly headers: IncomingHttpHeaders;
	/** The parsed body, whatever it is declared to be; undefined when it is empty or not JSON. */
	readonly json: unknown;
	/** By how many milliseconds the record of a call that this request places is to be late. */
	readonly lateRecordMs: number;
	readonly #bodyText: string;
	readonly #search: string;
	readonly #parameters: Readonly<Record<string, string>>;

	/** `search` and `parameters` (the segments of the path with a name) are as they were on the wire. */
	constructor(
		received: {
			readonly headers: IncomingHttpHeaders;
			readonly bodyText: string;
			readonly json: unknown;
		},
		search: string,
		parameters: Readonly<Record<string, string>>,
		lateRecordMs: number,
	) {
		this.headers = received.headers;
		this.json = received.json;
		this.lateRecordMs = lateRecordMs;
		this.#bodyText = received.bodyText;
		this.#search = search;
		this.#parameters = parameters;
	}

	/** The parameters in the query. */
	get query(): URLSearchParams {
		return new URLSearchParams(this.#search);
	}

	/** The fields of the body; undefined when it is not declared as a form. */
	get form(): URLSearchParams | undefined {
		const contentType = this.headers['content-type'] ?? '';
		return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType)
			? new URLSearchParams(this.#bodyText)
			: undefined;
	}

	/** Whether the body is declared to be JSON. */
	get declaresJson(): boolean {
		const contentType = this.headers['content-type'] ?? '';
		return /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(contentType);
	}

	/** The token of an `Authorization: Bearer …` header; undefined when there is none. */
	get bearerToken(): string | undefined {
		return /^Bearer (\S+)$/.exec(this.headers.authorization ?? '')?.[1];
	}

	/** The segment `:name` of the path, decoded; '' when there is none or its percent-encoding is broken. */
	parameter(name: string): string {
		try {
			return decodeURIComponent(this.#parameters[name] ?? '');
		} catch {
			return '';
		}
	}
}

/** No documented request comes near this size, in bytes. */
const MOST_BYTES = 1024 * 1024;

/**
 * Reads the body to its end and hands it over as text; hands over undefined when the client went away or
 * sent more than 1 MiB.
 */
export function readBody(request: IncomingMessage, done: (text: string | undefined) => void): void {
	if (announcesNoBody(request)) return done('');
	const chunks: Buffer[] = [];
	let size = 0;
	let isDone = false;
	const finish = (text: string | undefined): void => {
		if (isDone) return;
		isDone = true;
		done(text);
	};
	request.on('data', (chunk: Buffer) => {
		size += chunk.length;
		if (size <= MOST_BYTES) chunks.push(chunk);
		else finish(undefined);
	});
	request.once('end', () => finish(textOf(chunks)));
	request.once('error', () => finish(undefined));
	request.once('close', () => finish(undefined));
}

function announcesNoBody({ headers }: IncomingMessage): boolean {
	const length = headers['content-length'];
	return headers['transfer-encoding'] === undefined && (length === undefined || length === '0');
}

function textOf(chunks: readonly Buffer[]): string {
	const [only] = chunks;
	return only !== undefined && chunks.length === 1
		? only.toString('utf8')
		: Buffer.concat(chunks).toString('utf8');
}
