// npm run mutate: changes the product in small ways, and lists the changes that no test notices.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { UsageError, readNumber, runTool } from '../commandLine';
import { markdownTable, writeFigures } from '../measure/report';
import { mutate } from './mutants';
import type { Mutant } from './mutants';
import type { Assignment, Told } from './worker';

const usage = `Usage: npm run mutate -- [files] [options]

  files            such as calls/identity.ts; default: all of calls/ and redaction/
  --killed         list the others, too, and the test that noticed each
  --write          write the table of docs/reliability.md
  --jobs <number>  processes that try mutants side by side; default: one for each core
`;

/** The tests that need no host: fast enough to be run for each mutant that they reach. */
const tests = globSync('test/{calls,redaction,providers}/**/*.test.ts').sort();

/** So long a mutant may take until it counts as one that hangs. Milliseconds. */
const longest = 60_000;

type Outcome = 'killed' | 'hung' | 'survived' | 'not reached';

interface Result {
	readonly mutant: Mutant;
	readonly outcome: Outcome;
	/** The test that has noticed it, and how; '' for none. */
	readonly by: string;
}

/** A forked worker. Each question to it is answered, or it is ended for its silence. */
class Worker {
	readonly #process: ChildProcess;

	constructor(assignment: Assignment) {
		this.#process = fork(join(import.meta.dirname, 'worker.ts'), [JSON.stringify(assignment)], {
			execArgv: ['--import', 'tsx'],
			stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
		});
	}

	/** @returns what it tells next; null: it is silent or has died, and can be used no more */
	next(milliseconds: number): Promise<Told | null> {
		return new Promise((resolve) => {
			const settle = (told: Told | null) => {
				clearTimeout(limit);
				this.#process.removeAllListeners();
				if (told === null) this.end();
				resolve(told);
			};
			const limit = setTimeout(() => settle(null), milliseconds);
			this.#process.once('message', (told) => settle(told as Told));
			this.#process.once('exit', () => settle(null));
			this.#process.once('error', () => settle(null));
		});
	}

	try(id: number): Promise<Told | null> {
		this.#process.send(id);
		return this.next(longest);
	}

	end(): void {
		this.#process.kill('SIGKILL');
	}
}

const resultOf = (mutant: Mutant, told: Told | null): Result => {
	if (told === null) return { mutant, outcome: 'hung', by: '' };
	return told.is === 'killed'
		? { mutant, outcome: 'killed', by: told.by }
		: { mutant, outcome: 'survived', by: '' };
};

/** Starts a worker that knows which test reaches what. @throws when the tests fail as they are */
async function start(files: readonly string[]) {
	const worker = new Worker({ files, tests, awake: 0 });
	const told = await worker.next(10 * longest);
	if (told?.is !== 'ready') throw new Error('The tests cannot be run');
	if (told.broken !== null) throw new Error(`The tests fail without any change: ${told.broken}`);
	return { worker, ...told };
}

/** Takes mutants until there are none left. */
async function workOff(
	files: readonly string[],
	queue: Mutant[],
	done: (result: Result) => void,
): Promise<void> {
	let { loaded, reached, worker } = await start(files);
	for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
		const { id } = mutant;
		if (reached.includes(id)) {
			const told = await worker.try(id);
			done(resultOf(mutant, told));
			if (told === null) ({ loaded, reached, worker } = await start(files));
		} else if (loaded.includes(id)) {
			const own = new Worker({ files, tests, awake: id });
			done(resultOf(mutant, await own.next(5 * longest)));
			own.end();
		} else {
			done({ mutant, outcome: 'not reached', by: '' });
		}
	}
	worker.end();
}

const percent = (part: number, whole: number): string =>
	whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

const isKilled = ({ outcome }: Result): boolean => outcome === 'killed' || outcome === 'hung';

/** The score of each file, as a table in Markdown. */
function scores(files: readonly string[], results: readonly Result[]): string {
	const row = (name: string, of: readonly Result[]) => {
		const killed = of.filter(isKilled).length;
		return [name, String(of.length), String(killed), percent(killed, of.length)];
	};
	const rows = files.map((file) =>
		row(
			`\`${file}\``,
			results.filter(({ mutant }) => mutant.file === file),
		),
	);
	return markdownTable(
		['file', 'mutants', 'killed', 'score'],
		[...rows, row('all', results)],
		'right',
	);
}

const lineOf = ({ by, mutant, outcome }: Result): string =>
	`${mutant.file}:${mutant.line} ${outcome}: ${mutant.before}  →  ${mutant.after}${by === '' ? '' : `\n    ${by}`}`;

void runTool(usage, async () => {
	const { positionals, values } = parseArgs({
		allowPositionals: true,
		options: {
			jobs: { type: 'string', default: String(availableParallelism()) },
			killed: { type: 'boolean', default: false },
			write: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return void process.stdout.write(usage);
	const jobs = readNumber('jobs', values.jobs, { least: 1, whole: true });
	const all = globSync('{calls,redaction}/*.ts').sort();
	const files = positionals.length === 0 ? all : positionals;
	const unknown = files.find((file) => !all.includes(file));
	if (unknown !== undefined) throw new UsageError(`${unknown} is no file of calls/ or redaction/`);

	const mutants: Mutant[] = [];
	for (const file of files) {
		mutants.push(...mutate(file, readFileSync(file, 'utf8'), mutants.length + 1).mutants);
	}
	const results: Result[] = [];
	const done = (result: Result) => {
		results.push(result);
		if (process.stderr.isTTY) process.stderr.write(`\r${results.length} of ${mutants.length}`);
	};
	const queue = [...mutants];
	await Promise.all(Array.from({ length: jobs }, () => workOff(files, queue, done)));
	if (process.stderr.isTTY) process.stderr.write('\n');
	results.sort((a, b) => a.mutant.id - b.mutant.id);
	const listed = results.filter((result) => values.killed || !isKilled(result));
	console.log([scores(files, results), '', ...listed.map(lineOf)].join('\n'));
	if (values.write) await writeFigures('reliability.md', { mutants: scores(files, results) });
});
