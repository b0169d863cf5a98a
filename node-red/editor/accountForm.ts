import { storedSecret } from '../forms/form';
import type { AccountForm, FormField } from '../forms/form';
import { version } from '../forms/migrations';
import { inputValue, providerNamed } from './forms';
import { asText, propertyOf } from './red';
import type { EditedNode } from './red';

/** What the runtime is told of an account that may not be deployed yet. */

/** The properties that accounts of all providers have. */
const shared = ['provider', 'maxInFlight', 'tls', 'proxy'];

const isSecret = ({ kind }: FormField): boolean => kind === 'secret';

/** @param valueOf what a property, or a secret, holds */
function accountForm(valueOf: (name: string) => string): AccountForm {
	const own = providerNamed(valueOf('provider'))?.account ?? [];
	const values = (names: readonly string[]): Readonly<Record<string, string>> =>
		Object.fromEntries(names.map((name) => [name, valueOf(name)]));
	const namesOf = (fields: readonly FormField[]): readonly string[] =>
		fields.map(({ property }) => property);
	const properties = values([...shared, ...namesOf(own.filter((field) => !isSecret(field)))]);
	return {
		properties: { ...properties, version: String(version) },
		secrets: values(namesOf(own.filter(isSecret))),
	};
}

/** What an account's node has for a secret; one that was never shown to the editor may be stored. */
export function secretShown(credentials: EditedNode['credentials'], name: string): string {
	const own = credentials?.[name];
	if (typeof own === 'string' && own !== '') return own;
	return credentials?.[`has_${name}`] === true ? storedSecret : '';
}

/** An account as the editor has it while its form is closed. */
export function closedForm(account: object): AccountForm {
	const credentials = propertyOf(account, 'credentials');
	// They are loaded when its form is opened for the first time.
	const isLoaded = typeof credentials === 'object' && credentials !== null;
	const known = isLoaded ? Object.fromEntries(Object.entries(credentials)) : null;
	const isOwnSecret = (name: string): boolean =>
		providerNamed(propertyOf(account, 'provider'))?.account.find(
			({ property }) => property === name,
		)?.kind === 'secret';
	return accountForm((name) => {
		if (!isOwnSecret(name)) return asText(propertyOf(account, name));
		return known === null ? storedSecret : secretShown(known, name);
	});
}

/** The account in the form that is open now. */
export const openForm = (): AccountForm =>
	accountForm((name) => {
		const value = inputValue(`#node-config-input-${name}`) ?? '';
		// The choice of a configuration node that is still to be made.
		return value === '_ADD_' ? '' : value;
	});
