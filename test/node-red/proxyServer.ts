import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A real HTTP proxy on loopback that opens tunnels, and remembers what it was asked for. */
export class ProxyServer {
	readonly tunnels: string[] = [];
	readonly authorizations: (string | undefined)[] = [];
	/** What it answers to a CONNECT; 200 opens the tunnel. */
	status = 200;
	readonly #server: Server;
	readonly #sockets = new Set<Duplex>();

	private constructor(server: Server) {
		this.#server = server;
		server.on('connect', (request: IncomingMessage, socket: Duplex) => {
			this.#open(request, socket);
		});
	}

	static async start(): Promise<ProxyServer> {
		const server = createServer();
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		return new ProxyServer(server);
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		this.#server.close();
		await once(this.#server, 'close');
	}

	#open({ url = '', headers }: IncomingMessage, socket: Duplex): void {
		this.tunnels.push(url);
		this.authorizations.push(headers['proxy-authorization']);
		this.#keep(socket);
		if (this.status !== 200) {
			socket.end(`HTTP/1.1 ${this.status} No\r\ncontent-length: 0\r\n\r\n`);
			return;
		}
		const [host, port] = url.split(':');
		const target: Socket = connect(Number(port), host, () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			socket.pipe(target).pipe(socket);
		});
		this.#keep(target);
	}

	#keep(socket: Duplex): void {
		this.#sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => this.#sockets.delete(socket));
	}
}
