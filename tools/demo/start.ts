import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SEED_CAMPAIGN_UUID, SIMULATOR_TOKEN, startSimulator } from '../simulator';
import { UsageError } from '../commandLine';
import { demoFlow, demoTab } from './flow';
import { openPort, startHost } from './host';
import { readDemoOptions, usage } from './options';
import type { DemoOptions } from './options';
import { SetupError, build, install, pack } from './palette';

const repository = join(import.meta.dirname, '../..');

/** What has to be undone at the end, latest first. */
class Closing {
	readonly #steps: (() => Promise<void>)[] = [];

	add(step: () => Promise<void>): void {
		this.#steps.unshift(step);
	}

	async all(): Promise<void> {
		for (const step of this.#steps.splice(0)) await step();
	}
}

async function startSimulated(
	port: number | null,
): Promise<Awaited<ReturnType<typeof startSimulator>>> {
	try {
		// A demo may run for days: what it remembers is bounded.
		return await startSimulator({ port: port ?? 0, recordLimit: 0, callLimit: 1_000 });
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new SetupError(`The simulator cannot start: ${why}`);
	}
}

const announcement = (url: string, simulatorUrl: string | null): string => `
  Demo page   ${url}/demo
  The flow    ${url}/#flow/${demoTab}
  Simulator   ${simulatorUrl ?? 'off: only the sandbox can be called'}

No phone rings: all calls are simulated. Press Ctrl-C to end everything.`;

/** Starts everything; what was started is in `closing`, even when this fails. */
async function start(options: DemoOptions, closing: Closing, signal: AbortSignal): Promise<void> {
	const port = await openPort(options.port);
	closing.add(() => port.close());
	if (port.isUnusual) console.log(`Port 1880 is taken: Node-RED will be at ${port.url}`);
	const folder = await realpath(await mkdtemp(join(tmpdir(), 'otp-call-demo-')));
	closing.add(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
	console.log('Building both packages …');
	await build(repository, signal);
	console.log('Installing the palette into a Node-RED of its own …');
	const userDir = join(folder, 'user');
	await install(await pack(repository, join(folder, 'tarball'), signal), userDir, signal);
	const simulator = options.simulator ? await startSimulated(options.simulatorPort) : null;
	if (simulator !== null) closing.add(() => simulator.close());
	signal.throwIfAborted();
	console.log('Starting Node-RED …');
	const accounts =
		simulator === null
			? null
			: { url: simulator.url, token: SIMULATOR_TOKEN, campaign: SEED_CAMPAIGN_UUID };
	closing.add(await startHost(port.server, userDir, await demoFlow(accounts, port.url)));
	signal.throwIfAborted();
	console.log(announcement(port.url, simulator?.url ?? null));
}

const complain = (error: unknown): void => {
	const expected = error instanceof SetupError || error instanceof UsageError;
	console.error(expected ? `\n${error.message}` : error);
	process.exitCode = 1;
};

async function run(options: DemoOptions): Promise<void> {
	const closing = new Closing();
	const stopping = new AbortController();
	const stopped = new Promise<void>((resolve) => {
		stopping.signal.addEventListener('abort', () => resolve());
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => stopping.abort());
	}
	try {
		await start(options, closing, stopping.signal);
		await stopped;
	} catch (error) {
		if (!stopping.signal.aborted) complain(error);
	}
	console.log('\nEnding …');
	await closing.all();
	// Nodes of other palettes could keep the process alive.
	process.exit();
}

try {
	const options = readDemoOptions(process.argv.slice(2), process.env);
	if (options.help) console.log(usage);
	else void run(options);
} catch (error) {
	complain(error);
	console.error(`\n${usage}`);
}
