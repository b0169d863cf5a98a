import { accountFieldsOf } from '../../calls/account';
import { wordsIn } from '../../calls/words';
import type { Provider, ProviderEvents } from '../../providers/contract';
import type { Field, Language, Words } from '../../providers/fields';
import { filterProperty } from './fields';
import type { FormField, ProviderForm, Source } from './form';
import { vocabularyIn } from './words';

/** A provider's fields as data become what Node-RED's forms are made of: plain data, and words beside it. */

const elsewhere: readonly Source[] = ['flow', 'global', 'jsonata', 'env'];

const sourcesOf = ({ kind, perCall }: Field): FormField['sources'] => {
	if (kind === 'count') return ['num', 'msg', ...elsewhere];
	return perCall === true ? ['msg', 'str', ...elsewhere] : ['str', 'msg', ...elsewhere];
};

/** What sets a kind of field apart. */
const kindOf = (field: Field): Partial<FormField> => {
	switch (field.kind) {
		case 'count':
			return { least: field.least, ...(field.most !== undefined && { most: field.most }) };
		case 'list':
			return { pickFrom: field.pickFrom };
		case 'choice': {
			const options = field.options.map(({ value }) => value);
			return { options, usual: field.usual ?? options[0] ?? '' };
		}
		case 'line':
		case 'reference':
		case 'secret':
		case 'url':
			return {};
	}
};

const formField = (field: Field, property: string, hasPlaceholder: boolean): FormField => ({
	name: field.name,
	property,
	kind: field.kind,
	icon: field.icon ?? 'pencil',
	sources: sourcesOf(field),
	required: field.required === true,
	advanced: field.advanced === true,
	accountDefault: field.accountDefault === true,
	hasPlaceholder,
	hasHint: field.hint !== undefined,
	usual: '',
	...(field.onlyIf !== undefined && { onlyIf: field.onlyIf }),
	...kindOf(field),
});

const ownField = (field: Field): FormField =>
	formField(field, field.name, field.placeholder !== undefined || field.example !== undefined);

/** An empty filter lets everything through, and says so. */
const filterField = (field: Field): FormField => formField(field, filterProperty(field.name), true);

const toldOf = ({ perCall, registration }: ProviderEvents) => {
	if (registration !== undefined) return 'by the node';
	return perCall === undefined ? 'by hand' : 'with each call';
};

/** What the editor has to know of a provider. */
export const formOf = (provider: Provider): ProviderForm => ({
	name: provider.name,
	label: provider.label,
	countries: provider.countries.map(({ code }) => code),
	hasServer: provider.apiRoot !== null,
	account: accountFieldsOf(provider).map(ownField),
	tokenIf: provider.account?.token.onlyIf ?? null,
	send: provider.fields.map(ownField),
	filters: provider.calls?.filters.map(filterField) ?? null,
	hasRecords: provider.planRecord !== undefined,
	code: {
		digitsOnly: provider.codeRule.alphabet === 'digits',
		maxLength: provider.codeRule.maxLength,
	},
	events:
		provider.events === undefined
			? null
			: { types: provider.events.types, told: toldOf(provider.events) },
});

const forExample: Words = { en: 'e.g.', fa: 'مثلاً', vi: 'ví dụ' };
const any: Words = { en: 'any', fa: 'هر کدام', vi: 'bất kỳ' };

/** The words of one field, in one language. */
interface FieldWords {
	readonly label: string;
	readonly placeholder?: string;
	readonly hint?: string;
	readonly option?: Readonly<Record<string, string>>;
}

const asSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function wordsOfField(field: Field, language: Language, isFilter: boolean): FieldWords {
	const { example, hint, label, placeholder } = field;
	const say = (words: Words): string => wordsIn(words[language], vocabularyIn(language));
	const shown = isFilter && placeholder === undefined ? any : placeholder;
	const likeThis = example !== undefined && `${forExample[language]} ${example}`;
	return {
		label: say(label),
		...(shown !== undefined ? { placeholder: say(shown) } : likeThis && { placeholder: likeThis }),
		...(hint !== undefined && { hint: asSentence(say(hint)) }),
		...(field.kind === 'choice' && {
			option: Object.fromEntries(field.options.map((option) => [option.value, say(option.label)])),
		}),
	};
}

const fieldsIn = (provider: Provider, form: 'account' | 'send' | 'filters'): readonly Field[] => {
	if (form === 'account') return accountFieldsOf(provider);
	return form === 'send' ? provider.fields : (provider.calls?.filters ?? []);
};

/**
 * The words of the providers' own fields in a form: `<provider>.field.<field>`, and `<provider>.about`.
 * @internal for the build
 */
export function wordsOfProviders(
	providers: readonly Provider[],
	form: 'account' | 'send' | 'filters',
	language: Language,
): Readonly<Record<string, unknown>> {
	return Object.fromEntries(
		providers.map((provider) => {
			const { name, notice, summary } = provider;
			const about = asSentence((notice ?? summary)[language]);
			const field = Object.fromEntries(
				fieldsIn(provider, form).map((each) => [
					each.name,
					wordsOfField(each, language, form === 'filters'),
				]),
			);
			return [name, { ...(form === 'account' && { about }), field }];
		}),
	);
}
