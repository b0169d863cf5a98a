// npm run dev -- n8n | node-red: the real host with our nodes, built anew on every save.
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { watch } from 'chokidar';

import type { DevHost } from './host';
import { n8nHost } from './n8n';
import { nodeRedHost } from './nodeRed';
import { Program, SetupError, run } from './program';

const repository = join(import.meta.dirname, '../..');
const core = ['providers', 'redaction', 'calls'];
const simulatorPort = 4010;

/** The same as in .vscode/launch.json. */
const inspectorPorts = { n8n: 9230, 'node-red': 9229 } as const;
type HostName = keyof typeof inspectorPorts;

const usage = `Usage: npm run dev -- n8n | node-red [--port <number>]

  n8n         n8n 2.41 (installed into .dev/n8n at the first start)
  node-red    Node-RED 5
  --port      where the host listens; default: 5678 or 1880

The simulator of the providers runs beside it. Ctrl-C ends everything; what you made in the host is kept in .dev/.`;

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Builds our package for a host, with source maps. Its complaints go to the terminal. @throws SetupError */
async function build(name: HostName, host: DevHost, signal: AbortSignal): Promise<void> {
	const script = join(repository, 'tools', 'build', 'build.ts');
	const args = [script, name, '--into', host.packageFolder, '--source-maps'];
	await run('The build', { args: ['--import', 'tsx', ...args], cwd: repository, env: {} }, signal);
}

const answers = async ({ url, isReadyAt }: DevHost): Promise<boolean> =>
	await fetch(`${url}${isReadyAt}`).then(
		({ ok }) => ok,
		() => false,
	);

/** Waits until the host answers. @throws SetupError when it ends before */
async function untilReady(host: DevHost, program: Program, signal: AbortSignal): Promise<void> {
	while (!(await answers(host))) {
		await pause(100, undefined, { signal });
		if (program.isRunning) continue;
		throw new SetupError(`${host.title} has ended (see above). Saving a file starts it again`);
	}
}

/** What the ordinary build writes, and what editors write beside the file that is edited. */
const noSource = /[\\/](dist|node_modules)([\\/]|$)|~$|\.sw.$/;

/**
 * Calls back after each save of a source file, with when it was; one call ends before the next one begins.
 * @returns ends it
 */
function onSave(host: DevHost, work: (at: number) => Promise<void>): () => Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	let working = Promise.resolve();
	const folders = [...core, ...host.sources].map((folder) => join(repository, folder));
	const isNoSource = (file: string): boolean => noSource.test(file.slice(repository.length));
	const watcher = watch(folders, { ignoreInitial: true, ignored: isNoSource });
	watcher.on('all', () => {
		const at = Date.now();
		// An editor may write in several steps, or several files.
		clearTimeout(timer);
		timer = setTimeout(() => {
			working = working.then(() => work(at));
		}, 50);
	});
	return async () => {
		clearTimeout(timer);
		await watcher.close();
		await working;
	};
}

/** The host, which is started anew where it has to be. */
class Running {
	readonly host: DevHost;
	readonly inspectorPort: number;
	#program: Program | null = null;

	constructor(host: DevHost, inspectorPort: number) {
		this.host = host;
		this.inspectorPort = inspectorPort;
	}

	async show(signal: AbortSignal): Promise<string> {
		const { host } = this;
		if (host.reloadsItself && this.#program?.isRunning) return 'loads it';
		await this.stop();
		signal.throwIfAborted();
		const { args, cwd, env } = host.command();
		const flags = [`--inspect=127.0.0.1:${this.inspectorPort}`, '--enable-source-maps'];
		this.#program = new Program({ args: [...flags, ...args], cwd, env });
		await untilReady(host, this.#program, signal);
		return 'runs it';
	}

	async stop(): Promise<void> {
		await this.#program?.stop();
	}
}

async function develop(name: HostName, running: Running, signal: AbortSignal): Promise<void> {
	const { host } = running;
	if (await answers(host)) {
		throw new SetupError(`Something answers at ${host.url} already. Choose another --port`);
	}
	await host.prepare(signal);
	await build(name, host, signal);
	await running.show(signal);
	console.log(`
  ${host.title.padEnd(10)} ${host.url}
  Debugger   127.0.0.1:${running.inspectorPort} (in VS Code: Run and Debug, "Attach to ${host.title}")

Edit and save. Ctrl-C ends everything.`);
	const end = onSave(host, async (at) => {
		try {
			await build(name, host, signal);
			const built = seconds(at);
			const what = await running.show(signal);
			console.log(`Built in ${built}, ${host.title} ${what} (${seconds(at)} after the save)`);
		} catch (error) {
			if (!signal.aborted) console.error(error instanceof SetupError ? error.message : error);
		}
	});
	if (!signal.aborted) await once(signal, 'abort');
	await end();
}

function readArguments(): { readonly name: HostName; readonly port: number | undefined } | null {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
	});
	const [name] = positionals;
	const port = values.port === undefined ? undefined : Number(values.port);
	const isPort = port === undefined || (Number.isInteger(port) && port > 0 && port < 65_536);
	if (values.help || positionals.length !== 1 || !isPort) return null;
	return name === 'n8n' || name === 'node-red' ? { name, port } : null;
}

async function main(): Promise<void> {
	const wanted = readArguments();
	if (wanted === null) {
		console.error(usage);
		process.exitCode = 1;
		return;
	}
	const { name, port } = wanted;
	const folder = join(repository, '.dev', name);
	const host =
		name === 'n8n'
			? n8nHost(repository, folder, port ?? 5678)
			: nodeRedHost(repository, folder, port ?? 1880);
	const stopping = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => stopping.abort());
	}
	const simulator = new Program({
		args: ['--import', 'tsx', 'tools/simulator/cli.ts', '--port', String(simulatorPort)],
		cwd: repository,
		env: {},
	});
	const running = new Running(host, inspectorPorts[name]);
	try {
		await develop(name, running, stopping.signal);
	} catch (error) {
		if (!stopping.signal.aborted) {
			console.error(error instanceof SetupError ? error.message : error);
			process.exitCode = 1;
		}
	}
	console.log('\nEnding …');
	await Promise.all([running.stop(), simulator.stop()]);
}

void main();
