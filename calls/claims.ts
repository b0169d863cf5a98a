import { createHmac } from 'crypto';

import { invalid, isInvalid, named } from '../providers/fields';
import { readLine } from '../providers/reading/values';
import { maskPhoneNumber } from '../redaction/texts';
import type { CallContext } from './context';
import type { OtpCallError } from './errors';
import { alreadyPlaced, lookElsewhere } from './alreadyPlaced';
import { invalidInput } from './failures';
import { idempotencyKeyField } from './fields';
import { refuseExpression } from './input';
import type { CallReport, PreparedSend } from './report';
import { mayRing } from './send';
import { canBeLookedUp, lookUp, planLookup } from './status';

/**
 * A call's identity beyond the try that makes it: with an Idempotency Key a send is claimed in a lasting
 * store of the host before its request leaves, so that no other execution, retry or restart places it
 * again. A store sees hashes only.
 */

/** How long a key stands for its call, in milliseconds. */
export const claimLife = 24 * 3_600_000;

/** What a claim holds beside its key: who is called, and with which code. Hashes under the account's secret. */
export interface Claim {
	/** Such as 32 hexadecimal digits. */
	readonly key: string;
	/**
	 * Key and number, under the secret of the host: the same for every account, so that a call that has gone
	 * out by a second provider is not placed by the first one again.
	 */
	readonly person: string;
	readonly recipient: string;
	readonly code: string;
}

/** What an earlier send under the same key has left. */
export interface EarlierClaim {
	readonly isSameRecipient: boolean;
	/** False also when the node made only one of the two codes: an output would show one that nobody reads out. */
	readonly isSameCode: boolean;
	/** Null: the store does not hold it, or the answer had not come yet. */
	readonly callId: string | null;
}

/** A host's lasting store of claims. */
export interface ClaimStore {
	/**
	 * Remembers the claim, unless its key has been claimed in the last 24 hours, or its person has.
	 * @returns null: it is ours now; `by-another-account`: only the person is claimed, and nothing was remembered
	 * @throws OtpCallError when the store cannot be used: nothing may be sent then
	 */
	claim(claim: Claim): Promise<EarlierClaim | 'by-another-account' | null>;
	/** Whether the key has been claimed in the last 24 hours. @throws OtpCallError as above */
	isClaimed(claim: Claim): Promise<boolean>;
	/** Remembers what the provider calls the call that was placed, where the store can. */
	settle(claim: Claim, callId: string): Promise<void>;
	/** Gives the key back, for a call that was provably not placed. */
	release(claim: Claim): Promise<void>;
}

const longestKey = 200;

/**
 * The key that a user filled in; null: none.
 * @throws OtpCallError `invalid-input`
 */
export function readIdempotencyKey(value: unknown): string | null {
	refuseExpression(idempotencyKeyField, value);
	const key = readLine(value, { ...idempotencyKeyField, longest: longestKey });
	if (isInvalid(key)) throw invalidInput(key);
	return key ?? null;
}

const hash = (secret: string, purpose: string, text: string): Buffer =>
	createHmac('sha256', `otp-call:${purpose}:${secret}`).update(text).digest();

/** What is shown of a hash in a store: enough to tell apart all calls of a day. */
const short = (bytes: Buffer): string => bytes.toString('hex').slice(0, 32);

/**
 * A reference for the provider that follows from the key, so that the record is found even when the
 * store is lost.
 * @param secret what only this account knows
 * @returns 24 characters that a URL's path can hold
 */
export function referenceFor(key: string, secret: string): string {
	return `k-${hash(secret, 'reference', key).toString('base64url').replaceAll(/[-_]/g, '0').slice(0, 22)}`;
}

/**
 * Numbers that look like chance and follow from the key: the code that the node makes is the first one
 * again, and stands in no store.
 * @returns draws a whole number from 0 to less than `below`, at most 256
 */
export function drawFor(key: string, secret: string): (below: number) => number {
	let counter = 0;
	let bytes: number[] = [];
	const next = (): number => {
		if (bytes.length === 0) {
			bytes = [...hash(secret, 'code', `${counter}:${key}`)];
			counter += 1;
		}
		return bytes.pop() ?? 0;
	};
	return (below) => {
		// Bytes beyond the last whole multiple would make some numbers likelier than others.
		const most = 256 - (256 % below);
		let byte = next();
		while (byte >= most) byte = next();
		return byte % below;
	};
}

