import type { Node, NodeAPI } from 'node-red';

import { secretOf } from '../../calls/account';
import { readBaseUrl } from '../../calls/baseUrl';
import { invalidInput } from '../../calls/failures';
import { checkProvider } from '../../calls/input';
import type { Provider } from '../../providers/contract';
import { invalid, named } from '../../providers/fields';
import type { Field } from '../../providers/fields';
import { baseUrlName } from '../../providers/sharedFields';
import { storedSecret } from '../forms/form';
import type { AccountForm } from '../forms/form';
import { migrateAccount } from '../forms/migrations';
import { isAccountNode, openAccount, valuesOf } from './account';
import type { OpenAccount } from './account';
import { forms } from './forms';
import { readRoute } from './route';

/** An account as it stands in a form of the editor, which may never have been deployed. */

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

/** What a browser sent as an account's form. */
export const readAccountForm = (body: unknown): AccountForm => {
	const { properties, secrets } = recordOf(body);
	return { properties: recordOf(properties), secrets: recordOf(secrets) };
};

/** As Node-RED puts environment variables in when it makes a node. */
function withVariable(RED: NodeAPI, node: Node | null, value: unknown): unknown {
	const name = typeof value === 'string' ? /^\$\{(\S+)\}$/.exec(value)?.[1] : undefined;
	if (name === undefined) return value;
	// A node also knows the variables that are set in the editor.
	if (node === null) return process.env[name] ?? '';
	const known: unknown = RED.util.evaluateNodeProperty(name, 'env', node, {});
	return known;
}

const withVariables = (
	RED: NodeAPI,
	node: Node | null,
	values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> =>
	Object.fromEntries(
		Object.entries(values).map(([name, value]) => [name, withVariable(RED, node, value)]),
	);

/** The addresses to which the secrets of a deployed account go, or may go: its own, and the provider's. */
function knownOrigins(node: Node | null, provider: Provider): readonly string[] {
	const known = [provider.defaultBaseUrl ?? ''];
	try {
		if (isAccountNode(node) && node.provider === provider) known.push(node.baseUrl());
	} catch {
		// One that cannot be used has sent its secrets nowhere.
	}
	return known.filter((url) => url !== '').map((url) => new URL(url).origin);
}

const movedAway = (field: Field) =>
	invalidInput(
		invalid(
			baseUrlName,
			`has changed, and the ${named(field)} that was saved is not sent to another address unasked`,
			`Enter ${named(field)} once more, or deploy first`,
		),
	);

/**
 * Opens the account of a form. Secrets that were saved before come from the runtime, and go only to where
 * they go already: whoever may edit an account must not be able to read what it keeps.
 * @param id of the account's node, deployed or not
 * @throws OtpCallError `invalid-input`
 */
export function openForm(RED: NodeAPI, id: string, form: AccountForm): OpenAccount {
	const node: Node | null = RED.nodes.getNode(id) ?? null;
	const properties = withVariables(RED, node, migrateAccount({ ...form.properties }, forms));
	const provider = checkProvider(properties['provider']);
	const kept = recordOf(RED.nodes.getCredentials(id));
	const isStored = (name: string): boolean => form.secrets[name] === storedSecret;
	const secrets = withVariables(
		RED,
		node,
		Object.fromEntries(
			Object.entries(form.secrets).map(([name, value]) => [
				name,
				isStored(name) ? kept[name] : value,
			]),
		),
	);
	if (provider.account !== null) {
		const values = valuesOf(provider, { properties, secrets });
		const { companion } = provider.account;
		const sent = [secretOf(provider.account, values).field, ...(companion ? [companion] : [])];
		const stored = sent.find(({ name }) => isStored(name));
		const { origin } = new URL(readBaseUrl(properties['baseUrl'], provider));
		if (stored !== undefined && !knownOrigins(node, provider).includes(origin)) {
			throw movedAway(stored);
		}
	}
	return openAccount({ id, properties, secrets }, () => readRoute(RED, properties));
}
