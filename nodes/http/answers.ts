import type { HttpAnswer } from '../../providers/contract';

/** An answer as n8n's request helper gives it with `returnFullResponse` and the encoding `stream`. */
interface StreamedAnswer {
	readonly statusCode: number;
	readonly headers: Record<string, unknown>;
	readonly body: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

const isStreamedAnswer = (value: unknown): value is StreamedAnswer =>
	isObject(value) && typeof value['statusCode'] === 'number' && isObject(value['headers']);

const isChunks = (value: unknown): value is AsyncIterable<unknown> =>
	isObject(value) && Symbol.asyncIterator in value;

/** Header names in lower case; of a repeated header the values in one line. */
function readHeaders(headers: Record<string, unknown>): HttpAnswer['headers'] {
	const read: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (typeof value === 'string' || Array.isArray(value)) read[name.toLowerCase()] = String(value);
	}
	return read;
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
	const [only] = chunks;
	if (only !== undefined && chunks.length === 1) return only;
	const bytes = new Uint8Array(length);
	let end = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, end);
		end += chunk.length;
	}
	return bytes;
}

const decoder = new TextDecoder();

/** Null when the body is longer than `longest` bytes: reading stops there and the connection closes. */
async function readText(body: unknown, longest: number): Promise<string | null> {
	if (!isChunks(body)) return typeof body === 'string' ? body : JSON.stringify(body ?? '');
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of body) {
		if (!(chunk instanceof Uint8Array)) continue;
		length += chunk.length;
		if (length > longest) return null;
		chunks.push(chunk);
	}
	return decoder.decode(joined(chunks, length));
}

/**
 * Reads an answer to its end.
 * @returns null when its body is longer than `longest` bytes
 * @throws the error of the stream when the connection breaks before the end
 */
export async function readAnswer(given: unknown, longest: number): Promise<HttpAnswer | null> {
	if (!isStreamedAnswer(given)) return { status: 0, headers: {}, text: '' };
	const text = await readText(given.body, longest);
	if (text === null) return null;
	return { status: given.statusCode, headers: readHeaders(given.headers), text };
}
