import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the programs of Debian's packages lie. */
export interface DebianPrograms {
	/** Holds `initdb`, `postgres` and `psql`. */
	readonly postgresFolder: string;
	readonly redis: string;
	readonly chromium: string;
}

const packages = ['postgresql', 'redis-server', 'chromium'];

function find(): DebianPrograms | null {
	// Debian keeps each version of PostgreSQL in a folder of its own; the newest is taken.
	const [initdb] = globSync('/usr/lib/postgresql/*/bin/initdb').sort().reverse();
	const redis = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find(existsSync);
	const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
	if (initdb === undefined || redis === undefined || chromium === undefined) return null;
	return { postgresFolder: dirname(initdb), redis, chromium };
}

async function install(): Promise<void> {
	if (process.getuid?.() !== 0)
		throw new Error(
			`PostgreSQL, Redis or Chromium is missing. Install them, then run this again: sudo apt-get install ${packages.join(' ')}`,
		);
	process.stdout.write(`Installing ${packages.join(', ')} …\n`);
	// RUNLEVEL: Debian's scripts start no service in runlevel 1. The tests start their own.
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
	const apt = (...args: string[]) => run('apt-get', args, { env, maxBuffer: 16 * 1024 * 1024 });
	await apt('update');
	await apt('install', '--yes', '--no-install-recommends', ...packages);
}

/** PostgreSQL, Redis and Chromium, installed if they are missing. @throws when they are and cannot be installed */
export async function debianPrograms(): Promise<DebianPrograms> {
	const found = find();
	if (found !== null) return found;
	await install();
	const installed = find();
	if (installed === null) throw new Error('apt-get has installed no PostgreSQL, Redis or Chromium');
	return installed;
}

/** Whom PostgreSQL runs as: null for this user, or the user that its package has made when this one is root. */
export async function unprivilegedUser(): Promise<{ uid: number; gid: number } | null> {
	if (process.getuid?.() !== 0) return null;
	const id = async (which: '-u' | '-g') => Number((await run('id', [which, 'postgres'])).stdout);
	return { uid: await id('-u'), gid: await id('-g') };
}
