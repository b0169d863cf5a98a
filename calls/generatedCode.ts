import { randomInt } from 'crypto';

import type { CodeRule, Provider } from '../providers/contract';
import { invalid, isInvalid, named } from '../providers/fields';
import { isUnset, readCount } from '../providers/reading/values';
import { invalidInput } from './failures';
import { codeAlphabetField, codeLengthField } from './fields';

/** Without the letters that sound or look like another character. */
const characters: Readonly<Record<CodeRule['alphabet'], string>> = {
	digits: '0123456789',
	'letters-and-digits': '23456789ABCDEFGHJKLMNPQRSTUVWXYZ',
};

/** How many characters the provider can read out, beside the spaces that its voice needs between them. */
export const longestCodeLength = ({ codeRule }: Provider): number =>
	codeRule.readsNumbers === true ? Math.ceil(codeRule.maxLength / 2) : codeRule.maxLength;

/** How long a code is where nobody has chosen. */
export const usualCodeLength = (provider: Provider): number =>
	Math.min(6, longestCodeLength(provider));

/**
 * A code that the node has made, as it is sent: with spaces between its characters where the voice would read
 * them as one number. Whoever hears it types the code without them.
 */
export const spokenCode = (code: string, { codeRule }: Provider): string =>
	codeRule.readsNumbers === true ? Array.from(code).join(' ') : code;

const isAlphabet = (value: unknown): value is CodeRule['alphabet'] =>
	value === 'digits' || value === 'letters-and-digits';

/**
 * A new code within the provider's rule: every code is equally likely, leading zeros included.
 * @param draw a whole number from 0 to less than `below`; chance where it is not given
 * @param wanted length and alphabet as a user filled them in; '' or undefined: the usual ones
 * @throws OtpCallError `invalid-input`
 */
export function generateCode(
	provider: Provider,
	wanted: { readonly length: unknown; readonly alphabet: unknown },
	draw: (below: number) => number = (below) => randomInt(below),
): string {
	const { codeRule, label } = provider;
	const longest = longestCodeLength(provider);
	const length = readCount(wanted.length, codeLengthField) ?? usualCodeLength(provider);
	if (isInvalid(length)) throw invalidInput(length);
	if (length < codeRule.minLength || length > longest) {
		throw invalidInput(
			invalid(
				codeLengthField,
				`must be ${codeRule.minLength} to ${longest} for ${label}`,
				`Set ${named(codeLengthField)} to ${usualCodeLength(provider)}`,
			),
		);
	}
	const alphabet = isUnset(wanted.alphabet) ? 'digits' : wanted.alphabet;
	const allowed = alphabet === 'digits' || codeRule.alphabet === alphabet;
	if (!isAlphabet(alphabet) || !allowed) {
		throw invalidInput(
			invalid(
				codeAlphabetField,
				`is not one that ${label} reads out`,
				`Set ${named(codeAlphabetField)} to digits`,
			),
		);
	}
	const from = characters[alphabet];
	return Array.from({ length }, () => from.charAt(draw(from.length))).join('');
}
