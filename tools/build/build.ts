// Builds both packages from the same core: dist/ for n8n, node-red/dist/ for Node-RED.
// CommonJS, because both hosts load nodes with require(). Nothing is minified: reviewers read it.
//
//   build.ts [n8n] [node-red] [--into <folder>] [--source-maps]
//
// Without a name both are built. With --into, the one that is named gets its dist/ there, and not beside its
// package.json: what is built to be tried must not be taken for what is tested and published.
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';

import { versions } from '../../nodes/forms/options';
import { providers } from '../../providers';
import { buildEditor } from './nodeRedEditor';
import { outputSchemaOf, schemaFiles } from './outputSchema';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface BuildOptions {
	/** For a debugger: where each part of a bundle comes from. */
	readonly sourcemap: boolean;
}

interface Bundle {
	/** Entry files by the names of what they become, without extension. */
	readonly input: Readonly<Record<string, string>>;
	readonly outDir: string;
	readonly external: readonly (string | RegExp)[];
}

async function bundle(
	{ external, input, outDir }: Bundle,
	{ sourcemap }: BuildOptions,
): Promise<void> {
	rmSync(outDir, { recursive: true, force: true });
	const build = await rolldown({
		input: { ...input },
		external: [...external],
		platform: 'node',
		transform: { target: 'es2022' },
		onLog: (level, log) => {
			if (level === 'warn') throw new Error(`The build warns: ${log.message}`);
		},
	});
	await build.write({
		dir: outDir,
		format: 'cjs',
		exports: 'auto',
		entryFileNames: '[name].js',
		chunkFileNames: 'core/[name].js',
		sourcemap,
		// Else what writes to a frozen object would fail without a word.
		strict: true,
	});
	await build.close();
	// libphonenumber-js (MIT) is part of the bundle, so its licence goes with it.
	const library = dirname(createRequire(import.meta.url).resolve('libphonenumber-js/package.json'));
	cpSync(join(library, 'LICENSE'), join(outDir, 'LICENSE-libphonenumber-js'));
}

function copy(folder: string, patterns: readonly string[], outDir: string): void {
	for (const file of globSync([...patterns], { cwd: folder })) {
		const target = join(outDir, file);
		mkdirSync(dirname(target), { recursive: true });
		cpSync(join(folder, file), target);
	}
}

const say = (host: string, entries: object, outDir: string): void => {
	process.stdout.write(
		`${host}: ${Object.keys(entries).length} entries in ${relative(root, outDir)}/\n`,
	);
};

/** The operations of the nodes that have some: n8n looks for a schema of each. */
const operations: Readonly<Record<string, readonly string[]>> = {
	GetOtpCallStatus: ['get', 'getAll'],
};

function writeSchemas(outDir: string): void {
	for (const node of globSync('nodes/*/*.node.ts', { cwd: root })) {
		const folder = dirname(node);
		const text = `${JSON.stringify(outputSchemaOf(basename(folder)), null, 2)}\n`;
		for (const version of versions) {
			for (const name of schemaFiles(version, operations[basename(folder)] ?? [])) {
				const file = join(outDir, folder, name);
				mkdirSync(dirname(file), { recursive: true });
				writeFileSync(file, text);
			}
		}
	}
}

/** Builds the n8n package, in the folders of its sources. */
async function buildN8n(outDir: string, options: BuildOptions): Promise<void> {
	const sources = globSync(['nodes/*/*.node.ts', 'credentials/*.credentials.ts'], { cwd: root });
	const input = Object.fromEntries(
		sources.map((file) => [file.replace(/\.ts$/, ''), join(root, file)]),
	);
	await bundle({ input, outDir, external: ['n8n-workflow', 'crypto'] }, options);
	copy(root, ['nodes/**/*.{json,svg}', 'credentials/*.svg', 'icons/*.svg'], outDir);
	writeSchemas(outDir);
	say('n8n', input, outDir);
}

/** Builds the Node-RED package: for each node a runtime, a form, words and help. */
async function buildNodeRed(outDir: string, options: BuildOptions): Promise<void> {
	const folder = join(root, 'node-red');
	const input = Object.fromEntries(
		globSync('nodes/*/runtime.ts', { cwd: folder }).map((file) => [
			basename(dirname(file)),
			join(folder, file),
		]),
	);
	await bundle({ input, outDir, external: ['undici', 'crypto', /^node:/] }, options);
	await buildEditor(providers, outDir, options);
	say('Node-RED', input, outDir);
}

async function build(): Promise<void> {
	const { positionals: names, values } = parseArgs({
		allowPositionals: true,
		options: { into: { type: 'string' }, 'source-maps': { type: 'boolean', default: false } },
	});
	const options = { sourcemap: values['source-maps'] };
	const isWanted = (name: string) => names.length === 0 || names.includes(name);
	const outDir = (home: string) => join(values.into ?? home, 'dist');
	if (isWanted('n8n')) await buildN8n(outDir(root), options);
	if (isWanted('node-red')) await buildNodeRed(outDir(join(root, 'node-red')), options);
}

void build();
