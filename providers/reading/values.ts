import { FieldValues, invalid, isInvalid, named } from '../fields';
import type { ChoiceField, Field, FieldName, InvalidField, TextForm } from '../fields';

/** The decimal digits that people type in Iran and Vietnam: ASCII, Arabic, Persian, full width. */
const zeros = [0x0030, 0x0660, 0x06f0, 0xff10];

/** Writes every decimal digit of the text as its ASCII digit. */
export function foldDigits(text: string): string {
	return text.replace(/[٠-٩۰-۹０-９]/g, (digit) => {
		const point = digit.charCodeAt(0);
		const zero = zeros.find((start) => point >= start && point <= start + 9) ?? point;
		return String(point - zero);
	});
}

/** True for what a user leaves empty. */
export function isUnset(value: unknown): value is undefined | null | '' {
	return value === undefined || value === null || value === '';
}

/** What is allowed, in words: `0 to 60`, `1 or more`. */
const rangeInWords = (least: number, most: number): string =>
	most === Infinity ? `${least} or more` : `${least} to ${most}`;

/** A whole number within the limits; a string of digits will do. Undefined when it is not set. */
export function readCount(
	value: unknown,
	field: FieldName & { readonly least: number; readonly most?: number | undefined },
): number | undefined | InvalidField {
	if (isUnset(value)) return undefined;
	const text = foldDigits(asLine(value) ?? '-');
	if (text === '') return undefined;
	const { least, most = Infinity } = field;
	const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
	if (count >= least && count <= most) return count;
	const range = rangeInWords(least, most);
	return invalid(
		field,
		`must be a whole number, ${range}`,
		`Set ${named(field)} to ${range}, or leave it empty`,
	);
}

/** Half a character (Cs) cannot be written into a URL. */
const control = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** True when the text holds line breaks or other characters that no form field takes. */
export function hasControlCharacters(text: string): boolean {
	return control.test(text);
}

/**
 * Text as a user typed it, or a whole number that JSON made of it; null: neither. A fraction, NaN or a
 * number too large to be exact has lost digits already.
 */
export function asLine(value: unknown): string | null {
	if (typeof value === 'string') return value.trim();
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
		? String(value)
		: null;
}

const longestLine = 200;

/** A line of text. Undefined when it is not set. */
export function readLine(
	value: unknown,
	field: FieldName & { readonly longest?: number; readonly form?: TextForm },
): string | undefined | InvalidField {
	if (isUnset(value)) return undefined;
	const line = asLine(value);
	if (line === null) return invalid(field, 'must be text', `Give ${named(field)} as text`);
	if (line === '') return undefined;
	const { form, longest = longestLine } = field;
	if (hasControlCharacters(line) || line.length > longest) {
		return invalid(
			field,
			`must be one line of at most ${longest} characters`,
			`Shorten ${named(field)}, and remove line breaks and other control characters from it`,
		);
	}
	if (form === undefined || form.pattern.test(line)) return line;
	return invalid(field, form.rule, `Correct ${named(field)}`);
}

const pathLike = /[/\\?#%]|^\.{1,2}$/;

/**
 * A reference of a call that can stand in the path of a URL. Undefined when it is not set.
 * Separators are refused rather than encoded: servers and proxies between here and the provider may
 * decode them, and the request would reach another path.
 */
export function readReference(value: unknown, field: FieldName): string | undefined | InvalidField {
	const line = readLine(value, { name: field.name, label: field.label });
	if (line === undefined || isInvalid(line)) return line;
	if (!pathLike.test(line)) return line;
	return invalid(
		field,
		'must not contain / \\ ? # % or be only dots',
		`Use letters, digits, - and _ in ${named(field)}; for a look-up, the call ID as the send node put it out`,
	);
}

/** Names of things in lists come as objects from some hosts: what was picked, or typed. */
export const picked = (value: unknown): unknown =>
	typeof value === 'object' && value !== null && 'value' in value ? value.value : value;

/** One of the values that can be chosen: what else an expression gives must not pass for the usual one. */
function readChoice(value: unknown, field: ChoiceField): string | undefined | InvalidField {
	const line = readLine(picked(value), { name: field.name, label: field.label });
	if (line === undefined || isInvalid(line)) return line;
	const values = field.options.map((option) => option.value);
	if (values.includes(line)) return line;
	return invalid(
		field,
		`must be one of: ${values.join(', ')}`,
		`Choose ${named(field)} from the list, or give one of these values`,
	);
}

function readOne(field: Field, value: unknown): string | number | undefined | InvalidField {
	switch (field.kind) {
		case 'count':
			return readCount(value, field);
		case 'reference':
			return readReference(value, field);
		case 'choice':
			return readChoice(value, field);
		case 'line':
		case 'list':
			return readLine(picked(value), field);
		case 'secret':
		case 'url':
			// What an account keeps is read where its rules stand.
			return undefined;
	}
}

const emptyRemedy = (field: Field): string => {
	const example = field.example === undefined ? '' : `, such as ${field.example}`;
	const elsewhere = field.accountDefault ? ', or set a default in the ‹account›' : '';
	return `Fill in ${named(field)}${example}${elsewhere}`;
};

/**
 * True for a field that the other values of its form let it show.
 * @param fields all of the form
 * @param values by the names of the fields, unchecked
 */
export function isShown(
	fields: readonly Field[],
	{ onlyIf }: Field,
	values: Readonly<Record<string, unknown>>,
): boolean {
	if (onlyIf === undefined) return true;
	const decider = fields.find(({ name }) => name === onlyIf.field);
	const given = picked(Object.hasOwn(values, onlyIf.field) ? values[onlyIf.field] : undefined);
	const usual = decider?.kind === 'choice' ? (decider.usual ?? decider.options[0]?.value) : '';
	return (isUnset(given) ? usual : given) === onlyIf.is;
}

/**
 * Reads and checks the values of fields. One that its form does not show is not set, whatever it holds.
 * @param values by the names of the fields, unchecked; undefined, null and '' mean "not set"
 */
export function readFields(
	fields: readonly Field[],
	values: Readonly<Record<string, unknown>>,
): FieldValues | InvalidField {
	const checked = new Map<string, string | number>();
	for (const field of fields.filter((one) => isShown(fields, one, values))) {
		const value = readOne(
			field,
			Object.hasOwn(values, field.name) ? values[field.name] : undefined,
		);
		if (isInvalid(value)) return value;
		if (value !== undefined) checked.set(field.name, value);
		else if (field.required) return invalid(field, 'is empty', emptyRemedy(field));
	}
	return new FieldValues(checked);
}
