import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const built = new Set(['node_modules', 'dist', 'coverage']);

/** The source files of a folder of the repository, by their path in it. */
const sources = (folder: string): readonly string[] =>
	globSync(`${folder}/**/*.{ts,mts,js,mjs}`, {
		cwd: root,
		exclude: (name) => built.has(basename(name)),
	});

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

const importing =
	/^\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|\brequire\(\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm;

/** What a file imports; relative ones by their path in the repository. */
const importsOf = (file: string): readonly string[] =>
	[...textOf(file).matchAll(importing)].map(([, ...found]) => {
		const name = found.find((group) => group !== undefined) ?? '';
		return name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name;
	});

/** Of `tools/`, each tool is a layer of its own. */
const layerOf = (name: string): string => {
	const [first = '', second = ''] = name.split('/');
	return first === 'tools' && second !== '' ? `${first}/${second}` : first;
};

describe('The house', () => {
	/** What each layer may import of the repository, beside itself. */
	const below: Readonly<Record<string, readonly string[]>> = {
		providers: [],
		redaction: ['providers'],
		calls: ['redaction', 'providers'],
		nodes: ['calls', 'redaction', 'providers', 'credentials'],
		credentials: ['calls', 'providers', 'nodes'],
		'node-red': ['calls', 'redaction', 'providers'],
		'tools/simulator': [],
	};
	const layers = new Set([
		...readdirSync(root).filter((name) => !built.has(name)),
		...readdirSync(join(root, 'tools')).map((name) => `tools/${name}`),
	]);

	for (const [layer, allowed] of Object.entries(below)) {
		it(`has imports that run downwards only: ${layer}`, () => {
			const wrong = sources(layer).flatMap((file) =>
				importsOf(file)
					.filter((name) => layers.has(layerOf(name)) && layerOf(name) !== layer)
					.filter((name) => !allowed.includes(layerOf(name)))
					.map((name) => `${file} imports ${name}`),
			);
			assert.deepEqual(wrong, []);
			assert.ok(sources(layer).length > 0);
		});
	}

	it('has no provider that knows another', () => {
		const wrong = sources('providers').flatMap((file) => {
			const owner = /^providers\/(bitel|sandbox|autocall)\b/.exec(file)?.[1];
			if (owner === undefined) return [];
			return importsOf(file)
				.filter((name) => /^providers\/(bitel|sandbox|autocall)\b/.test(name))
				.filter((name) => !name.startsWith(`providers/${owner}`))
				.map((name) => `${file} imports ${name}`);
		});
		assert.deepEqual(wrong, []);
	});

	it('has a core that depends on nothing but libphonenumber-js and crypto', () => {
		const outside = ['providers', 'redaction', 'calls'].flatMap((layer) =>
			sources(layer)
				.flatMap(importsOf)
				.filter((name) => !layers.has(layerOf(name))),
		);
		assert.deepEqual([...new Set(outside)].sort(), ['crypto', 'libphonenumber-js/core']);
	});

	it('has providers that read no clock, no chance and no network', () => {
		const impure =
			/\bDate\.now\(|\bnew Date\(\)|Math\.random|\bfetch\(|setTimeout|\bprocess\.|from 'crypto'/;
		assert.deepEqual(
			sources('providers').filter((file) => impure.test(textOf(file))),
			[],
		);
	});

	it('names a provider only in its own files', () => {
		const named = /bitel|autocall|tel4vn|pitel/i;
		const own = [
			/^providers\/(bitel|autocall)/,
			/^providers\/index\.ts$/,
			// One file of parameters or of the account for each provider, in each host.
			/(^|\/)(bitel|autocall)[A-Za-z.-]*\.(ts|html|svg|css|js)$/i,
			/^credentials\/(Bitel|Autocall)/,
		];
		const wrong = ['providers', 'calls', 'nodes', 'node-red']
			.flatMap(sources)
			.filter((file) => !own.some((pattern) => pattern.test(file)))
			.filter((file) => {
				// A list that names every provider's file has to name them.
				const code = textOf(file).replace(/^(?:import|export)\b.*$/gm, '');
				return named.test(code.replace(/\b(bitel|autocall)\w*\b(?=[,\s\])}])/gi, ''));
			});
		assert.deepEqual(wrong, []);
	});

	it('has no provider’s name anywhere in calls/', () => {
		const wrong = sources('calls').filter((file) =>
			/bitel|autocall|tel4vn|pitel/i.test(textOf(file)),
		);
		assert.deepEqual(wrong, []);
	});

	it('has short files', () => {
		const long = [
			'providers',
			'calls',
			'nodes',
			'credentials',
			'node-red',
			'redaction',
			'tools',
			'test',
		]
			.flatMap(sources)
			.map((file) => ({ file, lines: textOf(file).split('\n').length }))
			.filter(({ lines }) => lines > 400);
		assert.deepEqual(long, []);
	});

	it('makes no exception from its type checks and lint rules', () => {
		const exception =
			/@ts-(ignore|nocheck|expect-error)|eslint-disable|:\s*any\s*[;,)=[|]|\bas any\b|<any>/;
		const wrong = ['providers', 'calls', 'nodes', 'credentials', 'node-red', 'redaction', 'tools']
			.flatMap(sources)
			.filter((file) => /\.ts$/.test(file) && exception.test(textOf(file)));
		assert.deepEqual(wrong, []);
	});

	it('has phone metadata as the library that is installed would give it now', () => {
		const folder = mkdtempSync(join(tmpdir(), 'otp-call-'));
		try {
			const target = join(folder, 'phone-metadata.json');
			execFileSync(process.execPath, [join(root, 'tools/build/phone-metadata.mjs'), target]);
			const fresh: unknown = JSON.parse(readFileSync(target, 'utf8'));
			const kept: unknown = JSON.parse(textOf('providers/reading/phone-metadata.json'));
			assert.deepEqual(kept, fresh);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
