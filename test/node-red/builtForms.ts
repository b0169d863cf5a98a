import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

import { rowHtml } from '../../node-red/editor/rows';
import type { NodeType } from '../../node-red/forms/fields';
import type { FormField, ProviderForm } from '../../node-red/forms/form';
import { locales } from '../../node-red/forms/words';

/** Reads the forms of a built palette as a user sees them, provider by provider. */

type Words = Readonly<Record<string, unknown>>;

/** One row of a form. */
interface Row {
	readonly field: string;
	readonly icon: string;
	/** Where the value of a provider's own field may come from. */
	readonly sources?: readonly string[];
	readonly required?: boolean;
	readonly pick?: boolean;
	/** Label, placeholder, what stands beside and under it, and what can be chosen, by locale. */
	readonly words: Readonly<Record<string, Words>>;
}

export interface BuiltForm {
	/** The start values of a new node, by the names of its properties. */
	readonly defaults: Words;
	readonly credentials: readonly string[];
	/** By the provider's name. */
	readonly rows: Readonly<Record<string, readonly Row[]>>;
}

interface Definition {
	readonly defaults: Readonly<Record<string, { readonly value?: unknown }>>;
	readonly credentials?: Words;
}

/** What a form's script registers. */
function definitionIn(html: string): Definition {
	const [, script = ''] = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html) ?? [];
	let registered: Definition = { defaults: {} };
	const registerType = (_: string, definition: Definition): void => {
		registered = definition;
	};
	runInNewContext(script, { RED: { nodes: { registerType } } });
	return registered;
}

const isWords = (value: unknown): value is Words => typeof value === 'object' && value !== null;

function wordAt(words: unknown, path: string): string {
	const found = path
		.split('.')
		.reduce<unknown>((inner, key) => (isWords(inner) ? inner[key] : undefined), words);
	return typeof found === 'string' ? found : `(no word for ${path})`;
}

/** Without the signs that give a text its direction. */
const tidy = (text: string): string =>
	text
		.replace(/[\u2066-\u2069]/g, '')
		.replace(/\s+/g, ' ')
		.trim();

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&quot;': '"', '&lt;': '<' };
const plain = (html: string): string =>
	tidy(html.replace(/&\w+;/g, (entity) => entities[entity] ?? entity));

/** The words of all elements of a kind in a part of a form: by their keys, or as they stand there. */
const wordsIn = (part: string, element: RegExp, words: unknown): readonly string[] =>
	[...part.matchAll(element)].map(([, key, text = '']) =>
		key === undefined ? plain(text) : tidy(wordAt(words, key)),
	);

const label = /<span(?:\s+data-i18n="([^"]+)")?\s*>([^<]*)/g;
const option = /<option\b[^>]*?(?:data-i18n="([^"]+)"[^>]*)?>([^<]*)/g;
const unit = /class="otp-call-unit"\s+data-i18n="([^"]+)"/g;
const placeholder = /(?:data-i18n="\[placeholder\]([^"]+)"|placeholder="([^"]*)")/g;
const hint = /class="form-tips"[^>]*?(?:data-i18n="([^"]+)"[^>]*)?>([^<]*)/g;

function wordsOfRow(row: string, hints: string, words: unknown): Words {
	const [first, ...others] = wordsIn(row, label, words);
	const all = {
		label: first,
		placeholder: wordsIn(row, placeholder, words)[0],
		unit: wordsIn(row, unit, words)[0],
		options: [...others, ...wordsIn(row, option, words)],
		hints: wordsIn(hints, hint, words).filter((text) => text !== ''),
	};
	return Object.fromEntries(
		Object.entries(all).filter(([, said]) => said !== undefined && said.length > 0),
	);
}

/** Rows that only some providers have. */
const isShown = (row: string, provider: ProviderForm): boolean => {
	const [opening = ''] = row.split('>');
	if (opening.includes('data-needs="calls"')) return provider.filters !== null;
	if (opening.includes('data-needs="record"')) return provider.hasRecords;
	return !opening.includes('data-network') || provider.hasServer;
};

const fieldOf = (row: string): string =>
	/id="node-(?:config-)?input-(\w+)"/.exec(row)?.[1] ??
	/data-i18n="[\w-]+\.label\.(\w+)"/.exec(row)?.[1] ??
	'';

