import { type JsonObject, isJsonObject } from '../json';

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
const OUTCOMES: readonly Outcome[] = [
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
	/** How it ends. A list says it for each try in turn; its last entry goes on. */
	readonly outcome?: Outcome | readonly Outcome[];
	readonly queuedMs?: number;
	readonly ringsMs?: number;
	readonly talksMs?: number;
	/** From the end of the call until its record can be looked up. */
	readonly recordDelayMs?: number;
	/** Fields of the provider's final record to replace or add, such as `{ status: 'congestion' }`. */
	readonly record?: JsonObject;
	/** Identifiers to use instead of random ones, by the names that the provider has for them. */
	readonly ids?: Readonly<Record<string, string>>;
}

/** The plans that tests have laid for coming calls. */
export interface CallPlans {
	/**
	 * Every coming call to `phoneNumber` (national form, as sent) follows `plan`.
	 * @throws TypeError when no provider has an identifier that it chooses
	 */
	forNumber(phoneNumber: string, plan: CallPlan): void;
	/**
	 * The next call that nothing was laid out for by number follows `plan`; several queue up.
	 * @throws TypeError when no provider has an identifier that it chooses
	 */
	forNextCall(plan: CallPlan): void;
	clear(): void;
}

/** Keeps the plans and hands them out. */
export class PlanBook implements CallPlans {
	readonly #idNames: ReadonlySet<string>;
	readonly #byNumber = new Map<string, CallPlan>();
	#next: CallPlan[] = [];

	/** `idNames`: the identifiers that a plan may choose. */
	constructor(idNames: readonly string[]) {
		this.#idNames = new Set(idNames);
	}

	forNumber(phoneNumber: string, plan: CallPlan): void {
		this.#check(plan);
		this.#byNumber.set(phoneNumber, plan);
	}

	forNextCall(plan: CallPlan): void {
		this.#check(plan);
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

	#check({ ids = {} }: CallPlan): void {
		const stranger = Object.keys(ids).find((name) => !this.#idNames.has(name));
		if (stranger !== undefined) throw new TypeError(`No provider has an identifier "${stranger}"`);
	}
}

type Check = (value: unknown) => boolean;

const isMilliseconds: Check = (value) =>
	typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isOutcome: Check = (value) => OUTCOMES.some((outcome) => outcome === value);

const PLAN_FIELDS = new Map<string, Check>([
	['outcome', (value) => isOutcome(value) || (Array.isArray(value) && value.every(isOutcome))],
	['queuedMs', isMilliseconds],
	['ringsMs', isMilliseconds],
	['talksMs', isMilliseconds],
	['recordDelayMs', isMilliseconds],
	['record', isJsonObject],
	['ids', isIds],
]);

/** Reads a plan that came as JSON; undefined when it is none. */
export function readCallPlan(value: unknown): CallPlan | undefined {
	return isCallPlan(value) ? value : undefined;
}

function isCallPlan(value: unknown): value is CallPlan & JsonObject {
	return (
		isJsonObject(value) &&
		Object.entries(value).every(([name, field]) => PLAN_FIELDS.get(name)?.(field) ?? false)
	);
}

function isIds(value: unknown): boolean {
	return isJsonObject(value) && Object.values(value).every((id) => typeof id === 'string');
}
