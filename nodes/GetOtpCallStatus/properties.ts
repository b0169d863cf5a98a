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
	optionsCollection,
	pollIntervalOption,
	providerProperty,
	simplifyProperty,
	timeoutOption,
	waitTimeoutOption,
} from '../forms/options';

const withCallList = providers.filter(({ calls }) => calls !== undefined).map(({ name }) => name);
const withRecords = providers.filter(({ planRecord }) => planRecord !== undefined);

/** A list of calls can be asked for; elsewhere the operation is not shown, and is to get one call. */
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
	displayOptions: { show: { provider: withCallList } },
};

export const callIdProperty: INodeProperties = {
	displayName: callIdField.label.en,
	name: callIdField.name,
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. {{ $json.callId }}',
	description: 'The field <code>callId</code> of what Send OTP Call put out',
	displayOptions: notForLists,
};

export const lookUpByProperty: INodeProperties = {
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
	displayOptions: {
		show: { provider: withRecords.map(({ name }) => name) },
		hide: { operation: ['getAll'] },
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
	options: [concurrencyOption, pollIntervalOption, timeoutOption, waitTimeoutOption],
};

const dayFilter = (field: typeof fromField, description: string): INodeProperties => ({
	displayName: field.label.en,
	name: field.name,
	type: 'dateTime',
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
	providerProperty,
	operationProperty,
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
