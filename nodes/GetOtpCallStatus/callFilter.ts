import { invalidInput } from '../../calls/failures';
import { checkPhoneNumber } from '../../calls/input';
import type { CallFilter, Provider } from '../../providers/contract';
import { invalid, isInvalid, isUnset, readCount, readLine } from '../../providers/reading/values';
import type { FieldName } from '../../providers/reading/values';

const names = {
	from: { field: 'from', label: 'From' },
	to: { field: 'to', label: 'To' },
	status: { field: 'status', label: 'Status' },
	campaign: { field: 'campaign', label: 'Campaign' },
	limit: { field: 'limit', label: 'Limit' },
} as const satisfies Readonly<Record<string, FieldName>>;

/** What was picked in a list, or entered: n8n leaves it as it is within a collection. */
const picked = (value: unknown): unknown =>
	typeof value === 'object' && value !== null && 'value' in value ? value.value : value;

function line(value: unknown, name: FieldName): string | undefined {
	const text = readLine(picked(value), name);
	if (isInvalid(text)) throw invalidInput(text);
	return text;
}

/** A day, also as the date picker gives it, with a time: `2026-03-07T00:00:00`. */
function day(value: unknown, name: FieldName): string | undefined {
	const text = line(value, name);
	if (text === undefined) return undefined;
	const [, date = ''] = /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/.exec(text) ?? [];
	const time = Date.parse(date);
	if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(date)) return date;
	throw invalidInput(
		invalid(name, 'must be a date such as 2026-03-07', `Correct ${name.label} in the filters`),
	);
}

/**
 * What a builder filled in to narrow the list of calls.
 * @throws OtpCallError `invalid-input`
 */
export function readFilter(
	values: Readonly<Record<string, unknown>>,
	provider: Provider,
): CallFilter {
	const from = day(values['from'], names.from);
	const to = day(values['to'], names.to);
	const status = line(values['status'], names.status);
	const campaign = line(values['campaign'], names.campaign);
	const number = values['phoneNumber'];
	if (from !== undefined && to !== undefined && from > to) {
		throw invalidInput(invalid(names.to, 'must not be before From', 'Swap the two dates'));
	}
	return {
		...(from !== undefined && { from }),
		...(to !== undefined && { to }),
		...(status !== undefined && { status }),
		...(campaign !== undefined && { campaign }),
		...(!isUnset(number) && { phoneNumber: checkPhoneNumber(number, provider) }),
	};
}

const usualLimit = 50;

/** How many calls to list at most. @throws OtpCallError `invalid-input` */
export function readLimit(returnAll: unknown, limit: unknown): number {
	if (returnAll === true) return Infinity;
	const most = readCount(limit, names.limit, 1) ?? usualLimit;
	if (isInvalid(most)) throw invalidInput(most);
	return most;
}
