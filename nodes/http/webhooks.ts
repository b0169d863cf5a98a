import type { IWebhookFunctions } from 'n8n-workflow';

/** The parameters of the address to which a request came, as text; one that came twice is none. */
export const queryOf = (functions: IWebhookFunctions): Record<string, string> =>
	Object.fromEntries(
		Object.entries(Object(functions.getQueryData())).filter(
			(entry): entry is [string, string] => typeof entry[1] === 'string',
		),
	);
