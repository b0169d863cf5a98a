import { fileURLToPath } from 'node:url';
import { machine, writeFigures } from '../bench/report/page';
import type { Finding } from './verdict';

const PAGE = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));

/** What was found under one title. */
export interface Section {
	/** For the place in the page. */
	readonly name: string;
	readonly title: string;
	readonly findings: readonly Finding[];
	/** What else is worth knowing, one line each. */
	readonly notes: readonly string[];
}

/** A section in Markdown. */
export function shown({ title, findings, notes }: Section): string {
	return [
		`**${title}**`,
		'',
		'| promise | seen | |',
		'| --- | --- | --- |',
		...findings.map(
			({ promise, seen, kept }) => `| ${promise} | ${seen} | ${kept ? 'kept' : '**broken**'} |`,
		),
		'',
		...notes.map((note) => `- ${note}`),
	].join('\n');
}

/** Puts what was found into docs/reliability.md. */
export async function writeReliabilityPage(sections: readonly Section[]): Promise<void> {
	const figures = Object.fromEntries(sections.map((section) => [section.name, shown(section)]));
	await writeFigures(PAGE, {
		conditions: `On ${machine()}; simulator and hosts share the cores.`,
		...figures,
	});
}
