import type { JsonObject } from '../json';

/** How a try to reach the phone ends. */
export type Outcome =
	| 'answered'
	| 'busy'
	| 'no-answer'
	| 'declined'
	| 'unreachable'
	| 'machine'
	| 'failed';

/** Every outcome, in the order of the last two digits that choose it: 01 busy … 06 failed. */
export const OUTCOMES: readonly Outcome[] = [
	'answered',
	'busy',
	'no-answer',
	'declined',
	'unreachable',
	'machine',
	'failed',
];

const OUTCOME_BY_ENDING: ReadonlyMap<string, Outcome> = new Map([
	['01', 'busy'],
	['02', 'no-answer'],
	['03', 'declined'],
	['04', 'unreachable'],
	['05', 'machine'],
	['06', 'failed'],
]);

/** The outcome that the last two digits of a phone number stand for. */
export function outcomeOfNumber(phoneNumber: string): Outcome {
	return OUTCOME_BY_ENDING.get(phoneNumber.slice(-2)) ?? 'answered';
}

/** How a call is to go, where it differs from the settings. All times are in milliseconds. */
export interface CallPlan {
	/** How it ends. A list says it for each try in turn (Bitel retries); its last entry goes on. */
	readonly outcome?: Outcome | readonly Outcome[];
	readonly queuedMs?: number;
	readonly ringsMs?: number;
	readonly talksMs?: number;
	/** From the end of the call until its record can be looked up. */
	readonly recordDelayMs?: number;
	/** Fields of the provider's final record to replace or add, such as `{ status: 'congestion' }`. */
	readonly record?: JsonObject;
	/** Identifiers to use instead of random ones. */
	readonly ids?: {
		readonly callId?: string;
		readonly sipCallId?: string;
		readonly leadUuid?: string;
	};
}

/** The plans that tests have laid for coming calls. */
export interface CallPlans {
	/** Every coming call to `phoneNumber` (national form, as sent) follows `plan`. */
	forNumber(phoneNumber: string, plan: CallPlan): void;
	/** The next call that nothing was laid out for by number follows `plan`; several queue up. */
	forNextCall(plan: CallPlan): void;
	clear(): void;
}

/** Keeps the plans and hands them out. */
export class PlanBook implements CallPlans {
	readonly #byNumber = new Map<string, CallPlan>();
	#next: CallPlan[] = [];

	forNumber(phoneNumber: string, plan: CallPlan): void {
		this.#byNumber.set(phoneNumber, plan);
	}

	forNextCall(plan: CallPlan): void {
		this.#next.push(plan);
	}

	clear(): void {
		this.#byNumber.clear();
		this.#next = [];
	}

	/** The plan for a call that is being placed now. */
	take(phoneNumber: string): CallPlan {
		return this.#byNumber.get(phoneNumber) ?? this.#next.shift() ?? {};
	}
}
