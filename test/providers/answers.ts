import assert from 'node:assert/strict';

import type { HttpAnswer, Reading } from '../../providers/contract';
import { isInvalid } from '../../providers/fields';
import type { Field, FieldValues } from '../../providers/fields';
import { readFields } from '../../providers/reading/values';

/** An answer of a provider. A body that is no string is sent as JSON. */
export const answer = (body: unknown, status = 200): HttpAnswer => ({
	status,
	headers: {},
	text: typeof body === 'string' ? body : JSON.stringify(body),
});

/** The call that an answer tells of. */
export function callOf(reading: Reading): Extract<Reading, { is: 'call' }> {
	assert.ok(reading.is === 'call', JSON.stringify(reading));
	return reading;
}

/** What a user has filled in for fields, checked. */
export function filledIn(
	fields: readonly Field[],
	values: Readonly<Record<string, unknown>>,
): FieldValues {
	const read = readFields(fields, values);
	assert.ok(!isInvalid(read), JSON.stringify(read));
	return read;
}
