import type { INodeProperties } from 'n8n-workflow';

import {
	concurrencyOption,
	optionsField,
	pollIntervalOption,
	simplifyField,
	timeoutOption,
	waitTimeoutOption,
} from '../shared/options';
import { providerChoices, providerFields } from './providers';

export const providerField: INodeProperties = {
	displayName: 'Provider',
	name: 'provider',
	type: 'options',
	noDataExpression: true,
	options: providerChoices,
	default: String(providerChoices[0]?.value),
};

export const phoneNumberField: INodeProperties = {
	displayName: 'Phone Number',
	name: 'phoneNumber',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 09123456789 or 0332665711',
	description: 'Whom to call, in any usual writing, with or without the country code',
};

export const generateCodeField: INodeProperties = {
	displayName: 'Generate Code',
	name: 'generateCode',
	type: 'boolean',
	default: false,
	description:
		'Whether to make the code here and put it out as <code>code</code>, for the workflow to check. It then is a part of the execution data that n8n stores.',
};

export const codeField: INodeProperties = {
	displayName: 'Code',
	name: 'code',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 01234',
	description:
		'The code to read out. Give it as text: a number in JSON cannot begin with a zero. It is not a part of the output.',
	displayOptions: { hide: { generateCode: [true] } },
};

export const waitForResultField: INodeProperties = {
	displayName: 'Wait for Result',
	name: 'waitForResult',
	type: 'boolean',
	default: false,
	description: 'Whether to go on only when the call has ended, with how it ended',
};

const codeAlphabetOption: INodeProperties = {
	displayName: 'Code Alphabet',
	name: 'codeAlphabet',
	type: 'options',
	options: [
		{ name: 'Digits', value: 'digits' },
		{ name: 'Letters and Digits', value: 'letters-and-digits' },
	],
	default: 'digits',
	description: 'What a generated code is made of, where the provider reads out letters too',
};

const codeLengthOption: INodeProperties = {
	displayName: 'Code Length',
	name: 'codeLength',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 32 },
	default: 5,
	description: 'How many characters a generated code has',
};

const coolDownOption: INodeProperties = {
	displayName: 'Cool-Down',
	name: 'coolDownSeconds',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 86400 },
	default: 60,
	description:
		'Seconds in which the same number is not called again, by any execution of this workflow. 0 switches it off. Turn it on behind a public form.',
};

const maxCallsPerHourOption: INodeProperties = {
	displayName: 'Max Calls per Hour',
	name: 'maxCallsPerHour',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 60 },
	default: 5,
	description:
		'How often the same number is called within an hour, by all executions of this workflow. 0 switches it off.',
};

export const sendOptionsField: INodeProperties = {
	...optionsField,
	options: [
		codeAlphabetOption,
		codeLengthOption,
		concurrencyOption,
		coolDownOption,
		maxCallsPerHourOption,
		pollIntervalOption,
		timeoutOption,
		waitTimeoutOption,
	],
};

/** All parameters of the node, in the order of its form. */
export const properties: INodeProperties[] = [
	providerField,
	phoneNumberField,
	codeField,
	generateCodeField,
	...providerFields,
	waitForResultField,
	simplifyField,
	sendOptionsField,
];
