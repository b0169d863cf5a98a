import type { NodeAPI } from 'node-red';

import type { CallContext } from '../../../calls/context';
import { OtpCallError } from '../../../calls/errors';
import { canceled } from '../../../calls/failures';
import { generateCode } from '../../../calls/generatedCode';
import { outputOf } from '../../../calls/output';
import { placeCall, prepareSend } from '../../../calls/send';
import type { CallReport, PreparedSend } from '../../../calls/send';
import { isUnset } from '../../../providers/reading/values';
import type { UsableAccount } from '../../host/account';
import { findAccount } from '../../host/account';
import type { Message } from '../../host/messages';
import { readAll } from '../../host/typedValues';
import { followCall } from '../../host/waiting';
import type { SendOptions } from './sendOptions';

/** A call that has been placed, and how it was ordered. */
interface Placed {
	readonly report: CallReport;
	/** The code, when the node made it. */
	readonly generatedCode: string | undefined;
	/** False when the provider was told not to call again. */
	readonly retriesPossible: boolean;
}

/** The provider's own fields; for those that are empty, what the account holds. */
async function readFields(
	options: SendOptions,
	account: UsableAccount,
	{ message }: Message,
): Promise<Record<string, unknown>> {
	const readers = options.fields.get(account.provider.name) ?? new Map();
	const fields = await readAll(readers, message);
	for (const [name, value] of Object.entries(account.fieldDefaults)) {
		if (readers.has(name) && isUnset(fields[name])) fields[name] = value;
	}
	return fields;
}

/** Places the call, unless its number has to rest. A call that was not placed leaves no trace of it. */
async function placeRested(
	context: CallContext,
	account: UsableAccount,
	options: SendOptions,
	prepared: PreparedSend,
): Promise<CallReport> {
	const rule = options.coolDown();
	if (rule === null) return await placeCall(context, prepared);
	const now = context.clock.now();
	const { phoneNumber } = prepared;
	const reservation = await options.coolDowns.reserve(phoneNumber, rule, account.secret, now);
	try {
		return await placeCall(context, prepared);
	} catch (error) {
		const wasNotPlaced = error instanceof OtpCallError && !error.facts.callMayHaveBeenPlaced;
		if (wasNotPlaced) await reservation.release().catch(() => undefined);
		throw error;
	}
}

async function place(
	context: CallContext,
	account: UsableAccount,
	options: SendOptions,
	message: Message,
): Promise<Placed> {
	const fields = await readFields(options, account, message);
	const phoneNumber = await options.phoneNumber(message.message);
	const code = options.code
		? await options.code(message.message)
		: generateCode(account.provider, options.generated);
	const prepared = prepareSend(context, { phoneNumber, code, fields });
	message.status.show('sending', prepared.phoneNumber);
	message.placing();
	const report = await placeRested(context, account, options, prepared);
	return {
		report,
		generatedCode: options.code ? undefined : prepared.code,
		retriesPossible: String(fields['retryCount']) !== '0',
	};
}

/**
 * Places one message's call and, when it is wanted, follows it to its end.
 * @returns the payload: the call as the contract describes it
 * @throws OtpCallError
 */
export async function sendOne(
	RED: NodeAPI,
	options: SendOptions,
	message: Message,
): Promise<unknown> {
	const account = findAccount(RED, options.account);
	const context = { ...account.contextFor(message.signal), timeout: options.timeout() };
	const following = options.waitForResult ? options.following() : null;
	message.status.show('waiting');
	const placed = await account.slots.run(message.signal, () =>
		place(context, account, options, message),
	);
	if (placed === null) throw canceled('The call', false);
	const { generatedCode, report, retriesPossible } = placed;
	const payload = (known: CallReport) =>
		outputOf(known, { simplify: options.simplify, generatedCode });
	message.status.showCall(report.call);
	if (following === null) return payload(report);
	const ended = await followCall(context, report.call.callId, message, payload, following, {
		firstLookAfter: context.provider.firstResultAfter,
		known: report,
		retriesPossible,
	});
	return payload(ended);
}
