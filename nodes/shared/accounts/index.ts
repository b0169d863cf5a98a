import type { INodeCredentialDescription } from 'n8n-workflow';

import type { Account } from './account';
import { autocallAccount } from './autocall';
import { bitelAccount } from './bitel';

/** The accounts of all providers that need one. */
export const accounts: readonly Account[] = [bitelAccount, autocallAccount];

/** The account of this provider; undefined: it needs none. */
export function findAccount(provider: string): Account | undefined {
	return accounts.find((account) => account.provider === provider);
}

/** For a node's description: each account is asked for when its provider is chosen. */
export const accountFields: INodeCredentialDescription[] = accounts.map(
	({ credential, provider }) => ({
		name: credential,
		required: true,
		displayOptions: { show: { provider: [provider] } },
	}),
);
