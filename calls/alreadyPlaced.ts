import { named } from '../providers/fields';
import { maskPhoneNumber } from '../redaction/texts';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import type { ErrorFacts } from './errors';
import { idempotencyKeyField } from './fields';

/** What a send comes to whose call an earlier one with the same key has placed, or may have. */

/** How to find a call out that cannot be looked up. */
export const lookElsewhere = "look for the call in the provider's panel, or ask the person";

/** The phone may have rung, or ring, because of an earlier send with the same key: nothing was sent now. */
export function alreadyPlaced(
	what: string,
	known: Pick<ErrorFacts, 'callId'> & { readonly howToFindOut: string },
): OtpCallError {
	const { howToFindOut: find, ...facts } = known;
	return new OtpCallError({
		...facts,
		kind: 'already-placed',
		message: what,
		remedy: `Nothing was placed now; the phone may have rung, or ring: ${find}. For another call use another ${named(idempotencyKeyField)}`,
		callMayHaveBeenPlaced: true,
	});
}

/** The provider itself recognises a request with the reference that follows from the key. */
export function requestKnown({ provider }: CallContext, phoneNumber: string): OtpCallError {
	return alreadyPlaced(
		`${provider.label} has had a request with this ${named(idempotencyKeyField)} before, and places no second call for it to ${maskPhoneNumber(phoneNumber)}`,
		{ howToFindOut: lookElsewhere },
	);
}
