import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';

import { withDefaults } from '../../../calls/account';
import type { CallContext } from '../../../calls/context';
import { claimOf, drawFor, readIdempotencyKey, referenceFor } from '../../../calls/claims';
import type { ClaimedCall, ClaimStore } from '../../../calls/claims';
import { readBudget, readCoolDown } from '../../../calls/coolDown';
import { canceled } from '../../../calls/failures';
import {
	doNotCallField,
	idempotencyKeyField,
	purposeField,
	timeoutField,
} from '../../../calls/fields';
import { generateCode, spokenCode } from '../../../calls/generatedCode';
import type { SentCall } from '../../../calls/identity';
import { placeKept, prepareKeeping, whileKept } from '../../../calls/keeping';
import type { Keeping, KeptCall } from '../../../calls/keeping';
import { outputOf } from '../../../calls/output';
import type { CallReport, PreparedSend } from '../../../calls/report';
import { placeAllowed, readRules } from '../../../calls/rules';
import type { CallRules } from '../../../calls/rules';
import { readSeconds } from '../../../calls/seconds';
import { placeReserved, prepareSend } from '../../../calls/send';
import { providers } from '../../../providers';
import { isUnset } from '../../../providers/reading/values';
import { codeField, phoneNumberField } from '../../../providers/sharedFields';
import { migrateSend } from '../../forms/migrations';
import { findAccount } from '../../host/account';
import type { UsableAccount } from '../../host/account';
import { claimStoreOf } from '../../host/claimStore';
import { clock } from '../../host/clock';
import { lastingOf } from '../../host/contextStore';
import { CoolDownStore } from '../../host/coolDownStore';
import type { CallLimits } from '../../host/coolDownStore';
import { forms } from '../../host/forms';
import { instanceIdOf } from '../../host/instance';
import { workOnMessages } from '../../host/messages';
import type { Message } from '../../host/messages';
import { readAll, readOnce, sayingWhere, valueReader } from '../../host/typedValues';
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
	/** Null: the code is not kept for a check. */
	readonly kept: { readonly codeLifetime: unknown; readonly purpose: ValueReader } | null;
	/** The own fields of every provider, by the provider's name. */
	readonly fields: ReadonlyMap<string, ReadonlyMap<string, ValueReader>>;
	/** Null where a message has none. */
	readonly idempotencyKey: ValueReader;
	readonly allowedCountries: unknown;
	readonly callingHours: unknown;
	/** Null: there is no list. */
	readonly doNotCall: ValueReader | null;
	readonly coolDowns: CoolDownStore;
	readonly claims: ClaimStore;
	readonly waitForResult: boolean;
	readonly simplify: boolean;
	/** These are checked for each message, so that a wrong one is an error of a message. @throws OtpCallError */
	limits(): CallLimits;
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
		kept:
			config.get('keepForCheck') === true
				? { codeLifetime: config.get('codeLifetime'), purpose: read(purposeField) }
				: null,
		fields: new Map(
			providers.map(({ name, fields }) => [
				name,
				new Map(fields.map((field) => [field.name, read(field)])),
			]),
		),
		idempotencyKey: read(idempotencyKeyField),
		allowedCountries: config.get('allowedCountries'),
		callingHours: config.get('callingHours'),
		doNotCall: isUnset(config.get('doNotCall')) ? null : read(doNotCallField),
		coolDowns: new CoolDownStore(node, config.get('coolDownStore')),
		claims: claimStoreOf(node, config.get('coolDownStore'), () => clock.now()),
		waitForResult: config.get('waitForResult') === true,
		simplify: config.get('simplify') !== false,
		limits: readOnce(() => ({
			coolDown: readCoolDown(config.get('coolDownSeconds'), config.get('maxCallsPerHour')),
			budget: readBudget(config.get('maxCallsPerHourAll'), config.get('maxCallsPerDayAll')),
		})),
		timeout: readOnce(() => readSeconds(config.get('timeout'), timeoutField)),
		following: readOnce(() => readFollowing(config)),
	};
}

/** A call that has been placed, and how it was ordered. */
interface Placed extends KeptCall {
	/** What its records are compared with. */
	readonly sent: SentCall;
	/** The code, when the node made it. */
	readonly generatedCode: string | undefined;
	/** False when the provider was told not to call again. */
	readonly mayRetry: boolean;
}

/** A send that has been checked. */
interface Ordered {
	readonly prepared: PreparedSend;
	/** The key that it stands under; null: none. */
	readonly key: string | null;
	readonly keeping: Keeping | null;
	readonly rules: CallRules;
	/** The code, when the node made it. */
	readonly generatedCode: string | undefined;
}

/** The values that a send takes from elsewhere, by the names of their fields. */
const readersOf = (
	{ code, fields, idempotencyKey, kept, phoneNumber }: SendOptions,
	provider: string,
): ReadonlyMap<string, ValueReader> =>
	new Map([
		...(fields.get(provider) ?? []),
		[phoneNumberField.name, phoneNumber],
		[idempotencyKeyField.name, idempotencyKey],
		...(code === null ? [] : ([[codeField.name, code]] as const)),
		...(kept === null ? [] : ([[purposeField.name, kept.purpose]] as const)),
	]);

