import { providers } from '../providers';
import type { HttpAnswer, PlannedLookup, Provider, ProviderRequest } from '../providers/contract';
import { invalid, isInvalid } from '../providers/fields';
import type { InvalidField } from '../providers/fields';
import { asLine, isUnset } from '../providers/reading/values';
import { callIdField } from '../providers/sharedFields';
import { backOff, exchange, isCanceled, retryAfterOf, secretsOf } from './context';
import type { CallContext } from './context';
import {
	canceled,
	declined,
	failureOf,
	invalidInput,
	notFound,
	question,
	unreachable,
	unreadable,
} from './failures';
import { isNamed, isOfSend } from './identity';
import { refuseExpression } from './input';
import type { LookUpBy, SentCall } from './identity';
import { limits } from './limits';
import { reportOf } from './report';
import type { CallReport } from './report';
import { isCertificateFailure } from './transport';
import { contextForCall } from './testNumbers';
import type { Exchange } from './transport';

/** How long to pause before a question is asked again; null: it is not worth it. */
function pauseBeforeRepeat(context: CallContext, asked: Exchange, tried: number): number | null {
	if (isCanceled(context)) return null;
	if (asked.is === 'not-sent' && isCertificateFailure(asked.code)) return null;
	if (asked.is !== 'answered' || asked.status >= 500 || asked.status === 408) {
		return backOff(context.clock, tried);
	}
	if (asked.status !== 429) return null;
	const pause = retryAfterOf(asked, context.clock.now()) ?? 0;
	return pause <= limits.retryAfter ? pause + backOff(context.clock, tried) : null;
}

/**
 * Asks the provider something that places no call, again when it fails for a moment.
 * @param tries requests at most, the first included
 * @returns the answer, whatever its status
 * @throws OtpCallError `unreachable`, `canceled`
 */
export async function ask(
	context: CallContext,
	request: ProviderRequest,
	tries: number = limits.tries,
): Promise<HttpAnswer> {
	for (let tried = 1; ; tried += 1) {
		if (isCanceled(context)) throw canceled('The look-up', false);
		const asked = await exchange(context, request);
		const pause = tried < tries ? pauseBeforeRepeat(context, asked, tried) : null;
		if (pause === null) {
			if (asked.is === 'answered') return asked;
			if (isCanceled(context)) throw canceled('The look-up', false);
			throw unreachable(context, asked.code);
		}
		await context.clock.sleep(pause, context.signal);
	}
}

/** A look-up that is ready to be asked. */
export interface CallQuestion {
	readonly lookup: PlannedLookup;
	readonly callId: string;
	readonly by: LookUpBy;
}

/** The one other provider whose call ID this is, by its looks; undefined: it may be one of this provider. */
function otherOwnerOf(provider: Provider, callId: string): Provider | undefined {
	if (provider.callIdForm?.pattern.test(callId)) return undefined;
	return providers.find((other) => other !== provider && other.callIdForm?.pattern.test(callId));
}

const isOfAnother = (owner: Provider, { label }: Provider): InvalidField =>
	invalid(
		callIdField,
		`is one of ${owner.label}, not of ${label}`,
		`Choose ${owner.label} under ‹providerChoice›, or use the ID of a call that ${label} has placed`,
	);

/** The look-up of a call by the ID that a user filled in. @throws OtpCallError `invalid-input` */
export function planLookup(
	context: CallContext,
	callId: unknown,
	by: LookUpBy = 'reference',
): CallQuestion {
	refuseExpression(callIdField, callId);
	const id = isUnset(callId) ? '' : asLine(callId);
	if (id === null || id === '') {
		const rule = id === null ? 'must be text' : 'is empty';
		const remedy = 'Use the field callId of what ‹sendNode› put out';
		throw invalidInput(invalid(callIdField, rule, remedy));
	}
	const { provider } = contextForCall(context, id);
	const lookup =
		by === 'record' && provider.planRecord ? provider.planRecord(id) : provider.planStatus(id);
	const owner = otherOwnerOf(provider, id);
	if (owner !== undefined && (isInvalid(lookup) || owner.callIdForm?.isUnmistakable)) {
		throw invalidInput(isOfAnother(owner, provider));
	}
	if (isInvalid(lookup)) throw invalidInput(lookup);
	return { lookup, callId: id, by };
}

/** False for a call of which the provider has told no ID that it could be asked for. */
export const canBeLookedUp = (context: CallContext, callId: string): boolean =>
	!isInvalid(contextForCall(context, callId).provider.planStatus(callId));

/**
 * Looks a call up once.
 * @param sent the send whose call it is, where it is known: it knows the number, of which a record may
 * show a part, or nothing
 * @returns null: the provider has no record of it, or none yet; a record of another call is none
 */
export async function lookUp(
	host: CallContext,
	{ by, callId, lookup }: CallQuestion,
	{
		sent,
		tries = limits.tries,
	}: { readonly sent?: SentCall | undefined; readonly tries?: number } = {},
): Promise<CallReport | null> {
	const context = contextForCall(host, callId);
	const answer = await ask(context, lookup.request, tries);
	if (answer.status < 200 || answer.status > 299) {
		if (context.provider.isNoRecord(answer)) return null;
		throw failureOf(context, question, answer);
	}
	const reading = lookup.read(answer);
	switch (reading.is) {
		case 'call': {
			const { call, identity } = reading;
			if (!isNamed(identity, callId, by)) return null;
			if (sent !== undefined && !isOfSend(identity, call.requestedAt, sent)) return null;
			const phoneNumber = sent?.phoneNumber ?? call.phoneNumber;
			const record = { ...reading, call: { ...call, phoneNumber } };
			return reportOf(context.provider, record, secretsOf(context));
		}
		case 'no-record':
			return null;
		case 'refusal':
			throw declined(context, question, answer, reading);
		case 'known-request':
			throw unreadable(context, question, answer, 'is no answer to a look-up');
		case 'unreadable':
			throw unreadable(context, question, answer, reading.why);
	}
}

/**
 * Where a call stands.
 * @param by `record`: the ID is the provider's own of the record, not the call's reference
 * @throws OtpCallError of any kind but `outcome-unknown` and `wait-timeout`
 */
export async function getOtpCallStatus(
	context: CallContext,
	callId: unknown,
	by: LookUpBy = 'reference',
): Promise<CallReport> {
	const planned = planLookup(context, callId, by);
	const report = await lookUp(context, planned);
	if (report === null) {
		throw notFound(context, planned.callId, otherOwnerOf(context.provider, planned.callId));
	}
	return report;
}
