import type { FormField, ProviderForm } from './form';

/**
 * What flows of an earlier version hold, as this version reads it. Version 0.1.0 wrote no version into its
 * nodes; its properties have kept their names and meanings, so what it did is said of those that a flow
 * leaves out: the runtime and the form would take them for different things otherwise.
 */

/** The version of the properties of every node of this package. */
export const version = 2;

/** A node's properties, by their names. */
export type Properties = Readonly<Record<string, unknown>>;

const isUnset = (value: unknown): boolean => value === undefined || value === null || value === '';

const isOld = ({ version: of }: Properties): boolean => isUnset(of) || Number(of) < version;

/** Properties with those that are missing, and the version. */
function filledIn(properties: Properties, missing: Properties): Properties {
	const added = Object.entries(missing).filter(([name]) => isUnset(properties[name]));
	return { ...properties, ...Object.fromEntries(added), version };
}

/** A value whose source is not named was taken for text. */
const textSources = (properties: Properties, names: readonly string[]): Properties =>
	Object.fromEntries(
		names.filter((name) => !isUnset(properties[name])).map((name) => [`${name}Type`, 'str']),
	);

const propertiesOf = (fields: readonly FormField[]): readonly string[] =>
	fields.map(({ property }) => property);

const tuning: Properties = { simplify: true };

/** The properties of a send node as this version reads them. */
export function migrateSend(properties: Properties, forms: readonly ProviderForm[]): Properties {
	if (!isOld(properties)) return properties;
	const own = forms.flatMap(({ send }) => propertiesOf(send));
	return filledIn(properties, {
		...tuning,
		...textSources(properties, ['phoneNumber', 'code', ...own]),
		codeAlphabet: 'digits',
	});
}

/** The properties of a status node as this version reads them. */
export function migrateStatus(properties: Properties, forms: readonly ProviderForm[]): Properties {
	if (!isOld(properties)) return properties;
	const filters = forms.flatMap((form) => propertiesOf(form.filters ?? []));
	const typed = ['callId', 'filterFrom', 'filterTo', 'filterPhoneNumber', ...filters];
	return filledIn(properties, {
		...tuning,
		...textSources(properties, typed),
		operation: 'get',
		lookUpBy: 'reference',
	});
}

/** The properties of an event node as this version reads them. */
export function migrateEvent(properties: Properties): Properties {
	return isOld(properties) ? filledIn(properties, tuning) : properties;
}

/** The properties of an account as this version reads them: one that did not choose was asked for a token. */
export function migrateAccount(properties: Properties, forms: readonly ProviderForm[]): Properties {
	if (!isOld(properties)) return properties;
	const tokenIf = forms.find(({ name }) => name === properties['provider'])?.tokenIf ?? null;
	return filledIn(properties, tokenIf === null ? {} : { [tokenIf.field]: tokenIf.is });
}
