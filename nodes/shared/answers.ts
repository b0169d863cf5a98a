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
	return Object.fromEntries(
		Object.entries(headers).flatMap(([name, value]) =>
			value === undefined || value === null ? [] : [[name.toLowerCase(), String(value)]],
		),
	);
}

/** Null when the body is longer than `longest` bytes: reading stops there and the connection closes. */
async function readText(body: unknown, longest: number): Promise<string | null> {
	if (!isChunks(body)) return typeof body === 'string' ? body : JSON.stringify(body ?? '');
	const decoder = new TextDecoder();
	let text = '';
	let bytes = 0;
	for await (const chunk of body) {
		if (!(chunk instanceof Uint8Array)) continue;
		bytes += chunk.length;
		if (bytes > longest) return null;
		text += decoder.decode(chunk, { stream: true });
	}
	return text + decoder.decode();
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
