import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

const GOES_WITHIN_MS = 10_000;

/** What a child process does when it is asked: name → function of the argument. */
export type Commands = Readonly<Record<string, (argument: unknown) => unknown>>;

interface Question {
	readonly id: number;
	readonly command: string;
	readonly argument: unknown;
}

type Reply =
	| { readonly id: number; readonly value: unknown }
	| { readonly id: number; readonly error: string };

/** Serves the commands of the parent process until it goes away. */
export function serveCommands(commands: Commands): void {
	process.on('message', (message) => {
		if (isQuestion(message)) void reply(commands, message);
	});
	process.once('disconnect', () => process.exit());
}

async function reply(commands: Commands, { id, command, argument }: Question): Promise<void> {
	try {
		const run = commands[command];
		if (run === undefined) throw new Error(`There is no command ${command}`);
		process.send?.({ id, value: await run(argument) });
	} catch (error) {
		process.send?.({ id, error: error instanceof Error ? String(error.stack) : String(error) });
	}
}

/** A process of our own that serves commands. */
export class CommandedProcess {
	readonly #child: ChildProcess;
	#lastId = 0;

	/** @param entry the file that serves the commands, as a path */
	constructor(entry: string, execArgv: readonly string[] = []) {
		this.#child = fork(entry, [], {
			execArgv: ['--import', 'tsx', ...execArgv],
			serialization: 'advanced',
		});
	}

	/** @throws Error with the stack of what went wrong there, or when the process ends first */
	ask(command: string, argument?: unknown): Promise<unknown> {
		const id = ++this.#lastId;
		return new Promise((resolve, reject) => {
			const onExit = (code: number | null): void =>
				settle(() => reject(new Error(`The process ended (${String(code)}) during ${command}`)));
			const onMessage = (message: unknown): void => {
				if (!isReply(message) || message.id !== id) return;
				settle(() => {
					if ('error' in message) reject(new Error(message.error));
					else resolve(message.value);
				});
			};
			const settle = (then: () => void): void => {
				this.#child.off('message', onMessage).off('exit', onExit);
				then();
			};
			this.#child.on('message', onMessage).on('exit', onExit);
			this.#child.send({ id, command, argument } satisfies Question);
		});
	}

	/** Ends the process; it goes by itself when its parent is gone, so that a profile can be written. */
	async end(): Promise<void> {
		if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
		const exited = once(this.#child, 'exit');
		if (this.#child.connected) this.#child.disconnect();
		const timer = setTimeout(() => this.#child.kill('SIGKILL'), GOES_WITHIN_MS);
		await exited;
		clearTimeout(timer);
	}
}

function isQuestion(message: unknown): message is Question {
	return isRecord(message) && typeof message['command'] === 'string';
}

function isReply(message: unknown): message is Reply {
	return isRecord(message) && typeof message['id'] === 'number';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}
