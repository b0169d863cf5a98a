import type { Call } from '../providers/call';
import { plainWords, wordsIn } from './words';
import type { Vocabulary } from './words';

/** What went wrong, in one word that flows can branch on. */
export const errorKinds = [
	'invalid-input',
	'not-authorized',
	'refused',
	'rate-limited',
	'cooling-down',
	'already-placed',
	'refused-by-rule',
	'unreachable',
	'outcome-unknown',
	'bad-response',
	'not-found',
	'wait-timeout',
	'canceled',
] as const;
export type ErrorKind = (typeof errorKinds)[number];

export interface ErrorFacts {
	readonly kind: ErrorKind;
	/** What happened, for `wordsOf`. Holds no secret: whatever a provider said has been redacted. */
	readonly message: string;
	/** What the user should do now, for `wordsOf`. */
	readonly remedy: string;
	/** A phone may ring, or has rung, because of the request that failed. */
	readonly callMayHaveBeenPlaced: boolean;
	/** The field at fault, by its name in flows. */
	readonly field?: string;
	/** The provider's own error code. */
	readonly providerCode?: string;
	readonly httpStatus?: number;
	/** The network's error code, such as ECONNREFUSED. */
	readonly networkCode?: string;
	/** The reference of the call that is concerned, where it is known. */
	readonly callId?: string;
	/** How many seconds to wait before another try can succeed. */
	readonly retryAfterSeconds?: number;
	/** The token by which the code can be checked if the phone rings all the same. */
	readonly verification?: string;
	/** The last that is known of the call. */
	readonly call?: Call;
}

/** The one error of this package. Its `code` is its kind, so that Node-RED's Catch nodes show it. */
export class OtpCallError extends Error {
	override readonly name = 'OtpCallError';
	readonly code: ErrorKind;
	readonly facts: ErrorFacts;

	constructor(facts: ErrorFacts) {
		super(wordsIn(facts.message, plainWords));
		this.code = facts.kind;
		this.facts = facts;
	}
}

/** What happened and what to do now, in the words of the form that the reader has before them. */
export function wordsOf(
	error: OtpCallError,
	vocabulary: Vocabulary,
): { readonly message: string; readonly remedy: string } {
	const { message, remedy } = error.facts;
	return { message: wordsIn(message, vocabulary), remedy: wordsIn(remedy, vocabulary) };
}

/**
 * What flows see of an error beside its message, as plain data: kind, remedy, callMayHaveBeenPlaced,
 * and those of the other facts that are known.
 */
export function errorDetails(
	error: OtpCallError,
	vocabulary: Vocabulary,
): Omit<ErrorFacts, 'message'> {
	const { message: _message, ...details } = error.facts;
	return { ...details, remedy: wordsOf(error, vocabulary).remedy };
}
