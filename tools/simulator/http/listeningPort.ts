import { type Server, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ApiListener } from './apiListener';
import type { Connections } from './connections';

// Longer than clients keep an idle connection, so that they close it first and no request is lost.
const DEFAULT_KEEP_ALIVE_MS = 65_000;

/** Where and how to listen. */
export interface PortOptions {
	/** 0 for a free port. */
	readonly port: number;
	readonly host: string;
	readonly tls?: { readonly key: string; readonly cert: string } | undefined;
	readonly keepAliveMs?: number | undefined;
}

/** A TCP port that can be closed, so that connections are refused, and opened again. */
export class ListeningPort {
	readonly #server: Server;
	readonly #connections: Connections;
	readonly #host: string;
	readonly #scheme: 'http' | 'https';
	#port: number;

	/** `refuses`: asked for each new connection; it is reset at once when the answer is true. */
	constructor(
		options: PortOptions,
		connections: Connections,
		listener: ApiListener,
		refuses: () => boolean,
	) {
		const { tls } = options;
		this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
		this.#scheme = tls === undefined ? 'http' : 'https';
		this.#connections = connections;
		this.#host = options.host;
		this.#port = options.port;
		this.#server.keepAliveTimeout = options.keepAliveMs ?? DEFAULT_KEEP_ALIVE_MS;
		this.#server.on('connection', (socket: Socket) => {
			connections.accepted(socket);
			if (refuses()) connections.reset(socket);
		});
	}

	/** The base URL, without a trailing slash. */
	get url(): string {
		return `${this.#scheme}://${this.#host}:${String(this.#port)}`;
	}

	get port(): number {
		return this.#port;
	}

	/** @throws when the port cannot be had */
	open(): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#server.once('error', reject);
			this.#server.listen(this.#port, this.#host, () => {
				this.#server.removeListener('error', reject);
				this.#port = portOf(this.#server.address());
				resolve();
			});
		});
	}

	/** Ends every connection; from now on new ones are refused. */
	close(): Promise<void> {
		if (!this.#server.listening) return Promise.resolve();
		return new Promise((resolve) => {
			this.#server.close(() => resolve());
			this.#server.closeAllConnections();
			this.#connections.destroyAll();
		});
	}
}

function portOf(address: AddressInfo | string | null): number {
	if (address === null || typeof address === 'string') throw new Error('Not listening on TCP');
	return address.port;
}
