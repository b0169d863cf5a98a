import type { Node, NodeAPI, NodeDef } from 'node-red';

import { readBaseUrl } from '../../calls/baseUrl';
import type { CallContext } from '../../calls/context';
import { invalidInput } from '../../calls/failures';
import { authorized } from '../../calls/tokens';
import type { Provider } from '../../providers/contract';
import { findProvider, providers } from '../../providers';
import { invalid, isInvalid, isUnset, readCount } from '../../providers/reading/values';
import { onAbort } from './aborts';
import { tokenSourceOf } from './accountToken';
import type { AccountSecrets } from './accountToken';
import { clock } from './clock';
import { Connections } from './connections';
import type { TlsOptions } from './connections';
import type { Proxy } from './proxy';
import { Slots } from './slots';
import { createTransport } from './transport';

/** An account node's configuration, as a flow file holds it; everything is unchecked. */
export interface AccountConfig extends NodeDef {
	readonly provider?: unknown;
	readonly baseUrl?: unknown;
	readonly serverId?: unknown;
	readonly campaign?: unknown;
	readonly authentication?: unknown;
	readonly maxInFlight?: unknown;
	readonly tls?: unknown;
	readonly proxy?: unknown;
}

/** What an account node gives to the nodes that use it. */
export interface Account {
	/** Null when the configuration names none that this version knows. */
	readonly provider: Provider | null;
	/** What a send node uses for fields that it leaves empty. */
	readonly fieldDefaults: Readonly<Record<string, unknown>>;
	/** Limits how many messages of all nodes of this account are under way at a time. */
	readonly slots: Slots;
	/** Stands for the account where a name must be kept from readers of a store. */
	readonly secret: string;
	/**
	 * What an operation needs, for as long as neither the signal nor the account ends.
	 * @throws OtpCallError `invalid-input` when the account is not filled in
	 */
	readonly contextFor: (signal: AbortSignal) => CallContext;
	/** The same account with connections of its own, which go on when the account's node is closed. */
	readonly reopen: () => OpenAccount;
}

/** An account whose connections someone has to close. */
export interface OpenAccount extends Account {
	readonly close: () => Promise<void>;
}

export type AccountNode = Node<AccountSecrets> & Account;

/** An account that can be used. */
export type UsableAccount = Account & { readonly provider: Provider };

/** How an account reaches its provider; read when the first request is made. */
export interface Route {
	readonly tls: TlsOptions | undefined;
	readonly proxyFor: (baseUrl: string) => Proxy | null;
}

const mostInFlight = 50;
/** More open connections than this help no provider. */
const mostConnections = 200;

const unknownProvider = () =>
	invalidInput(
		invalid(
			{ field: 'provider', label: 'Provider' },
			'of the account is not chosen, or not known to this version',
			`Open the account node and choose ${providers.map(({ label }) => label).join(', ')}`,
		),
	);

/** How many messages may be under way at a time. */
const readMaxInFlight = (value: unknown) =>
	readCount(value, { field: 'maxInFlight', label: 'Calls at a Time' }, 1) ?? mostInFlight;

/** Aborts with the first. Node.js's own `AbortSignal.any` looks at all its sources at every question. */
function eitherOf(...signals: readonly AbortSignal[]): AbortSignal {
	const either = new AbortController();
	const forget: (() => void)[] = [];
	const abort = (): void => {
		either.abort();
		for (const forgetOne of forget) forgetOne();
	};
	for (const signal of signals) forget.push(onAbort(signal, abort));
	return either.signal;
}

/** The context of an account, as it is before any signal ends it. */
function openContext(
	config: AccountConfig,
	secrets: AccountSecrets,
	connections: Connections,
	closing: AbortSignal,
): CallContext {
	const provider = findProvider(config.provider);
	if (!provider) throw unknownProvider();
	const most = readMaxInFlight(config.maxInFlight);
	if (isInvalid(most)) throw invalidInput(most);
	const baseUrl = readBaseUrl(config.baseUrl, provider);
	const transport = createTransport(() => connections.line());
	const context = { provider, baseUrl, transport, clock, signal: closing };
	// A provider without a server takes no token.
	if (provider.answerLocally) return { ...context, credentials: () => [] };
	const source = tokenSourceOf({ authentication: config.authentication, secrets }, context);
	return {
		...context,
		transport: authorized(transport, source),
		credentials: () => source.secrets(),
	};
}

const secretOf = (config: AccountConfig, { apiKey, token }: AccountSecrets): string =>
	[apiKey, token].find((secret): secret is string => typeof secret === 'string' && secret !== '') ??
	config.id;

/** Opens an account. Nothing is checked or connected before the first use. */
export function openAccount(
	config: AccountConfig,
	secrets: AccountSecrets,
	route: () => Route,
): OpenAccount {
	const provider = findProvider(config.provider) ?? null;
	const closing = new AbortController();
	const asked = readMaxInFlight(config.maxInFlight);
	// A wrong number is an error of each message, once there is one.
	const most = isInvalid(asked) ? mostInFlight : asked;
	const connections = new Connections(() => {
		const baseUrl = provider === null ? '' : readBaseUrl(config.baseUrl, provider);
		const chosen = route();
		return {
			baseUrl,
			tls: chosen.tls,
			proxy: chosen.proxyFor(baseUrl),
			connections: Math.min(most, mostConnections),
		};
	});
	const contexts = new WeakMap<AbortSignal, CallContext>();
	let shared: CallContext | null = null;

	return {
		provider,
		fieldDefaults: { serverId: config.serverId, campaign: config.campaign },
		slots: new Slots(most),
		secret: secretOf(config, secrets),
		contextFor: (signal) => {
			const known = contexts.get(signal);
			if (known !== undefined) return known;
			shared ??= openContext(config, secrets, connections, closing.signal);
			const context = { ...shared, signal: eitherOf(signal, closing.signal) };
			contexts.set(signal, context);
			return context;
		},
		reopen: () => openAccount(config, secrets, route),
		close: async () => {
			closing.abort();
			await connections.close();
		},
	};
}

const isAccountNode = (node: Node | null | undefined): node is AccountNode =>
	node !== null && node !== undefined && node.type === 'otp-call-account' && 'contextFor' in node;

const isUsable = (node: AccountNode): node is AccountNode & UsableAccount => node.provider !== null;

/**
 * The account that a node has been given.
 * @param id the account node's ID, as the node's configuration holds it
 * @throws OtpCallError `invalid-input` when there is none, or none that can be used
 */
export function findAccount(RED: NodeAPI, id: unknown): AccountNode & UsableAccount {
	const node = typeof id === 'string' && id !== '' ? RED.nodes.getNode(id) : null;
	if (!isAccountNode(node)) {
		throw invalidInput(
			invalid(
				{ field: 'account', label: 'Account' },
				isUnset(id) ? 'is not chosen' : 'does not exist or is disabled',
				'Open the node, choose an account or add one with +, then deploy',
			),
		);
	}
	if (!isUsable(node)) throw unknownProvider();
	return node;
}
