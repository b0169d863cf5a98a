import type {
	INodeCredentialDescription,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import {
	concurrencyField,
	pollIntervalField,
	providerField,
	simplifyField as simplify,
	timeoutField,
	waitTimeoutField,
} from '../../calls/fields';
import type { SecondsField } from '../../calls/fields';
import { invalidInput } from '../../calls/failures';
import { providers } from '../../providers';
import type { Provider } from '../../providers/contract';
import { isInvalid } from '../../providers/fields';
import { readCount } from '../../providers/reading/values';
import { propertyOf } from './fields';
import { asDescription } from './words';

/** Parameters that the nodes share. Times are seconds. */

const providerChoice = ({ label, name, summary }: Provider): INodePropertyOptions => ({
	name: label,
	value: name,
	description: asDescription(summary),
});

/** What a user chooses the provider from. */
export const providerProperty: INodeProperties = {
	displayName: providerField.label.en,
	name: providerField.name,
	type: 'options',
	noDataExpression: true,
	options: providers.map(providerChoice),
	default: String(providers[0]?.name),
};

/** For a node's description: each account is asked for when its provider is chosen. */
export const credentialsOfProviders: INodeCredentialDescription[] = providers.flatMap(
	({ account, name }) =>
		account === null
			? []
			: [
					{
						name: account.credential,
						required: true,
						displayOptions: { show: { provider: [name] } },
					},
				],
);

const secondsOption = ({ hint, label, least, name, usual }: SecondsField): INodeProperties => ({
	displayName: label.en,
	name,
	type: 'number',
	typeOptions: { minValue: least, numberPrecision: 1 },
	default: usual,
	description: asDescription(hint),
});

export const concurrencyOption: INodeProperties = {
	...propertyOf(concurrencyField),
	default: concurrencyField.usual,
	description: 'How many requests are under way at the same time. Waiting calls do not count.',
};

/** How many items are worked on at a time. @throws OtpCallError `invalid-input` */
export function readConcurrency(value: unknown): number {
	const count = readCount(value, concurrencyField) ?? concurrencyField.usual ?? 1;
	if (isInvalid(count)) throw invalidInput(count);
	return count;
}

export const pollIntervalOption = secondsOption(pollIntervalField);
export const timeoutOption = secondsOption(timeoutField);
export const waitTimeoutOption = secondsOption(waitTimeoutField);

export const optionsCollection: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [],
};

export const simplifyProperty: INodeProperties = {
	displayName: simplify.label.en,
	name: simplify.name,
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};
