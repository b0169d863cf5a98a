// Runs the tests with one mutant at a time; forked by mutate.ts.
import Module from 'node:module';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import Mocha from 'mocha';
import ts from 'typescript';

import { chooser, mutate } from './mutants';

/** What a worker is told when it is forked, as JSON in its only argument. */
export interface Assignment {
	/** All files with mutants, in the order in which their IDs are given. */
	readonly files: readonly string[];
	readonly tests: readonly string[];
	/** Awake from the start: it stands in what is run when its module is loaded. 0: none. */
	readonly awake: number;
}

/** What a worker tells: once that it is ready, then what became of each mutant that it was sent. */
export type Told =
	| {
			readonly is: 'ready';
			/** Why the tests fail without a mutant; null: they do not. */
			readonly broken: string | null;
			/** Reached by a test, and so to be tried in this worker. */
			readonly reached: readonly number[];
			/** Reached only when its module was loaded. */
			readonly loaded: readonly number[];
	  }
	| { readonly is: 'killed'; readonly id: number; readonly by: string }
	| { readonly is: 'survived'; readonly id: number };

const assignment = JSON.parse(process.argv[2] ?? '{}') as Assignment;
const tell = (told: Told): void => void process.send?.(told);

/** What a test does without a mutant. */
interface Usual {
	readonly reaches: Set<number>;
	hits: number;
	milliseconds: number;
}

let awake = assignment.awake;
const whenLoaded = new Set<number>();
let current: Usual | null = null;
/** Reached in a hook: it belongs to the tests behind it. */
let inHooks = new Set<number>();
let isLoading = true;
let isWatching = true;
let hitsLeft = Number.POSITIVE_INFINITY;

Object.assign(globalThis, {
	[chooser](id: number): boolean {
		if (isWatching) {
			if (isLoading) whenLoaded.add(id);
			else (current?.reaches ?? inHooks).add(id);
			if (current !== null) current.hits += 1;
		} else if ((hitsLeft -= 1) < 0) {
			throw new Error('This mutant makes a loop without an end');
		}
		return id === awake;
	},
});

const sources = new Map<string, string>();
/** The file of each mutant, by its ID. */
const fileOf: string[] = [''];
for (const file of assignment.files) {
	const { mutants, source } = mutate(file, readFileSync(file, 'utf8'), fileOf.length);
	fileOf.push(...mutants.map((mutant) => mutant.file));
	sources.set(resolve(file), source);
}

// tsx loads the modules of a package without a type by way of `require`.
const { extensions } = Module.createRequire(import.meta.url);
const load = extensions['.ts'];
extensions['.ts'] = (module, path) => {
	const source = sources.get(path);
	if (source === undefined) {
		load?.(module, path);
		return;
	}
	const { outputText } = ts.transpileModule(source, {
		compilerOptions: {
			target: ts.ScriptTarget.ESNext,
			module: ts.ModuleKind.CommonJS,
			esModuleInterop: true,
		},
	});
	const compile: unknown = Reflect.get(module, '_compile');
	if (typeof compile !== 'function') throw new Error('This Node.js compiles modules otherwise');
	Reflect.apply(compile, module, [outputText, path]);
};

class Silent extends Mocha.reporters.Base {}

const mocha = new Mocha({ timeout: 60_000, reporter: Silent });
mocha.cleanReferencesAfterRun(false);
for (const test of assignment.tests) mocha.addFile(test);

const usual = new Map<Mocha.Test, Usual>();
/** All tests of each suite, of which a run takes some. */
const testsOf = new Map<Mocha.Suite, readonly Mocha.Test[]>();

function collect(suite: Mocha.Suite): void {
	testsOf.set(suite, [...suite.tests]);
	for (const test of suite.tests) {
		usual.set(test, { reaches: new Set(), hits: 0, milliseconds: 0 });
	}
	suite.suites.forEach(collect);
}

/** Runs the tests that are chosen, up to the first that fails. @returns its name and why; null: none has failed */
function run(isChosen: (test: Mocha.Test) => boolean): Promise<string | null> {
	for (const [suite, tests] of testsOf) suite.tests = tests.filter(isChosen);
	return new Promise((settle) => {
		let failed: string | null = null;
		const runner = mocha.run(() => settle(failed));
		runner.on('test', (test) => {
			current = isWatching ? (usual.get(test) ?? null) : null;
			for (const id of inHooks) current?.reaches.add(id);
			const { hits = 0, milliseconds = 0 } = usual.get(test) ?? {};
			hitsLeft = isWatching ? Number.POSITIVE_INFINITY : hits * 20 + 200_000;
			if (!isWatching) test.timeout(milliseconds * 10 + 2_000);
		});
		runner.on('test end', (test) => {
			if (current !== null) current.milliseconds = test.duration ?? 0;
			current = null;
		});
		runner.on('suite end', () => {
			inHooks = new Set();
		});
		runner.on('fail', (test, error: unknown) => {
			const [why = ''] = String(error instanceof Error ? error.message : error).split('\n');
			failed ??= `${test.fullTitle()}: ${why}`;
			runner.abort();
		});
	});
}

/** So long a test is a quick one, which is run before the others. Milliseconds. */
const quick = 60;

/** How soon a test is run: those of the mutant's own file, then the quick ones, then the others. */
function turnOf(test: Mocha.Test, id: number): number {
	const isQuick = (usual.get(test)?.milliseconds ?? 0) <= quick;
	const isOwn = basename(test.file ?? '', '.test.ts') === basename(fileOf[id] ?? '', '.ts');
	if (isQuick) return isOwn ? 0 : 1;
	return isOwn ? 2 : 3;
}

async function tryMutant(id: number, isCovered: (test: Mocha.Test) => boolean): Promise<void> {
	awake = id;
	let by: string | null = null;
	for (let turn = 0; turn <= 3 && by === null; turn += 1) {
		by = await run((test) => isCovered(test) && turnOf(test, id) === turn);
	}
	awake = 0;
	tell(by === null ? { is: 'survived', id } : { is: 'killed', id, by });
}

async function work(): Promise<void> {
	await mocha.loadFilesAsync();
	isLoading = false;
	collect(mocha.suite);
	if (assignment.awake !== 0) {
		isWatching = false;
		await tryMutant(assignment.awake, () => true);
		process.disconnect();
		return;
	}
	const broken = await run(() => true);
	isWatching = false;
	const reached = new Set([...usual.values()].flatMap(({ reaches }) => [...reaches]));
	process.on('message', (id) => {
		void tryMutant(Number(id), (test) => usual.get(test)?.reaches.has(Number(id)) ?? false);
	});
	tell({
		is: 'ready',
		broken,
		reached: [...reached],
		loaded: [...whenLoaded].filter((id) => !reached.has(id)),
	});
}

work().catch((error: unknown) => {
	// With a mutant that lets no module be loaded, no test can pass.
	const why = error instanceof Error ? error.message : String(error);
	if (assignment.awake === 0) {
		tell({ is: 'ready', broken: why, reached: [], loaded: [] });
	} else {
		tell({ is: 'killed', id: assignment.awake, by: why });
	}
	process.disconnect();
});
