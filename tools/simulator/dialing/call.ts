import type { JsonObject } from '../json';
import type { Attempt } from './attempts';

interface PlacedCall {
	readonly callId: string;
	/** As it was sent. */
	readonly phoneNumber: string;
	/** The digits or letters that are read out. */
	readonly code: string;
	/** Epoch milliseconds. */
	readonly placedAt: number;
	readonly attempts: readonly Attempt[];
	/** From when on the record can be looked up, in epoch milliseconds. */
	readonly recordAt: number;
	/** Fields that replace those of the final record. */
	readonly recordFields: JsonObject;
}

/** A call that Bitel was asked for. */
export interface BitelCall extends PlacedCall {
	readonly provider: 'bitel';
}

/** A call that Autocall was asked for. */
export interface AutocallCall extends PlacedCall {
	readonly provider: 'autocall';
	readonly sipCallId: string;
	readonly leadUuid: string;
	/** '' when the caller sent none. */
	readonly refId: string;
	readonly campaignUuid: string;
	readonly template: string;
}

/** A call that was placed: somebody's phone rings. */
export type Call = BitelCall | AutocallCall;

/** The try that decided how the call ended. */
export function lastAttempt(call: Call): Attempt {
	const attempt = call.attempts.at(-1);
	if (attempt === undefined) throw new Error(`Call ${call.callId} was laid out without a try`);
	return attempt;
}
