import { createServer } from 'node:http';
import type { Server } from 'node:http';

import { SetupError } from './palette';

/** A port on which nothing is served yet. */
export interface OpenPort {
	readonly server: Server;
	/** Without a trailing slash. */
	readonly url: string;
	/** Breaks every connection and frees the port. */
	close(): Promise<void>;
}

export const address = '127.0.0.1';

/** The port on which Node-RED is usually found. */
export const usualPort = 1880;

function codeOf(error: unknown): string | null {
	return error instanceof Error && 'code' in error && typeof error.code === 'string'
		? error.code
		: null;
}

function listen(server: Server, port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, address, () => {
			server.off('error', reject);
			const bound = server.address();
			resolve(bound === null || typeof bound === 'string' ? port : bound.port);
		});
	});
}

/** Listens on the port that was asked for, or else on the usual one or any that is free. */
async function take(server: Server, port: number | null): Promise<number> {
	try {
		return await listen(server, port ?? usualPort);
	} catch (error) {
		const code = codeOf(error);
		if (port === null) return await listen(server, 0);
		if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
		const why = code === 'EADDRINUSE' ? 'is taken by another program' : 'may not be opened';
		throw new SetupError(`Port ${port} ${why}. Choose another one: npm start -- --port 0`);
	}
}

/**
 * Opens a port of this machine for itself alone.
 * @param port null: the usual one of Node-RED if it is free, else any
 * @throws SetupError when the port cannot be had
 */
export async function openPort(port: number | null): Promise<OpenPort> {
	const server = createServer((_request, response) => {
		response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '5' });
		response.end('The demo is starting: try again in some seconds');
	});
	const taken = await take(server, port);
	return {
		server,
		url: `http://${address}:${taken}`,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
