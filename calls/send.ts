import type { PlannedSend } from '../providers/contract';
import { invalid, isInvalid, named } from '../providers/fields';
import { readFields } from '../providers/reading/values';
import { requestKnown } from './alreadyPlaced';
import { chooseCallback } from './callback';
import type { OfferedCallback } from './callback';
import { backOff, exchange, isCanceled, retryAfterOf, secretsOf } from './context';
import type { CallContext } from './context';
import type { Reservation } from './coolDown';
import {
	answerLost,
	canceled,
	declined,
	failureOf,
	invalidInput,
	unreachable,
	unreadable,
	verdictOf,
} from './failures';
import type { SendPurpose } from './failures';
import { OtpCallError } from './errors';
import { waitForField } from './fields';
import { checkCallee, checkSpokenCode, refuseExpression } from './input';
import { limits } from './limits';
import { isAnswerTo } from './identity';
import type { SentCall } from './identity';
import { recover } from './recovery';
import { reportOf } from './report';
import type { CallRecord, CallReport, PreparedSend } from './report';
import { lookUp, planLookup } from './status';
import { isCertificateFailure } from './transport';
import { contextForNumber } from './testNumbers';
import type { Exchange } from './transport';

/** What a user fills in to have a call placed. Everything is unchecked. */
export interface SendInput {
	readonly phoneNumber: unknown;
	readonly code: unknown;
	/** Of those that the provider calls; absent: all of them. */
	readonly allowedCountries?: unknown;
	/** The provider's own fields by their names in flows. */
	readonly fields: Readonly<Record<string, unknown>>;
	/** A reference to use where the user gives none; absent: a new one is made. */
	readonly reference?: string | undefined;
	/** In its place: the way back to what waits for the call, which an event has to bring (`calls/wayBack.ts`). */
	readonly wayBack?: string | undefined;
	/** Where the host would hear of this call. */
	readonly callback?: OfferedCallback | undefined;
}

const isSuccess = ({ status }: { readonly status: number }): boolean =>
	status >= 200 && status <= 299;

const newReference = (): string => crypto.randomUUID();

/** An event under another reference would wake nobody. @throws OtpCallError `invalid-input` */
function checkBringsWayBack({ referenceField }: PlannedSend): void {
	if (referenceField === undefined) return;
	throw invalidInput(
		invalid(
			referenceField,
			"must be empty where the call is waited for by the provider's event: the reference is what the event brings back",
			`Empty ${named(referenceField)}, or set ${named(waitForField)} to polling`,
		),
	);
}

/**
 * Checks everything that a send needs, without any request.
 * @throws OtpCallError `invalid-input`; `refused-by-rule` for a number of a country that is not called
 */
export function prepareSend(context: CallContext, input: SendInput): PreparedSend {
	const phoneNumber = checkCallee(input.phoneNumber, context.provider, input.allowedCountries);
	const { provider, tests } = contextForNumber(context, phoneNumber.e164);
	const given = checkSpokenCode(input.code, provider);
	const testCode = provider === context.provider ? null : (tests?.code ?? null);
	const code = testCode ?? given;
	for (const field of provider.fields) refuseExpression(field, input.fields[field.name]);
	const fields = readFields(provider.fields, input.fields);
	if (isInvalid(fields)) throw invalidInput(fields);
	// Made for the providers that ask for one: a random ID takes as long as the check of a number.
	let reference = input.wayBack ?? input.reference;
	const now = context.clock.now();
	const planned = provider.planSend({
		phoneNumber,
		code,
		fields,
		get newReference() {
			return (reference ??= newReference());
		},
		callback: chooseCallback(context, fields, input.callback),
		now,
	});
	if (isInvalid(planned)) throw invalidInput(planned);
	if (input.wayBack !== undefined) checkBringsWayBack(planned);
	const sent: SentCall = {
		phoneNumber: phoneNumber.e164,
		reference: planned.reference,
		isReferenceNew: planned.referenceField === undefined,
		preparedAt: now,
	};
	const keyReference = input.wayBack === undefined ? planned.reference : null;
	const isReferenceGiven = input.reference !== undefined && input.wayBack === undefined;
	return {
		phoneNumber: phoneNumber.e164,
		country: phoneNumber.country,
		code,
		testCode,
		planned,
		keyReference,
		sent,
		isReferenceGiven,
	};
}

/** How long to pause before the same send may be repeated; null: it must not be repeated. */
function pauseBeforeRepeat(context: CallContext, sent: Exchange, tried: number): number | null {
	if (tried >= limits.tries || isCanceled(context)) return null;
	if (sent.is === 'not-sent') {
		return isCertificateFailure(sent.code) ? null : backOff(context.clock, tried);
	}
	if (sent.is !== 'answered' || isSuccess(sent)) return null;
	if (verdictOf(context, sent) !== 'rate-limited') return null;
	const asked = retryAfterOf(sent, context.clock.now());
	if (asked === null || asked > limits.retryAfter) return null;
	// Later than asked, and each at another moment: all that were declined together would come back together.
	return asked + backOff(context.clock, tried);
}

