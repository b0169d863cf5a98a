import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { PROVIDERS } from '../../../tools/simulator';

const ROOT = 'tools/simulator';
const INDEX = 'providers/index.ts';

const sources = new Map(
	readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')] as const),
);

describe('simulator: its sources', () => {
	it('import nothing but Node.js and each other, so that no misreading is shared', () => {
		const strangers: string[] = [];
		for (const [file, source] of sources) {
			for (const [, from = ''] of source.matchAll(/from '([^']+)'/g)) {
				const isInside = !relative(ROOT, join(ROOT, dirname(file), from)).startsWith('..');
				const isOurs = from.startsWith('.') && isInside;
				if (!from.startsWith('node:') && !isOurs) strangers.push(`${file}: ${from}`);
			}
		}
		assert.deepEqual(strangers, []);
	});

	it('name a provider in its own folder alone, but for what is exported', () => {
		const names = new RegExp(PROVIDERS.map(({ name }) => name).join('|'), 'i');
		const knowing = [...sources].filter(([file, source]) => {
			const owner = /^providers\/(\w+)\//.exec(file)?.[1];
			const text = source.replace(/^export (type )?\{[^}]*\} from '[^']+';$/gm, '');
			return names.test(owner === undefined ? text : text.replaceAll(new RegExp(owner, 'gi'), ''));
		});
		assert.deepEqual(
			knowing.map(([file]) => file),
			[],
		);
	});

	it('list every folder of a provider in the index', () => {
		const folders = readdirSync(join(ROOT, 'providers'), { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map(({ name }) => name);
		const listed = PROVIDERS.map(({ name }) => name);
		const missing = folders
			.filter((folder) => !listed.includes(folder))
			.map((name) => `${INDEX} needs the line: export { ${name} } from './${name}/index';`);
		assert.deepEqual(missing, []);
		assert.equal(listed.length, folders.length);
	});
});
