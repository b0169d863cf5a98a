import { invalidInput } from './failures';
import { invalid, isUnset } from '../providers/reading/values';
import type { FieldName } from '../providers/reading/values';

/** A field of a form that holds a number of seconds, and what it may be. */
export interface SecondsField extends FieldName {
	readonly least: number;
	readonly most: number;
}

/** The limits of time that a builder can set. */
export const timing = {
	timeout: { field: 'timeout', label: 'Timeout', least: 0.1, most: 600 },
	pollInterval: { field: 'pollInterval', label: 'Poll Interval', least: 0.1, most: 3_600 },
	waitTimeout: { field: 'waitTimeout', label: 'Wait Timeout', least: 0.1, most: 86_400 },
} as const satisfies Readonly<Record<string, SecondsField>>;

/**
 * Seconds as a builder filled them in, as milliseconds; undefined when the field is empty.
 * @throws OtpCallError `invalid-input`
 */
export function readSeconds(value: unknown, name: SecondsField): number | undefined {
	if (isUnset(value)) return undefined;
	const seconds = typeof value === 'string' ? Number(value.trim() || NaN) : value;
	if (typeof seconds === 'number' && seconds >= name.least && seconds <= name.most) {
		return Math.round(seconds * 1000);
	}
	throw invalidInput(
		invalid(
			name,
			`must be a number of seconds from ${name.least} to ${name.most}`,
			`Correct ${name.label} in the node's options, or leave it empty for the default`,
		),
	);
}
