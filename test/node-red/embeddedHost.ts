import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Express, RequestHandler } from 'express';

import { at, loadNodeRed, namesIn, withoutTime } from './runningFlow';
import type { Fields, FlowNode, HostName, Message } from './runningFlow';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is used of Node-RED as a library; its own types lack half of it. */
interface NodeRed {
	init(server: Server, settings: Fields): void;
	start(): Promise<void>;
	stop(): Promise<void>;
	version(): string;
	readonly httpAdmin: RequestHandler;
	readonly httpNode: RequestHandler;
	readonly hooks: {
		add(name: string, hook: (event: ReceiveEvent) => void): void;
		clear(): void;
	};
	readonly runtime: {
		readonly events: {
			once(name: string, listener: () => void): void;
			on(name: string, listener: (event: StatusEvent) => void): void;
			off(name: string, listener: (event: StatusEvent) => void): void;
		};
	};
	readonly nodes: { getNode(id: string): { send(messages: unknown): void } };
}

interface ReceiveEvent {
	readonly msg: Message;
	readonly destination: { readonly id: string };
}

interface StatusEvent {
	readonly id: string;
	readonly status?: { readonly text?: string };
}

/** A user directory with our packed package in it, and how it came there. */
let installed: Promise<string> | undefined;

/** The flags of Node-RED's palette manager (@node-red/registry, installer.js). */
const paletteFlags = [
	'--no-audit',
	'--no-update-notifier',
	'--no-fund',
	'--save',
	'--save-prefix=~',
	'--omit=dev',
	'--engine-strict',
];

async function install(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'otp-call-palette-'));
	// At the end of the process and not of a file: one process runs several files.
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	const { stdout } = await run(
		'npm',
		['pack', '-w', 'node-red', '--json', '--pack-destination', folder],
		{
			cwd: root,
		},
	);
	const packed: unknown = JSON.parse(stdout);
	// npm 11 and later name the package; others give a list.
	const first = namesIn(packed).map((name) => at(packed, name))[0];
	const tarball = join(
		folder,
		String(at(first, 'filename')).replace(/^@|\//g, (part) => (part === '/' ? '-' : '')),
	);
	const userDir = join(folder, 'user');
	await mkdir(userDir);
	const own = { name: 'node-red-project', version: '0.0.1', private: true };
	await writeFile(join(userDir, 'package.json'), JSON.stringify(own));
	await run('npm', ['install', ...paletteFlags, '--', tarball], { cwd: userDir });
	return userDir;
}

/** A new user directory into which our packed package was installed, as the palette manager does it. */
export async function userDirWithPalette(): Promise<string> {
	installed ??= install();
	const original = await installed;
	// Beside it, to the end of the process: Node-RED's words are read from the first host's for all later ones.
	const userDir = await mkdtemp(`${original}-`);
	await cp(original, userDir, { recursive: true });
	return userDir;
}

/** A real Node-RED with an editor and admin API, into which our packed package was installed. */
export class EmbeddedHost {
	readonly url: string;
	readonly #red: NodeRed;
	readonly #server: Server;
	readonly #watchers = new Map<string, ((message: Message) => void)[]>();

	private constructor(red: NodeRed, server: Server) {
		this.#red = red;
		this.#server = server;
		this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		// Sees every message that arrives at a node, without a node of our own in the flow.
		red.hooks.add('onReceive.test', ({ destination, msg }) => {
			this.#watchers.get(destination.id)?.shift()?.(msg);
		});
	}

	static async start(host: HostName, settings: Fields = {}): Promise<EmbeddedHost> {
		const userDir = await userDirWithPalette();
		const from = { paths: [require.resolve(host)] };
		const express = require(require.resolve('express', from)) as () => Express;
		const red = loadNodeRed(host) as NodeRed;
		const app = express();
		const server = createServer(app);
		red.init(server, {
			userDir,
			flowFile: 'flows.json',
			credentialSecret: 'test',
			httpAdminRoot: '/',
			httpNodeRoot: '/',
			logging: { console: { level: 'off', metrics: false, audit: false } },
			telemetry: { enabled: false, updateNotification: false },
			editorTheme: {
				tours: false,
				palette: { catalogues: [] },
				projects: { enabled: false },
			},
			diagnostics: { enabled: false },
			...settings,
		});
		app.use('/', red.httpAdmin);
		app.use('/', red.httpNode);
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const started = new Promise<void>((resolve) =>
			red.runtime.events.once('flows:started', resolve),
		);
		await red.start();
		// start() resolves before the first flows have started; a deployment now would be lost.
		await started;
		return new EmbeddedHost(red, server);
	}

	get version(): string {
		return this.#red.version();
	}

	async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		return { status: response.status, text: await response.text() };
	}

	async deploy(flows: readonly (FlowNode | Fields)[], type = 'full'): Promise<void> {
		const started = new Promise<void>((resolve) =>
			this.#red.runtime.events.once('flows:started', resolve),
		);
		await this.ask(
			'POST',
			'/flows',
			{ flows },
			{
				'Node-RED-API-Version': 'v2',
				'Node-RED-Deployment-Type': type,
			},
		);
		await started;
	}

	/** The next message that arrives at a node. */
	next(id: string): Promise<Message> {
		return new Promise((resolve) => {
			const waiting = this.#watchers.get(id) ?? [];
			waiting.push(resolve);
			this.#watchers.set(id, waiting);
		});
	}

	/** Has a node send a message, as if it had arrived there. */
	sendFrom(id: string, message: Message): void {
		this.#red.nodes.getNode(id).send(message);
	}

	/** The texts of the statuses of a node from now on, without the times. */
	statusesOf(id: string): string[] {
		const texts: string[] = [];
		this.#red.runtime.events.on('node-status', (event) => {
			if (event.id === id && event.status?.text !== undefined)
				texts.push(withoutTime(event.status.text));
		});
		return texts;
	}

	async stop(): Promise<void> {
		await this.#red.stop();
		this.#red.hooks.clear();
		this.#server.closeAllConnections();
		this.#server.close();
	}
}
