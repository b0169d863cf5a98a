import { randomUUID } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { withDefaults } from '../../calls/account';
import { drawFor, readIdempotencyKey, referenceFor } from '../../calls/claims';
import { readBudget, readCoolDown } from '../../calls/coolDown';
import { readRules } from '../../calls/rules';
import type { CallRules } from '../../calls/rules';
import { pollIntervalField, timeoutField, waitTimeoutField } from '../../calls/fields';
import { generateCode, spokenCode } from '../../calls/generatedCode';
import type { SendInput } from '../../calls/send';
import { readSeconds } from '../../calls/seconds';
import type { Provider } from '../../providers/contract';
import { fieldReader } from '../forms/fields';
import { readConcurrency, simplifyProperty } from '../forms/options';
import { asCollection, parametersOf } from '../forms/parameters';
import { isTool } from '../items/items';
import type { CallLimits } from '../stores/coolDownStore';
import { callbackOf, checkOneItem, wayBackOf } from './parking';
import {
	canWake,
	codeProperty,
	generateCodeProperty,
	keepForCheckProperty,
	phoneNumberProperty,
	sendOptions,
	waitForResultProperty,
} from './properties';

/** How a call is followed to its end; times are milliseconds. */
export interface Following {
	readonly pollInterval: number | undefined;
	readonly waitTimeout: number | undefined;
}

/** A code that the node makes: it follows from a key, so that it need not be stored to be known again. */
export interface GeneratedCode {
	readonly code: string;
	/** Worth nothing without the account's secret. */
	readonly key: string;
}

/** What one item asks for; phone number, code and fields are unchecked. */
export interface Order {
	readonly input: SendInput;
	/** Null: the code is the user's. */
	readonly generated: GeneratedCode | null;
	/** The code that an earlier try has made from this key. */
	readonly codeFrom: (key: string) => string;
	/** Null: the send has no identity beyond this execution. */
	readonly idempotencyKey: string | null;
	readonly rules: CallRules;
	readonly limits: CallLimits;
	/** Null: the node does not wait for the end. */
	readonly following: Following | null;
	/** The execution is parked until the provider's event wakes it. */
	readonly isParked: boolean;
	/** How the code is kept for a check, unchecked; null: it is not. */
	readonly keeping: { readonly codeLifetime: unknown; readonly purpose: unknown } | null;
	readonly simplify: boolean;
}

/** Where nobody has chosen a cool-down for an agent's calls. */
const coolDownOfTools = 60;

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
 * @param secret what only the account knows: references and codes follow from it
 */
export function ordersOf(
	functions: IExecuteFunctions,
	provider: Provider,
	defaults: Readonly<Record<string, unknown>>,
	secret: string,
): (item: number) => Order {
	const parameters = parametersOf(functions);
	const fieldsOf = fieldReader(provider, parameters);
	const forTool = isTool(functions);
	/** By what the event finds this execution: it comes to its address, or brings the reference back. */
	const wayBack = () =>
		provider.events?.perCall === undefined
			? { wayBack: wayBackOf(functions, secret) }
			: { callback: { url: callbackOf(functions), isNeeded: true } };

	return (item) => {
		const phoneNumber = parameters.read(phoneNumberProperty, item);
		const options = asCollection(parameters.read(sendOptions, item));
		const idempotencyKey = readIdempotencyKey(options['idempotencyKey']);
		const wanted = { length: options['codeLength'], alphabet: options['codeAlphabet'] };
		const codeFrom = (key: string) => generateCode(provider, wanted, drawFor(key, secret));
		const key = idempotencyKey ?? randomUUID();
		const isGenerated = parameters.read(generateCodeProperty, item) === true;
		const generated = isGenerated ? { key, code: codeFrom(key) } : null;
		const coolDownSeconds = options['coolDownSeconds'] ?? (forTool ? coolDownOfTools : 0);
		const waits: Following = {
			pollInterval: readSeconds(options['pollInterval'], pollIntervalField),
			waitTimeout: readSeconds(options['waitTimeout'], waitTimeoutField),
		};
		const following = parameters.read(waitForResultProperty, item) === true ? waits : null;
		const isParked =
			following !== null && options['waitFor'] === 'event' && canWake(provider) && !forTool;
		if (isParked) checkOneItem(functions.getInputData().length);
		return {
			input: {
				phoneNumber,
				code: generated
					? spokenCode(generated.code, provider)
					: parameters.read(codeProperty, item),
				fields: withDefaults(fieldsOf(item), defaults),
				...(idempotencyKey !== null && { reference: referenceFor(idempotencyKey, secret) }),
				...(isParked && wayBack()),
			},
			generated,
			codeFrom,
			idempotencyKey,
			rules: readRules(provider, {
				callingHours: options['callingHours'],
				// A list that is to come from the flow, and does not, is there without a value.
				doNotCall: 'doNotCall' in options ? options['doNotCall'] : '',
			}),
			limits: {
				coolDown: readCoolDown(coolDownSeconds, options['maxCallsPerHour']),
				budget: readBudget(options['maxCallsPerHourAll'], options['maxCallsPerDayAll']),
			},
			following,
			isParked,
			keeping:
				parameters.read(keepForCheckProperty, item) === true
					? { codeLifetime: options['codeLifetime'], purpose: options['purpose'] }
					: null,
			simplify: parameters.read(simplifyProperty, item) !== false,
		};
	};
}
