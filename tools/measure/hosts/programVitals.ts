import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasFields } from '../process';

/** As Linux counts them, on every machine that Node.js runs on. */
const TICKS_PER_SECOND = 100;
const ANSWERS_WITHIN_MS = 30_000;
const COLLECTIONS = 3;
const BETWEEN_COLLECTIONS_MS = 300;

/** What a program and all that it has started take at one moment. */
export interface ProgramVitals {
	/** Since they were started, of all threads, user and system. */
	readonly cpuSeconds: number;
	/** Resident, in bytes; what they share counts for each. */
	readonly memory: number;
}

/** @param group the ID of the program, which leads the group of all that it has started */
export function readProgramVitals(group: number): ProgramVitals {
	const members = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
	const seen = members.map((pid) => vitalsOf(pid, group));
	return {
		cpuSeconds: seen.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
		memory: seen.reduce((sum, { memory }) => sum + memory, 0),
	};
}

const NOTHING: ProgramVitals = { cpuSeconds: 0, memory: 0 };

function vitalsOf(pid: string, group: number): ProgramVitals {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The name before may hold spaces and brackets; from here on there are numbers only.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		if (Number(fields[2]) !== group) return NOTHING;
		const [, kilobytes] =
			/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
		const ticks = [fields[11], fields[12], fields[13], fields[14]];
		return {
			cpuSeconds: ticks.reduce((sum, count) => sum + Number(count), 0) / TICKS_PER_SECOND,
			memory: Number(kilobytes ?? 0) * 1024,
		};
	} catch {
		// It has ended since the folder was read.
		return NOTHING;
	}
}

/** The inspector of a Node.js program: its garbage collector can be asked for from outside. */
export class Inspector {
	readonly #socket: WebSocket;
	#lastId = 0;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
	}

	/** @param port what the program was started with, as `--inspect=127.0.0.1:<port>` */
	static async open(port: number): Promise<Inspector> {
		const answer = await fetch(`http://127.0.0.1:${String(port)}/json/list`);
		const targets: unknown = await answer.json();
		const target: unknown = Array.isArray(targets) ? targets.at(0) : undefined;
		if (!hasFields(target, { webSocketDebuggerUrl: 'string' }))
			throw new Error(`No inspector answers at port ${String(port)}`);
		const socket = new WebSocket(target.webSocketDebuggerUrl);
		await new Promise<void>((resolve, reject) => {
			socket.addEventListener('open', () => resolve(), { once: true });
			socket.addEventListener('error', () => reject(new Error('The inspector hung up')), {
				once: true,
			});
		});
		return new Inspector(socket);
	}

	/** What the heap holds after forced collections, in bytes. What they set free outside of it is gone, too. */
	async readHeap(): Promise<number> {
		for (let time = 0; time < COLLECTIONS; time += 1) {
			await this.#ask('HeapProfiler.collectGarbage');
			await sleep(BETWEEN_COLLECTIONS_MS);
		}
		const usage = await this.#ask('Runtime.getHeapUsage');
		if (!hasFields(usage, { usedSize: 'number' }))
			throw new TypeError('The inspector has told no size of the heap');
		return usage.usedSize;
	}

	close(): void {
		this.#socket.close();
	}

	#ask(method: string): Promise<unknown> {
		const id = ++this.#lastId;
		return new Promise((resolve, reject) => {
			const stopListening = new AbortController();
			const settle = (then: () => void): void => {
				clearTimeout(patience);
				stopListening.abort();
				then();
			};
			const fail = (): void => settle(() => reject(new Error(`No answer to ${method}`)));
			const patience = setTimeout(fail, ANSWERS_WITHIN_MS);
			const { signal } = stopListening;
			this.#socket.addEventListener('close', fail, { signal });
			this.#socket.addEventListener(
				'message',
				({ data }) => {
					const message: unknown = typeof data === 'string' ? JSON.parse(data) : undefined;
					if (!hasFields(message, { id: 'number' }) || message.id !== id) return;
					settle(() => resolve(Reflect.get(message, 'result')));
				},
				{ signal },
			);
			this.#socket.send(JSON.stringify({ id, method }));
		});
	}
}
