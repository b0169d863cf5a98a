import type { IAllExecuteFunctions, ICredentialDataDecryptedObject } from 'n8n-workflow';

import { readBaseUrl } from '../../calls/baseUrl';
import type { CallContext } from '../../calls/context';
import { invalidInput } from '../../calls/failures';
import type { Provider } from '../../providers/contract';
import { invalid, isUnset } from '../../providers/reading/values';
import { findAccount } from './accounts';
import type { Account } from './accounts/account';
import { apiKeyField, tokenField } from './accounts/authenticate';
import { readSecret } from './accounts/secretText';
import { clock } from './clock';
import type { Session } from './session';
import { authorizedTransport } from './transport';

/** A provider that can be asked, with what its account says beside. */
export interface Connection {
	readonly context: CallContext;
	/** The provider's fields for which the account holds a default. */
	readonly defaults: Readonly<Record<string, unknown>>;
}

const cancelSignalOf = (functions: IAllExecuteFunctions): AbortSignal | undefined =>
	'getExecutionCancelSignal' in functions ? functions.getExecutionCancelSignal() : undefined;

async function readCredential(
	functions: IAllExecuteFunctions,
	{ credential }: Account,
	{ label }: Provider,
): Promise<ICredentialDataDecryptedObject> {
	try {
		// A copy: the token of a session is put into it.
		return { ...(await functions.getCredentials(credential)) };
	} catch (error) {
		const why = error instanceof Error ? error.message : 'It cannot be read';
		throw invalidInput(
			invalid(
				{ field: 'credentials', label: 'Account' },
				`is missing or cannot be used: ${why}`,
				`Choose a credential for ${label} in the node, or create one`,
			),
		);
	}
}

const sessionOf = (account: Account, data: ICredentialDataDecryptedObject): Session | null => {
	const { exchange } = account;
	if (exchange === undefined || exchange.apiKey(data) === null) return null;
	return {
		token: () => String(data[exchange.property] ?? ''),
		drop: () => {
			data[exchange.property] = '';
		},
	};
};

const secretsIn = (account: Account, data: ICredentialDataDecryptedObject): readonly string[] =>
	[account.token(data), account.exchange?.apiKey(data)]
		.filter((secret) => !isUnset(secret))
		.map((secret) => String(secret).trim());

/**
 * Reads the provider's account from the node's credential, once, and makes everything that calls/ needs.
 * @param timeout milliseconds for one request
 * @throws OtpCallError `invalid-input` for an account that is missing or cannot work
 */
export async function connect(
	functions: IAllExecuteFunctions,
	provider: Provider,
	timeout?: number,
): Promise<Connection> {
	const signal = cancelSignalOf(functions);
	const shared = { provider, clock, signal, timeout };
	const account = findAccount(provider.name);
	if (account === undefined) {
		return {
			context: {
				...shared,
				baseUrl: '',
				transport: async () => ({ is: 'not-sent', code: 'ENOTFOUND' }),
				credentials: () => [],
			},
			defaults: {},
		};
	}
	const data = await readCredential(functions, account, provider);
	const session = sessionOf(account, data);
	if (session === null) readSecret(account.token(data), tokenField);
	else readSecret(account.exchange?.apiKey(data), apiKeyField);
	const { credential } = account;
	const decrypted = { id: '', name: credential, type: credential, data };
	return {
		context: {
			...shared,
			baseUrl: readBaseUrl(data['baseUrl'], provider),
			transport: authorizedTransport(functions, decrypted, session),
			credentials: () => secretsIn(account, data),
		},
		defaults: account.defaults(data),
	};
}
