import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The tarball that `npm pack` makes of one of the two packages, and where it lies. */
export function pack(packageName, destination) {
	const output = execFileSync(
		'npm',
		[
			'pack',
			'--json',
			'--pack-destination',
			destination,
			'--workspaces',
			'false',
			packageFolder(packageName),
		],
		{ cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
	);
	const packed = JSON.parse(output);
	const [entry] = Array.isArray(packed) ? packed : Object.values(packed);
	return { tarball: join(destination, entry.filename), files: entry.files.map(({ path }) => path) };
}

const packageFolder = (packageName) =>
	packageName.startsWith('@') ? join(root, 'node-red') : root;

/** Runs the task on a folder into which the packed package has been unpacked; removes it afterwards. */
export async function withUnpacked(packageName, task) {
	const folder = mkdtempSync(join(tmpdir(), 'otp-call-pack-'));
	try {
		const { tarball, files } = pack(packageName, folder);
		execFileSync('tar', ['-xzf', tarball, '-C', folder]);
		return await task(join(folder, 'package'), files, tarball);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
