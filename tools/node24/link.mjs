// Puts the Node.js 24 that npm has installed (see the package.json beside this) at node_modules/.bin/node,
// where every npm script finds it before the machine's own. npm 11 does so by itself; npm 10 loses the
// link, because packages that it leaves out for other platforms would have put theirs there, too.
// Runs on the machine's Node.js, whatever its version, so it uses nothing new and no dependency.
import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

function installed() {
	const { optionalDependencies } = read(new URL('package.json', import.meta.url));
	for (const name of Object.keys(optionalDependencies)) {
		try {
			const file = require.resolve(`${name}/package.json`);
			const { os, cpu, bin } = read(file);
			if (os === process.platform && cpu === process.arch) return join(dirname(file), bin.node);
		} catch (error) {
			if (error.code !== 'MODULE_NOT_FOUND') throw error;
		}
	}
	return undefined;
}

function link(node) {
	const folder = fileURLToPath(new URL('../../node_modules/.bin/', import.meta.url));
	const windows = process.platform === 'win32';
	const place = join(folder, windows ? 'node.exe' : 'node');
	mkdirSync(folder, { recursive: true });
	rmSync(place, { force: true });
	// Windows lets only administrators make symbolic links.
	if (windows) linkSync(node, place);
	else symlinkSync(relative(folder, node), place);
}

const ownMajor = Number(process.versions.node.split('.')[0]);
if (ownMajor < 24) {
	const node = installed();
	if (node !== undefined) link(node);
	else {
		console.error(
			`There is no Node.js 24 for ${process.platform} ${process.arch} among the dependencies, and this is ` +
				`${process.version}. Run "npm ci" (without --omit=optional), or install Node.js 24 or later yourself.`,
		);
		process.exitCode = 1;
	}
}
