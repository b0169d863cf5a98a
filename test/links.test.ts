import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
	home,
	pagesElsewhere as pages,
	serversElsewhere as servers,
} from '../tools/build/publishable';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The files of the repository as they are, for pictures in pages that are shown elsewhere. */
const rawHome = home.replace('github.com', 'raw.githubusercontent.com');

const built = new Set(['node_modules', 'dist', 'coverage', '.cache']);
const files = (...patterns: readonly string[]): readonly string[] =>
	globSync(patterns, { cwd: root, exclude: (name) => built.has(basename(name)) });

/** Pages that people read. */
const markdown = files('*.md', 'docs/**/*.md', 'node-red/*.md', 'tools/**/*.md');

/** All that a user of the nodes may meet. */
const met = [
	...markdown,
	...files('{calls,credentials,nodes,providers,redaction}/**/*.{ts,json}'),
	...files('node-red/**/*.{ts,html,json}', 'examples/**/*.json', 'package.json'),
];

/** Text without what is shown as code: what looks like a link there is none. */
const prose = (text: string): string =>
	text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

/** What GitHub calls a heading in an address. */
const anchorOf = (heading: string): string =>
	heading
		.replace(/`|\*/g, '')
		.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.trim()
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');

const anchorsIn = (file: string): ReadonlySet<string> =>
	new Set(
		[
			...read(file)
				.replace(/^```[\s\S]*?^```/gm, '')
				.matchAll(/^#{1,6} (.+)$/gm),
		].map(([, heading = '']) => anchorOf(heading)),
	);

/** What is wrong with a link to a file of this repository; undefined: nothing. */
function brokenPath(path: string, anchor: string): string | undefined {
	if (!existsSync(join(root, path))) return `there is no ${path}`;
	if (anchor === '' || anchorsIn(path).has(anchor)) return undefined;
	return `${path} has no heading ${anchor}`;
}

/** The targets of a page's own links and pictures. */
const targetsIn = (text: string): readonly string[] =>
	[...text.matchAll(/\]\(([^)\s]+)[^)]*\)|(?:src|srcset|href)="([^"\s]+)"/g)].map(
		([, inMarkdown, inHtml]) => inMarkdown ?? inHtml ?? '',
	);

/** A host that stands for that of the reader. */
const isExample = (host: string): boolean =>
	/^(localhost|127\.0\.0\.1|\[::1\])$|(^|\.)example(\.\w+)?$|\.invalid$/.test(host);

/** What is wrong with an address; undefined: nothing. */
function brokenAddress(address: string): string | undefined {
	const { hash, hostname, href } = new URL(address);
	if (isExample(hostname) || pages.includes(address)) return undefined;
	if (servers.some((server) => address === server)) return undefined;
	const anchor = hash.slice(1);
	const bare = href.slice(0, href.length - hash.length);
	if (bare === `${home}.git` || bare === `${home}/issues`) return undefined;
	if (bare === home) return brokenPath('README.md', anchor === 'readme' ? '' : anchor);
	for (const start of [`${home}/blob/main/`, `${home}/tree/main/`, `${rawHome}/main/`]) {
		if (bare.startsWith(start)) return brokenPath(bare.slice(start.length), anchor);
	}
	return 'it is none of docs/addresses.json';
}

/** The addresses in a file that are written out. */
const addressesIn = (text: string): readonly string[] =>
	[...text.matchAll(/https?:\/\/[\w.[\]-]+[^\s"'`<>()[\]{}\\|…]*/g)]
		.map(([address]) => address.replace(/[.,;:!?]+$/, ''))
		.filter((address) => URL.canParse(address));

describe('The links', () => {
	for (const page of markdown) {
		it(`lead to what is there: ${page}`, () => {
			const broken = targetsIn(prose(read(page)))
				.filter((target) => !/^(https?|mailto):/.test(target))
				.flatMap((target) => {
					const [path = '', anchor = ''] = target.split('#');
					const file =
						path === ''
							? page
							: relative(root, resolve(root, dirname(page), decodeURIComponent(path)));
					const why = brokenPath(file, anchor);
					return why === undefined ? [] : [`${target}: ${why}`];
				});
			assert.deepEqual(broken, []);
		});
	}

	it('that leave this repository are known, and those that come back to it lead to what is there', () => {
		const broken = met.flatMap((file) =>
			addressesIn(read(file)).flatMap((address) => {
				const why = brokenAddress(address);
				return why === undefined ? [] : [`${file}: ${address}: ${why}`];
			}),
		);
		assert.deepEqual(broken, []);
	});

	it('are all of the known addresses', () => {
		const used = new Set(met.flatMap((file) => addressesIn(read(file))));
		const dead = [...pages, ...servers].filter((address) => !used.has(address));
		assert.deepEqual(dead, []);
	});
});
