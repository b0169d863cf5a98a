// Builds both packages from the same core: dist/ for n8n, node-red/dist/ for Node-RED.
// CommonJS, because both hosts load nodes with require(). Nothing is minified: reviewers read it.
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

import { providers } from '../../providers';
import { buildEditor } from './nodeRedEditor';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface BuildOptions {
	/** For a debugger: where each part of a bundle comes from. */
	readonly sourcemap?: boolean;
}

interface Bundle {
	/** Entry files by the names of what they become, without extension. */
	readonly input: Readonly<Record<string, string>>;
	readonly outDir: string;
	readonly external: readonly (string | RegExp)[];
	/** Without it, what writes to a frozen object fails without a word. */
	readonly strict: boolean;
}

async function bundle(
	{ external, input, outDir, strict }: Bundle,
	{ sourcemap = false }: BuildOptions,
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
		...(strict && { strict: true }),
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

/** Builds the n8n package into `dist/`, in the folders of its sources. */
export async function buildN8n(options: BuildOptions = {}): Promise<void> {
	const outDir = join(root, 'dist');
	const sources = globSync(['nodes/*/*.node.ts', 'credentials/*.credentials.ts'], { cwd: root });
	const input = Object.fromEntries(
		sources.map((file) => [file.replace(/\.ts$/, ''), join(root, file)]),
	);
	await bundle({ input, outDir, external: ['n8n-workflow', 'crypto'], strict: false }, options);
	copy(root, ['nodes/**/*.{json,svg}', 'credentials/*.svg', 'icons/*.svg'], outDir);
	say('n8n', input, outDir);
}

/** Builds the Node-RED package into `node-red/dist/`: for each node a runtime, a form, words and help. */
export async function buildNodeRed(options: BuildOptions = {}): Promise<void> {
	const folder = join(root, 'node-red');
	const outDir = join(folder, 'dist');
	const input = Object.fromEntries(
		globSync('nodes/*/runtime.ts', { cwd: folder }).map((file) => [
			basename(dirname(file)),
			join(folder, file),
		]),
	);
	const external = ['undici', 'crypto', /^node:/];
	await bundle({ input, outDir, external, strict: true }, options);
	await buildEditor(providers, outDir, options);
	say('Node-RED', input, outDir);
}

/** Builds both packages. */
async function buildBoth(): Promise<void> {
	await buildN8n();
	await buildNodeRed();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void buildBoth();
