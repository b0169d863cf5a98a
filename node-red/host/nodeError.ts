import { errorDetails, OtpCallError, wordsOf } from '../../calls/errors';
import type { ErrorKind } from '../../calls/errors';
import type { Vocabulary } from '../../calls/words';

/** As in E.164, without the plus sign. A provider's call IDs may hold numbers too. */
const phoneNumbers = /(?<![0-9a-f])(\d{5,8})\d{3}(\d{4})(?![0-9a-f])/gi;

/** An error that no Catch node catches is logged: the log must not hold phone numbers. */
const withMaskedNumbers = (text: string): string => text.replace(phoneNumbers, '$1•••$2');

/** Looked for first, since it is soon found not to be there. */
const digitsOfNumber = /\d{12}/;

/** A call's ID as the log may hold it: some hold the number. */
export const maskedId = (callId: string): string =>
	digitsOfNumber.test(callId) ? withMaskedNumbers(callId) : callId;

/** The debug sidebar shows a cause as text, which would be `[object Object]`. */
function legible(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	const toString = (): string => JSON.stringify(details);
	return Object.defineProperty({ ...details }, 'toString', { value: toString });
}

/**
 * An error as Node-RED's `done` takes it, in the words of the forms. Catch nodes see of it `message`,
 * `code` and `cause`; only properties of its own reach them.
 */
export class NodeError extends Error {
	override readonly name = 'OtpCallError';
	readonly code: ErrorKind;
	/** What to do now. */
	readonly remedy: string;
	readonly callMayHaveBeenPlaced: boolean;
	/** All that is known: the field at fault, the provider's code, the call's ID and so on. */
	readonly details: Readonly<Record<string, unknown>>;
	override readonly cause: Readonly<Record<string, unknown>>;

	constructor(error: OtpCallError, vocabulary: Vocabulary) {
		const { message, remedy } = wordsOf(error, vocabulary);
		super(withMaskedNumbers(`${message}. ${remedy}.`));
		this.code = error.code;
		this.remedy = remedy;
		this.callMayHaveBeenPlaced = error.facts.callMayHaveBeenPlaced;
		this.details = { ...errorDetails(error, vocabulary) };
		this.cause = legible(this.details);
		// Where in our files an expected error came up tells a user nothing.
		this.stack = `OtpCallError: ${this.message}`;
	}

	/** Catch nodes and the log show this: the sentence, without the name of a class before it. */
	override toString(): string {
		return this.message;
	}
}

/**
 * Any error as one of our kinds. What is not ours is a fault of this package: its words may hold
 * anything, so they are left out.
 */
export function asOtpCallError(error: unknown, mayHaveBeenPlaced: boolean): OtpCallError {
	if (error instanceof OtpCallError) return error;
	return new OtpCallError({
		kind: mayHaveBeenPlaced ? 'outcome-unknown' : 'bad-response',
		message: `The node failed unexpectedly (${error instanceof Error ? error.name : typeof error})`,
		remedy: 'This is a fault of the node: please report it, with the steps that lead to it',
		callMayHaveBeenPlaced: mayHaveBeenPlaced,
	});
}
