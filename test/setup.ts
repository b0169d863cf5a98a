import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Builds both packages before the first test: the tests of n8n and the embedded hosts run what is built, the
 * others the sources, and both have to see what was edited last. Mocha calls this once in each run.
 */
export async function mochaGlobalSetup(): Promise<void> {
	const build = join(import.meta.dirname, '../tools/build/build.ts');
	await promisify(execFile)(process.execPath, ['--import', 'tsx', build]);
}

// Mocha gives a worker a second to end, and kills it then. Writing down what was covered, and removing folders, may
// take longer: the worker ends by itself all the same.
if (process.env['MOCHA_WORKER_ID'] !== undefined) process.once('SIGTERM', () => process.exit());
