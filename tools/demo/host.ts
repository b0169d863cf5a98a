import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';

import nodeRed from 'node-red';

import type { DemoFlow } from './flow';
import { SetupError } from './palette';

/** A port on which nothing is served yet. */
export interface OpenPort {
	readonly server: Server;
	/** Without a trailing slash. */
	readonly url: string;
	/** Nobody asked for another port than the usual one, which is taken. */
	readonly isUnusual: boolean;
	/** Breaks every connection and frees the port. */
	close(): Promise<void>;
}

const address = '127.0.0.1';

/** The port on which Node-RED is usually found. */
const usualPort = 1880;

/** The usual one and those after it: the same ones at each start. */
const usualPorts = [0, 1, 2, 3, 4, 5].map((more) => usualPort + more);

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

/** Listens on the first of these that is free, or else on any port. */
async function takeFirst(server: Server, ports: readonly number[]): Promise<number> {
	for (const port of ports) {
		try {
			return await listen(server, port);
		} catch (error) {
			// Taken, or not to be opened: the next may be.
			if (codeOf(error) === null) throw error;
		}
	}
	return await listen(server, 0);
}

/** Listens on the port that was asked for. @throws SetupError when it cannot be had */
async function takeGiven(server: Server, port: number): Promise<number> {
	try {
		return await listen(server, port);
	} catch (error) {
		const code = codeOf(error);
		if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
		const why = code === 'EADDRINUSE' ? 'is taken by another program' : 'may not be opened';
		throw new SetupError(`Port ${port} ${why}. Choose another one: npm start -- --port 0`);
	}
}

/**
 * Opens a port of this machine for itself alone.
 * @param port null: the usual one of Node-RED, else one of those after it, else any
 * @throws SetupError when the port cannot be had
 */
export async function openPort(
	port: number | null,
	usual: readonly number[] = usualPorts,
): Promise<OpenPort> {
	const server = createServer((_request, response) => {
		response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '5' });
		response.end('The demo is starting: try again in some seconds');
	});
	const isGiven = port !== null;
	const taken = await (isGiven ? takeGiven(server, port) : takeFirst(server, usual));
	return {
		server,
		url: `http://${address}:${taken}`,
		isUnusual: !isGiven && taken !== usual[0],
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

const settingsFor = (userDir: string) => ({
	uiHost: address,
	uiPort: usualPort,
	userDir,
	flowFile: 'flows.json',
	// Simulated tokens, in a folder that only this user can read and that is removed at the end.
	credentialSecret: false as const,
	httpAdminRoot: '/',
	httpNodeRoot: '/',
	logging: { console: { level: 'error' as const, metrics: false, audit: false } },
	telemetry: { enabled: false, updateNotification: false },
	diagnostics: { enabled: false },
	editorTheme: {
		tours: false,
		page: { title: 'OTP call demo' },
		header: { title: 'OTP call demo' },
		// The catalogue of all palettes would be fetched from the internet.
		palette: { catalogues: [] },
	},
});

/**
 * Runs a flow in a real Node-RED in this process, and serves it and the editor.
 * @returns ends every flow
 */
export async function startHost(
	server: Server,
	userDir: string,
	{ nodes, credentials }: DemoFlow,
): Promise<() => Promise<void>> {
	await writeFile(join(userDir, 'flows.json'), JSON.stringify(nodes, null, 2));
	await writeFile(join(userDir, 'flows_cred.json'), JSON.stringify(credentials));
	server.removeAllListeners('request');
	nodeRed.init(server, settingsFor(userDir));
	// The editor first, then the paths of the flow, as in a Node-RED of its own.
	server.on('request', nodeRed.httpAdmin.use(nodeRed.httpNode));
	// start() resolves before the flows run.
	const running = new Promise((resolve) => nodeRed.events.once('flows:started', resolve));
	await nodeRed.start();
	await running;
	return () => nodeRed.stop();
}
