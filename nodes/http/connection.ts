import { createHash } from 'crypto';
import type { IAllExecuteFunctions, ICredentialDataDecryptedObject } from 'n8n-workflow';

import { defaultsOf, readAccount, secretOf } from '../../calls/account';
import type { ReadyAccount } from '../../calls/account';
import { CallLengths } from '../../calls/callLengths';
import type { CallContext } from '../../calls/context';
import { invalidInput } from '../../calls/failures';
import { exchangedToken, newTokenMemory } from '../../calls/tokens';
import type { TokenMemory, TokenSource } from '../../calls/tokens';
import type { Provider, ProviderAccount } from '../../providers/contract';
import { everywhere, invalid } from '../../providers/fields';
import { isUnset } from '../../providers/reading/values';
import { accountValues } from './credential';
import { clock } from './time';
import { authorizedTransport, openTransport } from './transport';

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

/** What is known of an account for as long as this process lasts: n8n keeps nothing for us between executions. */
interface AccountMemory {
	readonly tokens: TokenMemory;
	readonly lengths: CallLengths;
}

const memories = new Map<string, AccountMemory>();
const mostMemories = 100;

/** @param secret what lasts of the account; only a hash of it is kept */
function memoryOf(provider: Provider, baseUrl: string, secret: string): AccountMemory {
	const name = createHash('sha256')
		.update(JSON.stringify([provider.name, baseUrl, secret]))
		.digest('hex');
	const known = memories.get(name);
	if (known !== undefined) return known;
	if (memories.size >= mostMemories) memories.clear();
	const memory = { tokens: newTokenMemory(), lengths: new CallLengths() };
	memories.set(name, memory);
	return memory;
}

/** Where the tokens of an account come from that holds a key; null: it holds a token. */
function tokenSourceOf(
	functions: IAllExecuteFunctions,
	provider: Provider,
	{ baseUrl, secret }: ReadyAccount,
): TokenSource | null {
	const exchange = provider.account?.exchange;
	if (exchange === undefined || secret?.is !== 'key') return null;
	const transport = openTransport((options) => functions.helpers.httpRequest(options));
	const { tokens } = memoryOf(provider, baseUrl, secret.value);
	return exchangedToken({ provider, baseUrl, transport, clock }, exchange, secret.value, tokens);
}

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
		// The same in all processes of this n8n. It is no secret of the first order: such a provider is for trying.
		const lastingSecret = functions.getInstanceId();
		const { lengths } = memoryOf(provider, '', lastingSecret);
		return { context: { ...context, lastingSecret, lengths }, defaults: {} };
	}
	const data = await readCredential(functions, account, provider);
	const values = accountValues(provider, data);
	const ready = readAccount(provider, values);
	const { baseUrl, companion, secret, tests } = ready;
	const source = tokenSourceOf(functions, provider, ready);
	const typed = String(secretOf(account, values).value).trim();
	const credentials = () =>
		[companion, typed, ...(source?.secrets() ?? []), secret?.value]
			.filter((each) => !isUnset(each))
			.map(String);
	const { credential } = account;
	const lastingSecret = secret?.value ?? typed;
	const transport = authorizedTransport(functions, {
		credential: { id: '', name: credential, type: credential, data },
		tokens: source && { provider, source },
	});
	return {
		context: {
			...shared,
			baseUrl,
			tests,
			transport,
			credentials,
			lastingSecret,
			lengths: memoryOf(provider, baseUrl, lastingSecret).lengths,
		},
		defaults: defaultsOf(provider, values),
	};
}
