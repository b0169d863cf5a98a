import type { IncomingMessage } from 'node:http';

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
