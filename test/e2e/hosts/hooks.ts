import { closeBrowser, forgetFailures, keepScreenshots } from '../browser/browser';
import { debianPrograms } from './debian';
import { type N8n, startN8n } from './n8n';
import { installN8n } from './n8nInstallation';
import { type NodeRedOptions, type NodeRedProcess, startNodeRed } from './nodeRed';
import { Run, logFolder, say } from './programs';

const run = new Run();

// Mocha would finish the test that is running. What was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
	process.on(signal, () => process.exit(130));

/** n8n's own settings, but for the intervals at which it looks for what has to be done. */
const impatient = {
	// A worker that was killed is missed within seconds rather than within a minute.
	QUEUE_WORKER_LOCK_DURATION: '5000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1500',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
	N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '1000',
};

let queueMode: Promise<N8n> | null = null;

/** The n8n in queue mode with two workers that all tests share: to start it takes a minute. */
export function n8nInQueueMode(): Promise<N8n> {
	queueMode ??= startN8n(run, { mode: 'queue', workers: 2, env: impatient });
	return queueMode;
}

let regularMode: Promise<N8n> | null = null;

/** The n8n that does everything in one process, as it runs without further settings. */
export function n8nInRegularMode(): Promise<N8n> {
	regularMode ??= startN8n(run, { mode: 'regular', workers: 0, env: {} });
	return regularMode;
}

/** A Node-RED of one test's own. `contextStorage`: as in its settings file. */
export function nodeRedWith(
	contextStorage: object,
	options: NodeRedOptions = {},
): Promise<NodeRedProcess> {
	return startNodeRed(run, contextStorage, options);
}

/** Of mocha: installs what the cache or the machine lacks. No limit of time holds here. */
export async function mochaGlobalSetup(): Promise<void> {
	forgetFailures();
	await debianPrograms();
	await installN8n();
}

/** Of mocha: keeps what was on the screen when a test failed. */
export const mochaHooks = {
	async afterEach(this: Mocha.Context): Promise<void> {
		const test = this.currentTest;
		if (test?.state !== 'failed') return;
		const files = await keepScreenshots(test.fullTitle());
		for (const file of files) say(`What was on the screen: ${file}`);
	},
};

/** Of mocha: ends everything, whatever the tests came to. */
export async function mochaGlobalTeardown(): Promise<void> {
	await closeBrowser();
	await run.end();
	process.stdout.write(`\n  What the hosts have written: ${logFolder}\n`);
}
