import type { SecondsField } from '../../calls/fields';
import type { NodeType } from '../forms/fields';
import type { ProviderForm, Source } from '../forms/form';
import type { Properties } from '../forms/migrations';
import { asText, propertyOf } from './red';
import type { Validity } from './red';

/** What the forms of all nodes share. */

export const forms = PROVIDER_FORMS;

/** Says a word of a node's locale file. */
export type Say = (key: string) => string;

export const wordsOf =
	(type: NodeType): Say =>
	(key) =>
		RED._(`@otp-call/node-red-otp-call/${type}:${type}.${key}`);

/** The provider of this name; undefined: there is none. */
export const providerNamed = (name: unknown): ProviderForm | undefined =>
	forms.find((form) => form.name === name);

const accountNode = (id: unknown): object | null =>
	typeof id === 'string' && id !== '' && id !== '_ADD_' ? RED.nodes.node(id) : null;

/** What an account node holds under a name. */
export const accountValue = (id: unknown, name: string): unknown => {
	const account = accountNode(id);
	return account === null ? undefined : propertyOf(account, name);
};

/** The provider of an account node; undefined while none is chosen. */
export const providerOf = (accountId: unknown): ProviderForm | undefined =>
	providerNamed(accountValue(accountId, 'provider'));

/** What a field of the open form holds; undefined: it is not there. */
export const inputValue = (selector: string): string | undefined => {
	const value = $(selector).val();
	return typeof value === 'string' ? value : undefined;
};

/** The account that is chosen in the open form, else the one that the node has. */
export const chosenAccount = ({ account }: { readonly account?: unknown }): unknown =>
	inputValue('#node-input-account') || account;

/** Whether a box is checked in the open form, else in the node. */
export const isChecked = (node: object, name: string): boolean => {
	const box = $(`#node-input-${name}`);
	return box.length > 0 ? box.is(':checked') : propertyOf(node, name) === true;
};

/** Node-RED puts environment variables in, wherever a value is one. */
export const isVariable = (value: string): boolean => /^\$\{[^}]+\}$/.test(value);

const isEmpty = (value: unknown): boolean => value === '' || value === undefined || value === null;

export const isCount =
	({ least, most = Infinity }: { readonly least: number; readonly most?: number | undefined }) =>
	(value: unknown): boolean =>
		isEmpty(value) ||
		isVariable(String(value)) ||
		(/^\d+$/.test(String(value)) && Number(value) >= least && Number(value) <= most);

export const isSeconds =
	({ least, most }: SecondsField) =>
	(value: unknown): boolean =>
		isEmpty(value) ||
		isVariable(String(value)) ||
		(Number(value) >= least && Number(value) <= most);

export const missing = (prop: string): string =>
	RED._('validator.errors.missing-required-prop', { prop });

/** Whether a value and its source go together. @param label what the form calls the field */
export function checkTyped(
	node: object,
	property: string,
	value: unknown,
	label: string,
	isNeeded: boolean,
): Validity {
	if (isEmpty(value)) return isNeeded ? missing(label) : true;
	const text = String(value);
	if (isVariable(text)) return true;
	const shown = inputValue(`#node-input-${property}Type`);
	const source = shown || asText(propertyOf(node, `${property}Type`)) || 'str';
	return RED.utils.validateTypedProperty(text, source, { label });
}

/** A typed input over a field and the field with the same name and `Type`. */
export function typedInput(
	property: string,
	sources: readonly Source[],
	width = 'var(--otp-call-field)',
): void {
	const input = $(`#node-input-${property}`);
	input.typedInput({
		default: sources[0],
		types: [...sources],
		typeField: `#node-input-${property}Type`,
	});
	input.typedInput('width', width);
}

/** Rows that are folded away until their heading is clicked; open from the start when one is in use. */
export function foldable(name: string, isOpen: boolean): void {
	const heading = $(`#${name}`);
	const rows = $(`#${name}-rows`);
	const show = (open: boolean): void => {
		heading.attr('aria-expanded', String(open));
		heading.find('i').toggleClass('fa-caret-down', open).toggleClass('fa-caret-right', !open);
		rows.toggle(open);
		RED.tray.resize();
	};
	heading.on('click', (event) => {
		event.preventDefault();
		show(heading.attr('aria-expanded') !== 'true');
	});
	show(isOpen);
}

/** Adds Node-RED's context stores to a select, the default one first. @returns whether there is a choice */
export function addStores(select: JQuery, chosen: unknown): boolean {
	const { default: usual, stores = [] } = RED.settings.context ?? {};
	const add = (value: string, text: string): void => {
		$('<option>', { value, text }).appendTo(select);
	};
	select.empty();
	add('', usual === undefined ? 'default' : `${usual} (default)`);
	for (const store of stores) if (store !== usual) add(store, store);
	const own = typeof chosen === 'string' ? chosen : '';
	if (own !== '' && !stores.includes(own)) add(own, own);
	select.val(own);
	return stores.length > 1 || own !== '';
}

/** Puts what a flow of an earlier version meant into the fields of the open form. */
export function fillIn(node: object, properties: Properties, prefix: string): void {
	for (const [name, value] of Object.entries(properties)) {
		if (propertyOf(node, name) === value) continue;
		const input = $(`#${prefix}-${name}`);
		if (input.is(':checkbox')) input.prop('checked', value === true);
		else if (typeof value === 'string') input.val(value);
	}
}

/** True when a node waits in a way of its own. */
export const isTuned = (node: object): boolean =>
	['timeout', 'pollInterval', 'waitTimeout'].some((name) => !isEmpty(propertyOf(node, name))) ||
	propertyOf(node, 'simplify') === false;
