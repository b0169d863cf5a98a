import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';

import { withDefaults } from '../../../calls/account';
import type { CallContext } from '../../../calls/context';
import { readCoolDown } from '../../../calls/coolDown';
import type { CoolDownRule } from '../../../calls/coolDown';
import { canceled } from '../../../calls/failures';
import { timeoutField } from '../../../calls/fields';
import { generateCode } from '../../../calls/generatedCode';
import { outputOf } from '../../../calls/output';
import type { CallReport } from '../../../calls/report';
import { readSeconds } from '../../../calls/seconds';
import { placeReserved, prepareSend } from '../../../calls/send';
import type { PreparedSend } from '../../../calls/send';
import { providers } from '../../../providers';
import { codeField, phoneNumberField } from '../../../providers/sharedFields';
import { migrateSend } from '../../forms/migrations';
import { findAccount } from '../../host/account';
import type { UsableAccount } from '../../host/account';
import { CoolDownStore } from '../../host/coolDownStore';
import { forms } from '../../host/forms';
import { workOnMessages } from '../../host/messages';
import type { Message } from '../../host/messages';
import { readAll, valueReader } from '../../host/typedValues';
import type { ValueReader } from '../../host/typedValues';
import { followCall, readFollowing } from '../../host/waiting';
import type { Following } from '../../host/waiting';
import { wordsOfNode } from '../../host/words';

/** A send node's configuration, ready to be used for each message. */
interface SendOptions {
	readonly account: unknown;
	readonly phoneNumber: ValueReader;
	/** Null: the node makes the code itself. */
	readonly code: ValueReader | null;
	readonly generated: { readonly length: unknown; readonly alphabet: unknown };
	/** The own fields of every provider, by the provider's name. */
	readonly fields: ReadonlyMap<string, ReadonlyMap<string, ValueReader>>;
	readonly coolDowns: CoolDownStore;
	readonly waitForResult: boolean;
	readonly simplify: boolean;
	/** These are checked for each message, so that a wrong one is an error of a message. @throws OtpCallError */
	coolDown(): CoolDownRule | null;
	timeout(): number | undefined;
	following(): Following;
}

function readOptions(RED: NodeAPI, node: Node, config: ReadonlyMap<string, unknown>): SendOptions {
	const read = (field: Parameters<typeof valueReader>[3]) => valueReader(RED, node, config, field);
	return {
		account: config.get('account'),
		phoneNumber: read(phoneNumberField),
		code: config.get('generateCode') === true ? null : read(codeField),
		generated: { length: config.get('codeLength'), alphabet: config.get('codeAlphabet') },
		fields: new Map(
			providers.map(({ name, fields }) => [
				name,
				new Map(fields.map((field) => [field.name, read(field)])),
			]),
		),
		coolDowns: new CoolDownStore(node, config.get('coolDownStore')),
		waitForResult: config.get('waitForResult') === true,
		simplify: config.get('simplify') !== false,
		coolDown: () => readCoolDown(config.get('coolDownSeconds'), config.get('maxCallsPerHour')),
		timeout: () => readSeconds(config.get('timeout'), timeoutField),
		following: () => readFollowing(config),
	};
}

/** A call that has been placed, and how it was ordered. */
interface Placed {
	readonly report: CallReport;
	/** The code, when the node made it. */
	readonly generatedCode: string | undefined;
	/** False when the provider was told not to call again. */
	readonly mayRetry: boolean;
}

async function prepare(
	context: CallContext,
	account: UsableAccount,
	options: SendOptions,
	message: NodeMessage,
): Promise<PreparedSend> {
	const own = await readAll(options.fields.get(account.provider.name) ?? new Map(), message);
	const fields = withDefaults(own, account.fieldDefaults);
	const phoneNumber = await options.phoneNumber(message);
	const code = options.code
		? await options.code(message)
		: generateCode(account.provider, options.generated);
	return prepareSend(context, { phoneNumber, code, fields });
}

async function place(
	context: CallContext,
	account: UsableAccount,
	options: SendOptions,
	message: Message,
): Promise<Placed> {
	const prepared = await prepare(context, account, options, message.message);
	const { code, phoneNumber, planned } = prepared;
	message.status.show('sending', phoneNumber);
	message.placing();
	const rule = options.coolDown();
	const reserve =
		rule &&
		(() => options.coolDowns.reserve(phoneNumber, rule, account.secret, context.clock.now()));
	return {
		report: await placeReserved(context, prepared, reserve),
		generatedCode: options.code ? undefined : code,
		mayRetry: planned.mayRetry,
	};
}

/**
 * Places one message's call and, when it is wanted, follows it to its end.
 * @returns the payload: the call as the contract describes it
 * @throws OtpCallError
 */
async function send(RED: NodeAPI, options: SendOptions, message: Message): Promise<unknown> {
	const account = findAccount(RED, options.account);
	const context = { ...account.contextFor(message.signal), timeout: options.timeout() };
	const following = options.waitForResult ? options.following() : null;
	message.status.show('waiting');
	const placed = await account.slots.run(message.signal, () =>
		place(context, account, options, message),
	);
	if (placed === null) throw canceled('The call', false);
	const { generatedCode, mayRetry, report } = placed;
	const payload = (known: CallReport) =>
		outputOf(known, { simplify: options.simplify, generatedCode });
	message.status.showCall(report.call);
	if (following === null) return payload(report);
	const ended = await followCall(context, report.call.callId, message, payload, following, {
		firstLookAfter: context.provider.firstResultAfter,
		known: report,
		mayRetry,
	});
	return payload(ended);
}

/** The node that has a phone called and a code read out. */
export default function (RED: NodeAPI): void {
	const words = wordsOfNode(RED, 'send-otp-call');

	function SendOtpCall(this: Node, config: NodeDef): void {
		RED.nodes.createNode(this, config);
		const properties = migrateSend({ ...config }, forms);
		const options = readOptions(RED, this, new Map(Object.entries(properties)));
		workOnMessages(RED, this, words, (message) => send(RED, options, message));
	}

	RED.nodes.registerType('send-otp-call', SendOtpCall);
}
