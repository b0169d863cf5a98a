import type { Request } from 'express';

import { longestDelivery } from '../../../calls/deliveries';

export type DeliveredBody =
	| { readonly is: 'text'; readonly text: string }
	| { readonly is: 'too-long' }
	| { readonly is: 'unreadable' };

const unreadable: DeliveredBody = { is: 'unreadable' };
const tooLong: DeliveredBody = { is: 'too-long' };

const textOf = (bytes: Uint8Array): DeliveredBody => {
	if (bytes.length > longestDelivery) return tooLong;
	try {
		return { is: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
	} catch {
		return unreadable;
	}
};

function readStream(request: Request): Promise<DeliveredBody> {
	// No provider compresses a kilobyte, and what unpacks may become any size.
	if (request.headers['content-encoding'] !== undefined) return Promise.resolve(unreadable);
	return new Promise((resolve) => {
		const pieces: Buffer[] = [];
		let length = 0;
		request.on('data', (piece: Buffer) => {
			length += piece.length;
			// What comes after the limit is let go, so that the answer can still be read.
			if (length <= longestDelivery) pieces.push(piece);
			else resolve(tooLong);
		});
		request.once('end', () => {
			resolve(textOf(Buffer.concat(pieces)));
		});
		request.once('close', () => {
			resolve(unreadable);
		});
	});
}

/**
 * The body of a delivery as text. Where the editor and the flows share a root, Node-RED's editor has
 * read JSON and forms before the flows are asked.
 */
export async function readDeliveredBody(request: Request): Promise<DeliveredBody> {
	if (Number(request.headers['content-length'] ?? 0) > longestDelivery) return tooLong;
	if (!request.readableEnded) return await readStream(request);
	const parsed: unknown = request.body;
	if (parsed === undefined || parsed === null) return unreadable;
	return textOf(new TextEncoder().encode(JSON.stringify(parsed)));
}
