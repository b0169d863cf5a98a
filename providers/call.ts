/** The words for where a call stands, as Twilio's voice API defines them. */
export const callStatuses = [
	'queued',
	'ringing',
	'in-progress',
	'completed',
	'busy',
	'no-answer',
	'canceled',
	'failed',
	'unknown',
] as const;
export type CallStatus = (typeof callStatuses)[number];

/** Why a call has its status, where a provider tells. */
export const callReasons = [
	'declined',
	'unreachable',
	'machine',
	'expired',
	'invalid-number',
	'subscriber-blocked',
	'caller-id-blocked',
	'provider-error',
	'provider-unknown',
	'unmapped',
] as const;
export type CallReason = (typeof callReasons)[number];

/** What a provider's own status word means. */
export interface CallState {
	readonly status: CallStatus;
	readonly reason: CallReason | null;
	/** The status will not change any more. */
	readonly final: boolean;
	/** A person took the call; null: not known. */
	readonly answered: boolean | null;
}

/** What a call has cost. `currency` is ISO 4217, or a word of use where ISO has none (Toman: `IRT`). */
export interface Money {
	readonly amount: number;
	readonly currency: string;
}

/** One call, in the same words for every provider. Times are ISO 8601 with an offset. */
export interface Call extends CallState {
	readonly provider: string;
	/** The reference under which the call's status can be asked for. */
	readonly callId: string;
	/** E.164, such as `+989123456789`. */
	readonly phoneNumber: string;
	readonly requestedAt: string | null;
	readonly answeredAt: string | null;
	readonly endedAt: string | null;
	/** From the first ring to the end. */
	readonly durationSeconds: number | null;
	/** From the answer to the end. */
	readonly billedSeconds: number | null;
	readonly cost: Money | null;
	/** Nobody was called: the number is a test number of the account. */
	readonly test?: true;
}

export const queued: CallState = { status: 'queued', reason: null, final: false, answered: null };

/** Whose a record says that it is. What was asked for is compared with it: `calls/identity.ts`. */
export interface CallIdentity {
	/** E.164, or as much of it as the provider shows (`+98912*******`); null: it shows none. */
	readonly phoneNumber: string | null;
	/** The reference by which the call is looked up, as the record itself names it; null: it does not. */
	readonly reference: string | null;
	/** Other IDs by which this very record can be asked for. */
	readonly recordIds: readonly string[];
}

/** A status word that no document explains: not final, because nothing says that the call is over. */
export const unmapped: CallState = {
	status: 'unknown',
	reason: 'unmapped',
	final: false,
	answered: null,
};
