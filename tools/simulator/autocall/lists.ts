import type { Exchange } from '../exchange';
import { type ApiAnswer, type Endpoint, jsonAnswer } from '../http/endpoint';
import type { AutocallAccount } from './account';
import { fieldError } from './answers';
import { readCdrFilter } from './cdrFilter';
import { callDetailRecord } from './cdr';
import { recordOf } from './calls';
import { type ListQuery, pageOf, readListQuery } from './listQuery';

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
export function listEndpoints(exchange: Exchange, account: AutocallAccount): readonly Endpoint[] {
	return [
		list(/^\/v3\/campaign$/, ['type'], (query) =>
			query.filters.get('type') === 'autocall'
				? jsonAnswer(200, pageOf(account.campaigns, query))
				: fieldError('type', 'type must be autocall'),
		),
		list(/^\/v3\/template$/, ['template_name'], (query) => {
			const wanted = query.filters.get('template_name') ?? '';
			const found = account.templates.filter(({ template_name }) => template_name.includes(wanted));
			return jsonAnswer(200, pageOf(found, query));
		}),
		list(/^\/v3\/cdr$/, CDR_FILTERS, (query) => cdrs(exchange, query)),
	];
}

function list(
	path: RegExp,
	filterNames: readonly string[],
	answer: (query: ListQuery) => ApiAnswer,
): Endpoint {
	return {
		provider: 'autocall',
		purpose: 'other',
		method: 'GET',
		path,
		handle: ({ search }) => {
			const read = readListQuery(search, filterNames);
			return { answer: 'refusal' in read ? read.refusal : answer(read.query) };
		},
	};
}

function cdrs(exchange: Exchange, query: ListQuery): ApiAnswer {
	const read = readCdrFilter(query.filters);
	if ('refusal' in read) return read.refusal;
	const newestFirst = [...exchange.ledger.all()].reverse();
	const records = newestFirst.flatMap((call) => {
		const recorded = recordOf(exchange, call);
		if (recorded === undefined) return [];
		const record = callDetailRecord(recorded);
		return read.accepts(record) ? [record] : [];
	});
	return jsonAnswer(200, pageOf(records, query));
}
