import type { NodeAPI } from 'node-red';

import type { CallContext } from '../../../calls/context';
import { canceled, invalidInput } from '../../../calls/failures';
import { listCalls } from '../../../calls/lists';
import { outputOf } from '../../../calls/output';
import type { CallReport } from '../../../calls/send';
import { getOtpCallStatus, planLookup } from '../../../calls/status';
import { invalid } from '../../../providers/reading/values';
import { findAccount } from '../../host/account';
import type { UsableAccount } from '../../host/account';
import type { Message } from '../../host/messages';
import { followCall } from '../../host/waiting';
import { readFilter } from './callFilter';
import type { StatusOptions } from './statusOptions';

/** Runs a task when its turn at the account has come. @throws OtpCallError */
async function inTurn<T>(
	account: UsableAccount,
	{ signal, status }: Message,
	task: () => Promise<T>,
): Promise<T> {
	status.show('waiting');
	const result = await account.slots.run(signal, async () => {
		status.show('asking');
		return { value: await task() };
	});
	if (result === null) throw canceled('The look-up', false);
	return result.value;
}

async function listMany(
	context: CallContext,
	options: StatusOptions,
	{ message }: Message,
): Promise<readonly CallReport[]> {
	const { provider } = context;
	if (!provider.calls) {
		throw invalidInput(
			invalid(
				{ field: 'operation', label: 'Operation' },
				`cannot be to list calls: ${provider.label} offers no such list`,
				'Set Operation to the status of one call',
			),
		);
	}
	const filter = await readFilter(options.filters, message, provider);
	return await listCalls(context, provider.calls, filter, options.limit());
}

/**
 * Answers one message: where its call stands, how it ended, or a list of calls.
 * @returns the payload
 * @throws OtpCallError
 */
export async function askOne(
	RED: NodeAPI,
	options: StatusOptions,
	message: Message,
): Promise<unknown> {
	const account = findAccount(RED, options.account);
	const context = { ...account.contextFor(message.signal), timeout: options.timeout() };
	const payload = (report: CallReport) => outputOf(report, { simplify: options.simplify });
	if (options.operation === 'getAll') {
		const calls = await inTurn(account, message, () => listMany(context, options, message));
		message.status.show('completed');
		return calls.map(payload);
	}
	const callId = await options.callId(message.message);
	if (!options.waitUntilEnded) {
		const report = await inTurn(account, message, () =>
			getOtpCallStatus(context, callId, options.lookUpBy),
		);
		message.status.showCall(report.call);
		return payload(report);
	}
	const following = options.following();
	const planned = planLookup(context, callId, options.lookUpBy);
	// A wait holds no place in the line: hundreds of calls can be followed while others are placed.
	message.status.show('asking');
	const ended = await followCall(context, planned.callId, message, payload, following, {
		firstLookAfter: 0,
		by: options.lookUpBy,
	});
	return payload(ended);
}
