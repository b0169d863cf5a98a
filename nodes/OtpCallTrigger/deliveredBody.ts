import type { IWebhookFunctions } from 'n8n-workflow';

import { longestDelivery } from '../../calls/events';

type DeliveryRequest = ReturnType<IWebhookFunctions['getRequestObject']>;

export type DeliveredBody =
	| { readonly is: 'text'; readonly text: string }
	| { readonly is: 'too-long' }
	| { readonly is: 'unreadable' };

const unreadable: DeliveredBody = { is: 'unreadable' };

const textOf = (bytes: Uint8Array): DeliveredBody => {
	if (bytes.length > longestDelivery) return { is: 'too-long' };
	try {
		return { is: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
	} catch {
		return unreadable;
	}
};

async function readStream(request: DeliveryRequest): Promise<DeliveredBody> {
	// No provider compresses a kilobyte, and what unpacks may become any size.
	if (request.headers['content-encoding'] !== undefined) return unreadable;
	const pieces: Uint8Array[] = [];
	let length = 0;
	try {
		// The request has to outlive a body that is given up, or nobody would get the answer.
		for await (const piece of request.iterator({ destroyOnReturn: false })) {
			if (!(piece instanceof Uint8Array)) return unreadable;
			length += piece.length;
			if (length > longestDelivery) return { is: 'too-long' };
			pieces.push(piece);
		}
	} catch {
		// The provider broke off.
		return unreadable;
	}
	return textOf(Buffer.concat(pieces));
}

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

/**
 * The body of a delivery. It is read here, because n8n's own reader takes 16 MiB and answers what it
 * cannot parse before the node is asked. A body that n8n has read all the same is taken from it.
 */
export async function readDeliveredBody(request: DeliveryRequest): Promise<DeliveredBody> {
	const read: unknown = 'rawBody' in request ? request.rawBody : undefined;
	if (isBytes(read)) return textOf(read);
	if (request.readable === true) return await readStream(request);
	const parsed: unknown = request.body;
	if (parsed === undefined || parsed === null) return unreadable;
	const text = typeof parsed === 'string' ? parsed : JSON.stringify(parsed);
	return textOf(new TextEncoder().encode(text));
}
