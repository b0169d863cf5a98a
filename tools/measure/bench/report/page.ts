import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { format, resolveConfig } from 'prettier';

/**
 * Replaces what stands between `<!-- name -->` and `<!-- /name -->` in a page, so that its figures are
 * never copied by hand.
 * @throws Error when the page has no such place
 */
export async function writeFigures(
	page: string,
	figures: Readonly<Record<string, string>>,
): Promise<void> {
	const before = await readFile(page, 'utf8');
	const after = Object.entries(figures).reduce(
		(text, [name, content]) => replaceBetween(text, name, content),
		before,
	);
	const settings = (await resolveConfig(page)) ?? {};
	await writeFile(page, await format(after, { ...settings, filepath: page }));
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
