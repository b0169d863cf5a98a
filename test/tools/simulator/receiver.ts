import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook as it was received. */
export interface Received {
	readonly method: string;
	readonly path: string;
	readonly contentType: string;
	readonly text: string;
}

/** A server that takes webhooks. */
export interface Receiver {
	readonly url: string;
	readonly received: readonly Received[];
	close(): Promise<void>;
}

/** Starts a receiver; `onReceived` runs before it answers with `status`. */
export async function startReceiver(
	status = 200,
	onReceived: () => Promise<void> = () => Promise.resolve(),
): Promise<Receiver> {
	const received: Received[] = [];
	const server = createServer((request, response) => {
		let text = '';
		request.setEncoding('utf8');
		request.on('data', (chunk: string) => (text += chunk));
		request.once('end', () => {
			received.push({
				method: request.method ?? '',
				path: request.url ?? '',
				contentType: request.headers['content-type'] ?? '',
				text,
			});
			void onReceived().then(() => response.writeHead(status).end());
		});
	});
	const port = await listen(server);
	return {
		url: `http://127.0.0.1:${String(port)}`,
		received,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function listen(server: Server): Promise<number> {
	return new Promise((resolve) => {
		server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())));
	});
}

function portOf(address: AddressInfo | string | null): number {
	return typeof address === 'object' && address !== null ? address.port : 0;
}
