import { invalid, isInvalid, named } from '../providers/fields';
import { asLine, isUnset, readCount } from '../providers/reading/values';
import { codeField } from '../providers/sharedFields';
import { readPhoneNumber } from '../providers/reading/phoneNumber';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { invalidInput } from './failures';
import {
	codeLifetimeField,
	keepForCheckField,
	maxAttemptsField,
	verificationField,
} from './fields';
import { readPurpose } from './keeping';
import { limits } from './limits';
import { Turns } from './turns';
import { openVerification } from './verification';
import type { Verification } from './verification';

/**
 * Checking the code that a person types. What a token cannot carry, how often it has been tried and whether
 * it has been used, is claimed in a lasting store of the host: a try before its code is compared, the use
 * before it is called right. So a crash, a race or a failing store may cost a try, and never gives one.
 */

/** A host's lasting store of marks. */
export interface MarkStore {
	/**
	 * Remembers a mark.
	 * @param mark 34 or 35 lower-case letters and digits, the first one a letter. It tells nothing of the number
	 * or the code, and nobody can guess it
	 * @param until what it is needed until, in milliseconds since 1970; then it may be forgotten
	 * @returns true: it was not there. Of those that claim the same mark at once only one may be told so
	 * @throws whatever: nothing is compared then
	 */
	claim(mark: string, until: number): Promise<boolean>;
}

/** What a check is given; everything is unchecked. */
export interface CheckInput {
	/** What the send put out. */
	readonly verification: unknown;
	/** What the person has typed. */
	readonly code: unknown;
	/** The number that it has to be for. Absent: any. What is there and is no number is another number. */
	readonly phoneNumber?: unknown;
	/** What it has to be for, as the send said it. */
	readonly purpose?: unknown;
	/** At most so many tries, where the token allows more. */
	readonly maxAttempts?: unknown;
}

/** Why a code is not right. */
export type CheckReason =
	| 'wrong-code'
	| 'expired'
	| 'too-many-attempts'
	| 'already-used'
	| 'wrong-number'
	| 'wrong-purpose'
	| 'not-issued-here';

/** What a check puts out, right or not. */
export interface CheckResult {
	readonly valid: boolean;
	readonly reason: CheckReason | null;
	/** How often this token can still be tried; 0 for one that has been used. */
	readonly attemptsLeft: number;
	readonly provider: string;
	/** The number to which the code was read out, E.164; null: not issued here. */
	readonly phoneNumber: string | null;
	/** '' for none; null: not issued here. */
	readonly purpose: string | null;
}

type CheckContext = Pick<CallContext, 'provider' | 'clock' | 'lastingSecret' | 'signal'>;

/**
 * So long beyond the expiry of a token its tries are remembered: another token of the same call may have a
 * longer lifetime, counted from a time that the provider tells.
 */
const longestDifference = 2 * codeLifetimeField.most * 1000;

/** What this process knows of a token that has been tried. */
interface Tried {
	/** The tries that are gone, here or elsewhere. */
	attempts: number;
	used: boolean;
	readonly until: number;
}

/** After so many new tokens what has expired is forgotten. */
const sweepEvery = 1_000;
const mostTokens = 100_000;

/**
 * What one process has seen of the tokens that are alive. A store may forget too early, know only its own
 * workflow or have no lock: within a process no token has more tries, or is right more often, all the same.
 * The hosts share the one of their process; the tests have several.
 */
export class CheckMemory {
	readonly #tokens = new Map<string, Tried>();
	readonly #turns = new Turns();

	/** Runs a check that no other one of the same token comes between. */
	async inTurn<T>({ id }: Verification, check: () => Promise<T>): Promise<T> {
		return await this.#turns.run(id, check);
	}

	of({ expiresAt, id }: Verification, now: number): Tried {
		const known = this.#tokens.get(id);
		if (known !== undefined) return known;
		if (this.#tokens.size % sweepEvery === 0) this.#sweep(now);
		const tried = { attempts: 0, used: false, until: expiresAt + longestDifference };
		this.#tokens.set(id, tried);
		return tried;
	}

	#sweep(now: number): void {
		for (const [id, { until }] of this.#tokens) {
			// Beyond the most the oldest ones go, too: for them the store stands alone.
			if (until <= now || this.#tokens.size >= mostTokens) this.#tokens.delete(id);
		}
	}
}

const ofThisProcess = new CheckMemory();

function storeFails(how: string): OtpCallError {
	return new OtpCallError({
		kind: 'unreachable',
		message: `The code was not compared, because the store in which tries are counted ${how}`,
		remedy:
			'Check that the host can write to its database or context store, then have the code checked again',
		callMayHaveBeenPlaced: false,
	});
}

function stopped(): OtpCallError {
	return new OtpCallError({
		kind: 'canceled',
		message: 'The check of the code was canceled because the flow was stopped',
		remedy: 'Have the code checked again; this try may have been counted',
		callMayHaveBeenPlaced: false,
	});
}

/** Claims marks within the time that one check may take. */
class Marks {
	readonly #context: CheckContext;
	readonly #store: MarkStore;
	readonly #deadline: number;

