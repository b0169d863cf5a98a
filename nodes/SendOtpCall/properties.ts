import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import {
	allowedCountriesField,
	callingHoursField,
	codeAlphabetField,
	codeLengthField,
	codeLifetimeField,
	coolDownField,
	dailyBudgetField,
	doNotCallField,
	generateCodeField,
	hourlyBudgetField,
	idempotencyKeyField,
	keepForCheckField,
	maxCallsPerHourField,
	purposeField,
	waitForField,
	waitForResultField,
} from '../../calls/fields';
import { longestCodeLength, usualCodeLength } from '../../calls/generatedCode';
import { codeHintOf } from '../../calls/input';
import { providers } from '../../providers';
import type { Provider } from '../../providers/contract';
import { codeField, phoneNumberField } from '../../providers/sharedFields';
import { byName, noticeFor, parametersFor, propertyOf } from '../forms/fields';
import {
	concurrencyOption,
	inSeconds,
	optionsCollection,
	providerProperties,
	secondsOption,
	simplifyProperty,
	timeoutOption,
	toolDescription,
	waitingOptions,
} from '../forms/options';
import { asDescription } from '../forms/words';

const or = (words: readonly string[]): string => words.join(' or ');

const showFor = (...among: readonly Provider[]): IDisplayOptions => ({
	show: { provider: among.map(({ name }) => name) },
});

export const phoneNumberProperty: INodeProperties = {
	displayName: phoneNumberField.label.en,
	name: phoneNumberField.name,
	type: 'string',
	required: true,
	default: '',
	description: 'Whom to call, in any usual writing, with or without the country code',
};

const phoneNumberFor = (provider: Provider): INodeProperties => ({
	...phoneNumberProperty,
	placeholder: `e.g. ${or(provider.countries.map(({ example }) => example))}`,
	hint: `A number of ${or(provider.countries.map(({ name }) => name))}`,
	displayOptions: showFor(provider),
});

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
};

const codeFor = (provider: Provider): INodeProperties => ({
	...codeProperty,
	hint: codeHintOf(provider).en,
	displayOptions: { ...showFor(provider), hide: { generateCode: [true] } },
});

export const keepForCheckProperty: INodeProperties = {
	displayName: keepForCheckField.label.en,
	name: keepForCheckField.name,
	type: 'boolean',
	default: false,
	description:
		'Whether to put out no code but <code>verification</code>, a sealed token. Check OTP Code takes it with what the person has typed.',
};

const ofKeptCodes: IDisplayOptions = { show: { '/keepForCheck': [true] } };

const codeLifetimeOption: INodeProperties = {
	...secondsOption(codeLifetimeField),
	displayOptions: ofKeptCodes,
};

const purposeOption: INodeProperties = {
	...propertyOf(purposeField),
	displayOptions: ofKeptCodes,
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
	description: 'What a generated code is made of',
	displayOptions: {
		show: {
			'/generateCode': [true],
			'/provider': providers
				.filter(({ codeRule }) => codeRule.alphabet !== 'digits')
				.map(({ name }) => name),
		},
	},
};

/** What the field shows is what a code has whose node does not set it. */
const codeLengthFor = (provider: Provider): INodeProperties => ({
	...propertyOf({
		...codeLengthField,
		most: longestCodeLength(provider),
		usual: usualCodeLength(provider),
	}),
	description: `How many characters a generated code has. ${provider.label} reads out ${longestCodeLength(provider)} at most.`,
	displayOptions: { show: { '/generateCode': [true], '/provider': [provider.name] } },
});

const coolDownOption: INodeProperties = {
	...propertyOf(coolDownField),
	displayName: inSeconds(coolDownField),
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

/** For a provider that calls several countries. */
const allowedCountriesFor = ({ countries, name }: Provider): INodeProperties[] =>
	countries.length < 2
		? []
		: [
				{
					displayName: allowedCountriesField.label.en,
					name: allowedCountriesField.name,
					type: 'multiOptions',
					options: countries.map((country) => ({ name: country.name, value: country.code })),
					default: [],
					description: asDescription(allowedCountriesField.hint),
					displayOptions: { show: { '/provider': [name] } },
				},
			];

const doNotCallOption: INodeProperties = {
	displayName: doNotCallField.label.en,
	name: doNotCallField.name,
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	placeholder: 'e.g. 09123456789, +84 332 665 711',
	description: asDescription(doNotCallField.hint),
};

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
			description: `Park the execution until the event comes, and hold no worker meanwhile. Needs one item per execution, and for ${throughTrigger.join(', ')} a published OTP Call Trigger with Resume Waiting Executions, and no reference of your own.`,
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
		...providers.flatMap(allowedCountriesFor),
		propertyOf(callingHoursField),
		codeAlphabetOption,
		...providers.map(codeLengthFor),
		codeLifetimeOption,
		concurrencyOption,
		coolDownOption,
		doNotCallOption,
		idempotencyKeyOption,
		budgetOption(dailyBudgetField, 'a day (UTC)'),
		maxCallsPerHourOption,
		budgetOption(hourlyBudgetField, 'an hour of the clock (UTC)'),
		purposeOption,
		timeoutOption,
		waitForOption,
		...waitingOptions(waitForResultField.name),
	].sort(byName),
};

/** All parameters of the node, in the order of its form. */
export const properties: INodeProperties[] = [
	toolDescription(
		'Calls a phone and reads out a one-time code. It makes the phone of a person ring: use it once for each request. Puts out callId and status; to learn how the call ended, use Get OTP Call Status with that callId. An error has details: when callMayHaveBeenPlaced is true, the phone may still ring, so do not call again; when it is false, no call was placed: remedy says what to do, and retryAfterSeconds how long to wait before another call.',
	),
	...providerProperties(providers),
	...providers.map(phoneNumberFor),
	...providers.flatMap(noticeFor),
	...providers.map(codeFor),
	generateCodeProperty,
	keepForCheckProperty,
	...providers.flatMap(parametersFor),
	waitForResultProperty,
	simplifyProperty,
	sendOptions,
];