/** What became of a send, and when its last try began; milliseconds since 1970. */
interface Departure {
	readonly sent: Exchange;
	readonly at: number;
}

async function sendUntilItLeft(context: CallContext, planned: PlannedSend): Promise<Departure> {
	for (let tried = 1; ; tried += 1) {
		const at = context.clock.now();
		const sent = await exchange(context, planned.request);
		const pause = pauseBeforeRepeat(context, sent, tried);
		if (pause === null) return { sent, at };
		await context.clock.sleep(pause, context.signal);
		// Either it never left, or the provider declined it.
		if (isCanceled(context)) throw canceled('The call', false);
	}
}

/**
 * A reference of the user's own must be new: under one that has a record nobody could tell the calls apart.
 * Where the provider cannot be asked now, the call is placed all the same, and its records are compared.
 * @throws OtpCallError `invalid-input`
 */
async function checkReference(context: CallContext, { planned }: PreparedSend): Promise<void> {
	const { reference, referenceField } = planned;
	if (reference === null || referenceField === undefined) return;
	const question = planLookup(context, reference);
	const known = await lookUp(context, question, { tries: 1 }).catch(() => null);
	if (known === null) return;
	throw invalidInput(
		invalid(
			referenceField,
			'belongs to another call already',
			`Give ${named(referenceField)} a value that no call has had, such as the order's number and that of the try, or leave it empty`,
		),
	);
}

/** A provider that does not say when it was asked was asked when we sent. */
const asRequested = (known: CallRecord, at: number): CallRecord => ({
	...known,
	call: {
		...known.call,
		requestedAt: known.call.requestedAt ?? new Date(at).toISOString(),
	},
});

/** The call that was placed, or why there is none, or none for sure. */
function readOutcome(
	context: CallContext,
	purpose: SendPurpose,
	{ code, isReferenceGiven, phoneNumber, planned, sent: call }: PreparedSend,
	sent: Exclude<Exchange, { is: 'not-sent' }>,
	at: number,
): CallReport | OtpCallError {
	if (sent.is === 'answer-lost') return answerLost(context, purpose, sent.code);
	if (!isSuccess(sent)) return failureOf(context, purpose, sent);
	const reading = planned.read(sent);
	switch (reading.is) {
		case 'call':
		case 'known-request':
			if (reading.is === 'known-request' && isReferenceGiven) {
				return requestKnown(context, phoneNumber);
			}
			// A reference of this send alone: something on the way has sent the request twice.
			if (!isAnswerTo(reading.identity, call)) {
				return unreadable(context, purpose, sent, 'is the answer to another call');
			}
			return reportOf(context.provider, asRequested(reading, at), secretsOf(context, code));
		case 'refusal':
			return declined(context, purpose, sent, reading);
		case 'no-record':
			return unreadable(context, purpose, sent, 'is empty');
		case 'unreadable':
			return unreadable(context, purpose, sent, reading.why);
	}
}

/**
 * Places one call. The request is repeated only when it provably never left, or when the provider
 * asks for another try within seconds. When the answer of a request that did leave is lost, the call's
 * record decides where the provider can be asked for it by our reference; and where the provider
 * recognises a request that it has had, its answer to the same one.
 * @throws OtpCallError of any kind but `not-found` and `wait-timeout`
 * @internal the hosts place by {@link placeReserved}; the tests have nothing to reserve
 */
export async function placeCall(host: CallContext, prepared: PreparedSend): Promise<CallReport> {
	const context = contextForNumber(host, prepared.phoneNumber);
	await checkReference(context, prepared);
	if (isCanceled(context)) throw canceled('The call', false);
	const { planned, code } = prepared;
	const purpose: SendPurpose = { is: 'send', code, reference: planned.reference };
	const { sent, at } = await sendUntilItLeft(context, planned);
	if (sent.is === 'not-sent') {
		throw isCanceled(context) ? canceled('The call', false) : unreachable(context, sent.code);
	}
	const outcome = readOutcome(context, purpose, prepared, sent, at);
	if (!(outcome instanceof OtpCallError)) return outcome;
	const recovered = outcome.code === 'outcome-unknown' ? await recover(context, prepared) : null;
	if (recovered === null) throw outcome;
	return recovered;
}

/** True for an error after which a phone may ring. */
export const mayRing = (error: unknown): boolean =>
	!(error instanceof OtpCallError) || error.facts.callMayHaveBeenPlaced;

/**
 * Places one call that takes a place in a cool-down first, and gives it back when the call was provably
 * not placed.
 * @param reserve throws `cooling-down` when the number has been called too recently; null: no rule
 * @throws OtpCallError of any kind but `not-found` and `wait-timeout`
 */
export async function placeReserved(
	context: CallContext,
	prepared: PreparedSend,
	reserve: (() => Promise<Reservation>) | null,
): Promise<CallReport> {
	if (reserve === null) return await placeCall(context, prepared);
	const reservation = await reserve();
	return await placeCall(context, prepared).catch(async (error: unknown) => {
		if (!mayRing(error)) await reservation.release().catch(() => undefined);
		throw error;
	});
}
