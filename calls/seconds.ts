import { invalidInput } from './failures';
import { invalid, named } from '../providers/fields';
import { isUnset } from '../providers/reading/values';
import type { SecondsField } from './fields';

/**
 * Seconds as a user filled them in, as milliseconds; undefined when the field is empty.
 * @throws OtpCallError `invalid-input`
 */
export function readSeconds(value: unknown, field: SecondsField): number | undefined {
	if (isUnset(value)) return undefined;
	const seconds = typeof value === 'string' ? Number(value.trim() || NaN) : value;
	if (typeof seconds === 'number' && seconds >= field.least && seconds <= field.most) {
		return Math.round(seconds * 1000);
	}
	throw invalidInput(
		invalid(
			field,
			`must be a number of seconds from ${field.least} to ${field.most}`,
			`Correct ${named(field)}, or leave it empty for the default`,
		),
	);
}
