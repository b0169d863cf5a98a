import type { CallIdentity } from '../providers/call';

/**
 * Whether an answer or a record belongs to what it is taken for. Providers mix records up, a proxy may
 * deliver the answer of another request, and a reference may have been used before.
 */

/** A send, as far as a record can be compared with it. */
export interface SentCall {
	/** E.164. */
	readonly phoneNumber: string;
	/** The reference that was sent along; null: the provider takes none. */
	readonly reference: string | null;
	/** False: a reference of the user's own, which another call may have had before. */
	readonly isReferenceNew: boolean;
	/** When the send was prepared, in milliseconds since 1970. */
	readonly preparedAt: number;
}

/** How far the provider's clock may be behind ours. */
const clockDifference = 5 * 60_000;

/** What a provider shows of a number, its hidden digits as stars. */
const likeNumber = /^\+[\d*]+$/;

/** False when the number that is shown cannot be the one that was called. */
export function isSameNumber(shown: string | null, e164: string): boolean {
	// Nearly always, and seen at once.
	if (shown === null || shown === e164) return true;
	if (!likeNumber.test(shown) || !likeNumber.test(e164)) return true;
	if (shown.length !== e164.length) return false;
	for (let at = 0; at < shown.length; at += 1) {
		const [digit, other] = [shown[at], e164[at]];
		if (digit !== other && digit !== '*' && other !== '*') return false;
	}
	return true;
}

/** What kind of ID a call is looked up by: its reference, or the provider's own of its record. */
export type LookUpBy = 'reference' | 'record';

/** False when a record names a call, and not the one that was asked for. */
export function isNamed(identity: CallIdentity, asked: string, by: LookUpBy): boolean {
	const { recordIds, reference } = identity;
	if (reference === asked || recordIds.includes(asked)) return true;
	return by === 'reference' ? reference === null : recordIds.length === 0;
}

/** False for an answer to a send that names the number or the reference of another one. */
export function isAnswerTo(identity: CallIdentity, sent: SentCall): boolean {
	if (!isSameNumber(identity.phoneNumber, sent.phoneNumber)) return false;
	return (
		sent.reference === null || identity.reference === null || identity.reference === sent.reference
	);
}

/**
 * False when a record cannot be of this send.
 * @param requestedAt when the record says that the call was asked for, ISO 8601
 */
export function isOfSend(
	identity: CallIdentity,
	requestedAt: string | null,
	sent: SentCall,
): boolean {
	if (!isAnswerTo(identity, sent)) return false;
	if (sent.isReferenceNew || requestedAt === null) return true;
	return Date.parse(requestedAt) > sent.preparedAt - clockDifference;
}
