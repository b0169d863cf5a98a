import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** A step before the start failed; the message says which, why, and what to do. */
export class SetupError extends Error {
	override readonly name = 'SetupError';
}

/** How a program is run on the Node.js of this process. */
export interface Command {
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
}

/** How long a program may take to end by itself, in milliseconds. */
const patience = 10_000;

/** A program that writes to this terminal, and all that it has started itself. */
export class Program {
	/** The exit code; null: it was ended by a signal. */
	readonly exited: Promise<number | null>;
	#isRunning = true;
	readonly #process: ChildProcess;

	constructor({ args, cwd, env }: Command) {
		this.#process = spawn(process.execPath, args, {
			cwd,
			env: { ...process.env, ...env },
			stdio: ['ignore', 'inherit', 'inherit'],
			// A group of its own: Ctrl-C reaches this process alone, which then ends everything in order.
			detached: process.platform !== 'win32',
		});
		this.exited = new Promise((resolve, reject) => {
			this.#process.once('error', reject);
			this.#process.once('exit', (code) => {
				this.#isRunning = false;
				resolve(code);
			});
		});
	}

	get isRunning(): boolean {
		return this.#isRunning;
	}

	/** Asks it to end, and ends it, with all that it has started, when it does not. */
	async stop(): Promise<void> {
		if (!this.#isRunning) return;
		this.#signal('SIGTERM');
		const late = setTimeout(() => this.#signal('SIGKILL'), patience);
		await this.exited;
		clearTimeout(late);
		this.#signal('SIGKILL');
	}

	#signal(signal: 'SIGTERM' | 'SIGKILL'): void {
		const { pid } = this.#process;
		if (pid === undefined) return;
		try {
			if (process.platform === 'win32') this.#process.kill(signal);
			else process.kill(-pid, signal);
		} catch (error) {
			// Nobody of the group is left.
			if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
		}
	}
}

/** Runs a program to its end. @throws SetupError when it fails, whose words stand in the terminal already */
export async function run(what: string, command: Command, signal: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	const program = new Program(command);
	const stop = (): void => void program.stop();
	signal.addEventListener('abort', stop);
	const code = await program.exited;
	signal.removeEventListener('abort', stop);
	signal.throwIfAborted();
	if (code !== 0) throw new SetupError(`${what} failed (see above)`);
}
