import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository, say } from '../hosts/programs';

/** What a text of the README says in such words. @throws AssertionError when it does not say it so any more */
export function said(text: string, pattern: RegExp): readonly RegExpMatchArray[] {
	const found = [...text.matchAll(pattern)];
	assert.notEqual(found.length, 0, `The README does not say ${String(pattern)}`);
	return found;
}

/** A paragraph of the README in one line, by how it begins. */
export function readmeParagraph(beginning: string): string {
	const readme = readFileSync(join(repository, 'README.md'), 'utf8');
	const found = readme.split('\n\n').find((text) => text.startsWith(beginning));
	assert.ok(found !== undefined, `The README has no paragraph that begins with ${beginning}`);
	return found.replace(/\s+/g, ' ');
}

/** What a newcomer had to do for the first call, from the empty editor to the end of the call. */
export interface FirstCall {
	/** As the README calls it, with its version. */
	readonly host: string;
	readonly clicks: number;
	readonly keys: number;
	/** From the empty editor until the end of the call is shown, by a script that never hesitates. */
	readonly seconds: number;
}

/**
 * Counts in the page what a hand does with mouse and keyboard; run it before the page's own scripts. `effort` tells.
 */
export const countEffort = `
	globalThis.effort = { clicks: 0, keys: 0 };
	addEventListener('pointerdown', () => { globalThis.effort.clicks += 1; }, true);
	addEventListener('keydown', () => { globalThis.effort.keys += 1; }, true);
`;

/** What a call of the sandbox must not exceed. */
export const limitSeconds = 60;

/** What a hand needs for each: S. K. Card, T. P. Moran, A. Newell, The Keystroke-Level Model, CACM 23 (1980) 7. */
const handSeconds = { click: 1.1 + 0.2 + 0.4, key: 0.28 };

/** How long it takes a practised person: what the script took, and the movements of a hand. */
export const secondsByHand = ({ clicks, keys, seconds }: FirstCall): number =>
	seconds + clicks * handSeconds.click + keys * handSeconds.key;

const file = join(repository, 'docs', 'first-call.md');

const head = `# The first call, counted

What stands in the README under _Your first call_ is done in each real editor by a script, as written there, with mouse and
keyboard (\`npm run e2e\`). Counted from the empty editor until the end of the call is shown, six seconds of which are the call
itself. _By script_ hesitates nowhere; _by hand_ adds what a practised hand needs to point and to type (1.7 s for each click,
0.28 s for each key). The test fails when a hand would need more than ${limitSeconds} seconds.

Written by \`WRITE_FIRST_CALL=1 npm run e2e -- --grep "first call"\`.

`;

type Row = readonly string[];

const columns: Row = ['host', 'clicks', 'keys', 'by script', 'by hand'];

const rowOf = (call: FirstCall): Row => [
	call.host,
	String(call.clicks),
	String(call.keys),
	`${call.seconds.toFixed(0)} s`,
	`${secondsByHand(call).toFixed(0)} s`,
];

/** The table in Markdown, as the formatter would lay it out. */
function tableOf(rows: readonly Row[]): string {
	const widthOf = (column: number) =>
		Math.max(...[columns, ...rows].map((row) => row[column]?.length ?? 0));
	const line = (row: Row) =>
		`| ${row.map((cell, column) => cell.padEnd(widthOf(column))).join(' | ')} |`;
	const rule = columns.map((_, column) => '-'.repeat(widthOf(column)));
	return `${[columns, rule, ...rows].map(line).join('\n')}\n`;
}

/** Says what the first call took, and writes it to `docs/first-call.md` if the environment asks for it. */
export function recordFirstCall(call: FirstCall): void {
	say(
		`${call.host}: ${call.clicks} clicks, ${call.keys} keys, ${call.seconds.toFixed(1)} s, by hand ${secondsByHand(call).toFixed(0)} s`,
	);
	if (process.env['WRITE_FIRST_CALL'] !== '1') return;
	const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
	const others = lines
		.filter((line) => / s +\|$/.test(line))
		.map((line) =>
			line
				.split('|')
				.slice(1, -1)
				.map((cell) => cell.trim()),
		)
		.filter(([host]) => host !== call.host);
	const rows = [...others, rowOf(call)].sort(([a = ''], [b = '']) => a.localeCompare(b, 'en'));
	writeFileSync(file, head + tableOf(rows));
}
