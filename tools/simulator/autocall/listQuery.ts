import type { ApiAnswer } from '../http/endpoint';
import { fieldError } from './answers';

/** The query of a list: which part of it, and the other parameters. */
export interface ListQuery {
	/** How many records at most. */
	readonly limit: number;
	/** How many records to leave out; counts records, not pages. */
	readonly offset: number;
	readonly filters: ReadonlyMap<string, string>;
}

/** Reads the query of a list; `filterNames` are the parameters it may have beside limit and offset. */
export function readListQuery(
	search: string,
	filterNames: readonly string[],
): { readonly query: ListQuery } | { readonly refusal: ApiAnswer } {
	const filters = new Map<string, string>();
	const known = new Set(['limit', 'offset', ...filterNames]);
	for (const [name, value] of new URLSearchParams(search)) {
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
export function pageOf(records: readonly unknown[], { limit, offset }: ListQuery): unknown {
	return { data: records.slice(offset, offset + limit), limit, offset, total: records.length };
}

function wholeNumber(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