	constructor(context: CheckContext, store: MarkStore) {
		this.#context = context;
		this.#store = store;
		this.#deadline = context.clock.now() + limits.check;
	}

	/** @throws OtpCallError `unreachable`, `canceled`, what the host's store throws */
	async claim(mark: string, until: number): Promise<boolean> {
		const { clock, signal } = this.#context;
		if (signal?.aborted) throw stopped();
		const left = this.#deadline - clock.now();
		// Those that have waited behind a store that hangs do not ask it once more.
		if (left <= 0) throw storeFails('does not answer');
		const over = new AbortController();
		const stop = () => over.abort();
		signal?.addEventListener('abort', stop);
		const tooLate = async (): Promise<never> => {
			await clock.sleep(left, over.signal);
			throw signal?.aborted ? stopped() : storeFails('does not answer');
		};
		const asked = async () => await this.#store.claim(mark, until);
		try {
			return await Promise.race([asked(), tooLate()]);
		} catch (error) {
			throw error instanceof OtpCallError ? error : storeFails('fails');
		} finally {
			signal?.removeEventListener('abort', stop);
			over.abort();
		}
	}
}

const emptyVerification = `Use the field verification of what ‹sendNode› put out, and turn ${named(keepForCheckField)} on there`;

/** A text that must be there; whatever it is, it is no error. @throws OtpCallError `invalid-input` */
function readText(value: unknown, field: typeof codeField, remedy: string): string {
	const text = isUnset(value) ? '' : asLine(value);
	if (text === null) throw invalidInput(invalid(field, 'must be text', remedy));
	if (text === '') throw invalidInput(invalid(field, 'is empty', remedy));
	return text;
}

/** @throws OtpCallError `invalid-input` */
function readMaxAttempts(value: unknown): number {
	const most = readCount(value, maxAttemptsField) ?? maxAttemptsField.usual;
	if (isInvalid(most)) throw invalidInput(most);
	return most;
}

function isNumber(value: unknown, e164: string, { provider }: CheckContext): boolean {
	if (value === undefined) return true;
	const text = asLine(value);
	return text !== null && readPhoneNumber(text, provider.countries)?.e164 === e164;
}

/**
 * Takes the next try of a token.
 * @param most tries at most
 * @returns which one it is, from 1; null: there is none left
 */
async function takeAttempt(
	marks: Marks,
	{ id }: Verification,
	tried: Tried,
	most: number,
): Promise<number | null> {
	while (tried.attempts < most) {
		const attempt = tried.attempts + 1;
		const isOurs = await marks.claim(`a${id}${attempt}`, tried.until);
		tried.attempts = attempt;
		if (isOurs) return attempt;
	}
	return null;
}

/**
 * Checks a typed code.
 *
 * Everything that can be wrong costs a try, the number and the purpose, too: else whoever holds a token
 * could try numbers without an end. Nobody without the token can use up its tries.
 * @param memory what this process has seen; another one in tests only
 * @throws OtpCallError `invalid-input` for what cannot be a token or a code at all; `unreachable` when the store
 * fails, or hangs; `canceled`
 */
export async function checkCode(
	context: CheckContext,
	store: MarkStore,
	input: CheckInput,
	memory: CheckMemory = ofThisProcess,
): Promise<CheckResult> {
	const allowed = readMaxAttempts(input.maxAttempts);
	const purpose = readPurpose(input.purpose);
	const typed = readText(
		input.code,
		codeField,
		`Give ${named(codeField)} the text that the person has typed`,
	);
	const token = readText(input.verification, verificationField, emptyVerification);
	const provider = context.provider.name;
	const opened = openVerification(context, token);
	if (opened === null) {
		const unknown = { attemptsLeft: 0, provider, phoneNumber: null, purpose: null };
		return { valid: false, reason: 'not-issued-here', ...unknown };
	}
	const refused = (reason: CheckReason, attemptsLeft = 0): CheckResult => ({
		valid: false,
		reason,
		attemptsLeft,
		provider,
		phoneNumber: opened.phoneNumber,
		purpose: opened.purpose,
	});
	const marks = new Marks(context, store);
	const most = Math.min(allowed, opened.attempts);

	return await memory.inTurn(opened, async () => {
		const now = context.clock.now();
		if (now >= opened.expiresAt) return refused('expired');
		const tried = memory.of(opened, now);
		if (tried.used) return refused('already-used');
		const attempt = await takeAttempt(marks, opened, tried, most);
		if (attempt === null) return refused('too-many-attempts');
		const left = most - attempt;
		if (!isNumber(input.phoneNumber, opened.phoneNumber, context)) {
			return refused('wrong-number', left);
		}
		if (purpose !== opened.purpose) return refused('wrong-purpose', left);
		if (!opened.isCode(typed)) return refused('wrong-code', left);
		const isFirst = await marks.claim(`u${opened.id}`, tried.until);
		tried.used = true;
		if (!isFirst) return refused('already-used');
		return { ...refused('already-used'), valid: true, reason: null };
	});
}
