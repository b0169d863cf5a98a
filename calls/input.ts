import { findProvider, providers } from '../providers';
import type { CodeRule, Provider } from '../providers/contract';
import { invalid, named } from '../providers/fields';
import type { FieldName, InvalidField, Words } from '../providers/fields';
import {
	asLine,
	foldDigits,
	hasControlCharacters,
	isUnset,
	picked,
} from '../providers/reading/values';
import type { CalledCountry, PhoneNumber } from '../providers/reading/phoneNumber';
import { isOfAnotherCountry, readPhoneNumber } from '../providers/reading/phoneNumber';
import { codeField, phoneNumberField } from '../providers/sharedFields';
import { OtpCallError } from './errors';
import { invalidInput } from './failures';
import { allowedCountriesField, providerField } from './fields';

const or = (words: readonly string[]): string => words.join(' or ');

/**
 * The provider that a user has chosen.
 * @param among those that can be chosen
 * @throws OtpCallError `invalid-input`
 */
export function checkProvider(value: unknown, among: readonly Provider[] = providers): Provider {
	const provider = findProvider(value);
	if (provider !== undefined && among.includes(provider)) return provider;
	throw invalidInput(
		invalid(
			providerField,
			'is not chosen, or not one that can be used here',
			`Choose ${or(among.map(({ label }) => label))}, from the list and not by an expression`,
		),
	);
}

const expression = /\{\{[^]*\}\}/;

/**
 * Refuses a value that should have been worked out by the host before: `{{ $json.phone }}` is taken for an
 * expression by whoever typed it, and is plain text in a field that is not switched to one.
 * @throws OtpCallError `invalid-input`
 */
export function refuseExpression(field: FieldName, value: unknown): void {
	const text = picked(value);
	if (typeof text !== 'string' || !expression.test(text)) return;
	throw invalidInput(
		invalid(field, 'holds {{ … }} as plain text, not as an expression', '‹howToEvaluate›'),
	);
}

const namesOf = (countries: readonly CalledCountry[]): string =>
	or(countries.map(({ name }) => name));

/** As many digits as the shortest numbers with a country code have. */
const fewestDigits = 8;

/**
 * True for a number with the country code of none of these countries. `+912 345 6789` is no such number: it
 * is one of Iran of which somebody forgot the 98.
 */
export function isForeign(text: string, countries: readonly CalledCountry[]): boolean {
	if (!isOfAnotherCountry(text, countries)) return false;
	const digits = foldDigits(text).replace(/\D/g, '').replace(/^00/, '');
	return digits.length >= fewestDigits && readPhoneNumber(digits, countries) === null;
}

const phoneProblem = (value: unknown, provider: Provider): InvalidField => {
	const { countries, label } = provider;
	const remedy = `Use a number of ${namesOf(countries)} such as ${or(countries.map(({ example }) => example))}`;
	if (isUnset(value)) return invalid(phoneNumberField, 'is empty', remedy);
	const text = asLine(value);
	if (text === null) return invalid(phoneNumberField, 'must be text or a whole number', remedy);
	if (text === '') return invalid(phoneNumberField, 'is empty', remedy);
	if (hasControlCharacters(text)) {
		return invalid(phoneNumberField, 'must not contain line breaks or control characters', remedy);
	}
	if (isForeign(text, countries)) {
		return invalid(
			phoneNumberField,
			`is of a country that ${label} does not call; it calls ${namesOf(countries)}`,
			`${remedy}, or choose another provider`,
		);
	}
	return invalid(
		phoneNumberField,
		`is not a possible phone number of ${namesOf(countries)}`,
		remedy,
	);
};

/**
 * The number to call, from any usual writing of it.
 * @throws OtpCallError `invalid-input`
 */
export function checkPhoneNumber(value: unknown, provider: Provider): PhoneNumber {
	refuseExpression(phoneNumberField, value);
	const text = isUnset(value) ? null : asLine(value);
	const number =
		text === null || hasControlCharacters(text) ? null : readPhoneNumber(text, provider.countries);
	if (number === null) throw invalidInput(phoneProblem(value, provider));
	return number;
}

/** With spaces, single ones between the characters. */
interface Alphabet {
	readonly characters: RegExp;
	readonly withSpaces: RegExp;
	readonly name: string;
}

const alphabets: Readonly<Record<CodeRule['alphabet'], Alphabet>> = {
	digits: { characters: /^\d+$/, withSpaces: /^\d+(?: \d+)*$/, name: 'digits' },
	'letters-and-digits': {
		characters: /^[A-Za-z0-9]+$/,
		withSpaces: /^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/,
		name: 'letters A to Z and digits',
	},
};

const ruleInWords = ({ alphabet, minLength, maxLength }: CodeRule): string =>
	`${minLength} to ${maxLength} ${alphabets[alphabet].name}`;

