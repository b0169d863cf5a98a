import type { CodeRule, InvalidField, Provider } from '../providers/contract';
import { foldDigits } from '../providers/reading/digits';
import { asLine, hasControlCharacters, invalid, isUnset } from '../providers/reading/values';
import type { CalledCountry, PhoneNumber } from '../providers/reading/phoneNumber';
import { isOfAnotherCountry, readPhoneNumber } from '../providers/reading/phoneNumber';
import { invalidInput } from './failures';
import type { OtpCallError } from './errors';

const phoneField = { field: 'phoneNumber', label: 'Phone Number' };
const codeField = { field: 'code', label: 'Code' };

const or = (words: readonly string[]): string => words.join(' or ');

const namesOf = (countries: readonly CalledCountry[]): string =>
	or(countries.map(({ name }) => name));

const phoneProblem = (value: unknown, provider: Provider): InvalidField => {
	const { countries, label } = provider;
	const remedy = `Use a number of ${namesOf(countries)} such as ${or(countries.map(({ example }) => example))}`;
	if (isUnset(value)) return invalid(phoneField, 'is empty', remedy);
	const text = asLine(value);
	if (text === null) return invalid(phoneField, 'must be text or a whole number', remedy);
	if (text === '') return invalid(phoneField, 'is empty', remedy);
	if (hasControlCharacters(text)) {
		return invalid(phoneField, 'must not contain line breaks or control characters', remedy);
	}
	if (isOfAnotherCountry(text, countries)) {
		return invalid(
			phoneField,
			`is of a country that ${label} does not call; it calls ${namesOf(countries)}`,
			`${remedy}, or choose another provider`,
		);
	}
	return invalid(phoneField, `is not a possible phone number of ${namesOf(countries)}`, remedy);
};

/**
 * The number to call, from any usual writing of it.
 * @throws OtpCallError `invalid-input`
 */
export function checkPhoneNumber(value: unknown, provider: Provider): PhoneNumber {
	const text = isUnset(value) ? null : asLine(value);
	const number =
		text === null || hasControlCharacters(text) ? null : readPhoneNumber(text, provider.countries);
	if (number === null) throw invalidInput(phoneProblem(value, provider));
	return number;
}

const alphabets: Readonly<Record<CodeRule['alphabet'], { form: RegExp; name: string }>> = {
	digits: { form: /^\d+$/, name: 'digits' },
	// Spaces make some voices read the characters one by one.
	'letters-and-digits': {
		form: /^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/,
		name: 'letters A to Z and digits',
	},
};

const ruleInWords = ({ alphabet, minLength, maxLength }: CodeRule): string =>
	`${minLength} to ${maxLength} ${alphabets[alphabet].name}`;

const codeError = (rule: string, provider: Provider): OtpCallError =>
	invalidInput(
		invalid(
			codeField,
			rule,
			`Use ${ruleInWords(provider.codeRule)}, which is what ${provider.label} reads out`,
		),
	);

/**
 * The code to read out, its digits folded to ASCII.
 * @throws OtpCallError `invalid-input`, which never shows the code
 */
export function checkCode(value: unknown, provider: Provider): string {
	if (isUnset(value)) throw codeError('is empty', provider);
	const text = asLine(value);
	if (text === null) throw codeError('must be text or a whole number', provider);
	const code = foldDigits(text);
	if (code === '') throw codeError('is empty', provider);
	if (hasControlCharacters(code)) {
		throw codeError('must not contain line breaks or control characters', provider);
	}
	const { codeRule, label } = provider;
	const { form, name } = alphabets[codeRule.alphabet];
	if (!form.test(code)) throw codeError(`must be made of ${name} only for ${label}`, provider);
	if (code.length < codeRule.minLength || code.length > codeRule.maxLength) {
		throw codeError(
			`must have ${codeRule.minLength} to ${codeRule.maxLength} characters for ${label}, this one has ${code.length}`,
			provider,
		);
	}
	return code;
}
