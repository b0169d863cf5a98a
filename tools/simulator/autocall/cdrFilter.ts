import type { ApiAnswer } from '../http/endpoint';
import type { JsonObject } from '../json';
import { fieldError } from './answers';
import { localTime, parseLocalTime } from './localTime';

type Accepts = (record: JsonObject) => boolean;

/** Reads the filters of the CDR list into one question about a record. Dates are about its start. */
export function readCdrFilter(
	filters: ReadonlyMap<string, string>,
): { readonly accepts: Accepts } | { readonly refusal: ApiAnswer } {
	const startDate = readDate(filters.get('start_date'));
	if (startDate === undefined) return { refusal: fieldError('start_date', 'Invalid date') };
	const endDate = readDate(filters.get('end_date'));
	if (endDate === undefined) return { refusal: fieldError('end_date', 'Invalid date') };
	const tests: readonly Accepts[] = [
		(record) => startDate === '' || String(record['time_started']) >= startDate,
		(record) => endDate === '' || String(record['time_started']) <= endDate,
		...equalities(filters),
	];
	return { accepts: (record) => tests.every((test) => test(record)) };
}

function equalities(filters: ReadonlyMap<string, string>): readonly Accepts[] {
	const is = (name: string, ...fields: readonly string[]): Accepts[] => {
		const wanted = filters.get(name);
		if (wanted === undefined) return [];
		return [(record) => fields.some((field) => equalWords(String(record[field]), wanted))];
	};
	return [
		...is('status', 'status'),
		...is('phone', 'from_number', 'to_number'),
		...is('hotline', 'from_number'),
		...is('direction', 'direction'),
		...is('campaign_uuid', 'campaign_uuid'),
	];
}

// The provider's example of a status filter is in capitals, the records are not.
function equalWords(value: string, wanted: string): boolean {
	return value.toLowerCase() === wanted.toLowerCase();
}

/** The date in the records' own form, in which text order is time order; '' when there is none. */
function readDate(text: string | undefined): string | undefined {
	if (text === undefined) return '';
	const time = parseLocalTime(text);
	return time === undefined ? undefined : localTime(time);
}
