import type {
	IDisplayOptions,
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
import type { FieldName } from '../../providers/fields';
import { readCount } from '../../providers/reading/values';
import { propertyOf } from './fields';
import { asDescription } from './words';

/** Parameters that the nodes share. Times are seconds. */

const providerChoice = ({ label, name, summary }: Provider): INodePropertyOptions => ({
	name: label,
	value: name,
	description: asDescription(summary),
});

/** The versions of all nodes, the one of new nodes last. */
export const versions = [1, 1.1];

type Shown = NonNullable<IDisplayOptions['show']>;

/** For a parameter of the nodes of 0.1.0. */
export const onlyInVersion1: Shown = { '@version': [1] };

/** For a parameter of the nodes since 0.2. */
export const sinceVersion1: Shown = { '@version': [{ _cnd: { gt: 1 } }] };

/**
 * What a model reads of a node that is its tool. n8n makes such a field by itself, but fills it with the
 * description for people when the workflow runs, whatever `usableAsTool` says.
 * @param text how to use the tool, and what to make of its output
 */
export const toolDescription = (text: string): INodeProperties => ({
	displayName: 'Description',
	name: 'toolDescription',
	type: 'string',
	typeOptions: { rows: 4 },
	required: true,
	default: text,
	description: 'What the model reads of this tool',
	displayOptions: { show: { '@tool': [true] } },
});

/**
 * What a user chooses the provider from. n8n stores no value that equals the default: a node of version 1
 * has to keep the default of its day, the first provider with an account, or its calls would go elsewhere.
 * @param among those that can be chosen
 */
export function providerProperties(among: readonly Provider[]): INodeProperties[] {
	const property: INodeProperties = {
		displayName: providerField.label.en,
		name: providerField.name,
		type: 'options',
		noDataExpression: true,
		options: among.map(providerChoice),
		default: '',
	};
	const firstOfVersion1 = among.find(({ account }) => account !== null);
	return [
		{
			...property,
			default: firstOfVersion1?.name ?? '',
			displayOptions: { show: onlyInVersion1 },
		},
		{ ...property, default: among[0]?.name ?? '', displayOptions: { show: sinceVersion1 } },
	];
}

/** A node's subtitle: the provider as people write it, and what the node does. An expression of n8n. */
export function subtitleOf(among: readonly Provider[], what: string): string {
	const labels = JSON.stringify(Object.fromEntries(among.map(({ label, name }) => [name, label])));
	return `={{ (${labels})[$parameter["provider"]] + ": " + (${what}) }}`;
}

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

/** n8n shows no unit beside a number. */
export const inSeconds = ({ label }: FieldName): string => `${label.en} (Seconds)`;

export const secondsOption = ({
	hint,
	label,
	least,
	name,
	usual,
}: SecondsField): INodeProperties => ({
	displayName: inSeconds({ label, name }),
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

export const timeoutOption = secondsOption(timeoutField);

/** The options of a wait, offered where the parameter of this name has switched it on. */
export const waitingOptions = (isWaiting: string): INodeProperties[] =>
	[pollIntervalField, waitTimeoutField].map((field) => ({
		...secondsOption(field),
		displayOptions: { show: { [`/${isWaiting}`]: [true] } },
	}));

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
