import type { INodeProperties } from 'n8n-workflow';

import { maxAttemptsField, purposeField, verificationField } from '../../calls/fields';
import { providers } from '../../providers';
import { codeField, phoneNumberField } from '../../providers/sharedFields';
import { propertyOf } from '../forms/fields';
import { optionsCollection, providerProperties, toolDescription } from '../forms/options';
import { asDescription } from '../forms/words';

export const verificationProperty: INodeProperties = {
	displayName: verificationField.label.en,
	name: verificationField.name,
	type: 'string',
	required: true,
	default: '={{ $json.verification }}',
	description: asDescription(verificationField.hint),
};

export const codeProperty: INodeProperties = {
	displayName: codeField.label.en,
	name: codeField.name,
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 01234',
	description:
		'What the person has typed, in any usual writing: spaces, hyphens and Persian or Arabic digits are understood',
};

const phoneNumberOption: INodeProperties = {
	displayName: phoneNumberField.label.en,
	name: phoneNumberField.name,
	type: 'string',
	default: '',
	placeholder: 'e.g. 09123456789',
	description:
		'The number that the code has to be for. Without this option a code for any number is right: then use the phone number of the output, and no other one.',
};

export const checkOptions: INodeProperties = {
	...optionsCollection,
	options: [propertyOf(maxAttemptsField), phoneNumberOption, propertyOf(purposeField)],
};

/** All parameters of the node, in the order of its form. */
export const properties: INodeProperties[] = [
	toolDescription(
		'Tells whether a typed code is the one that Send OTP Call has read out. Takes the verification that Send OTP Call put out, and the code as the person has typed it: never guess one, as each try counts. The code is right when valid is true; otherwise reason says why it is not, and attemptsLeft how often it can still be tried.',
	),
	...providerProperties(providers),
	verificationProperty,
	codeProperty,
	checkOptions,
];
