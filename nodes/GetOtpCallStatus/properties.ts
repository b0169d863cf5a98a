import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { providers } from '../../providers';
import {
	concurrencyOption,
	optionsField,
	pollIntervalOption,
	simplifyField,
	timeoutOption,
	waitTimeoutOption,
} from '../shared/options';
import { filterFields, providerChoices } from './providers';

const withCallList = providers.filter(({ calls }) => calls !== undefined).map(({ name }) => name);
const withRecords = providers.filter(({ planRecord }) => planRecord !== undefined);

/** A list of calls can be asked for; elsewhere the operation is not shown, and is to get one call. */
const onlyForLists: IDisplayOptions = { show: { provider: withCallList, operation: ['getAll'] } };
const notForLists: IDisplayOptions = { hide: { operation: ['getAll'] } };

const providerField: INodeProperties = {
	displayName: 'Provider',
	name: 'provider',
	type: 'options',
	noDataExpression: true,
	options: providerChoices,
	default: String(providerChoices[0]?.value),
};

export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
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

export const callIdField: INodeProperties = {
	displayName: 'Call ID',
	name: 'callId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. {{ $json.callId }}',
	description: 'The field <code>callId</code> of what Send OTP Call put out',
	displayOptions: notForLists,
};

export const lookUpByField: INodeProperties = {
	displayName: 'Look Up By',
	name: 'lookUpBy',
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

export const waitUntilEndedField: INodeProperties = {
	displayName: 'Wait Until Ended',
	name: 'waitUntilEnded',
	type: 'boolean',
	default: false,
	description: 'Whether to go on only when the call has ended',
	displayOptions: notForLists,
};

export const returnAllField: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
	displayOptions: onlyForLists,
};

export const limitField: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: {
		show: { provider: withCallList, operation: ['getAll'], returnAll: [false] },
	},
};

export const statusOptionsField: INodeProperties = {
	...optionsField,
	options: [concurrencyOption, pollIntervalOption, timeoutOption, waitTimeoutOption],
};

/** All parameters of the node, in the order of its form. */
export const properties: INodeProperties[] = [
	providerField,
	operationField,
	callIdField,
	lookUpByField,
	waitUntilEndedField,
	returnAllField,
	limitField,
	...filterFields,
	simplifyField,
	statusOptionsField,
];
