import { type ApiAnswer, type Endpoint, jsonAnswer } from '../../provider';
import type { JsonObject } from '../../json';
import type { AutocallContext } from './account';
import { fieldError } from './answers';
import { callDetailRecord, isWritten, localTime, parseLocalTime } from './cdr';

const CDR_FILTERS = [
	'start_date',
	'end_date',
	'status',
	'phone',
	'hotline',
	'direction',
	'campaign_uuid',
];

/** The lists: campaigns, templates and CDRs. */
export function listEndpoints(context: AutocallContext): readonly Endpoint[] {
	const { account } = context;
	return [
		list('/v3/campaign', ['type'], (query) =>
			query.filters.get('type') === 'autocall'
				? jsonAnswer(200, pageOf(account.campaigns, query))
				: fieldError('type', 'type must be autocall'),
		),
		list('/v3/template', ['template_name'], (query) => {
			const wanted = query.filters.get('template_name') ?? '';
			const found = account.templates.filter(({ template_name }) => template_name.includes(wanted));
			return jsonAnswer(200, pageOf(found, query));
		}),
		list('/v3/cdr', CDR_FILTERS, (query) => cdrs(context, query)),
	];
}

function list(
	path: string,
	filterNames: readonly string[],
	answer: (query: ListQuery) => ApiAnswer,
): Endpoint {
	return {
		operation: 'other',
		method: 'GET',
		path,
		handle: (request) => {
			const read = readListQuery(request.query, filterNames);
			return 'refusal' in read ? read.refusal : answer(read.query);
		},
	};
}

function cdrs({ calls, network }: AutocallContext, query: ListQuery): ApiAnswer {
	const read = readCdrFilter(query.filters);
	if ('refusal' in read) return read.refusal;
	const now = network.clock.now();
	const records = calls
		.all()
		.filter((call) => isWritten(call, now))
		.map(callDetailRecord)
		.filter(read.accepts)
		.reverse();
	return jsonAnswer(200, pageOf(records, query));
}

/** The query of a list: which part of it, and the other parameters. */
interface ListQuery {
	/** How many records at most. */
	readonly limit: number;
	/** How many records to leave out; counts records, not pages. */
	readonly offset: number;
	readonly filters: ReadonlyMap<string, string>;
}

/** Reads the query of a list; `filterNames` are the parameters it may have beside limit and offset. */
function readListQuery(
	query: URLSearchParams,
	filterNames: readonly string[],
): { readonly query: ListQuery } | { readonly refusal: ApiAnswer } {
	const filters = new Map<string, string>();
	const known = new Set(['limit', 'offset', ...filterNames]);
	for (const [name, value] of query) {
		if (!known.has(name)) return { refusal: fieldError(name, `${name} is not a parameter`) };
		if (filters.has(name)) return { refusal: fieldError(name, `${name} is given twice`) };
		filters.set(name, value);
	}
	// Without them the provider takes -1 for both and answers no records: here it is an error, to be seen.
	const limit = wholeNumber(filters.get('limit'));
	if (limit === undefined || limit < 1)
		return { refusal: fieldError('limit', 'limit is required') };
	const offset = wholeNumber(filters.get('offset'));
	if (offset === undefined) return { refusal: fieldError('offset', 'offset is required') };
	return { query: { limit, offset, filters } };
}

/** `{ data, limit, offset, total }` for the part of `records` that was asked for. */
function pageOf(records: readonly unknown[], { limit, offset }: ListQuery): unknown {
	return { data: records.slice(offset, offset + limit), limit, offset, total: records.length };
}

function wholeNumber(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

type Accepts = (record: JsonObject) => boolean;

/** Reads the filters of the CDR list into one question about a record. Dates are about its start. */
function readCdrFilter(
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
