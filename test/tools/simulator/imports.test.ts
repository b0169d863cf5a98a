import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = 'tools/simulator';

describe('simulator: its sources', () => {
	it('import nothing but Node.js and each other, so that no misreading is shared', () => {
		const strangers: string[] = [];
		for (const file of readdirSync(ROOT, { recursive: true, encoding: 'utf8' })) {
			if (!file.endsWith('.ts')) continue;
			const source = readFileSync(join(ROOT, file), 'utf8');
			for (const [, from = ''] of source.matchAll(/from '([^']+)'/g)) {
				const isInside = !relative(ROOT, join(ROOT, dirname(file), from)).startsWith('..');
				const isOurs = from.startsWith('.') && isInside;
				if (!from.startsWith('node:') && !isOurs) strangers.push(`${file}: ${from}`);
			}
		}
		assert.deepEqual(strangers, []);
	});
});
