import type { CallFilter, CallList, Provider } from '../providers/contract';
import { invalid, isInvalid, named } from '../providers/fields';
import type { FieldName } from '../providers/fields';
import { isUnset, readCount, readFields, readLine } from '../providers/reading/values';
import { invalidInput } from './failures';
import { fromField, limitField, toField } from './fields';
import { checkPhoneNumber, refuseExpression } from './input';

/** A day, also as a date picker gives it, with a time: `2026-03-07T00:00:00`. */
function readDay(value: unknown, field: FieldName): string | undefined {
	refuseExpression(field, value);
	const text = readLine(value, field);
	if (isInvalid(text)) throw invalidInput(text);
	if (text === undefined) return undefined;
	const [, date = ''] = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/.exec(text) ?? [];
	const time = Date.parse(date);
	if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(date)) return date;
	throw invalidInput(
		invalid(field, 'must be a date such as 2026-03-07', `Correct ${named(field)} in the filters`),
	);
}

/**
 * What a user filled in to narrow a list of calls.
 * @param values by the names of the fields: `from`, `to`, `phoneNumber` and the provider's own
 * @throws OtpCallError `invalid-input`
 */
export function readCallFilter(
	values: Readonly<Record<string, unknown>>,
	{ filters }: CallList,
	provider: Provider,
): CallFilter {
	const from = readDay(values['from'], fromField);
	const to = readDay(values['to'], toField);
	for (const field of filters) refuseExpression(field, values[field.name]);
	const fields = readFields(filters, values);
	if (isInvalid(fields)) throw invalidInput(fields);
	const number = values['phoneNumber'];
	if (from !== undefined && to !== undefined && from > to) {
		const rule = `must not be before ${named(fromField)}`;
		throw invalidInput(invalid(toField, rule, 'Swap the two dates'));
	}
	return {
		fields,
		...(from !== undefined && { from }),
		...(to !== undefined && { to }),
		...(!isUnset(number) && { phoneNumber: checkPhoneNumber(number, provider) }),
	};
}

/** How many calls to list at most. @throws OtpCallError `invalid-input` */
export function readLimit(returnAll: unknown, limit: unknown): number {
	if (returnAll === true) return Infinity;
	const most = readCount(limit, limitField) ?? limitField.usual ?? 1;
	if (isInvalid(most)) throw invalidInput(most);
	return most;
}
