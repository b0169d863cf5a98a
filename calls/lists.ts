import type {
	CallFilter,
	CallList,
	Choice,
	HttpAnswer,
	Page,
	ProviderRequest,
} from '../providers/contract';
import { invalid } from '../providers/fields';
import { secretsOf } from './context';
import type { CallContext } from './context';
import { failureOf, invalidInput, question, unreadable } from './failures';
import { filtersField } from './fields';
import { reportOf } from './report';
import type { CallRecord, CallReport } from './report';
import { ask } from './status';

/** Records that are asked for in one request. */
const pageSize = 50;
/** A provider whose pages never end must not keep us busy for ever. */
const mostPages = 400;

async function askPage<T>(
	context: CallContext,
	request: ProviderRequest,
	read: (answer: HttpAnswer) => Page<T> | null,
): Promise<Page<T>> {
	const answer = await ask(context, request);
	if (answer.status < 200 || answer.status > 299) throw failureOf(context, question, answer);
	const page = read(answer);
	if (page === null) throw unreadable(context, question, answer, 'is not a list');
	return page;
}

/** A provider may give fewer records than it was asked for. Null after the last page. */
const offsetAfter = (page: Page<unknown>, offset: number): number | null => {
	const next = offset + page.received;
	return page.received > 0 && next < page.total ? next : null;
};

/** Pages that are read before a user sees anything: what comes first may stand on the last of them. */
const pagesAtOnce = 20;

/** Something to pick, as a user sees it. */
export type ListedChoice = Omit<Choice, 'comesFirst'>;

export interface ChoicePage {
	readonly choices: readonly ListedChoice[];
	/** Where the rest of a very long list begins, or null at its end. */
	readonly nextOffset: number | null;
}

const matches = (choice: Choice, filter: string): boolean =>
	[choice.name, choice.value].some((text) =>
		text.toLowerCase().includes(filter.trim().toLowerCase()),
	);

/**
 * The things that a user can pick for a field, such as campaigns, the likely ones first.
 * @param filter what the names or IDs must contain; '' for all
 * @param offset where to begin, for the rest of a list of more than a thousand
 * @throws OtpCallError
 */
export async function listChoices(
	context: CallContext,
	field: string,
	filter = '',
	offset = 0,
): Promise<ChoicePage> {
	const lists = new Map(Object.entries(context.provider.lists ?? {}));
	const list = lists.get(field);
	if (list === undefined) return { choices: [], nextOffset: null };
	const found: Choice[] = [];
	let nextOffset: number | null = offset;
	for (let pages = 0; nextOffset !== null && pages < pagesAtOnce; pages += 1) {
		const window = { limit: pageSize, offset: nextOffset };
		const page: Page<Choice> = await askPage(context, list.request(window), (answer) =>
			list.read(answer, context.clock.now()),
		);
		found.push(...page.entries.filter((choice) => matches(choice, filter)));
		nextOffset = offsetAfter(page, nextOffset);
	}
	const choices = found
		.sort((a, b) => Number(b.comesFirst) - Number(a.comesFirst))
		.map(({ value, name, description }) => ({ value, name, description }));
	return { choices, nextOffset };
}

const tooManyCalls = () =>
	invalidInput(
		invalid(
			filtersField,
			`match more than ${mostPages * pageSize} calls`,
			'Narrow the dates, or set a limit',
		),
	);

/**
 * The provider's records of calls that have ended, newest page first as the provider sorts them.
 * @param limit at most so many; Infinity for all
 * @throws OtpCallError
 */
export async function listCalls(
	context: CallContext,
	calls: CallList,
	filter: CallFilter,
	limit: number,
): Promise<readonly CallReport[]> {
	const found: CallReport[] = [];
	let offset: number | null = 0;
	for (let pages = 0; offset !== null && found.length < limit; pages += 1) {
		if (pages === mostPages) throw tooManyCalls();
		const window = { limit: Math.min(pageSize, limit - found.length), offset };
		const page: Page<CallRecord> = await askPage(context, calls.request(filter, window), (answer) =>
			calls.read(answer),
		);
		found.push(
			...page.entries.map((entry) => reportOf(context.provider, entry, secretsOf(context))),
		);
		offset = offsetAfter(page, offset);
	}
	return found;
}
