// Makes what Node-RED's editor loads of each node: one HTML file with the form, its style and its script,
// and the words and the help in each language. Everything is inline, since a file that the editor cannot
// load would stop it. The providers' fields go in as data: nothing of their adapters comes along.
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

import { fieldsOfForms } from '../../node-red/forms/fields';
import type { NodeType } from '../../node-red/forms/fields';
import type { ProviderForm } from '../../node-red/forms/form';
import { formOf, wordsOfProviders } from '../../node-red/forms/providerForms';
import { locales, nodeLabels } from '../../node-red/forms/words';
import type { Provider } from '../../providers/contract';
import { languages } from '../../providers/fields';
import type { Language } from '../../providers/fields';

const nodeRed = fileURLToPath(new URL('../../node-red', import.meta.url));

const nodeTypes = Object.keys(fieldsOfForms).filter((name): name is NodeType =>
	Object.hasOwn(fieldsOfForms, name),
);

const read = (...path: readonly string[]): string =>
	readFileSync(join(nodeRed, ...path), 'utf8').trim();

function write(file: string, text: string): void {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, `${text.trim()}\n`);
}

/** The form's rows, with the parts that several forms share. */
function composeRows(type: NodeType): string {
	const rows = read('nodes', type, 'form.html').replace(
		/<!--@include (\w+)-->/g,
		(_, name: string) => read('editor', `${name}.html`),
	);
	return rows.replaceAll('@type.', `${type}.`);
}

/** The shared style, and the node's own where it has some. */
function composeStyle(type: NodeType): string {
	const files = [
		['editor', 'forms.css'],
		['editor', 'pickList.css'],
		['nodes', type, 'form.css'],
	];
	return files
		.filter((path) => existsSync(join(nodeRed, ...path)))
		.map((path) => read(...path))
		.join('\n');
}

/** The names of the properties that a provider's fields give to each node, in `defaults` or `credentials`. */
function ownNames(forms: readonly ProviderForm[], type: NodeType, of: string): readonly string[] {
	const withSource = (property: string): readonly string[] => [property, `${property}Type`];
	const namesOf = (form: ProviderForm): readonly string[] => {
		switch (type) {
			case 'send-otp-call':
				return form.send.flatMap(({ property }) => withSource(property));
			case 'get-otp-call-status':
				return (form.filters ?? []).flatMap(({ property }) => withSource(property));
			case 'otp-call-account':
				return form.account
					.filter(({ kind }) => (kind === 'secret') === (of === 'credentials'))
					.map(({ property }) => property);
			case 'check-otp-code':
			case 'otp-call-event':
				return [];
		}
	};
	return [...new Set(forms.flatMap(namesOf))];
}

interface Part {
	readonly type: string;
	readonly start: number;
	readonly end: number;
	readonly [name: string]: unknown;
}

const isPart = (value: unknown): value is Part =>
	typeof value === 'object' &&
	value !== null &&
	'type' in value &&
	typeof value.type === 'string' &&
	'start' in value &&
	'end' in value;

/** Every part of a program of a type. */
function partsOf(part: unknown, type: string): readonly Part[] {
	if (Array.isArray(part)) return part.flatMap((each) => partsOf(each, type));
	if (!isPart(part)) return [];
	const inner = Object.values(part).flatMap((each) => partsOf(each, type));
	return part.type === type ? [part, ...inner] : inner;
}

const listIn = (part: Part, name: string): readonly Part[] => {
	const list = part[name];
	return Array.isArray(list) ? list.filter(isPart) : [];
};

const nameOf = ({ key }: Part): string | undefined => {
	const name = isPart(key) ? key['name'] : undefined;
	return typeof name === 'string' ? name : undefined;
};

/**
 * Writes out what `defaults` and `credentials` of a node are made of: whoever checks a palette, such as
 * Node-RED's scorecard, reads the names there and runs nothing.
 * @throws when two of them have the same name
 */
function spellOut(
	script: string,
	type: NodeType,
	forms: readonly ProviderForm[],
	between: string,
): string {
	const definitions = partsOf(parseAst(script), 'CallExpression').flatMap((call) => {
		const [first, second] = listIn(call, 'arguments');
		return first?.['value'] === type && second?.type === 'ObjectExpression' ? [second] : [];
	});
	const edits = definitions.flatMap((definition) =>
		listIn(definition, 'properties').flatMap((property) => {
			const of = nameOf(property);
			const value = property['value'];
			if ((of !== 'defaults' && of !== 'credentials') || !isPart(value)) return [];
			const members = listIn(value, 'properties');
			const own = ownNames(forms, type, of);
			const twice = members.map(nameOf).find((name) => name !== undefined && own.includes(name));
			if (twice !== undefined) {
				throw new Error(`A provider's field is called ${twice}, as one of ${type} is`);
			}
			return members
				.filter((member) => member.type === 'SpreadElement')
				.map(({ argument, start, end }) => {
					const source = isPart(argument) ? script.slice(argument.start, argument.end) : '';
					const text = own.map((name) => `${name}: ${source}.${name}`).join(`,${between}`);
					return { start, end, text };
				});
		}),
	);
	return edits
		.sort((a, b) => b.start - a.start)
		.reduce(
			(text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end),
			script,
		);
}

