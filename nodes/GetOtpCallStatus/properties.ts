import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import {
	filtersField,
	fromField,
	limitField,
	lookUpByField,
	operationField,
	returnAllField,
	toField,
	waitUntilEndedField,
} from '../../calls/fields';
import { providers } from '../../providers';
import type { CallList, Provider } from '../../providers/contract';
import { callIdField, phoneNumberField } from '../../providers/sharedFields';
import { byName, propertyOf } from '../forms/fields';
import {
	concurrencyOption,
	onlyInVersion1,
	optionsCollection,
	providerProperties,
	simplifyProperty,
	sinceVersion1,
	timeoutOption,
	toolDescription,
	waitingOptions,
} from '../forms/options';

const withLists = providers.filter(({ calls }) => calls !== undefined);
const withCallList = withLists.map(({ name }) => name);
const withRecords = providers
	.filter(({ planRecord }) => planRecord !== undefined)
	.map(({ name }) => name);

const onlyForLists: IDisplayOptions = { show: { provider: withCallList, operation: ['getAll'] } };
const notForLists: IDisplayOptions = { hide: { operation: ['getAll'] } };

export const operationProperty: INodeProperties = {
	displayName: operationField.label.en,
	name: operationField.name,
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Get',
			value: 'get',
			description: 'Tell where one call stands, or how it ended',
			action: 'Get OTP call status',
		},
		{
			name: 'Get Many',
			value: 'getAll',
			description: 'List calls that have ended, from the call detail records (CDRs)',
			action: 'Get many OTP calls',
		},
	],
	default: 'get',
	// For every provider, though few have lists: n8n chooses the first provider of this rule for a node that is
	// added through one of the two actions.
};

/** Where there is nothing to list. */
const noList: INodeProperties = {
	displayName: `This provider offers no list of past calls. ${withLists.map(({ label }) => label).join(' and ')} does.`,
	name: 'noList',
	type: 'notice',
	default: '',
	displayOptions: { hide: { provider: withCallList }, show: { operation: ['getAll'] } },
};

export const callIdProperty: INodeProperties = {
	displayName: callIdField.label.en,
	name: callIdField.name,
	type: 'string',
	required: true,
	default: '={{ $json.callId }}',
	placeholder: 'e.g. 69b9e312e3b64b3880760639f5dfdffa',
	description: 'The field <code>callId</code> of what Send OTP Call put out',
	displayOptions: notForLists,
};

const lookUpBy: INodeProperties = {
	displayName: lookUpByField.label.en,
	name: lookUpByField.name,
	type: 'options',
	options: [
		{
			name: 'Reference',
			value: 'reference',
			description: 'The Call ID is what Send OTP Call put out as callId',
		},
		{
			name: 'Record ID',
			value: 'record',
			description: 'The Call ID is the ID of a call detail record (CDR), or a SIP call ID',
		},
	],
	default: 'reference',
	description: 'What kind of ID the Call ID is',
};

/** Where nodes of version 1 hold it. */
export const lookUpByProperty: INodeProperties = {
	...lookUpBy,
	displayOptions: {
		show: { ...onlyInVersion1, provider: withRecords },
		hide: { operation: ['getAll'] },
	},
};

const lookUpByOption: INodeProperties = {
	...lookUpBy,
	displayOptions: {
		show: { ...sinceVersion1, '/provider': withRecords },
		hide: { '/operation': ['getAll'] },
	},
};

export const waitUntilEndedProperty: INodeProperties = {
	displayName: waitUntilEndedField.label.en,
	name: waitUntilEndedField.name,
	type: 'boolean',
	default: false,
	description: 'Whether to go on only when the call has ended',
	displayOptions: notForLists,
};

export const returnAllProperty: INodeProperties = {
	displayName: returnAllField.label.en,
	name: returnAllField.name,
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
	displayOptions: onlyForLists,
};

export const limitProperty: INodeProperties = {
	...propertyOf(limitField),
	description: 'Max number of results to return',
	displayOptions: {
		show: { provider: withCallList, operation: ['getAll'], returnAll: [false] },
	},
};

export const statusOptions: INodeProperties = {
	...optionsCollection,
	options: [
		concurrencyOption,
		lookUpByOption,
		timeoutOption,
		...waitingOptions(waitUntilEndedField.name),
	].sort(byName),
};

const dayFilter = (field: typeof fromField, description: string): INodeProperties => ({
	displayName: field.label.en,
	name: field.name,
	type: 'dateTime',
	typeOptions: { dateOnly: true },
	default: '',
	description,
});

/** What the list of a provider's calls can be narrowed by. */
export const filtersFor = ({ countries, name }: Provider, calls: CallList): INodeProperties => ({
	displayName: filtersField.label.en,
	name: filtersField.name,
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	options: [
		...calls.filters.map(propertyOf),
		dayFilter(fromField, 'Only calls from this day on'),
		dayFilter(toField, 'Only calls up to this day'),
		{
			displayName: phoneNumberField.label.en,
			name: phoneNumberField.name,
			type: 'string' as const,
			default: '',
			placeholder: `e.g. ${countries[0].example}`,
			description: 'Only calls to this number, in any usual writing',
		},
	].sort(byName),
	displayOptions: { show: { provider: [name], operation: ['getAll'] } },
});

/** All parameters of the node, in the order of its form. */
export const properties: INodeProperties[] = [
	toolDescription(
		'Tells where an OTP call stands and how it ended. Takes the callId that Send OTP Call put out. The status is final when final is true; answered is true when a person took the call.',
	),
	...providerProperties(providers),
	operationProperty,
	noList,
	callIdProperty,
	lookUpByProperty,
	waitUntilEndedProperty,
	returnAllProperty,
	limitProperty,
	...providers.flatMap((provider) =>
		provider.calls === undefined ? [] : [filtersFor(provider, provider.calls)],
	),
	simplifyProperty,
	statusOptions,
];
