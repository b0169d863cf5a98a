import type { INodeProperties } from 'n8n-workflow';

import type { Provider } from '../../providers/contract';
import type { Field, ListField } from '../../providers/fields';
import { asCollection } from './parameters';
import type { Parameters } from './parameters';
import { asDescription, inEnglish } from './words';

/** A provider's fields as data become parameters of n8n's forms here, and their values are read here. */

/** What has the form of the value within whatever was pasted, such as the address of a page; else all of it. */
const withinPasted = ({ source }: RegExp): string => {
	const form = source.replace(/^\^|\$$/g, '').replaceAll('[0-9a-f]', '[0-9a-fA-F]');
	return `^(?:[\\s\\S]*?(?=${form}))?(${form}|[\\s\\S]*)`;
};

/** Under this name a node offers a provider's list. Lists of the same name are told apart by the provider. */
export const listMethod = (list: string): string =>
	`search${list.charAt(0).toUpperCase()}${list.slice(1)}s`;

function pickOrType(field: ListField): Partial<INodeProperties> {
	const { by, entryHint, example, form, label, pickFrom } = field;
	return {
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select a ${label.en.toLowerCase()}…`,
				typeOptions: { searchListMethod: listMethod(pickFrom), searchable: true },
			},
			{
				displayName: by === 'id' ? 'By ID' : 'By Name',
				name: by,
				type: 'string',
				...(example !== undefined && { placeholder: `e.g. ${example}` }),
				...(entryHint !== undefined && { hint: inEnglish(entryHint) }),
				...(form !== undefined && {
					extractValue: { type: 'regex', regex: withinPasted(form.pattern) },
				}),
			},
		],
	};
}

/** What sets a kind of field apart. */
function kindOf(field: Field): Partial<INodeProperties> {
	switch (field.kind) {
		case 'count': {
			const { least, most, usual = least } = field;
			const maxValue = most !== undefined && { maxValue: most };
			return { type: 'number', typeOptions: { minValue: least, ...maxValue }, default: usual };
		}
		case 'choice':
			return {
				type: 'options',
				options: field.options.map(({ value, label, hint }) => ({
					name: label.en,
					value,
					...(hint !== undefined && { description: asDescription(hint) }),
				})),
				default: field.usual ?? field.options[0]?.value ?? '',
			};
		case 'list':
			return pickOrType(field);
		case 'secret':
			return { typeOptions: { password: true } };
		case 'line':
		case 'reference':
		case 'url':
			return {};
	}
}

/** One field as a parameter, or as a property of a credential. */
export function propertyOf(field: Field): INodeProperties {
	const { accountDefault, example, hint, kind, label, name, onlyIf, required } = field;
	const hasExample = example !== undefined && kind !== 'list';
	return {
		displayName: label.en,
		name,
		type: 'string',
		default: '',
		...kindOf(field),
		...(required && !accountDefault && { required: true }),
		...(hasExample && { placeholder: `e.g. ${example}` }),
		...(hint !== undefined && { description: asDescription(hint) }),
		...(onlyIf !== undefined && { displayOptions: { show: { [onlyIf.field]: [onlyIf.is] } } }),
	};
}

/** n8n wants the entries of a collection in this order. */
export const byName = (a: INodeProperties, b: INodeProperties): number =>
	a.displayName.localeCompare(b.displayName, 'en');

const rarelySet = ({ fields }: Provider): readonly Field[] =>
	fields.filter(({ advanced }) => advanced);

/** The provider's fields that are rarely set; undefined: it has none. */
function collectionOf(provider: Provider): INodeProperties | undefined {
	const options = rarelySet(provider).map(propertyOf).sort(byName);
	if (options.length === 0) return undefined;
	return {
		displayName: `${provider.label} Options`,
		name: `${provider.name}Options`,
		type: 'collection',
		placeholder: `Add ${provider.label} Option`,
		default: {},
		options,
	};
}

/** What a user has to know who has chosen the provider. */
export const noticeFor = ({ name, notice }: Provider): INodeProperties[] =>
	notice === undefined
		? []
		: [
				{
					displayName: inEnglish(notice),
					name: `${name}Notice`,
					type: 'notice',
					default: '',
					displayOptions: { show: { provider: [name] } },
				},
			];

const plainFields = ({ fields }: Provider): INodeProperties[] =>
	fields.filter(({ advanced }) => !advanced).map(propertyOf);

/** The provider's own parameters of a call, shown when it is chosen. */
export function parametersFor(provider: Provider): INodeProperties[] {
	const collection = collectionOf(provider);
	const all = [...plainFields(provider), ...(collection ? [collection] : [])];
	return all.map((property) => ({
		...property,
		displayOptions: { show: { provider: [provider.name] } },
	}));
}

/** The values of a provider's own fields, by their names, as one item's form holds them; unchecked. */
export function fieldReader(
	provider: Provider,
	parameters: Parameters,
): (item: number) => Record<string, unknown> {
	const plain = plainFields(provider);
	const collection = collectionOf(provider);
	return (item) => ({
		...Object.fromEntries(plain.map((field) => [field.name, parameters.read(field, item)])),
		...(collection && asCollection(parameters.read(collection, item))),
	});
}
