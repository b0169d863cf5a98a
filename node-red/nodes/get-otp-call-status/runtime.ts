import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';

import { readCallFilter, readLimit } from '../../../calls/callFilter';
import type { CallContext } from '../../../calls/context';
import { OtpCallError } from '../../../calls/errors';
import { canceled, invalidInput } from '../../../calls/failures';
import { fromField, operationField, timeoutField, toField } from '../../../calls/fields';
import { listCalls } from '../../../calls/lists';
import { outputOf } from '../../../calls/output';
import type { CallReport } from '../../../calls/report';
import { readSeconds } from '../../../calls/seconds';
import { getOtpCallStatus, planLookup } from '../../../calls/status';
import { providers } from '../../../providers';
import type { CallFilter, CallList, Provider } from '../../../providers/contract';
import { invalid, named } from '../../../providers/fields';
import type { FieldName } from '../../../providers/fields';
import { callIdField, phoneNumberField } from '../../../providers/sharedFields';
import { filterProperty } from '../../forms/fields';
import { migrateStatus } from '../../forms/migrations';
import { findAccount } from '../../host/account';
import type { UsableAccount } from '../../host/account';
import { forms } from '../../host/forms';
import { workOnMessages } from '../../host/messages';
import type { Message } from '../../host/messages';
import { readAll, readOnce, sayingWhere, valueReader } from '../../host/typedValues';
import type { ValueReader } from '../../host/typedValues';
import { followCall, readFollowing } from '../../host/waiting';
import type { Following } from '../../host/waiting';
import { wordsOfNode } from '../../host/words';

/** A status node's configuration, ready to be used for each message. */
interface StatusOptions {
	readonly account: unknown;
	/** `getAll`: a list of calls instead of one. */
	readonly operation: 'get' | 'getAll';
	readonly callId: ValueReader;
	readonly lookUpBy: 'reference' | 'record';
	readonly waitUntilEnded: boolean;
	readonly simplify: boolean;
	/** What narrows a list of calls, by the names of the fields, for each provider by its name. */
	readonly filters: ReadonlyMap<string, ReadonlyMap<string, ValueReader>>;
	/** These are checked for each message, so that a wrong one is an error of a message. @throws OtpCallError */
	limit(): number;
	timeout(): number | undefined;
	following(): Following;
}

function readOptions(
	RED: NodeAPI,
	node: Node,
	config: ReadonlyMap<string, unknown>,
): StatusOptions {
	const filterOf = (field: FieldName): [string, ValueReader] => [
		field.name,
		valueReader(RED, node, config, field, filterProperty(field.name)),
	];
	return {
		account: config.get('account'),
		operation: config.get('operation') === 'getAll' ? 'getAll' : 'get',
		callId: valueReader(RED, node, config, callIdField),
		lookUpBy: config.get('lookUpBy') === 'record' ? 'record' : 'reference',
		waitUntilEnded: config.get('waitUntilEnded') === true,
		simplify: config.get('simplify') !== false,
		filters: new Map(
			providers.map(({ name, calls }) => [
				name,
				new Map([fromField, toField, phoneNumberField, ...(calls?.filters ?? [])].map(filterOf)),
			]),
		),
		limit: readOnce(() => readLimit(config.get('returnAll'), config.get('limit'))),
		timeout: readOnce(() => readSeconds(config.get('timeout'), timeoutField)),
		following: readOnce(() => readFollowing(config)),
	};
}

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

/** The error of a filter's value, with the property of this node at fault. */
const ofProperty = (error: unknown): unknown =>
	error instanceof OtpCallError && error.facts.field !== undefined
		? new OtpCallError({ ...error.facts, field: filterProperty(error.facts.field) })
		: error;

/** @throws OtpCallError `invalid-input` */
async function readFilter(
	{ filters }: StatusOptions,
	message: NodeMessage,
	calls: CallList,
	provider: Provider,
): Promise<CallFilter> {
	const readers = filters.get(provider.name) ?? new Map<string, ValueReader>();
	try {
		return await sayingWhere(
			() => readers,
			async () => readCallFilter(await readAll(readers, message), calls, provider),
		);
	} catch (error) {
		throw ofProperty(error);
	}
}

async function listMany(
	context: CallContext,
	options: StatusOptions,
	{ message }: Message,
): Promise<readonly CallReport[]> {
	const { provider } = context;
	const { calls } = provider;
	if (calls === undefined) {
		throw invalidInput(
			invalid(
				operationField,
				`cannot be to list calls: ${provider.label} offers no such list`,
				`Set ${named(operationField)} to the status of one call`,
			),
		);
	}
	const filter = await readFilter(options, message, calls, provider);
	return await listCalls(context, calls, filter, options.limit());
}

/**
 * Answers one message: where its call stands, how it ended, or a list of calls.
 * @returns the payload
 * @throws OtpCallError
 */
async function ask(RED: NodeAPI, options: StatusOptions, message: Message): Promise<unknown> {
	const account = findAccount(RED, options.account);
	const context = account.contextFor(message.signal, options.timeout());
	const payload = (report: CallReport) => outputOf(report, { simplify: options.simplify });
	if (options.operation === 'getAll') {
		const calls = await inTurn(account, message, () => listMany(context, options, message));
		message.status.show('completed');
		return calls.map(payload);
	}
	const planned = await sayingWhere(
		() => new Map([[callIdField.name, options.callId]]),
		async () => planLookup(context, await options.callId(message.message), options.lookUpBy),
	);
	if (!options.waitUntilEnded) {
		const report = await inTurn(account, message, () =>
			getOtpCallStatus(context, planned.callId, options.lookUpBy),
		);
		message.status.showCall(report.call);
		return payload(report);
	}
	const following = options.following();
	// A wait holds no place of the account: hundreds of calls can be followed while others are placed.
	message.status.show('asking');
	const ended = await followCall(
		{ context, ended: account.ended },
		planned.callId,
		message,
		payload,
		following,
		{
			firstLookAfter: 0,
			by: options.lookUpBy,
		},
	);
	return payload(ended);
}

/** The node that says where a call stands and how it ended. */
export default function (RED: NodeAPI): void {
	const words = wordsOfNode(RED, 'get-otp-call-status');

	function GetOtpCallStatus(this: Node, config: NodeDef): void {
		RED.nodes.createNode(this, config);
		const properties = migrateStatus({ ...config }, forms);
		const options = readOptions(RED, this, new Map(Object.entries(properties)));
		workOnMessages(RED, this, words, (message) => ask(RED, options, message), {
			account: options.account,
		});
	}

	RED.nodes.registerType('get-otp-call-status', GetOtpCallStatus);
}
