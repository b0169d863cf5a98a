import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { findProvider } from '../../../providers';
import { autocallForm } from './autocall';
import { bitelForm } from './bitel';
import type { StatusForm } from './form';
import { sandboxForm } from './sandbox';

/** The forms of all providers, in the order in which builders choose from them. */
const forms: readonly StatusForm[] = [bitelForm, autocallForm, sandboxForm];

/** What a builder chooses the provider from. */
export const providerChoices: INodePropertyOptions[] = forms.map(({ provider, description }) => ({
	name: findProvider(provider)?.label ?? provider,
	value: provider,
	description,
}));

const filterCollection = (provider: string, filters: INodeProperties[]): INodeProperties => ({
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	options: filters,
	displayOptions: { show: { provider: [provider], operation: ['getAll'] } },
});

/** What the list of this provider's calls can be narrowed by. */
export function filtersOf(provider: string): INodeProperties | undefined {
	const filters = forms.find((form) => form.provider === provider)?.filters;
	return filters && filterCollection(provider, filters);
}

/** One collection of filters for each provider that has a list of calls. */
export const filterFields: INodeProperties[] = forms.flatMap(
	({ provider }) => filtersOf(provider) ?? [],
);
