import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/**
 * Replaces what stands between `<!-- name -->` and `<!-- /name -->` in a page of `docs/`, so that its
 * figures are never copied by hand.
 * @throws Error when the page has no such place
 */
export async function writeFigures(
	page: 'performance.md' | 'reliability.md',
	figures: Readonly<Record<string, string>>,
): Promise<void> {
	const path = fileURLToPath(new URL(`../../docs/${page}`, import.meta.url));
	const before = await readFile(path, 'utf8');
	const after = Object.entries(figures).reduce(
		(text, [name, content]) => replaceBetween(text, name, content),
		before,
	);
	const settings = (await resolveConfig(path)) ?? {};
	await writeFile(path, await format(after, { ...settings, filepath: path }));
}

function replaceBetween(text: string, name: string, content: string): string {
	const begin = `<!-- ${name} -->`;
	const end = `<!-- /${name} -->`;
	const from = text.indexOf(begin);
	const to = text.indexOf(end);
	if (from < 0 || to < from) throw new Error(`The page has no place for ${name}`);
	return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/** What a reader has to know of the machine. */
export function machine(): string {
	const memory = Math.round(totalmem() / 2 ** 30);
	return `${String(availableParallelism())} cores, ${String(memory)} GiB of memory, Node.js ${process.versions.node}`;
}

/** A table in Markdown. @param align of every column but the first */
export function markdownTable(
	head: readonly string[],
	body: ReadonlyArray<readonly string[]>,
	align: 'left' | 'right',
): string {
	const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	const rule = head.map((_, column) => (column > 0 && align === 'right' ? '---:' : '---'));
	return [head, rule, ...body].map(row).join('\n');
}

/** The value below which the share `part` (0 to 1) of the values lies; NaN when there are none. */
export function percentile(values: readonly number[], part: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	const index = Math.min(sorted.length - 1, Math.floor(sorted.length * part));
	return sorted[index] ?? NaN;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
	const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
	return (lower + upper) / 2;
}
