import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as callFields from '../calls/fields';
import { providers } from '../providers';
import * as sharedFields from '../providers/sharedFields';

const root = fileURLToPath(new URL('..', import.meta.url));

const built = new Set(['node_modules', 'dist', 'coverage']);

/** The source files of a folder of the repository, by their path in it. */
const sources = (folder: string, endings = 'ts,mts,js,mjs'): readonly string[] =>
	globSync(`${folder}/**/*.{${endings}}`, {
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

/** The folders of `providers/` in which one lives. */
const providerFolders: readonly string[] = globSync('providers/*/adapter.ts', { cwd: root }).map(
	(file) => basename(dirname(file)),
);

/** The folder of a provider in which a file lies; undefined: it is of all of them. */
const ownerOf = (name: string): string | undefined =>
	providerFolders.find((folder) => name.startsWith(`providers/${folder}/`));

/** A file without its comments, its imports and what it exports again. */
const codeOf = (file: string): string =>
	textOf(file)
		.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, '')
		.replace(/^\s*\/\/.*$/gm, '')
		.replace(/^(?:import|export)\b[^;]*?\bfrom\b.*$/gm, '');

/** By what a provider is known: as flows have it, as people write it, and its credential. */
const namesOf = (name: string): RegExp => {
	const { label = name, account = null } = providers.find((one) => one.name === name) ?? {};
	const names = [name, ...label.split(' '), ...(account === null ? [] : [account.credential])];
	return new RegExp([...new Set(names)].map((word) => `\\b${word}`).join('|'), 'i');
};

/** Where all of them are listed, or passed on. */
const lists = /^(?:providers|tools\/simulator|tools\/simulator\/providers)\/index\.ts$/;

/** Where a provider may be named: what is added with it. */
const placesOf = (name: string): RegExp =>
	new RegExp(
		[
			`^providers/${name}/`,
			`^credentials/${name}\\w*\\.credentials\\.ts$`,
			`^icons/${name}\\b`,
			`^tools/simulator/providers/${name}/`,
		].join('|'),
		'i',
	);

/** True for a name that is no trade name: another provider's API may have the word for something of its own. */
const isCommonWord = (name: string): boolean =>
	providers.some((provider) => provider.name === name && provider.apiRoot === null);

const isOfAnother = (file: string, name: string): boolean =>
	providerFolders.some((folder) => folder !== name && placesOf(folder).test(file));

/** What is shipped. */
const product = ['providers', 'redaction', 'calls', 'nodes', 'node-red', 'credentials', 'icons'];

/** Examples take some provider, and words to search for hold the names of those that one may look for. */
const isExample = (file: string): boolean =>
	/(^|\/)(examples\/|package\.json$)|\.node\.json$/.test(file);

/** The names of the fields that calls and accounts of all providers have. */
const sharedNames: ReadonlySet<string> = new Set(
	[...Object.values(sharedFields), ...Object.values(callFields)].flatMap((value) => {
		const field = typeof value === 'function' ? value({}) : value;
		return 'name' in field ? [field.name] : [];
	}),
);

/** The names of the fields that are some providers' alone, and under which n8n's credentials hold them. */
const ownNames: readonly string[] = [
	...new Set(
		providers
			.flatMap(({ fields, account }) => [...fields, ...(account?.fields ?? [])])
			.flatMap(({ name, credentialName }) => [name, credentialName ?? name])
			.filter((name) => !sharedNames.has(name)),
	),
];

/** In code, in the ID of an element of a form, and in the keys of a locale. */
const fieldName = (name: string): RegExp =>
	new RegExp(`(?:(?<![\\w-])|input-|row-)${name}(?![\\w-])`);

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

	it('has every provider in the list of them', () => {
		assert.ok(providerFolders.length > 0);
		for (const name of providerFolders) {
			const isListed = providers.some((provider) => provider.name === name);
			assert.ok(
				isListed,
				`providers/index.ts lacks this line, and ${name} in the list:\nimport { ${name} } from './${name}/adapter';`,
			);
		}
		assert.equal(providers.length, providerFolders.length);
	});

	it('has a simulator of every provider with a server, and each in the list of them', () => {
		const index = 'tools/simulator/providers/index.ts';
		const missing = providers
			.filter(({ apiRoot }) => apiRoot !== null)
			.map(({ name }) => `export { ${name} } from './${name}/index';`)
			.filter((line) => !textOf(index).includes(line));
		assert.deepEqual(missing, [], `${index} lacks this line:\n${missing.join('\n')}`);
	});

	it('has no provider that knows another', () => {
		const wrong = sources('providers').flatMap((file) =>
			importsOf(file)
				.filter((name) => ownerOf(`${name}/`) !== undefined && file !== 'providers/index.ts')
				.filter((name) => ownerOf(`${name}/`) !== ownerOf(file))
				.map((name) => `${file} imports ${name}`),
		);
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

	for (const name of providerFolders) {
		for (const [what, folders] of [
			['in the product', product],
			['in the simulator and the build', ['tools/simulator', 'tools/build']],
		] as const) {
			it(`names a provider only where it lives: ${name} ${what}`, () => {
				const wrong = folders
					.flatMap((folder) => sources(folder, 'ts,mts,js,mjs,html,json,css,svg'))
					.filter((file) => !isExample(file) && !lists.test(file) && !placesOf(name).test(file))
					.filter((file) => !(isCommonWord(name) && isOfAnother(file, name)))
					.filter((file) => namesOf(name).test(file) || namesOf(name).test(textOf(file)));
				assert.deepEqual(wrong, []);
			});
		}
	}

	it('names a provider in a list of them only to list it', () => {
		const wrong = [...sources('providers'), ...sources('tools/simulator')]
			.filter((file) => lists.test(file))
			.flatMap((file) =>
				codeOf(file)
					.replace(/= \[[^\]]*\]/, '')
					.split('\n')
					.filter((line) => providerFolders.some((name) => namesOf(name).test(line)))
					.map((line) => `${file}: ${line}`),
			);
		assert.deepEqual(wrong, []);
	});

	it('knows the fields of a provider only where it lives', () => {
		const wrong = ['redaction', 'calls', 'nodes', 'node-red', 'credentials']
			.flatMap((folder) => sources(folder, 'ts,mts,js,mjs,html,json'))
			.filter((file) => !isExample(file))
			.filter((file) => !providerFolders.some((name) => placesOf(name).test(file)))
			.flatMap((file) => {
				const code = codeOf(file);
				const known = ownNames.filter((name) => fieldName(name).test(code));
				return known.map((name) => `${file} knows ${name}`);
			});
		assert.ok(ownNames.length > 0);
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
			.flatMap((folder) => sources(folder))
			.map((file) => ({ file, lines: textOf(file).split('\n').length }))
			.filter(({ lines }) => lines > 400);
		assert.deepEqual(long, []);
	});

	it('makes no exception from its type checks and lint rules', () => {
		const exception =
			/@ts-(ignore|nocheck|expect-error)|eslint-disable|:\s*any\s*[;,)=[|]|\bas any\b|<any>/;
		const wrong = ['providers', 'calls', 'nodes', 'credentials', 'node-red', 'redaction', 'tools']
			.flatMap((folder) => sources(folder))
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
