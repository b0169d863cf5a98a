// Builds both packages from the same core: dist/ for n8n, node-red/dist/ for Node-RED.
// CommonJS, because both hosts load nodes with require(). Nothing is minified: reviewers read it.
//
//   build.mjs [n8n] [node-red] [--into <folder>] [--source-maps]
//
// Without a name both are built. With --into, the one that is named gets its dist/ there, and not beside its
// package.json: what is built to be tried must not be taken for what is tested and published.
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';

import { buildEditor } from './node-red-editor.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const nodeRed = join(root, 'node-red');

const { values: options, positionals: names } = parseArgs({
	allowPositionals: true,
	options: { into: { type: 'string' }, 'source-maps': { type: 'boolean', default: false } },
});

/** Entry files by their path without extension, so that the output keeps their folders. */
const entries = (folder, patterns) =>
	Object.fromEntries(
		globSync(patterns, { cwd: folder }).map((file) => [
			file.replace(/\.ts$/, ''),
			join(folder, file),
		]),
	);

async function bundle({ input, outDir, external }) {
	rmSync(outDir, { recursive: true, force: true });
	const build = await rolldown({
		input,
		external,
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
		sourcemap: options['source-maps'],
	});
	await build.close();
	// libphonenumber-js (MIT) is part of the bundle, so its licence goes with it.
	cpSync(
		fileURLToPath(new URL('LICENSE', import.meta.resolve('libphonenumber-js/package.json'))),
		join(outDir, 'LICENSE-libphonenumber-js'),
	);
}

function copy(folder, patterns, outDir) {
	for (const file of globSync(patterns, { cwd: folder })) {
		const target = join(outDir, file);
		mkdirSync(dirname(target), { recursive: true });
		cpSync(join(folder, file), target);
	}
}

async function buildN8n(outDir) {
	const input = entries(root, ['nodes/*/*.node.ts', 'credentials/*.credentials.ts']);
	await bundle({ input, outDir, external: ['n8n-workflow', 'crypto'] });
	copy(root, ['nodes/**/*.{json,svg}', 'credentials/*.svg', 'icons/*.svg'], outDir);
	console.log(`n8n: ${Object.keys(input).length} entries in ${relative(root, outDir)}/`);
}

async function buildNodeRed(outDir) {
	const input = Object.fromEntries(
		Object.entries(entries(nodeRed, ['nodes/*/*.ts']))
			// nodes/send-otp-call/send-otp-call.ts is the entry of its folder.
			.filter(([name]) => name.split('/')[1] === name.split('/')[2])
			.map(([name, file]) => [name.split('/')[2], file]),
	);
	await bundle({ input, outDir, external: ['undici', 'crypto', /^node:/] });
	buildEditor(nodeRed, outDir);
	console.log(`Node-RED: ${Object.keys(input).length} entries in ${relative(root, outDir)}/`);
}

const isWanted = (name) => names.length === 0 || names.includes(name);
const outDir = (home) => join(options.into ?? home, 'dist');
if (isWanted('n8n')) await buildN8n(outDir(root));
if (isWanted('node-red')) await buildNodeRed(outDir(nodeRed));
