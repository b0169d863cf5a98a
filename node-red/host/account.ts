import type { Node, NodeAPI } from 'node-red';

import { accountFieldsOf, defaultsOf, readAccount } from '../../calls/account';
import type { AccountValues } from '../../calls/account';
import { readBaseUrl } from '../../calls/baseUrl';
import { CallLengths } from '../../calls/callLengths';
import type { CallContext } from '../../calls/context';
import { invalidInput } from '../../calls/failures';
import { accountField } from '../../calls/fields';
import { checkProvider } from '../../calls/input';
import { authorized, exchangedToken, fixedToken } from '../../calls/tokens';
import { findProvider } from '../../providers';
import type { Provider } from '../../providers/contract';
import { invalid, isInvalid } from '../../providers/fields';
import { isUnset, readCount } from '../../providers/reading/values';
import { maxInFlightField } from '../forms/fields';
import { AccountStanding } from './accountStanding';
import { onAbort } from './aborts';
import { clock } from './clock';
import { Connections } from './connections';
import type { TlsOptions } from './connections';
import type { Proxy } from './proxy';
import { EndedCalls } from './endedCalls';
import { Slots } from './slots';
import { createTransport } from './transport';

/** An account's configuration, as a flow file holds it; everything is unchecked. */
interface AccountConfig {
	/** Stands for an account that has no secret: as long as the node does, and the same after a restart. */
	readonly id: string;
	/** By the names of the properties. */
	readonly properties: Readonly<Record<string, unknown>>;
	/** What is stored encrypted, by the names of the providers' secret fields. */
	readonly secrets: Readonly<Record<string, unknown>>;
}

/** What an account node gives to the nodes that use it. */
export interface Account {
	/** Null when the configuration names none that this version knows. */
	readonly provider: Provider | null;
	/** What a send node uses for fields that it leaves empty. */
	readonly fieldDefaults: Readonly<Record<string, unknown>>;
	/** Limits how many messages of all nodes of this account are under way at a time. */
	readonly slots: Slots;
	/** Told by event nodes of this account, asked by those that wait. */
	readonly ended: EndedCalls;
	/** The addresses of event nodes of this account that go along with each call; the latest is taken. */
	readonly callbacks: Set<string>;
	readonly standing: AccountStanding;
	/** Where its requests, and with them its secrets, go. @throws OtpCallError `invalid-input` */
	readonly baseUrl: () => string;
	/**
	 * What an operation needs, for as long as neither the signal nor the account ends. It is the same for all
	 * messages of a node.
	 * @param timeout milliseconds for one request
	 * @throws OtpCallError `invalid-input` when the account is not filled in
	 */
	readonly contextFor: (signal: AbortSignal, timeout?: number) => CallContext;
	/** The same account with connections of its own, which go on when the account's node is closed. */
	readonly reopen: () => OpenAccount;
}

/** An account whose connections someone has to close. */
export interface OpenAccount extends Account {
	readonly close: () => Promise<void>;
}

export type AccountNode = Node<object> & Account;

/** An account that can be used. */
export type UsableAccount = Account & { readonly provider: Provider };

/** How an account reaches its provider; read when the first request is made. */
export interface Route {
	readonly tls: TlsOptions | undefined;
	readonly proxyFor: (baseUrl: string) => Proxy | null;
}

const mostInFlight = maxInFlightField.usual ?? 1;
/** More open connections than this help no provider. */
const mostConnections = 200;

/** How many messages may be under way at a time. */
const readMaxInFlight = (value: unknown) => readCount(value, maxInFlightField) ?? mostInFlight;

/** What the user has filled in for the provider's own fields. */
export const valuesOf = (
	provider: Provider | null,
	{ properties, secrets }: Omit<AccountConfig, 'id'>,
): AccountValues =>
	Object.fromEntries(
		(provider === null ? [] : accountFieldsOf(provider)).map(({ kind, name }) => [
			name,
			kind === 'secret' ? secrets[name] : properties[name],
		]),
	);

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
	connections: Connections,
	standing: AccountStanding,
	closing: AbortSignal,
): CallContext {
	const provider = checkProvider(config.properties['provider']);
	const most = readMaxInFlight(config.properties['maxInFlight']);
	if (isInvalid(most)) throw invalidInput(most);
	const { baseUrl, companion, secret, tests } = readAccount(provider, valuesOf(provider, config));
	const transport = createTransport(connections);
	const lengths = new CallLengths();
	const context = { provider, baseUrl, transport, clock, tests, lengths, signal: closing };
	// A provider without an account is for trying: what lasts will do.
	if (secret === null) return { ...context, credentials: () => [], lastingSecret: config.id };
	const exchange = secret.is === 'key' ? provider.account?.exchange : undefined;
	const source =
		exchange === undefined
			? fixedToken(secret.value)
			: exchangedToken(context, exchange, secret.value);
	return {
		...context,
		transport: standing.observed(
			provider,
			authorized(provider, transport, source, clock, companion),
		),
		credentials: () => [...(companion === '' ? [] : [companion]), ...source.secrets()],
		lastingSecret: secret.value,
	};
}

