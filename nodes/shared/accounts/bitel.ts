import type { Account } from './account';

export const bitelAccount: Account = {
	provider: 'bitel',
	credential: 'bitelApi',
	token: ({ token }) => token,
	defaults: ({ serverId }) => ({ serverId }),
};
