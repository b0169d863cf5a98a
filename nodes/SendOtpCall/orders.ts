import { randomUUID } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { withDefaults } from '../../calls/account';
import { drawFor, readIdempotencyKey, referenceFor } from '../../calls/claims';
import { readBudget, readCoolDown } from '../../calls/coolDown';
import { pollIntervalField, timeoutField, waitTimeoutField } from '../../calls/fields';
import { generateCode, spokenCode } from '../../calls/generatedCode';
import type { SendInput } from '../../calls/send';
import { readSeconds } from '../../calls/seconds';
import type { Provider } from '../../providers/contract';
import { fieldReader } from '../forms/fields';
import { readConcurrency, simplifyProperty } from '../forms/options';
import { asCollection, parametersOf } from '../forms/parameters';
import type { CallLimits } from './coolDownStore';
import { checkOneItem, wayBackOf } from './parking';
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
	readonly limits: CallLimits;
	/** Null: the node does not wait for the end. */
	readonly following: Following | null;
	/** The execution is parked until the provider's event wakes it. */
	readonly isParked: boolean;
	readonly simplify: boolean;
}

/** True for a node that an AI agent uses: the model reads its output. */
export const isTool = (functions: IExecuteFunctions): boolean =>
	functions.getNode().type.endsWith('Tool');

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
			following !== null &&
			options['waitFor'] === 'event' &&
			provider.events?.carriesReference === true &&
			!forTool;
		if (isParked) checkOneItem(functions.getInputData().length);
		return {
			input: {
				phoneNumber,
				code: generated
					? spokenCode(generated.code, provider)
					: parameters.read(codeProperty, item),
				fields: withDefaults(fieldsOf(item), defaults),
				...(idempotencyKey !== null && { reference: referenceFor(idempotencyKey, secret) }),
				// The reference is what the event brings back.
				...(isParked && { reference: wayBackOf(functions, secret) }),
			},
			generated,
			codeFrom,
			idempotencyKey,
			limits: {
				coolDown: readCoolDown(coolDownSeconds, options['maxCallsPerHour']),
				budget: readBudget(options['maxCallsPerHourAll'], options['maxCallsPerDayAll']),
			},
			following,
			isParked,
			simplify: parameters.read(simplifyProperty, item) !== false,
		};
	};
}