/** Opens an account. Nothing is checked or connected before the first use. */
export function openAccount(config: AccountConfig, route: () => Route): OpenAccount {
	const provider = findProvider(config.properties['provider']) ?? null;
	const values = valuesOf(provider, config);
	const closing = new AbortController();
	const asked = readMaxInFlight(config.properties['maxInFlight']);
	// A wrong number is an error of each message, once there is one.
	const most = isInvalid(asked) ? mostInFlight : asked;
	const connections = new Connections(() => {
		const baseUrl = provider === null ? '' : readAccount(provider, values).baseUrl;
		const chosen = route();
		return {
			baseUrl,
			tls: chosen.tls,
			proxy: chosen.proxyFor(baseUrl),
			connections: Math.min(most, mostConnections),
		};
	});
	const contexts = new WeakMap<AbortSignal, CallContext>();
	const standing = new AccountStanding();
	let shared: CallContext | null = null;

	return {
		provider,
		fieldDefaults: provider === null ? {} : defaultsOf(provider, values),
		slots: new Slots(most),
		ended: new EndedCalls(),
		callbacks: new Set(),
		standing,
		baseUrl: () => (provider === null ? '' : readBaseUrl(values['baseUrl'], provider)),
		contextFor: (signal, timeout) => {
			const known = contexts.get(signal);
			if (known !== undefined && known.timeout === timeout) return known;
			shared ??= openContext(config, connections, standing, closing.signal);
			const either = known?.signal ?? eitherOf(signal, closing.signal);
			const context = { ...shared, timeout, signal: either };
			contexts.set(signal, context);
			return context;
		},
		reopen: () => openAccount(config, route),
		close: async () => {
			closing.abort();
			await connections.close();
		},
	};
}

/** True for an account's node that has been opened. */
export const isAccountNode = (node: Node | null | undefined): node is AccountNode =>
	node !== null && node !== undefined && node.type === 'otp-call-account' && 'contextFor' in node;

/** @throws OtpCallError `invalid-input` that says which providers there are */
function assertUsable(node: AccountNode): asserts node is AccountNode & UsableAccount {
	if (node.provider === null) checkProvider(null);
}

/** True for an account whose provider calls nobody and costs nothing. */
export function isForTrying(RED: NodeAPI, id: unknown): boolean {
	const node = typeof id === 'string' && id !== '' ? RED.nodes.getNode(id) : null;
	return isAccountNode(node) && node.provider?.account === null;
}

/**
 * Tells when a node's account is refused, and when it is taken again.
 * @param told is given when it was refused, or null
 * @returns stops telling
 */
export function watchStanding(
	RED: NodeAPI,
	id: unknown,
	told: (refusedAt: number | null) => void,
): () => void {
	const node = typeof id === 'string' && id !== '' ? RED.nodes.getNode(id) : null;
	return isAccountNode(node) ? node.standing.watch(told) : () => undefined;
}

const noAccount = (rule: string) =>
	invalidInput(
		invalid(accountField, rule, 'Open the node, choose an account or add one with +, then deploy'),
	);

/**
 * The account that a node has been given.
 * @param id the account node's ID, as the node's configuration holds it
 * @throws OtpCallError `invalid-input` when there is none, or none that can be used
 */
export function findAccount(RED: NodeAPI, id: unknown): AccountNode & UsableAccount {
	const node = typeof id === 'string' && id !== '' ? RED.nodes.getNode(id) : null;
	if (!isAccountNode(node)) {
		throw noAccount(isUnset(id) ? 'is not chosen' : 'does not exist or is disabled');
	}
	assertUsable(node);
	return node;
}