/** What a user has to know who types a code for this provider: a sentence without its full stop. */
export function codeHintOf({ codeRule, label }: Provider): Words {
	const { alphabet, maxLength, minLength, readsNumbers } = codeRule;
	const isDigits = alphabet === 'digits';
	const inPersian = (count: number): string => count.toLocaleString('fa');
	const hint = {
		en: `${minLength} to ${maxLength} ${isDigits ? 'digits' : 'letters and digits'} for ${label}`,
		fa: `${inPersian(minLength)} تا ${inPersian(maxLength)} ${isDigits ? 'رقم' : 'حرف و رقم'}`,
		vi: `${minLength} đến ${maxLength} ${isDigits ? 'chữ số' : 'chữ và số'}`,
	};
	if (readsNumbers !== true) return hint;
	return {
		en: `${hint.en}. Put a space between digits to have them read one by one, such as 4 8 1 5`,
		fa: `${hint.fa}. برای خواندن تک‌تک رقم‌ها میانشان فاصله بگذارید، مانند 4 8 1 5`,
		vi: `${hint.vi}. Đặt dấu cách giữa các chữ số để đọc từng số, ví dụ 4 8 1 5`,
	};
}

const codeError = (rule: string, provider: Provider): OtpCallError =>
	invalidInput(
		invalid(
			codeField,
			rule,
			`Use ${ruleInWords(provider.codeRule)}, which is what ${provider.label} reads out`,
		),
	);

/**
 * The countries that a user allows, of those that the provider calls.
 * @param value a list of codes, or text with commas between them; unchecked. Empty: all of them
 * @throws OtpCallError `invalid-input`
 */
function readAllowedCountries(
	value: unknown,
	{ countries, label }: Provider,
): Provider['countries'] {
	// No form shows the field then: what it holds was chosen for another provider.
	if (countries.length === 1) return countries;
	refuseExpression(allowedCountriesField, value);
	const entries: readonly unknown[] = Array.isArray(value)
		? value
		: (asLine(value) ?? '').split(',');
	const isReadable = isUnset(value) || Array.isArray(value) || asLine(value) !== null;
	const codes = entries
		.map((entry) => String(entry).trim().toUpperCase())
		.filter((code) => code !== '');
	const isKnown = codes.every((code) => countries.some((country) => country.code === code));
	if (!isReadable || !isKnown) {
		const all = countries.map(({ code }) => code);
		throw invalidInput(
			invalid(
				allowedCountriesField,
				`must be countries that ${label} calls: ${or(all)}`,
				`Choose ${named(allowedCountriesField)} from the list, or leave it empty`,
			),
		);
	}
	const [first, ...others] = countries.filter(({ code }) => codes.includes(code));
	return first === undefined ? countries : [first, ...others];
}

/** As `checkPhoneNumber`, but a number of another country is refused by rule: whoever typed it has made no mistake. */
function checkOwnCountry(value: unknown, provider: Provider): PhoneNumber {
	try {
		return checkPhoneNumber(value, provider);
	} catch (error) {
		const text = asLine(value);
		const isRefused = text !== null && isForeign(text, provider.countries);
		if (!isRefused || !(error instanceof OtpCallError)) throw error;
		throw new OtpCallError({ ...error.facts, kind: 'refused-by-rule' });
	}
}

/**
 * The number of a person who is going to be called, of a country that the provider calls and the user allows.
 * @param allowedCountries unchecked
 * @throws OtpCallError `invalid-input`, `refused-by-rule`
 */
export function checkCallee(
	value: unknown,
	provider: Provider,
	allowedCountries?: unknown,
): PhoneNumber {
	const number = checkOwnCountry(value, provider);
	const allowed = readAllowedCountries(allowedCountries, provider);
	if (allowed === provider.countries) return number;
	// Without its country code it may be a number of more than one.
	const own = readPhoneNumber(asLine(value) ?? '', allowed);
	if (own !== null) return own;
	throw new OtpCallError({
		kind: 'refused-by-rule',
		message: `${named(phoneNumberField)} is of ${number.country.name}, and ${named(allowedCountriesField)} are only ${namesOf(allowed)}`,
		remedy: `Use a number of ${namesOf(allowed)}, or change ${named(allowedCountriesField)}`,
		field: phoneNumberField.name,
		callMayHaveBeenPlaced: false,
	});
}

/**
 * The code to read out, its digits folded to ASCII.
 * @throws OtpCallError `invalid-input`, which never shows the code
 */
export function checkSpokenCode(value: unknown, provider: Provider): string {
	refuseExpression(codeField, value);
	if (isUnset(value)) throw codeError('is empty', provider);
	const text = asLine(value);
	if (text === null) throw codeError('must be text or a whole number', provider);
	const code = foldDigits(text);
	if (code === '') throw codeError('is empty', provider);
	if (hasControlCharacters(code)) {
		throw codeError('must not contain line breaks or control characters', provider);
	}
	const { codeRule, label } = provider;
	const { characters, withSpaces, name } = alphabets[codeRule.alphabet];
	if (!(codeRule.spaces ? withSpaces : characters).test(code))
		throw codeError(`must be made of ${name} only for ${label}`, provider);
	if (code.length < codeRule.minLength || code.length > codeRule.maxLength) {
		throw codeError(
			`must have ${codeRule.minLength} to ${codeRule.maxLength} characters for ${label}, this one has ${code.length}`,
			provider,
		);
	}
	return code;
}