/**
 * The claim of a send.
 * @param secret what only the account knows
 * @param hostSecret what all accounts of the host share
 */
export function claimOf(
	key: string,
	{ code, phoneNumber }: PreparedSend,
	secret: string,
	hostSecret: string,
): Claim {
	return {
		key: short(hash(secret, 'key', key)),
		person: short(hash(hostSecret, 'person', `${key}:${phoneNumber}`)),
		recipient: short(hash(secret, 'recipient', `${key}:${phoneNumber}`)),
		code: short(hash(secret, 'code claimed', `${key}:${code}`)),
	};
}

function keyTaken(
	{ provider }: CallContext,
	{ phoneNumber }: PreparedSend,
	callId: string | null,
): OtpCallError {
	const { label } = provider;
	const what = (isKnown: string): string =>
		`A call to ${maskPhoneNumber(phoneNumber)} was asked for with this ${named(idempotencyKeyField)} in the last 24 hours, and ${isKnown}`;
	if (callId === null) {
		return alreadyPlaced(what('its call ID is not known here'), { howToFindOut: lookElsewhere });
	}
	const howToFindOut = `look it up with ‹statusNode› and the call ID ${callId}`;
	return alreadyPlaced(what(`${label} shows no record of it yet`), { callId, howToFindOut });
}

/** Nothing was sent now: another account has placed the call, or may have. */
const placedElsewhere = ({ phoneNumber }: PreparedSend): OtpCallError =>
	alreadyPlaced(
		`A call to ${maskPhoneNumber(phoneNumber)} was asked for with this ${named(idempotencyKeyField)} in the last 24 hours by another ‹account›, and its call ID is not known here`,
		{ howToFindOut: lookElsewhere },
	);

const usedFor = (what: string): OtpCallError =>
	invalidInput(
		invalid(
			idempotencyKeyField,
			`was used for another ${what} in the last 24 hours`,
			`Use a new ${named(idempotencyKeyField)} for each call, such as the number of the order and of the try`,
		),
	);

/** The call that was placed under the key before; null: no record of it can be found now. */
async function findEarlier(
	context: CallContext,
	prepared: PreparedSend,
	callId: string | null,
): Promise<CallReport | null> {
	if (callId === null) return null;
	// It was placed hours ago, maybe: its time proves nothing, number and reference do.
	const sent = { ...prepared.sent, reference: callId, isReferenceNew: true };
	return await lookUp(context, planLookup(context, callId), { sent }).catch(() => null);
}

/** The reference that follows from the key; null: the call has none, or one that the user has given. */
const referenceOfKey = ({ keyReference, planned }: PreparedSend): string | null =>
	planned.referenceField === undefined ? keyReference : null;

/** A call that stands for its key: placed now, or before. */
export interface ClaimedCall {
	readonly report: CallReport;
	readonly isAlreadyPlaced: boolean;
}

/**
 * Places one call under its claim, or finds the one that the claim stands for: by the store, and where the
 * provider takes a reference by that too, so that a lost store loses no call.
 * @param place places the call; what it throws decides whether the key is given back
 * @throws OtpCallError `already-placed`; `invalid-input` for a key of another call; what `place` throws
 */
export async function placeOnce(
	context: CallContext,
	prepared: PreparedSend,
	claim: Claim,
	store: ClaimStore,
	place: () => Promise<CallReport>,
): Promise<ClaimedCall> {
	const earlier = await store.claim(claim);
	if (earlier === 'by-another-account') throw placedElsewhere(prepared);
	if (earlier === null) {
		const known = await findEarlier(context, prepared, referenceOfKey(prepared));
		if (known !== null) return { report: known, isAlreadyPlaced: true };
		const report = await place().catch(async (error: unknown) => {
			if (!mayRing(error)) await store.release(claim).catch(() => undefined);
			throw error;
		});
		// The call is placed whatever becomes of this note.
		await store.settle(claim, report.call.callId).catch(() => undefined);
		return { report, isAlreadyPlaced: false };
	}
	if (!earlier.isSameRecipient) throw usedFor('phone number');
	if (!earlier.isSameCode) throw usedFor('code');
	const told = earlier.callId ?? prepared.keyReference;
	const callId = told !== null && canBeLookedUp(context, told) ? told : null;
	const report = await findEarlier(context, prepared, callId);
	if (report === null) throw keyTaken(context, prepared, callId);
	return { report, isAlreadyPlaced: true };
}
