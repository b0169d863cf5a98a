import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A step before the start failed; the message says which, why, and what to do. */
export class SetupError extends Error {
	override readonly name = 'SetupError';
}

/** The npm that Node-RED's own palette manager uses. */
function npmOfNodeRed(): string {
	const nodeRed = createRequire(import.meta.url).resolve('node-red/package.json');
	const registry = createRequire(nodeRed).resolve('@node-red/registry');
	return join(dirname(createRequire(registry).resolve('npm/package.json')), 'bin', 'npm-cli.js');
}

/** The last lines that a failed program wrote: npm puts its reason there. */
function lastWords(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const written = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
	return (written === '' ? error.message : written).split('\n').slice(-12).join('\n');
}

async function step(
	what: string,
	remedy: string,
	args: readonly string[],
	cwd: string,
	signal: AbortSignal,
): Promise<void> {
	try {
		// What npm ci has fetched before is taken from npm's cache, so that a start needs no network.
		const env = { ...process.env, npm_config_prefer_offline: 'true' };
		await run(process.execPath, args, { cwd, signal, env, maxBuffer: 16 * 1024 * 1024 });
	} catch (error) {
		signal.throwIfAborted();
		throw new SetupError(`${what} failed. ${remedy}\n\n${lastWords(error)}`);
	}
}

/** Builds both packages. @throws SetupError */
export async function build(repository: string, signal: AbortSignal): Promise<void> {
	const script = join(repository, 'tools', 'build', 'build.ts');
	await step(
		'The build',
		'Run "npm ci" first, then "npm run build".',
		['--import', 'tsx', script],
		repository,
		signal,
	);
}

/** Packs the Node-RED package as npm would publish it. @returns the path of the tarball. @throws SetupError */
export async function pack(
	repository: string,
	folder: string,
	signal: AbortSignal,
): Promise<string> {
	await mkdir(folder, { recursive: true });
	const args = [npmOfNodeRed(), 'pack', '--pack-destination', folder];
	await step('npm pack', 'Its own words:', args, join(repository, 'node-red'), signal);
	const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
	if (tarball === undefined) throw new SetupError(`npm pack has written no tarball into ${folder}`);
	return join(folder, tarball);
}

/** The flags with which Node-RED's palette manager installs. */
const paletteManagerFlags = [
	'--no-audit',
	'--no-update-notifier',
	'--no-fund',
	'--save',
	'--save-prefix=~',
	'--omit=dev',
	'--engine-strict',
];

/** Installs a tarball into a Node-RED user directory, as the palette manager would. @throws SetupError */
export async function install(
	tarball: string,
	userDir: string,
	signal: AbortSignal,
): Promise<void> {
	await mkdir(userDir, { recursive: true });
	const project = { name: 'node-red-project', version: '0.0.1', private: true };
	await writeFile(join(userDir, 'package.json'), JSON.stringify(project));
	await step(
		'Installing the palette',
		'If the network or the npm registry is down, try again when it is back: one dependency (undici) comes from there.',
		[npmOfNodeRed(), 'install', ...paletteManagerFlags, '--', tarball],
		userDir,
		signal,
	);
}
