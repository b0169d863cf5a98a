import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { findProvider } from '../../../providers';
import { autocallForm } from './autocall';
import { bitelForm } from './bitel';
import type { SendForm } from './form';
import { sandboxForm } from './sandbox';

/** The forms of all providers, in the order in which builders choose from them. */
const forms: readonly SendForm[] = [bitelForm, autocallForm, sandboxForm];

/** What a builder chooses the provider from. */
export const providerChoices: INodePropertyOptions[] = forms.map(({ provider, description }) => ({
	name: findProvider(provider)?.label ?? provider,
	value: provider,
	description,
}));

/** The fields of all providers; each shows when its provider is chosen. */
export const providerFields: INodeProperties[] = forms.flatMap(({ provider, properties }) =>
	properties.map((property) => ({
		...property,
		displayOptions: { show: { provider: [provider] } },
	})),
);

/** The fields of this provider. */
export function fieldsOf(provider: string): readonly INodeProperties[] {
	return forms.find((form) => form.provider === provider)?.properties ?? [];
}
