import type { IExecuteFunctions } from 'n8n-workflow';

import { withDefaults } from '../../calls/account';
import { readCoolDown } from '../../calls/coolDown';
import type { CoolDownRule } from '../../calls/coolDown';
import { pollIntervalField, timeoutField, waitTimeoutField } from '../../calls/fields';
import { generateCode } from '../../calls/generatedCode';
import type { SendInput } from '../../calls/send';
import { readSeconds } from '../../calls/seconds';
import type { Provider } from '../../providers/contract';
import { fieldReader } from '../forms/fields';
import { readConcurrency, simplifyProperty } from '../forms/options';
import { asCollection, parametersOf } from '../forms/parameters';
import {
	codeProperty,
	generateCodeProperty,
	phoneNumberProperty,
	sendOptions,
	waitForResultProperty,
} from './properties';

/** How a call is followed to its end; times are milliseconds. */
export interface Following {
	readonly pollInterval: number | undefined;
	readonly waitTimeout: number | undefined;
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

/** What holds for all items. @throws OtpCallError `invalid-input` */
export function readNodeOptions(functions: IExecuteFunctions) {
	const options = asCollection(parametersOf(functions).read(sendOptions, 0));
	return {
		concurrency: readConcurrency(options['concurrency']),
		timeout: readSeconds(options['timeout'], timeoutField),
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
	const fieldsOf = fieldReader(provider, parameters);

	const readCode = (item: number, options: Readonly<Record<string, unknown>>) => {
		if (parameters.read(generateCodeProperty, item) !== true) {
			return { code: parameters.read(codeProperty, item), generatedCode: undefined };
		}
		const wanted = { length: options['codeLength'], alphabet: options['codeAlphabet'] };
		const generatedCode = generateCode(provider, wanted);
		return { code: generatedCode, generatedCode };
	};

	return (item) => {
		const phoneNumber = parameters.read(phoneNumberProperty, item);
		const options = asCollection(parameters.read(sendOptions, item));
		const { code, generatedCode } = readCode(item, options);
		const fields = withDefaults(fieldsOf(item), defaults);
		const following: Following = {
			pollInterval: readSeconds(options['pollInterval'], pollIntervalField),
			waitTimeout: readSeconds(options['waitTimeout'], waitTimeoutField),
		};
		return {
			input: { phoneNumber, code, fields },
			generatedCode,
			coolDown: readCoolDown(options['coolDownSeconds'], options['maxCallsPerHour']),
			following: parameters.read(waitForResultProperty, item) === true ? following : null,
			simplify: parameters.read(simplifyProperty, item) !== false,
		};
	};
}
