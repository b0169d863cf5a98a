import { invalid, isInvalid, named } from '../providers/fields';
import { readLine } from '../providers/reading/values';
import { codeField } from '../providers/sharedFields';
import { maskPhoneNumber } from '../redaction/texts';
import type { ClaimedCall } from './claims';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { invalidInput } from './failures';
import {
	accountField,
	codeLifetimeField,
	idempotencyKeyField,
	keepForCheckField,
	purposeField,
} from './fields';
import type { PreparedSend } from './report';
import { readSeconds } from './seconds';
import { foldCode, sealVerification } from './verification';

/** Keep for Check: a send puts out a sealed token in place of the code, also with the errors after which a phone may ring. */

/** How the code of a send is kept. */
export interface Keeping {
	/** Milliseconds from the send on. */
	readonly lifetime: number;
	/** '' for none. */
	readonly purpose: string;
}

/** A placed call, and the token by which its code can be checked; undefined: it is not kept. */
export interface KeptCall extends ClaimedCall {
	readonly verification: string | undefined;
}

/** With three digits every third person who guesses would be right within ten calls. */
const shortestCode = 4;

/**
 * What a check is for, as a user filled it in. Two writings that look alike are one.
 * @returns '' for none
 * @throws OtpCallError `invalid-input`
 */
export function readPurpose(value: unknown): string {
	// Vietnamese keyboards write accented letters in one piece or in two.
	const composed = typeof value === 'string' ? value.normalize('NFC') : value;
	const purpose = readLine(composed, purposeField);
	if (isInvalid(purpose)) throw invalidInput(purpose);
	return purpose ?? '';
}

/**
 * Checks, without any request, that the code of a send can be kept.
 * @param values as the user filled them in: seconds, and text
 * @throws OtpCallError `invalid-input`
 */
export function prepareKeeping(
	{ lastingSecret }: Pick<CallContext, 'lastingSecret'>,
	{ code }: Pick<PreparedSend, 'code'>,
	values: { readonly codeLifetime: unknown; readonly purpose: unknown },
): Keeping {
	if (foldCode(code).length < shortestCode) {
		throw invalidInput(
			invalid(
				codeField,
				`must have at least ${shortestCode} characters with ${named(keepForCheckField)}: a shorter one is soon guessed`,
				'Use a code of 6 digits where the provider reads them out, and of 5 where it does not',
			),
		);
	}
	if (lastingSecret === '') {
		throw invalidInput(
			invalid(
				accountField,
				`has no secret, so that anybody could make what ${named(keepForCheckField)} puts out`,
				'Choose another ‹account›',
			),
		);
	}
	const lifetime = readSeconds(values.codeLifetime, codeLifetimeField);
	return {
		lifetime: lifetime ?? codeLifetimeField.usual * 1000,
		purpose: readPurpose(values.purpose),
	};
}

function withVerification(error: OtpCallError, verification: string): OtpCallError {
	return new OtpCallError({ ...error.facts, verification });
}

/**
 * Does something with a call whose code is kept. An error after which the phone may ring carries the token,
 * too: whoever hears the code can type it.
 * @param verification undefined: the code is not kept
 */
export async function whileKept<T>(
	verification: string | undefined,
	work: () => Promise<T>,
): Promise<T> {
	if (verification === undefined) return await work();
	return await work().catch((error: unknown) => {
		const mayBeTyped = error instanceof OtpCallError && error.facts.callMayHaveBeenPlaced;
		throw mayBeTyped ? withVerification(error, verification) : error;
	});
}

/** The code of a call of which nobody knows when it was placed cannot be kept: it would never expire. */
function withoutTime(
	{ provider }: CallContext,
	{ report }: ClaimedCall,
	{ phoneNumber }: PreparedSend,
): OtpCallError {
	const { call } = report;
	return new OtpCallError({
		kind: 'already-placed',
		message: `A call to ${maskPhoneNumber(phoneNumber)} was placed with this ${named(idempotencyKeyField)} before, and ${provider.label} does not say when: its code cannot be kept for a check again`,
		remedy: `Nothing was sent now. Check the code with what the first send put out as verification; for another call use another ${named(idempotencyKeyField)}`,
		callId: call.callId,
		call,
		callMayHaveBeenPlaced: true,
	});
}

/** When a call was sent, by the provider's record of it, but not later than now; null: it does not say. */
function sentAtOf({ report }: ClaimedCall, now: number): number | null {
	const time = Date.parse(report.call.requestedAt ?? '');
	return Number.isNaN(time) ? null : Math.min(time, now);
}

/**
 * Places a call and seals the token of its code. The token of a call that an earlier send under the same
 * key has placed is worth what the first one's is: it expires no later, and has no tries of its own.
 * @param keeping null: the code is not kept
 * @param place places the call, or finds the one that has been placed
 * @throws what `place` throws, with the token where a phone may ring because of this send; OtpCallError
 * `already-placed` for an earlier call without a time
 */
export async function placeKept(
	context: CallContext,
	prepared: PreparedSend,
	keeping: Keeping | null,
	place: () => Promise<ClaimedCall>,
): Promise<KeptCall> {
	if (keeping === null) return { ...(await place()), verification: undefined };
	const { code, phoneNumber } = prepared;
	const { lifetime, purpose } = keeping;
	const tokenFor = (callId: string | null, sentAt: number): string =>
		sealVerification(context, {
			code,
			phoneNumber,
			purpose,
			expiresAt: sentAt + lifetime,
			callId,
		});
	const start = context.clock.now();
	const placed = await place().catch((error: unknown) => {
		if (!(error instanceof OtpCallError) || !error.facts.callMayHaveBeenPlaced) throw error;
		// It speaks of the call of an earlier send, which has a token already.
		if (error.code === 'already-placed') throw error;
		throw withVerification(error, tokenFor(error.facts.callId ?? null, start));
	});
	const sentAt = placed.isAlreadyPlaced ? sentAtOf(placed, context.clock.now()) : start;
	if (sentAt === null) throw withoutTime(context, placed, prepared);
	return { ...placed, verification: tokenFor(placed.report.call.callId, sentAt) };
}
