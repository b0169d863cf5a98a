import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const GOES_WITHIN_MS = 10_000;
/** Of a simulator that speaks https on the loopback interface: hosts believe it. */
export const CERTIFICATE = fileURLToPath(
	new URL('../../test/tools/simulator/fixtures/loopback-cert.pem', import.meta.url),
);
const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

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
	// The loader turns source maps on, which makes every stack trace dear; no host runs like that.
	process.setSourceMapsEnabled(false);
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

/** A process of our own that serves commands. Its garbage collector can be asked for. */
export class CommandedProcess {
	readonly #child: ChildProcess;
	#lastId = 0;

	/** @param entry the URL of the file that serves the commands */
	constructor(entry: URL) {
		this.#child = fork(fileURLToPath(entry), [], {
			execArgv: ['--import', 'tsx', '--expose-gc'],
			serialization: 'advanced',
			// n8n's Wait node needs n8n-core without declaring it: wherever it is installed, it finds ours.
			env: { ...process.env, NODE_PATH: NODE_MODULES, NODE_EXTRA_CA_CERTS: CERTIFICATE },
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

const isQuestion = (message: unknown): message is Question =>
	hasFields(message, { id: 'number', command: 'string' });

const isReply = (message: unknown): message is Reply => hasFields(message, { id: 'number' });

/** What a field of a message may be. */
interface Kinds {
	string: string;
	number: number;
	array: readonly unknown[];
	map: ReadonlyMap<unknown, unknown>;
}

/** Whether another process sent an object that has these fields, each of its kind. */
export function hasFields<const F extends Readonly<Record<string, keyof Kinds>>>(
	value: unknown,
	fields: F,
): value is { readonly [K in keyof F]: Kinds[F[K]] } {
	return (
		typeof value === 'object' &&
		value !== null &&
		Object.entries(fields).every(([name, kind]) => kindOf(Reflect.get(value, name)) === kind)
	);
}

function kindOf(value: unknown): string {
	if (Array.isArray(value)) return 'array';
	return value instanceof Map ? 'map' : typeof value;
}

/** @returns the value when it is what was expected. @throws TypeError */
export function expectIt<T>(value: unknown, isExpected: (value: unknown) => value is T): T {
	if (!isExpected(value)) throw new TypeError('The other process sent something else');
	return value;
}
