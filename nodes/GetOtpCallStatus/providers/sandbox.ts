import type { StatusForm } from './form';

export const sandboxForm: StatusForm = {
	provider: 'sandbox',
	description: 'Calls of the sandbox, which needs no account',
};
