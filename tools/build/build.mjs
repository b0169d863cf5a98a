// Builds both packages from the same core: dist/ for n8n, node-red/dist/ for Node-RED.
// CommonJS, because both hosts load nodes with require(). Nothing is minified: reviewers read it.
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

import { buildEditor } from './node-red-editor.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

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
		sourcemap: false,
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

const forN8n = {
	input: entries(root, ['nodes/*/*.node.ts', 'credentials/*.credentials.ts']),
	outDir: join(root, 'dist'),
	external: ['n8n-workflow', 'crypto'],
};
await bundle(forN8n);
copy(root, ['nodes/**/*.{json,svg}', 'credentials/*.svg', 'icons/*.svg'], forN8n.outDir);
console.log(
	`n8n: ${Object.keys(forN8n.input).length} entries in ${relative(root, forN8n.outDir)}/`,
);

const nodeRed = join(root, 'node-red');
const forNodeRed = {
	input: Object.fromEntries(
		Object.entries(entries(nodeRed, ['nodes/*/*.ts']))
			// nodes/send-otp-call/send-otp-call.ts is the entry of its folder.
			.filter(([name]) => name.split('/')[1] === name.split('/')[2])
			.map(([name, file]) => [name.split('/')[2], file]),
	),
	outDir: join(nodeRed, 'dist'),
	external: ['undici', 'crypto', /^node:/],
};
await bundle(forNodeRed);
buildEditor(nodeRed, forNodeRed.outDir);
console.log(`Node-RED: ${Object.keys(forNodeRed.input).length} entries in node-red/dist/`);
