import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { readOffset } from '../../calls/account';
import { listChoices } from '../../calls/lists';
import { findProvider, providers } from '../../providers';
import { connect } from '../http/connection';
import { asNodeError } from '../items/errors';
import { listMethod } from './fields';

type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

async function search(
	functions: ILoadOptionsFunctions,
	list: string,
	filter: string,
	paginationToken: string | undefined,
): Promise<INodeListSearchResult> {
	const provider = findProvider(functions.getCurrentNodeParameter('provider'));
	if (provider === undefined) return { results: [] };
	const { context } = await connect(functions, provider);
	const page = await listChoices(context, list, filter, readOffset(paginationToken));
	return {
		results: page.choices.map(({ value, name, description }) => ({
			value,
			name,
			...(description !== null && { description }),
		})),
		...(page.nextOffset !== null && { paginationToken: String(page.nextOffset) }),
	};
}

/** The list behind a resource locator: page by page, and by what the user types. */
const searchIn = (list: string): ListSearch =>
	async function searchList(this: ILoadOptionsFunctions, filter = '', paginationToken) {
		try {
			return await search(this, list, filter, paginationToken);
		} catch (error) {
			throw asNodeError(this.getNode(), error);
		}
	};

const listNames = new Set(providers.flatMap(({ lists }) => Object.keys(lists ?? {})));

/** For a node's `methods.listSearch`. */
export const listSearch: Record<string, ListSearch> = Object.fromEntries(
	[...listNames].map((list) => [listMethod(list), searchIn(list)]),
);
