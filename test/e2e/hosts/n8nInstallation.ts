import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { isJsonObject } from '../../../providers/reading/json';
import { cache, repository } from './programs';

const run = promisify(execFile);

/** The version of n8n whose n8n-core the other tests use. */
const version = '2.41.1';

/** The version of Dashboard 2 with which the example was made. */
const dashboardVersion = '1.31.0';

const npm = async (args: readonly string[], cwd: string): Promise<string> => {
	// What npm has fetched before is taken from its cache.
	const env = { ...process.env, npm_config_prefer_offline: 'true' };
	return (await run('npm', args, { cwd, env, maxBuffer: 64 * 1024 * 1024 })).stdout;
};

/**
 * Installs a package into a folder of its own, unless the cache has it.
 * @returns the folder
 */
async function installOnce(
	name: string,
	manifest: Readonly<Record<string, unknown>>,
	size: string,
): Promise<string> {
	const folder = join(cache, name);
	if (existsSync(folder)) return folder;
	process.stdout.write(`Installing ${name}, once: ${size} …\n`);
	// Under another name until it is complete, so that a broken-off installation is not taken for one.
	const unfinished = `${folder}.unfinished`;
	rmSync(unfinished, { recursive: true, force: true });
	mkdirSync(unfinished, { recursive: true });
	const content = { private: true, ...manifest };
	writeFileSync(join(unfinished, 'package.json'), JSON.stringify(content, null, 2));
	// n8n's scripts would compile SQLite, which is used by its agents only.
	await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund'], unfinished);
	renameSync(unfinished, folder);
	return folder;
}

/**
 * Installs the whole of n8n, unless the cache has it: 2.9 GB, about four minutes.
 * @returns n8n's command, a script for Node.js
 */
export async function installN8n(): Promise<string> {
	const manifest = {
		dependencies: { n8n: version },
		// A dependency of linkedom that is missing from the registry; this package has the same functions.
		overrides: { cssomnom: 'npm:rrweb-cssom@0.8.0' },
	};
	const folder = await installOnce(`n8n-${version}`, manifest, '2.9 GB, some minutes');
	return join(folder, 'node_modules', 'n8n', 'bin', 'n8n');
}

/** Compiles SQLite for the installed n8n, once, a minute: its agents load it, whatever database n8n has. */
export async function addSqlite(): Promise<void> {
	const folder = join(cache, `n8n-${version}`);
	const built = join(folder, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node');
	if (!existsSync(built)) await npm(['rebuild', 'sqlite3'], folder);
}

/**
 * Installs FlowFuse's Dashboard 2, unless the cache has it.
 * @returns the folder of its scope, as `startNodeRed` takes it
 */
export async function installDashboard(): Promise<string> {
	const dependencies = { '@flowfuse/node-red-dashboard': dashboardVersion };
	const name = `node-red-dashboard-${dashboardVersion}`;
	const folder = await installOnce(name, { dependencies }, '135 MB');
	return join(folder, 'node_modules', '@flowfuse');
}

function readObject(file: string): Readonly<Record<string, unknown>> {
	const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
	if (!isJsonObject(content)) throw new TypeError(`${file} holds no object`);
	return content;
}

/** The file that `npm pack` makes of our package. */
async function pack(folder: string): Promise<string> {
	const args = ['pack', '--pack-destination', folder, '--workspaces', 'false', repository];
	const name = (await npm(args, repository)).trim().split('\n').at(-1);
	if (name === undefined || name === '') throw new Error('npm pack has named no file');
	return join(folder, name);
}

/**
 * Packs our package and installs it into a user folder of n8n, by the steps of n8n's own installer
 * (`CommunityPackagesService.downloadPackage`), which takes packages from a registry only.
 */
export async function installPackage(userFolder: string): Promise<void> {
	const nodes = join(userFolder, '.n8n', 'nodes');
	mkdirSync(nodes, { recursive: true });
	const tarball = await pack(nodes);
	const name = String(readObject(join(repository, 'package.json'))['name']);
	const folder = join(nodes, 'node_modules', name);
	mkdirSync(folder, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	rmSync(tarball);
	const manifestFile = join(folder, 'package.json');
	const manifest = { ...readObject(manifestFile) };
	for (const left of ['devDependencies', 'peerDependencies', 'optionalDependencies'])
		Reflect.deleteProperty(manifest, left);
	writeFileSync(manifestFile, JSON.stringify(manifest, null, 2));
	const flags = ['audit=false', 'fund=false', 'bin-links=false', 'install-strategy=shallow'];
	const more = ['ignore-scripts=true', 'package-lock=false'];
	await npm(['install', ...[...flags, ...more].map((flag) => `--${flag}`)], folder);
	const installed = {
		name: 'installed-nodes',
		private: true,
		dependencies: { [name]: manifest['version'] },
	};
	writeFileSync(join(nodes, 'package.json'), JSON.stringify(installed, null, 2));
}