/** The script of a form, in one piece. */
async function bundleScript(
	type: NodeType,
	forms: readonly ProviderForm[],
	sourcemap: boolean,
): Promise<string> {
	const build = await rolldown({
		input: join(nodeRed, 'nodes', type, 'editor.ts'),
		platform: 'browser',
		transform: { target: 'es2022', define: { PROVIDER_FORMS: JSON.stringify(forms) } },
		onLog: (level, log) => {
			if (level === 'warn') throw new Error(`The build warns: ${log.message}`);
		},
	});
	const { output } = await build.generate({
		format: 'iife',
		strict: true,
		sourcemap: sourcemap ? 'inline' : false,
	});
	await build.close();
	// A source map counts lines.
	const between = sourcemap ? ' ' : '\n\t\t\t';
	return spellOut(output[0].code, type, forms, between).replaceAll('</script', '<\\/script');
}

async function composeHtml(
	type: NodeType,
	forms: readonly ProviderForm[],
	sourcemap: boolean,
): Promise<string> {
	const script = await bundleScript(type, forms, sourcemap);
	return `<script type="text/html" data-template-name="${type}">
<div class="otp-call-form" id="${type}-form" data-i18n="[dir]${type}.direction">
${composeRows(type)}
</div>
</script>

<style>
${composeStyle(type)}
</style>

<script type="text/javascript">${script.trim()}
</script>`;
}

type Words = Readonly<Record<string, unknown>>;

const isWords = (value: unknown): value is Words => typeof value === 'object' && value !== null;

function merge(base: Words, over: Words): Words {
	const merged: Record<string, unknown> = { ...base };
	for (const [key, value] of Object.entries(over)) {
		const before = merged[key];
		merged[key] = isWords(value) && isWords(before) ? merge(before, value) : value;
	}
	return merged;
}

function readWords(...path: readonly string[]): Words {
	const words: unknown = JSON.parse(read(...path));
	return isWords(words) ? words : {};
}

const formsWithOwnFields = {
	'otp-call-account': 'account',
	'send-otp-call': 'send',
	'get-otp-call-status': 'filters',
} as const;

const ownForm = (type: NodeType): 'account' | 'send' | 'filters' | undefined =>
	type === 'otp-call-event' || type === 'check-otp-code' ? undefined : formsWithOwnFields[type];

/** What is written from left to right, with the signs and words in Latin letters that belong to it. */
const latin = /[%#$@{]*[A-Za-z](?:[\w.%/:@#{}~-]*[\w/}])?(?: [A-Za-z](?:[\w.%/:@#{}~-]*[\w/}])?)*/g;

/**
 * Words that run from right to left, with what runs the other way set apart: `%token` and `https://` would
 * lose their signs to the other end. Not of HTML, nor of what is compared or cut to a length.
 */
function withIsolates(words: Words): Words {
	const plain: readonly string[] = ['status', 'language', 'direction', 'find'];
	const isolated = (value: unknown): unknown => {
		if (isWords(value))
			return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, isolated(each)]));
		if (typeof value !== 'string' || value.includes('<')) return value;
		// A place for a word, such as {label}, is filled with one of the same language.
		return value.replace(latin, (text) =>
			/^\{\w+\}$|^__\w+__$/.test(text) ? text : `\u2066${text}\u2069`,
		);
	};
	return Object.fromEntries(
		Object.entries(words).map(([key, value]) => [
			key,
			plain.includes(key) ? value : isolated(value),
		]),
	);
}

/** A node's words: those of all nodes, its own, those of its fields and those of the providers' fields. */
function composeWords(type: NodeType, providers: readonly Provider[], language: Language): Words {
	const file = `${locales[language]}.json`;
	const label = Object.fromEntries(
		fieldsOfForms[type].map((field) => [field.name, field.label[language]]),
	);
	const form = ownForm(type);
	const words = [
		readWords('locales', file),
		readWords('nodes', type, 'locales', file),
		{ label: { ...label, node: nodeLabels[type][language] } },
		form === undefined ? {} : { provider: wordsOfProviders(providers, form, language) },
	].reduce(merge);
	if (words['direction'] !== 'rtl') return words;
	// It stands on the canvas and in sentences of the editor, which run from left to right.
	const node = `\u2067${nodeLabels[type][language]}\u2069`;
	return merge(withIsolates(words), { label: { node } });
}

/** A node's help, with what the providers say of themselves. */
function composeHelp(text: string, providers: readonly Provider[], language: Language): string {
	const summaries = providers.map(({ label, summary }) => `<b>${label}</b>: ${summary[language]}`);
	const notices = providers.flatMap(({ notice }) =>
		notice === undefined ? [] : [notice[language]],
	);
	return text
		.replaceAll('<!--@providers-->', summaries.join('.<br />'))
		.replaceAll('<!--@notices-->', notices.join('.<br />'));
}

/** Writes form, words, help and icon of every node into `outDir`, beside the runtime files. */
export async function buildEditor(
	providers: readonly Provider[],
	outDir: string,
	{ sourcemap = false }: { readonly sourcemap?: boolean } = {},
): Promise<void> {
	const forms = providers.map(formOf);
	for (const type of nodeTypes) {
		write(join(outDir, `${type}.html`), await composeHtml(type, forms, sourcemap));
		for (const language of languages) {
			const folder = join(outDir, 'locales', locales[language]);
			const words = { [type]: composeWords(type, providers, language) };
			write(join(folder, `${type}.json`), JSON.stringify(words, null, '\t'));
			const help = join(nodeRed, 'nodes', type, 'help', `${locales[language]}.html`);
			if (existsSync(help)) {
				const text = composeHelp(readFileSync(help, 'utf8'), providers, language);
				write(join(folder, `${type}.html`), text);
			}
		}
	}
	mkdirSync(join(outDir, 'icons'), { recursive: true });
	for (const file of globSync('nodes/*/*.svg', { cwd: nodeRed })) {
		cpSync(join(nodeRed, file), join(outDir, 'icons', basename(file)));
	}
}
