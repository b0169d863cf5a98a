import type { INodeProperties } from 'n8n-workflow';

import {
	codeAlphabetField,
	codeLengthField,
	coolDownField,
	dailyBudgetField,
	generateCodeField,
	hourlyBudgetField,
	idempotencyKeyField,
	maxCallsPerHourField,
	waitForField,
	waitForResultField,
} from '../../calls/fields';
import { providers } from '../../providers';
import type { Provider } from '../../providers/contract';
import { codeField, phoneNumberField } from '../../providers/sharedFields';
import { parametersFor, propertyOf } from '../forms/fields';
import {
	concurrencyOption,
	optionsCollection,
	pollIntervalOption,
	providerProperty,
	simplifyProperty,
	timeoutOption,
	waitTimeoutOption,
} from '../forms/options';
import { asDescription } from '../forms/words';

/** A number of each country that is called. */
const examples = [...new Set(providers.flatMap(({ countries }) => countries))].map(
	({ example }) => example,
);

const longestCode = Math.max(...providers.map(({ codeRule }) => codeRule.maxLength));

export const phoneNumberProperty: INodeProperties = {
	displayName: phoneNumberField.label.en,
	name: phoneNumberField.name,
	type: 'string',
	required: true,
	default: '',
	placeholder: `e.g. ${examples.join(' or ')}`,
	description: 'Whom to call, in any usual writing, with or without the country code',
};

export const generateCodeProperty: INodeProperties = {
	displayName: generateCodeField.label.en,
	name: generateCodeField.name,
	type: 'boolean',
	default: false,
	description:
		'Whether to make the code here and put it out as <code>code</code>, for the workflow to check. It then is a part of the execution data that n8n stores.',
};

export const codeProperty: INodeProperties = {
	displayName: codeField.label.en,
	name: codeField.name,
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 01234',
	description:
		'The code to read out. Give it as text: a number in JSON cannot begin with a zero. It is not a part of the output.',
	displayOptions: { hide: { generateCode: [true] } },
};

export const waitForResultProperty: INodeProperties = {
	displayName: waitForResultField.label.en,
	name: waitForResultField.name,
	type: 'boolean',
	default: false,
	description:
		'Whether to go on only when the call has ended, with how it ended. A restart of n8n ends an execution that waits; the call goes on, and OTP Call Trigger still tells how it ended.',
};

const codeAlphabetOption: INodeProperties = {
	displayName: codeAlphabetField.label.en,
	name: codeAlphabetField.name,
	type: 'options',
	options: [
		{ name: 'Digits', value: 'digits' },
		{ name: 'Letters and Digits', value: 'letters-and-digits' },
	],
	default: 'digits',
	description: 'What a generated code is made of, where the provider reads out letters too',
};

const codeLengthOption: INodeProperties = {
	...propertyOf({ ...codeLengthField, most: longestCode, usual: 5 }),
	description: 'How many characters a generated code has',
};

const coolDownOption: INodeProperties = {
	...propertyOf(coolDownField),
	// What a user who adds the option starts from.
	default: 60,
	description:
		'Seconds in which the same number is not called again, by any execution of this workflow. 0 switches it off. Turn it on behind a public form.',
};

const maxCallsPerHourOption: INodeProperties = {
	...propertyOf(maxCallsPerHourField),
	default: 5,
	description:
		'How often the same number is called within an hour, by all executions of this workflow. 0 switches it off.',
};

const budgetOption = (field: typeof hourlyBudgetField, period: string): INodeProperties => ({
	...propertyOf(field),
	default: 100,
	description: `How many calls are placed in ${period}, to all numbers together, by all executions of this workflow: against fraud that walks through numbers. 0 switches it off.`,
});

const idempotencyKeyOption: INodeProperties = {
	displayName: idempotencyKeyField.label.en,
	name: idempotencyKeyField.name,
	type: 'string',
	default: '',
	placeholder: 'e.g. order-1042-try-1',
	description: asDescription(idempotencyKeyField.hint),
};

/** True where an event can find the execution that waits for it. */
export const canWake = ({ events }: Provider): boolean =>
	events?.carriesReference === true || events?.perCall !== undefined;

const wakers = providers.filter(canWake);

/** Those whose events come to one address for all calls, and are passed on from there. */
const throughTrigger = wakers
	.filter(({ events }) => events?.perCall === undefined)
	.map(({ label }) => label);

const waitForOption: INodeProperties = {
	displayName: waitForField.label.en,
	name: waitForField.name,
	type: 'options',
	options: [
		{
			name: 'Polling',
			value: 'polling',
			description: 'Ask the provider again and again, in the running execution',
		},
		{
			name: "The Provider's Event",
			value: 'event',
			description: `Park the execution until the event comes, and hold no worker meanwhile. Needs one item per execution, and for ${throughTrigger.join(', ')} a published OTP Call Trigger with Resume Waiting Executions.`,
		},
	],
	default: 'polling',
	description:
		'How Wait for Result learns of the end of a call. A restart of n8n ends an execution that polls, and leaves a parked one alone.',
	displayOptions: {
		show: { '/provider': wakers.map(({ name }) => name), '/waitForResult': [true] },
	},
};

export const sendOptions: INodeProperties = {
	...optionsCollection,
	options: [
		codeAlphabetOption,
		codeLengthOption,
		concurrencyOption,
		coolDownOption,
		idempotencyKeyOption,
		budgetOption(dailyBudgetField, 'a day (UTC)'),
		maxCallsPerHourOption,
		budgetOption(hourlyBudgetField, 'an hour of the clock (UTC)'),
		pollIntervalOption,
		timeoutOption,
		waitForOption,
		waitTimeoutOption,
	],
};

/** All parameters of the node, in the order of its form. */
export const properties: INodeProperties[] = [
	providerProperty,
	phoneNumberProperty,
	codeProperty,
	generateCodeProperty,
	...providers.flatMap(parametersFor),
	waitForResultProperty,
	simplifyProperty,
	sendOptions,
];
