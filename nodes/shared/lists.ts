import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { listChoices } from '../../calls/lists';
import { findProvider } from '../../providers';
import { connect } from './context';
import { asNodeError } from './errors';

type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/** Offsets are our own tokens, but they come back through the browser. */
const offsetOf = (paginationToken: string | undefined): number =>
	/^\d{1,9}$/.test(paginationToken ?? '') ? Number(paginationToken) : 0;

async function search(
	functions: ILoadOptionsFunctions,
	field: string,
	filter: string,
	paginationToken: string | undefined,
): Promise<INodeListSearchResult> {
	const provider = findProvider(functions.getCurrentNodeParameter('provider'));
	if (provider === undefined) return { results: [] };
	const { context } = await connect(functions, provider);
	const page = await listChoices(context, field, filter, offsetOf(paginationToken));
	return {
		results: page.choices.map(({ value, name, description }) => ({
			value,
			name,
			...(description !== null && { description }),
		})),
		...(page.nextOffset !== null && { paginationToken: String(page.nextOffset) }),
	};
}

/** The list behind a resource locator: page by page, and by what the builder types. */
const listOf = (field: string): ListSearch =>
	async function searchList(this: ILoadOptionsFunctions, filter = '', paginationToken) {
		try {
			return await search(this, field, filter, paginationToken);
		} catch (error) {
			throw asNodeError(this.getNode(), error);
		}
	};

/** For a node's `methods.listSearch`. */
export const listSearch = {
	searchCampaigns: listOf('campaign'),
	searchTemplates: listOf('template'),
};