/** The fields that a provider gives to a node's form. */
const ownFields = (type: NodeType, provider: ProviderForm): readonly FormField[] => {
	if (type === 'otp-call-account') return provider.account;
	if (type === 'send-otp-call') return provider.send;
	return type === 'get-otp-call-status' ? (provider.filters ?? []) : [];
};

/** Whether values may come from elsewhere. */
const isTyped = (type: NodeType): boolean => type !== 'otp-call-account';

/** The form with the rows of a provider in it. */
function withOwnRows(html: string, type: NodeType, provider: ProviderForm, words: unknown): string {
	const say = (key: string): string => wordAt(words, `${type}.${key}`);
	const rowOf = (field: FormField): string =>
		rowHtml(field, {
			prefix: isTyped(type) ? 'node-input' : 'node-config-input',
			isTyped: isTyped(type),
			say: (key) => say(`provider.${provider.name}.field.${field.name}.${key}`),
			pick: say('label.pick'),
		});
	const about = isTyped(type) ? '' : say(`provider.${provider.name}.about`);
	const [, template = ''] = /data-template-name="[^"]+">([\s\S]*?)<\/script>/.exec(html) ?? [];
	const folded = `<div id="${type}-own-more"></div>`;
	const isFolded = ({ advanced }: FormField): boolean => advanced && template.includes(folded);
	const rowsWhere = (isWanted: (field: FormField) => boolean): string =>
		ownFields(type, provider).filter(isWanted).map(rowOf).join('\n');
	return template
		.replace(`<div id="${type}-own"></div>`, () => rowsWhere((field) => !isFolded(field)))
		.replace(folded, () => rowsWhere(isFolded))
		.replace('id="otp-call-account-about">', () => `>${about.replace(/<[^>]+>/g, '')}`)
		.replace('id="otp-call-event-paste"', 'data-i18n="otp-call-event.tip.paste"');
}

/** The rows of a provider's form in order, their words in every language. */
function rowsOf(
	html: string,
	type: NodeType,
	provider: ProviderForm,
	wordsByLocale: Words,
): readonly Row[] {
	const inLocales = Object.entries(wordsByLocale).map(([locale, words]) => ({
		locale,
		words,
		parts: withOwnRows(html, type, provider, words)
			.split(/(?=<div\s+class="form-row)/)
			.slice(1),
	}));
	const first = inLocales[0]?.parts ?? [];
	return first.flatMap((part, index) => {
		if (!isShown(part, provider)) return [];
		const field = fieldOf(part);
		const own = ownFields(type, provider).find(({ property }) => property === field);
		const words = inLocales.map(({ locale, parts, words: said }): [string, Words] => {
			const [row = '', ...hints] = (parts[index] ?? '').split(/(?=<div\s+class="form-tips)/);
			return [locale, wordsOfRow(row, hints.join(''), said)];
		});
		return [
			{
				field,
				icon: /fa-([\w-]+)/.exec(part)?.[1] ?? '',
				...(own !== undefined && { required: own.required }),
				...(own !== undefined && isTyped(type) && { sources: own.sources }),
				...(part.includes('data-pick') && { pick: true }),
				words: Object.fromEntries(words),
			},
		];
	});
}

/** A node's form as it was built. @param folder of the built palette */
export function readBuiltForm(
	folder: string,
	type: NodeType,
	providers: readonly ProviderForm[],
): BuiltForm {
	const html = readFileSync(join(folder, `${type}.html`), 'utf8');
	const wordsByLocale = Object.fromEntries(
		Object.values(locales).map((locale) => [
			locale,
			JSON.parse(readFileSync(join(folder, 'locales', locale, `${type}.json`), 'utf8')) as unknown,
		]),
	);
	const { credentials = {}, defaults } = definitionIn(html);
	return {
		defaults: Object.fromEntries(
			Object.entries(defaults).map(([name, { value }]) => [name, value ?? null]),
		),
		credentials: Object.keys(credentials),
		rows: Object.fromEntries(
			providers.map((provider) => [provider.name, rowsOf(html, type, provider, wordsByLocale)]),
		),
	};
}
