import { existsSync } from 'node:fs';
import { copyFile, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { DevHost } from './host';
import { run } from './program';
import type { Command } from './program';

const version = '2.41.1';

/** npm itself, which does not lie in the same place everywhere; npm tells its scripts where. */
function npm(args: readonly string[], cwd: string, env: Command['env'] = {}): Command {
	const cli = process.env['npm_execpath'];
	if (cli === undefined) throw new Error('Start this with: npm run dev -- n8n');
	return { args: [cli, ...args, '--no-audit', '--no-fund', '--loglevel=error'], cwd, env };
}

/** n8n is far too big (2.9 GB) to be a dependency, so it is installed when it is wanted for the first time. */
async function install(folder: string, signal: AbortSignal): Promise<void> {
	const done = join(folder, `installed-${version}`);
	if (existsSync(done)) return;
	console.log(`Installing n8n ${version} into ${folder}, once. That takes some minutes and 3 GB …`);
	const own = {
		name: 'n8n-for-development',
		private: true,
		dependencies: { n8n: version },
		// The package of that name was withdrawn.
		overrides: { cssomnom: 'npm:rrweb-cssom@0.8.0' },
	};
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), JSON.stringify(own));
	await run('Installing n8n', npm(['install', '--ignore-scripts'], folder), signal);
	await writeFile(done, '');
}

/** n8n keeps its data in SQLite, unless DB_TYPE says otherwise; SQLite is the one part that may have to be compiled. */
async function prepareSqlite(folder: string, signal: AbortSignal): Promise<void> {
	const done = join(folder, `sqlite-for-node-${process.versions.modules}`);
	if (existsSync(done)) return;
	console.log(
		'Fetching SQLite for n8n, or compiling it (with a C++ compiler, some minutes), once.',
	);
	console.log(
		'It is not needed with PostgreSQL: set DB_TYPE=postgresdb, DB_POSTGRESDB_HOST and so on …',
	);
	const node = dirname(dirname(await realpath(process.execPath)));
	// The headers that came with this Node.js, where they did; else node-gyp fetches them.
	const headers = existsSync(join(node, 'include', 'node', 'node.h'));
	await run(
		'Making SQLite ready',
		npm(['rebuild', 'sqlite3', '--foreground-scripts'], folder, {
			npm_config_ignore_scripts: 'false',
			...(headers && { npm_config_nodedir: node }),
		}),
		signal,
	);
	await writeFile(done, '');
}

/** n8n with our package among its community packages, and its data in a folder that is kept. */
export function n8nHost(repository: string, folder: string, port: number): DevHost {
	const userFolder = join(folder, 'user');
	return {
		title: 'n8n',
		// Not a link: n8n forgets a module only under the path by which it knows the package.
		packageFolder: join(userFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-otp-call'),
		url: `http://127.0.0.1:${port}`,
		isReadyAt: '/healthz/readiness',
		reloadsItself: true,
		sources: ['nodes', 'credentials', 'icons'],
		async prepare(signal) {
			await install(folder, signal);
			if ((process.env['DB_TYPE'] ?? 'sqlite') === 'sqlite') await prepareSqlite(folder, signal);
			await mkdir(this.packageFolder, { recursive: true });
			await copyFile(join(repository, 'package.json'), join(this.packageFolder, 'package.json'));
		},
		command() {
			return {
				args: [join(folder, 'node_modules', 'n8n', 'bin', 'n8n'), 'start'],
				cwd: folder,
				env: {
					NODE_COMPILE_CACHE: join(folder, 'compiled'),
					N8N_USER_FOLDER: userFolder,
					N8N_LISTEN_ADDRESS: '127.0.0.1',
					N8N_PORT: String(port),
					N8N_DEV_RELOAD: 'true',
					N8N_DIAGNOSTICS_ENABLED: 'false',
					N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
					N8N_TEMPLATES_ENABLED: 'false',
					N8N_SECURE_COOKIE: 'false',
				},
			};
		},
	};
}
