import type { InvalidField } from '../contract';
import { foldDigits } from './digits';

/** One field of a form, by the name that flows use and the label that people read. */
export interface FieldName {
	readonly field: string;
	readonly label: string;
}

/** True for what a builder leaves empty. */
export function isUnset(value: unknown): value is undefined | null | '' {
	return value === undefined || value === null || value === '';
}

export function invalid(name: FieldName, rule: string, remedy: string): InvalidField {
	return { is: 'invalid', field: name.field, label: name.label, rule, remedy };
}

/** True for what a field reader gives back instead of a value. */
export function isInvalid(value: unknown): value is InvalidField {
	return typeof value === 'object' && value !== null && 'is' in value && value.is === 'invalid';
}

/** A whole number from `least`; a string of digits will do. Undefined when it is not set. */
export function readCount(
	value: unknown,
	name: FieldName,
	least: number,
): number | undefined | InvalidField {
	if (isUnset(value)) return undefined;
	const text = foldDigits(asLine(value) ?? '-');
	if (text === '') return undefined;
	const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
	if (count >= least) return count;
	return invalid(
		name,
		`must be a whole number, ${least} or more`,
		`Set ${name.label} to ${least} or more, or leave it empty`,
	);
}

/** Half a character (Cs) cannot be written into a URL. */
const control = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** True when the text holds line breaks or other characters that no form field takes. */
export function hasControlCharacters(text: string): boolean {
	return control.test(text);
}

/**
 * Text as a builder typed it, or a whole number that JSON made of it; null: neither. A fraction, NaN
 * or a number too large to be exact has lost digits already.
 */
export function asLine(value: unknown): string | null {
	if (typeof value === 'string') return value.trim();
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
		? String(value)
		: null;
}

/** A line of text of at most `longest` characters. Undefined when it is not set. */
export function readLine(
	value: unknown,
	name: FieldName,
	longest = 200,
): string | undefined | InvalidField {
	if (isUnset(value)) return undefined;
	const line = asLine(value);
	if (line === null) return invalid(name, 'must be text', `Give ${name.label} as text`);
	if (line === '') return undefined;
	if (hasControlCharacters(line) || line.length > longest) {
		return invalid(
			name,
			`must be one line of at most ${longest} characters`,
			`Shorten ${name.label}, and remove line breaks and other control characters from it`,
		);
	}
	return line;
}

const pathLike = /[/\\?#%]|^\.{1,2}$/;

/**
 * A reference of a call that can stand in the path of a URL. Undefined when it is not set.
 * Separators are refused rather than encoded: servers and proxies between here and the provider may
 * decode them, and the request would reach another path.
 */
export function readReference(value: unknown, name: FieldName): string | undefined | InvalidField {
	const line = readLine(value, name);
	if (line === undefined || isInvalid(line)) return line;
	if (!pathLike.test(line)) return line;
	return invalid(
		name,
		'must not contain / \\ ? # % or be only dots',
		`Use letters, digits, - and _ in ${name.label}; for a look-up, the call ID as Send OTP Call put it out`,
	);
}
