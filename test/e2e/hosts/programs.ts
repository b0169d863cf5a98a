import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
	chmodSync,
	closeSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readFileSync,
	rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const repository = join(import.meta.dirname, '..', '..', '..');

/** What is kept from run to run. It may be removed at any time. */
export const cache = join(repository, '.cache', 'e2e');

/** What the programs of the latest run have written, a file for each. */
export const logFolder = join(cache, 'logs');

/** Shows a figure among the names of the tests. */
export const say = (line: string): void => void process.stdout.write(`      ${line}\n`);

/** Polls until `ask` gives something else than undefined or false. @throws after `limit` milliseconds */
export async function eventually<T>(
	what: string,
	ask: () => Promise<T | undefined | false> | T | undefined | false,
	limit = 120_000,
): Promise<T> {
	const end = Date.now() + limit;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined && answer !== false) return answer;
		if (Date.now() > end) throw new Error(`${what}: not within ${limit / 1000} s`);
		await sleep(100);
	}
}

/** A port of the loopback interface that nobody listens on. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	if (address === null || typeof address === 'string') throw new Error('No port was given');
	return address.port;
}

/** Everything that one run has started. */
export class Run {
	/** Removed at the end, whatever happens. A program that runs as another user can get into it. */
	readonly folder = mkdtempSync(join(tmpdir(), 'otp-call-e2e-'));
	readonly #programs: Program[] = [];
	readonly #reaper: ChildProcess;

	constructor() {
		chmodSync(this.folder, 0o711);
		rmSync(logFolder, { recursive: true, force: true });
		mkdirSync(logFolder, { recursive: true });
		// In a group of its own, so that Ctrl-C in the terminal does not end it before it has done its work.
		this.#reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.mjs')], {
			detached: true,
			stdio: ['pipe', 'ignore', 'inherit'],
		});
		this.#tell({ folder: this.folder });
	}

	/** Starts a program whose output goes to `<name>.log`. */
	start(name: string, command: string, args: readonly string[], how: HowToRun): Program {
		const program = new Program(name, command, args, how, (news) => this.#tell(news));
		this.#programs.push(program);
		return program;
	}

	/** Ends all programs, the latest first. */
	async end(): Promise<void> {
		for (const program of this.#programs.reverse()) await program.stop();
		this.#reaper.stdin?.end();
		if (this.#reaper.exitCode === null) await once(this.#reaper, 'exit');
	}

	#tell(news: Readonly<Record<string, unknown>>): void {
		this.#reaper.stdin?.write(`${JSON.stringify(news)}\n`);
	}
}

/** How a program is run. */
export interface HowToRun {
	readonly cwd: string;
	/** All of its environment: nothing of this process's is passed on, but PATH. */
	readonly env?: Readonly<Record<string, string>>;
	/** The user to run as; default: this one. */
	readonly user?: { readonly uid: number; readonly gid: number } | null;
	/** How it is asked to end. Default: SIGTERM. */
	readonly endsBy?: NodeJS.Signals;
}

/** A running program, with all that it starts in turn. */
export class Program {
	readonly name: string;
	readonly logFile: string;
	readonly #child: ChildProcess;
	readonly #endsBy: NodeJS.Signals;
	readonly #ended: Promise<void>;
	#isRunning = true;

	constructor(
		name: string,
		command: string,
		args: readonly string[],
		{ cwd, env = {}, user = null, endsBy = 'SIGTERM' }: HowToRun,
		tell: (news: Readonly<Record<string, unknown>>) => void,
	) {
		this.name = name;
		this.logFile = join(logFolder, `${name}.log`);
		this.#endsBy = endsBy;
		const log = openSync(this.logFile, 'a');
		this.#child = spawn(command, args, {
			cwd,
			env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', ...env },
			detached: true,
			stdio: ['ignore', log, log],
			...user,
		});
		closeSync(log);
		const { pid } = this.#child;
		tell({ started: pid });
		this.#ended = new Promise((resolve) => {
			const end = () => {
				this.#isRunning = false;
				tell({ ended: pid });
				resolve();
			};
			this.#child.once('exit', end);
			this.#child.once('error', end);
		});
	}

	/** Its process ID, which is also that of the group of all that it starts in turn. @throws when it did not start */
	get pid(): number {
		const { pid } = this.#child;
		if (pid === undefined) throw new Error(`${this.name} has not started`);
		return pid;
	}

	/** What it has written so far, also before a restart under the same name. */
	get log(): string {
		return readFileSync(this.logFile, 'utf8');
	}

	/** Waits until it is ready. @throws with the end of its log when it ends before, or after `limit` ms */
	async ready(ask: () => Promise<boolean>, limit = 240_000): Promise<void> {
		const isReady = async () => {
			if (!this.#isRunning) throw new Error(`${this.name} has ended`);
			return await ask();
		};
		await eventually(`${this.name} is ready`, isReady, limit).catch((error: unknown) => {
			const tail = this.log.split('\n').slice(-20).join('\n');
			throw new Error(`${String(error)}. ${this.logFile} ends with:\n${tail}`);
		});
	}

	/** Asks it to end, and kills it when it has not after half a minute. */
	async stop(): Promise<void> {
		if (!this.#isRunning) return;
		this.#child.kill(this.#endsBy);
		const stopWaiting = new AbortController();
		const patience = sleep(30_000, null, { signal: stopWaiting.signal }).catch(() => null);
		await Promise.race([this.#ended, patience]);
		stopWaiting.abort();
		await this.kill();
	}

	/** Ends it and all that it has started at once, as `kill -9` and a power cut do. */
	async kill(): Promise<void> {
		const { pid } = this.#child;
		if (pid === undefined) return;
		try {
			process.kill(-pid, 'SIGKILL');
		} catch {
			// Nothing of its group is left.
		}
		await this.#ended;
	}
}
