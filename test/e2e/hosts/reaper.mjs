// Ends what a run of tests has started, however the run itself ends: it is told of each process over its
// standard input, and acts when that closes, which a killed parent cannot prevent.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Process groups, by the ID of their first process. */
const groups = new Set();
const folders = new Set();

for await (const line of createInterface({ input: process.stdin })) {
	const { started, ended, folder } = JSON.parse(line);
	if (started !== undefined) groups.add(started);
	if (ended !== undefined) groups.delete(ended);
	if (folder !== undefined) folders.add(folder);
}
for (const group of groups) {
	try {
		process.kill(-group, 'SIGKILL');
	} catch {
		// It has ended by itself.
	}
}
for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
