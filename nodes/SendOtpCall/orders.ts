import type { IExecuteFunctions } from 'n8n-workflow';

import { readCoolDown } from '../../calls/coolDown';
import type { CoolDownRule } from '../../calls/coolDown';
import { generateCode } from '../../calls/generatedCode';
import type { SendInput } from '../../calls/send';
import { readSeconds, timing } from '../../calls/seconds';
import type { Provider } from '../../providers/contract';
import { isUnset } from '../../providers/reading/values';
import { asCollection, parametersOf } from '../shared/parameters';
import type { Parameters } from '../shared/parameters';
import { readConcurrency } from '../shared/concurrency';
import {
	codeField,
	generateCodeField,
	phoneNumberField,
	sendOptionsField,
	waitForResultField,
} from './properties';
import { simplifyField } from '../shared/options';
import { fieldsOf } from './providers';

/** How a call is followed to its end; times are milliseconds. */
export interface Following {
	readonly pollInterval: number | undefined;
	readonly waitTimeout: number | undefined;
	/** False when the provider was told not to call again by itself. */
	readonly retriesPossible: boolean;
}

/** What one item asks for; phone number, code and fields are unchecked. */
export interface Order {
	readonly input: SendInput;
	readonly generatedCode: string | undefined;
	readonly coolDown: CoolDownRule | null;
	/** Null: the node does not wait for the end. */
	readonly following: Following | null;
	readonly simplify: boolean;
}

/** The provider's own fields as they stand in its form. */
function readFields(
	parameters: Parameters,
	provider: Provider,
	defaults: Readonly<Record<string, unknown>>,
	item: number,
): Record<string, unknown> {
	const fields: Record<string, unknown> = {};
	for (const property of fieldsOf(provider.name)) {
		if (property.type === 'notice') continue;
		const value = parameters.read(property, item);
		if (property.type === 'collection') Object.assign(fields, asCollection(value));
		else fields[property.name] = value;
	}
	for (const [name, value] of Object.entries(defaults)) {
		if (isUnset(fields[name])) fields[name] = value;
	}
	return fields;
}

/** What holds for all items. @throws OtpCallError `invalid-input` */
export function readNodeOptions(functions: IExecuteFunctions) {
	const options = asCollection(parametersOf(functions).read(sendOptionsField, 0));
	return {
		concurrency: readConcurrency(options['concurrency']),
		timeout: readSeconds(options['timeout'], timing.timeout),
	};
}

/**
 * Reads what each item asks for.
 * @param defaults what the account holds for the provider's fields that are left empty
 */
export function ordersOf(
	functions: IExecuteFunctions,
	provider: Provider,
	defaults: Readonly<Record<string, unknown>>,
): (item: number) => Order {
	const parameters = parametersOf(functions);

	const readCode = (item: number, options: Readonly<Record<string, unknown>>) => {
		if (parameters.read(generateCodeField, item) !== true) {
			return { code: parameters.read(codeField, item), generatedCode: undefined };
		}
		const wanted = { length: options['codeLength'], alphabet: options['codeAlphabet'] };
		const generatedCode = generateCode(provider, wanted);
		return { code: generatedCode, generatedCode };
	};

	return (item) => {
		const phoneNumber = parameters.read(phoneNumberField, item);
		const options = asCollection(parameters.read(sendOptionsField, item));
		const { code, generatedCode } = readCode(item, options);
		const fields = readFields(parameters, provider, defaults, item);
		const following: Following = {
			pollInterval: readSeconds(options['pollInterval'], timing.pollInterval),
			waitTimeout: readSeconds(options['waitTimeout'], timing.waitTimeout),
			retriesPossible: String(fields['retryCount']) !== '0',
		};
		return {
			input: { phoneNumber, code, fields },
			generatedCode,
			coolDown: readCoolDown(options['coolDownSeconds'], options['maxCallsPerHour']),
			following: parameters.read(waitForResultField, item) === true ? following : null,
			simplify: parameters.read(simplifyField, item) !== false,
		};
	};
}
