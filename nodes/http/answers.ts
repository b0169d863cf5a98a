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

/** What is used of a readable stream of Node.js. */
interface ByteStream {
	on(event: string, listener: (given: unknown) => void): unknown;
	destroy(): unknown;
}

const isByteStream = (value: unknown): value is ByteStream =>
	isObject(value) && typeof value['on'] === 'function' && typeof value['destroy'] === 'function';

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

/** Of a stream that ends before its body does, where nothing else is said. */
const brokenOff = (): Error =>
	Object.assign(new Error('The answer broke off'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });

/**
 * Null when the body is longer than `longest` bytes: reading stops there and the connection closes. By
 * events, because an iterator over a stream takes as long as all the rest of reading an answer.
 */
function readText(body: unknown, longest: number): Promise<string | null> {
	return new Promise((resolve, reject) => {
		if (!isByteStream(body)) {
			resolve(typeof body === 'string' ? body : JSON.stringify(body ?? ''));
			return;
		}
		const chunks: Uint8Array[] = [];
		let length = 0;
		let hasEnded = false;
		body.on('error', reject);
		// It closes after its end as well, when an error would be made, with its stack, for nobody.
		body.on('close', () => {
			if (!hasEnded) reject(brokenOff());
		});
		body.on('end', () => {
			hasEnded = true;
			resolve(decoder.decode(joined(chunks, length)));
		});
		body.on('data', (chunk) => {
			if (!(chunk instanceof Uint8Array)) return;
			length += chunk.length;
			if (length <= longest) {
				chunks.push(chunk);
				return;
			}
			hasEnded = true;
			resolve(null);
			body.destroy();
		});
	});
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
