import type { Provider } from '../providers/contract';
import { invalid, isInvalid, named } from '../providers/fields';
import type { FieldName } from '../providers/fields';
import { readPhoneNumber } from '../providers/reading/phoneNumber';
import { asLine } from '../providers/reading/values';
import { maskPhoneNumber } from '../redaction/texts';
import { closedFor, hoursInWords, readCallingHours, timeInWords } from './callingHours';
import type { CallingHours } from './callingHours';
import { placeOnce } from './claims';
import type { Claim, ClaimedCall, ClaimStore } from './claims';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { invalidInput } from './failures';
import { callingHoursField, doNotCallField } from './fields';
import { isForeign, refuseExpression } from './input';
import type { CallReport, PreparedSend } from './report';
import { isTestNumber } from './testNumbers';

/**
 * What a node forbids by itself. A rule refuses before anything is sent, and before the call takes a place
 * in a cool-down or a budget. A repeat under an Idempotency Key places nothing, so no rule is in its way.
 */
export interface CallRules {
	/** Null: people are called at any time. */
	readonly hours: CallingHours | null;
	/** Whom nobody calls, as E.164. */
	readonly doNotCall: ReadonlySet<string>;
}

/** What stands in a list: an array as it is, or what is between the commas and line breaks of a text. */
function entriesOf(value: unknown): readonly unknown[] | null {
	if (Array.isArray(value)) {
		const entries: readonly unknown[] = value;
		return entries;
	}
	const text = asLine(value);
	if (text === null) return null;
	return text
		.split(/[,;،؛\t\r\n]/)
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}

/** The text that was read last: one that the form holds is read for each item of a batch. */
let latest: {
	readonly text: string;
	readonly provider: Provider;
	readonly numbers: ReadonlySet<string>;
} | null = null;

/**
 * The numbers that must not be called, in any writing. Numbers of countries that the provider does not call
 * are passed over: nobody could call them.
 * @throws OtpCallError `invalid-input` where an entry cannot be read: it may be the one that counts
 */
function readDoNotCall(value: unknown, provider: Provider): ReadonlySet<string> {
	if (latest !== null && latest.text === value && latest.provider === provider) {
		return latest.numbers;
	}
	refuseExpression(doNotCallField, value);
	const { countries } = provider;
	const entries = entriesOf(value);
	if (entries === null) {
		throw invalidInput(
			invalid(
				doNotCallField,
				'holds no numbers: it must be text, or a list of texts, so no call is placed',
				`Correct what ${named(doNotCallField)} is taken from; where nobody is on the list, give an empty text or an empty list`,
			),
		);
	}
	const numbers = new Set<string>();
	for (const [at, entry] of entries.entries()) {
		const text = asLine(entry) ?? '';
		const number = readPhoneNumber(text, countries);
		if (number !== null) numbers.add(number.e164);
		else if (!isForeign(text, countries)) {
			const [{ callingCode, example }] = countries;
			throw invalidInput(
				invalid(
					doNotCallField,
					`cannot be read, so no call is placed: entry ${at + 1} is no phone number`,
					`Correct entry ${at + 1} of ${named(doNotCallField)}: write numbers as ${example} or with their country code, such as +${callingCode}…`,
				),
			);
		}
	}
	if (typeof value === 'string') latest = { text: value, provider, numbers };
	return numbers;
}

/**
 * The rules that a user has filled in.
 * @param values unchecked. An empty text is no rule; a list that is missing where one was to come from the
 * flow is an error
 * @throws OtpCallError `invalid-input`
 */
export function readRules(
	provider: Provider,
	values: { readonly callingHours: unknown; readonly doNotCall: unknown },
): CallRules {
	refuseExpression(callingHoursField, values.callingHours);
	const hours = readCallingHours(values.callingHours);
	if (isInvalid(hours)) throw invalidInput(hours);
	return { hours, doNotCall: readDoNotCall(values.doNotCall, provider) };
}

const refused = (
	field: FieldName,
	message: string,
	remedy: string,
	retryAfterSeconds?: number,
): OtpCallError =>
	new OtpCallError({
		kind: 'refused-by-rule',
		message,
		remedy,
		field: field.name,
		...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
		callMayHaveBeenPlaced: false,
	});

/** Why a call must not be placed now; null: it may. */
function refusalOf(
	context: CallContext,
	{ country, phoneNumber }: PreparedSend,
	{ doNotCall, hours }: CallRules,
): OtpCallError | null {
	const masked = maskPhoneNumber(phoneNumber);
	if (doNotCall.has(phoneNumber)) {
		return refused(
			doNotCallField,
			`${masked} is on the ${named(doNotCallField)}`,
			'Do not call this person. Whoever wants to be called again has to be taken off the list first',
		);
	}
	// A test number wakes nobody, and who reviews an app does so at any hour.
	if (hours === null || isTestNumber(context, phoneNumber)) return null;
	const now = context.clock.now();
	const { name, timeZone } = country;
	const wait = closedFor(hours, now, timeZone);
	if (wait === 0) return null;
	const seconds = Math.ceil(wait / 1000);
	return refused(
		callingHoursField,
		`${masked} is not called now: it is ${timeInWords(now, timeZone)} in ${name}, and ${named(callingHoursField)} are ${hoursInWords(hours)}`,
		`Send it again in ${seconds} seconds, when it is ${timeInWords(now + wait, timeZone)} in ${name}, or change ${named(callingHoursField)}`,
		seconds,
	);
}

/** What a send with an Idempotency Key is claimed by, and where. */
export interface ClaimIn {
	readonly claim: Claim;
	readonly store: ClaimStore;
}

/** The refusal of a call that would be placed; null also where its key stands for a call already. */
async function refusalUnlessPlaced(
	context: CallContext,
	prepared: PreparedSend,
	rules: CallRules,
	claimed: ClaimIn | null,
): Promise<OtpCallError | null> {
	const refusal = refusalOf(context, prepared, rules);
	if (refusal === null || claimed === null) return refusal;
	return (await claimed.store.isClaimed(claimed.claim)) ? null : refusal;
}

/**
 * Checks the rules for a call that is going to be placed, before any other of a batch is.
 * @param claimed null: the call has no Idempotency Key
 * @throws OtpCallError `refused-by-rule`
 */
export async function checkRules(
	context: CallContext,
	prepared: PreparedSend,
	rules: CallRules,
	claimed: ClaimIn | null,
): Promise<void> {
	const refusal = await refusalUnlessPlaced(context, prepared, rules, claimed);
	if (refusal !== null) throw refusal;
}

/**
 * Places one call if the rules allow it now, and under its claim where it has one.
 * @param claimed null: the call has no Idempotency Key
 * @param place places the call
 * @throws OtpCallError `refused-by-rule`; what `placeOnce` throws
 */
export async function placeAllowed(
	context: CallContext,
	prepared: PreparedSend,
	rules: CallRules,
	claimed: ClaimIn | null,
	place: () => Promise<CallReport>,
): Promise<ClaimedCall> {
	await checkRules(context, prepared, rules, claimed);
	// Again: the call that the key stood for may have come to nothing meanwhile, and given the key back.
	const placeNow = async (): Promise<CallReport> => {
		const refusal = refusalOf(context, prepared, rules);
		if (refusal !== null) throw refusal;
		return await place();
	};
	if (claimed === null) return { report: await placeNow(), isAlreadyPlaced: false };
	const { claim, store } = claimed;
	return await placeOnce(context, prepared, claim, store, placeNow);
}
