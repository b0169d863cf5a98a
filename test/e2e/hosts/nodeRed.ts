import { symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

import { userDirWithPalette } from '../../node-red/embeddedHost';
import type { Fields, HostName } from '../../node-red/runningFlow';
import { type Answer, request } from './n8nApi';
import { type Program, type Run, freePort } from './programs';

/** Answers as soon as the flows before it run, which is later than the editor does. */
const isRunning: readonly Fields[] = [
	{ id: 'e2e', type: 'tab', label: 'Is it running?' },
	{ z: 'e2e', id: 'asked', type: 'http in', url: '/is-running', method: 'get', wires: [['yes']] },
	{ z: 'e2e', id: 'yes', type: 'http response', statusCode: '200', wires: [] },
];

/** Node-RED as users start it, in a process and a user directory of its own, with our packed palette. */
export class NodeRedProcess {
	readonly url: string;
	/** Where it keeps flows, credentials and context. */
	readonly userDir: string;
	readonly #start: () => Program;
	#program: Program;

	constructor(url: string, userDir: string, start: () => Program) {
		this.url = url;
		this.userDir = userDir;
		this.#start = start;
		this.#program = start();
	}

	/** What it has written, restarts included. */
	get log(): string {
		return this.#program.log;
	}

	/** Deploys these flows; they are there after a restart, too. */
	async deploy(flows: readonly Fields[]): Promise<void> {
		await this.#replaceFlows([...flows, ...isRunning]);
		await this.runs();
	}

	/** Removes all flows, as it is when a person begins. */
	clear(): Promise<void> {
		return this.#replaceFlows([]);
	}

	async #replaceFlows(flows: readonly Fields[]): Promise<void> {
		const { status, body } = await request(
			'POST',
			`${this.url}/flows`,
			{ flows },
			{ 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': 'full' },
		);
		if (status !== 200) throw new Error(`The flows were refused: ${JSON.stringify(body)}`);
	}

	/** Sends JSON to an `http in` node. */
	post(path: string, body: unknown): Promise<Answer> {
		return request('POST', `${this.url}${path}`, body);
	}

	/** Presses the button of an `inject` node. */
	async press(id: string): Promise<void> {
		await request('POST', `${this.url}/inject/${id}`, {});
	}

	/** Ends it at once, as `kill -9` does. */
	kill(): Promise<void> {
		return this.#program.kill();
	}

	/** Ends it as a service manager does. */
	stop(): Promise<void> {
		return this.#program.stop();
	}

	/** Starts it again, and waits until its flows run. */
	async startAgain(): Promise<void> {
		this.#program = this.#start();
		await this.runs();
	}

	/** Waits for the admin API, which is there before any flow. */
	async answers(): Promise<void> {
		await this.#is('/settings');
	}

	/** Waits until the flows run. */
	async runs(): Promise<void> {
		await this.#is('/is-running');
	}

	async #is(path: string): Promise<void> {
		await this.#program.ready(async () => {
			const answer = await request('GET', `${this.url}${path}`).catch(() => null);
			return answer?.status === 200;
		});
	}
}

let count = 0;

/** What is other than in a usual Node-RED of today. */
export interface NodeRedOptions {
	/** Default: the newest. */
	readonly version?: HostName;
	/** Folders with packages of other people, each one a scope such as `@flowfuse`. Default: none. */
	readonly scopes?: readonly string[];
}

/**
 * Starts Node-RED with an empty flow.
 * @param contextStorage as in its settings file
 */
export async function startNodeRed(
	run: Run,
	contextStorage: object,
	{ version = 'node-red', scopes = [] }: NodeRedOptions,
): Promise<NodeRedProcess> {
	const userDir = await userDirWithPalette();
	for (const scope of scopes) {
		symlinkSync(scope, join(userDir, 'node_modules', basename(scope)));
	}
	const settingsFile = join(userDir, 'settings.js');
	const settings = {
		userDir,
		flowFile: 'flows.json',
		credentialSecret: 'only for tests',
		uiHost: '127.0.0.1',
		contextStorage,
		telemetry: { enabled: false, updateNotification: false },
		diagnostics: { enabled: false },
		editorTheme: { tours: false, palette: { catalogues: [] } },
	};
	writeFileSync(settingsFile, `module.exports = ${JSON.stringify(settings, null, 2)};\n`);
	const port = String(await freePort());
	const red = createRequire(import.meta.url).resolve(`${version}/red.js`);
	const args = [red, '--settings', settingsFile, '--port', port];
	count += 1;
	const name = `node-red-${String(count)}`;
	const host = new NodeRedProcess(`http://127.0.0.1:${port}`, userDir, () =>
		run.start(name, process.execPath, args, { cwd: userDir, env: { HOME: userDir } }),
	);
	await host.answers();
	return host;
}
