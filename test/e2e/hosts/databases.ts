import { execFile } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { debianPrograms, unprivilegedUser } from './debian';
import { type Program, type Run, freePort } from './programs';

const run = promisify(execFile);

/** A PostgreSQL server with one empty database. */
export interface Database {
	readonly port: number;
	readonly user: string;
	readonly name: string;
	/** The rows of a query, each with its columns as text. */
	query(sql: string): Promise<readonly (readonly string[])[]>;
}

const isOpen = (port: number): Promise<boolean> =>
	new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});

/** Starts PostgreSQL on data of its own. What it is told is not forced to disk: only n8n is killed. */
export async function startPostgres(tests: Run, label: string): Promise<Database> {
	const { postgresFolder } = await debianPrograms();
	// PostgreSQL refuses to run as root.
	const owner = await unprivilegedUser();
	const folder = join(tests.folder, `postgres-${label}`);
	mkdirSync(folder, { mode: 0o700 });
	if (owner !== null) chownSync(folder, owner.uid, owner.gid);
	const user = 'n8n';
	const name = 'n8n';
	const initdb = [
		'-D',
		folder,
		'-U',
		user,
		'-A',
		'trust',
		'-E',
		'UTF8',
		'--no-locale',
		'--no-sync',
	];
	await run(join(postgresFolder, 'initdb'), initdb, { cwd: tests.folder, ...owner });
	const port = await freePort();
	const settings = ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', `port=${port}`];
	const program: Program = tests.start(
		`postgres-${label}`,
		join(postgresFolder, 'postgres'),
		['-D', folder, '-k', folder, ...settings],
		// It would wait for n8n's connections to be closed at SIGTERM.
		{ cwd: folder, user: owner, endsBy: 'SIGINT' },
	);
	const at = ['-h', '127.0.0.1', '-p', String(port), '-U', user];
	const psql = async (database: string, sql: string): Promise<string> => {
		const args = [...at, '-d', database, '-XAt', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-c', sql];
		return (await run(join(postgresFolder, 'psql'), args)).stdout;
	};
	await program.ready(() =>
		psql('postgres', 'select 1').then(
			() => true,
			() => false,
		),
	);
	await psql('postgres', `create database ${name}`);
	return {
		port,
		user,
		name,
		async query(sql) {
			const lines = (await psql(name, sql)).split('\n').filter((line) => line !== '');
			return lines.map((line) => line.split('\t'));
		},
	};
}

/** Starts Redis, which keeps everything in memory. @returns its port */
export async function startRedis(tests: Run): Promise<number> {
	const { redis } = await debianPrograms();
	const port = await freePort();
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
	const program = tests.start('redis', redis, args, { cwd: tests.folder });
	await program.ready(() => isOpen(port));
	return port;
}