async function prepare(
	context: CallContext,
	account: UsableAccount,
	options: SendOptions,
	message: NodeMessage,
): Promise<Ordered> {
	const own = await readAll(options.fields.get(account.provider.name) ?? new Map(), message);
	const fields = withDefaults(own, account.fieldDefaults);
	const phoneNumber = await options.phoneNumber(message);
	const key = readIdempotencyKey(await options.idempotencyKey(message));
	const secret = context.lastingSecret;
	const generatedCode = options.code
		? undefined
		: generateCode(
				account.provider,
				options.generated,
				key === null ? undefined : drawFor(key, secret),
			);
	const code =
		generatedCode === undefined
			? await options.code?.(message)
			: spokenCode(generatedCode, account.provider);
	const reference = key === null ? undefined : referenceFor(key, secret);
	const url = [...account.callbacks].at(-1);
	const callback = url === undefined ? undefined : { url, isNeeded: false };
	const { allowedCountries } = options;
	const input = { phoneNumber, allowedCountries, code, fields, reference, callback };
	const prepared = prepareSend(context, input);
	const keeping = await prepareToKeep(context, options, message, prepared);
	const rules = readRules(account.provider, {
		callingHours: options.callingHours,
		doNotCall: options.doNotCall === null ? '' : await options.doNotCall(message),
	});
	const codePutOut = generatedCode === undefined ? undefined : (prepared.testCode ?? generatedCode);
	return { generatedCode: codePutOut, keeping, key, prepared, rules };
}

async function prepareToKeep(
	context: CallContext,
	{ kept }: SendOptions,
	message: NodeMessage,
	prepared: PreparedSend,
): Promise<Keeping | null> {
	if (kept === null) return null;
	const { codeLifetime } = kept;
	const purpose = await kept.purpose(message);
	return prepareKeeping(context, prepared, { codeLifetime, purpose });
}

/** Places the call, unless its key stands for one already, or a rule of the node forbids it. */
async function placeAnew(
	RED: NodeAPI,
	context: CallContext,
	options: SendOptions,
	{ key, prepared, rules }: Ordered,
): Promise<ClaimedCall> {
	const { phoneNumber } = prepared;
	const secret = context.lastingSecret;
	const limits = options.limits();
	const hasLimits = limits.coolDown !== null || limits.budget !== null;
	const reserve = () => options.coolDowns.reserve(phoneNumber, limits, secret, context.clock.now());
	const place = () => placeReserved(context, prepared, hasLimits ? reserve : null);
	// Where there is nothing that all accounts share, each account has claims of its own.
	const claimFor = (given: string) => claimOf(given, prepared, secret, instanceIdOf(RED) ?? secret);
	const claimed = key === null ? null : { claim: claimFor(key), store: options.claims };
	return await placeAllowed(context, prepared, rules, claimed, place);
}

async function place(
	RED: NodeAPI,
	context: CallContext,
	account: UsableAccount,
	options: SendOptions,
	message: Message,
): Promise<Placed> {
	const ordered = await sayingWhere(
		() => readersOf(options, account.provider.name),
		() => prepare(context, account, options, message.message),
	);
	const { keeping, prepared } = ordered;
	const { phoneNumber, planned, sent } = prepared;
	message.status.show('sending', phoneNumber);
	message.placing(phoneNumber);
	const placed = await placeKept(context, prepared, keeping, () =>
		placeAnew(RED, context, options, ordered),
	);
	if (!placed.isAlreadyPlaced) message.placed(placed.report.call);
	return {
		...placed,
		sent,
		generatedCode: ordered.generatedCode,
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
	const context = account.contextFor(message.signal, options.timeout());
	const following = options.waitForResult ? options.following() : null;
	message.status.show('waiting');
	const placed = await account.slots.run(message.signal, () =>
		place(RED, context, account, options, message),
	);
	if (placed === null) throw canceled('The call', false);
	const { generatedCode, isAlreadyPlaced, mayRetry, report, sent, verification } = placed;
	const payload = (known: CallReport) =>
		outputOf(known, {
			simplify: options.simplify,
			generatedCode,
			verification,
			alreadyPlaced: isAlreadyPlaced,
		});
	message.status.showCall(report.call);
	if (following === null || (isAlreadyPlaced && report.call.final)) return payload(report);
	const source = { context, ended: account.ended };
	const start = {
		firstLookAfter: isAlreadyPlaced ? 0 : context.provider.firstResultAfter,
		known: report,
		sent,
		mayRetry,
	};
	const ended = await whileKept(verification, () =>
		followCall(source, report.call.callId, message, payload, following, start),
	);
	return payload(ended);
}

/** The node that has a phone called and a code read out. */
export default function (RED: NodeAPI): void {
	const words = wordsOfNode(RED, 'send-otp-call');

	function SendOtpCall(this: Node, config: NodeDef): void {
		RED.nodes.createNode(this, config);
		const properties = migrateSend({ ...config }, forms);
		const options = readOptions(RED, this, new Map(Object.entries(properties)));
		const { idempotencyKey } = properties;
		const hasKey = typeof idempotencyKey === 'string' && idempotencyKey !== '';
		const lasting = lastingOf(RED, properties['coolDownStore']);
		if (hasKey && (lasting === 'forgotten' || lasting === 'later')) {
			this.warn(words.translate(`log.${lasting}`));
		}
		workOnMessages(RED, this, words, (message) => send(RED, options, message), {
			account: options.account,
		});
	}

	RED.nodes.registerType('send-otp-call', SendOtpCall);
}
