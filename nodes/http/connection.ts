import type { IAllExecuteFunctions, ICredentialDataDecryptedObject } from 'n8n-workflow';

import { defaultsOf, readAccount, secretOf } from '../../calls/account';
import type { CallContext } from '../../calls/context';
import { invalidInput } from '../../calls/failures';
import type { Provider, ProviderAccount } from '../../providers/contract';
import { everywhere, invalid } from '../../providers/fields';
import { isUnset } from '../../providers/reading/values';
import { accountValues, sessionProperty } from './credential';
import { clock } from './time';
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
	{ credential }: ProviderAccount,
	{ label }: Provider,
): Promise<ICredentialDataDecryptedObject> {
	try {
		// A copy: the token of a session is put into it.
		return { ...(await functions.getCredentials(credential)) };
	} catch (error) {
		const why = error instanceof Error ? error.message : 'It cannot be read';
		throw invalidInput(
			invalid(
				{ name: 'credentials', label: everywhere('Credential') },
				`is missing or cannot be used: ${why}`,
				`Choose a credential for ${label} in the node, or create one`,
			),
		);
	}
}

const sessionOf = (data: ICredentialDataDecryptedObject): Session => ({
	token: () => String(data[sessionProperty] ?? ''),
	drop: () => {
		data[sessionProperty] = '';
	},
});

/** A provider without an account has no server either: `calls/` lets it answer by itself. */
const nowhere: CallContext['transport'] = async () => ({ is: 'not-sent', code: 'ENOTFOUND' });

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
	const { account } = provider;
	const shared = { provider, clock, signal: cancelSignalOf(functions), timeout };
	if (account === null) {
		const context = { ...shared, baseUrl: '', transport: nowhere, credentials: () => [] };
		return { context, defaults: {} };
	}
	const data = await readCredential(functions, account, provider);
	const values = accountValues(account, data);
	const { baseUrl, secret } = readAccount(provider, values);
	const session = secret?.is === 'key' ? sessionOf(data) : null;
	const typed = String(secretOf(account, values).value).trim();
	const credentials = () =>
		// The last one lasts: a token that was got for a key is another one each day.
		[session?.token(), typed, secret?.value].filter((each) => !isUnset(each)).map(String);
	const { credential } = account;
	const decrypted = { id: '', name: credential, type: credential, data };
	const transport = authorizedTransport(functions, decrypted, session);
	return {
		context: { ...shared, baseUrl, transport, credentials },
		defaults: defaultsOf(provider, values),
	};
}
