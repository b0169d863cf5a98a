import type { Socket } from 'node:net';

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
