import type { Call } from '../providers/call';

/** What went wrong, in one word that flows can branch on. */
export const errorKinds = [
	'invalid-input',
	'not-authorized',
	'refused',
	'rate-limited',
	'cooling-down',
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
	/** What happened. Holds no secret: whatever a provider said has been redacted. */
	readonly message: string;
	/** What the builder should do now. */
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
	/** The last that is known of the call. */
	readonly call?: Call;
}

/** The one error of this package. Its `code` is its kind, so that Node-RED's Catch nodes show it. */
export class OtpCallError extends Error {
	override readonly name = 'OtpCallError';
	readonly code: ErrorKind;
	readonly facts: ErrorFacts;

	constructor(facts: ErrorFacts) {
		super(facts.message);
		this.code = facts.kind;
		this.facts = facts;
	}
}

/**
 * What flows see of an error beside its message, as plain data: kind, remedy, callMayHaveBeenPlaced,
 * and those of the other facts that are known.
 */
export function errorDetails(error: OtpCallError): Omit<ErrorFacts, 'message'> {
	const { message: _message, ...details } = error.facts;
	return details;
}
