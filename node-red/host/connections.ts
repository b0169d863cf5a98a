import type { ConnectionOptions, SecureContextOptions } from 'node:tls';

import type { Dispatcher } from 'undici';

import type { Proxy } from './proxy';
import type { OpenConnections } from './transport';

/** What Node-RED's TLS nodes set. */
export type TlsOptions = Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'passphrase' | 'pfx'> &
	Pick<ConnectionOptions, 'rejectUnauthorized' | 'servername'>;

/** How an account's connections are made. */
export interface ConnectionSettings {
	readonly baseUrl: string;
	/** Open at the same time. */
	readonly connections: number;
	/** Node-RED's TLS options, or undefined for those of Node.js. */
	readonly tls: TlsOptions | undefined;
	readonly proxy: Proxy | null;
}

const basicAuthorization = ({ username, password }: Proxy): string =>
	`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

async function openDispatcher(settings: ConnectionSettings): Promise<Dispatcher> {
	// Loaded at the first request, since it costs time and memory that a flow without calls need not pay.
	const { Pool, ProxyAgent } = await import('undici');
	const { baseUrl, connections, tls, proxy } = settings;
	const options = {
		connections,
		pipelining: 1,
		allowH2: false,
		// The transport has one limit for the whole request.
		headersTimeout: 0,
		bodyTimeout: 0,
	};
	if (proxy === null) {
		return new Pool(new URL(baseUrl).origin, { ...options, ...(tls && { connect: { ...tls } }) });
	}
	return new ProxyAgent({
		...options,
		uri: proxy.url,
		...(tls && { requestTls: { ...tls } }),
		...((proxy.username !== '' || proxy.password !== '') && { token: basicAuthorization(proxy) }),
	});
}

/** The connections of one account: kept alive between requests, opened at the first one. */
export class Connections {
	readonly #settings: () => ConnectionSettings;
	#opening: Promise<OpenConnections> | null = null;
	#opened: OpenConnections | null = null;
	#closed = false;

	constructor(settings: () => ConnectionSettings) {
		this.#settings = settings;
	}

	/** Those that are open already; null: they are to be opened, or have been closed. */
	get opened(): OpenConnections | null {
		return this.#closed ? null : this.#opened;
	}

	/** Those that are open, or are opened now. */
	async open(): Promise<OpenConnections> {
		if (this.#closed) throw Object.assign(new Error('Closed'), { code: 'UND_ERR_CLOSED' });
		this.#opening ??= this.#connect();
		this.#opened = await this.#opening;
		return this.#opened;
	}

	/** Ends every request and closes every connection. */
	async close(): Promise<void> {
		this.#closed = true;
		const opened = await this.#opening?.catch(() => null);
		await opened?.dispatcher.destroy();
	}

	async #connect(): Promise<OpenConnections> {
		const settings = this.#settings();
		return {
			origin: new URL(settings.baseUrl).origin,
			dispatcher: await openDispatcher(settings),
		};
	}
}
