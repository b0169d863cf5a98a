import { type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

// Longer than clients keep an idle connection, so that they close it first and no request is lost.
const KEEP_ALIVE_MS = 65_000;

/** Where and how to listen. */
export interface PortOptions {
	/** 0 for a free port. */
	readonly port: number;
	readonly host: string;
	readonly tls?: { readonly key: string; readonly cert: string } | undefined;
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
		listener: RequestListener,
		refuses: () => boolean,
	) {
		const { tls } = options;
		this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
		this.#scheme = tls === undefined ? 'http' : 'https';
		this.#connections = connections;
		this.#host = options.host;
		this.#port = options.port;
		this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
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

/** How many connections there are. */
export interface ConnectionCounts {
	readonly current: number;
	/** The most that were open at the same time. */
	readonly peak: number;
	/** All that were ever accepted. */
	readonly total: number;
}

interface Connection {
	readonly id: number;
	/** The TCP socket itself, also below TLS: only it can be reset. */
	readonly socket: Socket;
}

/** The connections that are open. */
export class Connections implements ConnectionCounts {
	readonly #byRemote = new Map<string, Connection>();
	readonly #known = new WeakMap<Socket, Connection>();
	#lastId = 0;
	peak = 0;
	total = 0;

	get current(): number {
		return this.#byRemote.size;
	}

	accepted(socket: Socket): void {
		this.total += 1;
		this.#lastId += 1;
		const remote = remoteEnd(socket);
		this.#byRemote.set(remote, { id: this.#lastId, socket });
		this.peak = Math.max(this.peak, this.#byRemote.size);
		socket.once('close', () => this.#byRemote.delete(remote));
	}

	/** The number of the connection that a request came on, from 1; 0 when it is gone already. */
	idOf(socket: Socket): number {
		return this.#find(socket)?.id ?? 0;
	}

	/**
	 * Resets the connection, so that the other end sees ECONNRESET. Above TLS it is closed without an answer:
	 * no RST is sent, but clients report it alike.
	 */
	reset(socket: Socket): void {
		const connection = this.#find(socket);
		if (connection?.socket === socket) {
			socket.resetAndDestroy();
			return;
		}
		// The TLS layer goes first: Node.js 20 cannot close a server whose TLS socket lost its TCP socket.
		socket.destroy();
		connection?.socket.resetAndDestroy();
	}

	destroyAll(): void {
		for (const { socket } of this.#byRemote.values()) socket.destroy();
	}

	/** Counts anew from the connections that are open now. */
	clear(): void {
		this.peak = this.#byRemote.size;
		this.total = this.#byRemote.size;
	}

	// A TLS socket and the TCP socket below it share their remote end, which is unique while they live.
	#find(socket: Socket): Connection | undefined {
		const known = this.#known.get(socket) ?? this.#byRemote.get(remoteEnd(socket));
		if (known !== undefined) this.#known.set(socket, known);
		return known;
	}
}

function remoteEnd(socket: Socket): string {
	return `${socket.remoteAddress ?? ''} ${String(socket.remotePort ?? 0)}`;
}
