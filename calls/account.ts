import type { AuthorizableRequest, Provider, ProviderAccount } from '../providers/contract';
import { invalid, named } from '../providers/fields';
import type { Field, SecretField } from '../providers/fields';
import { asLine, isShown, isUnset, picked } from '../providers/reading/values';
import { readBaseUrl } from './baseUrl';
import { invalidInput } from './failures';
import { testCodeField, testNumbersField } from './fields';
import { refuseExpression } from './input';
import { readTestNumbers } from './testNumbers';
import type { TestNumbers } from './testNumbers';

/** What authorizes an account's requests: a token, or a key that the provider exchanges for tokens. */
export type AccountSecret =
	| { readonly is: 'token'; readonly field: SecretField; readonly value: unknown }
	| { readonly is: 'key'; readonly field: SecretField; readonly value: unknown };

/** All that a user fills in for an account at a provider, in the order of the form. */
export const accountFieldsOf = ({ account }: Provider): readonly Field[] =>
	account === null ? [] : [...account.fields, testNumbersField, testCodeField];

/** What a user has filled in for an account, by the names of the provider's fields; all unchecked. */
export type AccountValues = Readonly<Record<string, unknown>>;

const valueOf = (values: AccountValues, name: string): unknown =>
	Object.hasOwn(values, name) ? values[name] : undefined;

/** The secret by which an account is asked to work: which one the user has chosen to give. */
export function secretOf(account: ProviderAccount, values: AccountValues): AccountSecret {
	const { exchange, token } = account;
	return exchange !== undefined && isShown(account.fields, exchange.key, values)
		? { is: 'key', field: exchange.key, value: valueOf(values, exchange.key.name) }
		: { is: 'token', field: token, value: valueOf(values, token.name) };
}

/** What an HTTP header or a URL can carry without being rejected before it is sent. */
const visible = /^[\x21-\x7e]+$/;

/**
 * A token or key as a user pasted it: without the spaces around it and the word Bearer before it.
 * @throws OtpCallError `invalid-input`, which does not show the value
 */
export function readSecret(value: unknown, field: SecretField, { label }: Provider): string {
	const remedy = `Copy the ${named(field)} that ${label} gave you into the ‹account› once more`;
	refuseExpression(field, value);
	const line = isUnset(value) ? '' : asLine(value);
	if (line === null) throw invalidInput(invalid(field, 'of the ‹account› must be text', remedy));
	const text = line.replace(/^Bearer(\s+|$)/i, '');
	if (text === '') throw invalidInput(invalid(field, 'of the ‹account› is empty', remedy));
	if (visible.test(text)) return text;
	throw invalidInput(
		invalid(field, 'of the ‹account› holds spaces, line breaks or special characters', remedy),
	);
}

/** What the account holds for the provider's own fields that a call leaves empty. */
export function defaultsOf(
	{ fields }: Provider,
	values: AccountValues,
): Readonly<Record<string, unknown>> {
	const names = fields.filter(({ accountDefault }) => accountDefault).map(({ name }) => name);
	return Object.fromEntries(names.map((name) => [name, valueOf(values, name)]));
}

/** The values of a call's own fields; for those that are empty, what the account holds. */
export function withDefaults(
	values: Readonly<Record<string, unknown>>,
	defaults: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
	const filled: Record<string, unknown> = { ...values };
	for (const [name, value] of Object.entries(defaults)) {
		if (isUnset(picked(filled[name]))) filled[name] = value;
	}
	return filled;
}

/** An account that has been checked. */
export interface ReadyAccount {
	/** '' for a provider without a server. */
	readonly baseUrl: string;
	/**
	 * Null for a provider that needs no account. `value` is tidied. It lasts: where the provider exchanges a
	 * key for tokens it is the key, which outlives them.
	 */
	readonly secret: { readonly is: 'token' | 'key'; readonly value: string } | null;
	/** Null: none. */
	readonly tests: TestNumbers | null;
	/** What goes with the token, tidied; '' where the account has no such field. */
	readonly companion: string;
}

/**
 * The secret that goes with the token.
 * @returns '' where the account has no such field
 * @throws OtpCallError `invalid-input`
 */
export function companionOf(provider: Provider, values: AccountValues): string {
	const field = provider.account?.companion;
	return field === undefined ? '' : readSecret(valueOf(values, field.name), field, provider);
}

/**
 * Checks what a user has filled in for an account.
 * @throws OtpCallError `invalid-input`
 */
export function readAccount(provider: Provider, values: AccountValues): ReadyAccount {
	const baseUrl = readBaseUrl(valueOf(values, 'baseUrl'), provider);
	if (provider.account === null) return { baseUrl, secret: null, companion: '', tests: null };
	const { is, field, value } = secretOf(provider.account, values);
	const secret = { is, value: readSecret(value, field, provider) };
	const companion = companionOf(provider, values);
	return { baseUrl, secret, companion, tests: readTestNumbers(provider, values) };
}

/** A request with the account's token: where the provider wants it, else as a bearer token. */
export function authorizedRequest<T extends AuthorizableRequest>(
	{ account }: Provider,
	request: T,
	token: string,
	companion = '',
): T {
	if (account?.authorize !== undefined) return account.authorize(request, token, companion);
	return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

/** Offsets into lists are our own tokens, but they come back through a browser. */
export function readOffset(value: unknown): number {
	return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : 0;
}
