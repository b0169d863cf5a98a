import { readCallingHours } from '../../calls/callingHours';
import { callingHoursField } from '../../calls/fields';
import type { SecondsField } from '../../calls/fields';
import { isInvalid } from '../../providers/fields';
import type { CountField } from '../../providers/fields';
import type { NodeType } from '../forms/fields';
import type { ProviderForm, Source } from '../forms/form';
import type { Properties } from '../forms/migrations';
import { asText, propertyOf } from './red';
import type { PropertyDefinition, Validity } from './red';

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

/** The account of a node: one that there is, and that is filled in. */
export const accountProperty = (say: Say): PropertyDefinition => ({
	value: '',
	type: 'otp-call-account',
	validate: (value, _options) => {
		const account = accountNode(value);
		if (account === null) return say('error.noAccount');
		return propertyOf(account, 'valid') !== false || say('error.account');
	},
});

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

/** A sentence with the words for its {places}. */
const fill = (text: string, words: Readonly<Record<string, string | number>>): string =>
	text.replace(/\{(\w+)\}/g, (place, name: string) => String(words[name] ?? place));

/** What may be wrong with a number of the form. @returns true, or what is wrong in a sentence */
export function checkCount(
	say: Say,
	label: string,
	{ least, most = Infinity }: { readonly least: number; readonly most?: number | undefined },
	value: unknown,
): Validity {
	const text = asText(value).trim();
	if (text === '' || isVariable(text)) return true;
	if (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most) return true;
	const rule = most === Infinity ? 'error.countFrom' : 'error.count';
	return fill(say(rule), { label, least, most });
}

/** A validator for a whole number. @param key the name of its label */
export const isCount =
	(say: Say, { name, ...rule }: CountField) =>
	(value: unknown, _options: unknown): Validity =>
		checkCount(say, say(`label.${name}`), rule, value);

/** A validator for a number of seconds. */
export const isSeconds =
	(say: Say, { name, least, most }: SecondsField) =>
	(value: unknown, _options: unknown): Validity => {
		const text = asText(value).trim();
		if (text === '' || isVariable(text)) return true;
		if (Number(text) >= least && Number(text) <= most) return true;
		return fill(say('error.seconds'), { label: say(`label.${name}`), least, most });
	};

/** A validator for the hours in which people are called. */
export const isCallingHours =
	(say: Say) =>
	(value: unknown, _options: unknown): Validity => {
		if (isVariable(asText(value).trim()) || !isInvalid(readCallingHours(value))) return true;
		const { example = '', name } = callingHoursField;
		return fill(say('error.hours'), { label: say(`label.${name}`), example });
	};

export const missing = (say: Say, label: string): string => fill(say('error.missing'), { label });

/**
 * True for what was meant as text and not as the name of a property: no name begins with a digit, and none
 * is as long, and as full of digits, as a call ID is.
 */
const isLiteral = (text: string): boolean =>
	/^[+(\s]*\p{Nd}/u.test(text) || (/^[\w-]{20,}$/.test(text) && /(?:\d.*){6}/.test(text));

/** True for what was meant as the name of a property of the message. */
const isPath = (text: string): boolean => /^(msg\.|payload[.[])[\p{L}_$]/u.test(text);

/** What the form knows of a value that may come from elsewhere. */
interface TypedRule {
	/** What the form calls the field. */
	readonly label: string;
	readonly isNeeded: boolean;
	/** For a number. */
	readonly count?: { readonly least: number; readonly most?: number | undefined } | undefined;
}

/** Whether a value and its source go together. */
export function checkTyped(
	say: Say,
	node: object,
	property: string,
	value: unknown,
	{ count, isNeeded, label }: TypedRule,
): Validity {
	if (isEmpty(value)) return isNeeded ? missing(say, label) : true;
	const text = String(value);
	if (isVariable(text)) return true;
	const shown = inputValue(`#node-input-${property}Type`);
	const source = shown || asText(propertyOf(node, `${property}Type`)) || 'str';
	if (source === 'msg' && isLiteral(text)) return fill(say('error.literal'), { label });
	if (source === 'str' && isPath(text)) return fill(say('error.path'), { label });
	if (source === 'num' && count !== undefined) return checkCount(say, label, count, text);
	return RED.utils.validateTypedProperty(text, source, { label });
}

/**
 * Shows the reason why a typed input is wrong when the mouse is on it. Node-RED hangs a reason of ours on the
 * field under the typed input, which nobody sees; it keeps the bubble in the field's `tooltip`, tells
 * it each reason, and deletes it where there is none.
 */
function showReason(input: JQuery): void {
	let reason: string | null = null;
	const seen = input.next('.red-ui-typedInput-container').find('.red-ui-typedInput-input-wrap');
	const shown = RED.popover.tooltip(seen, () => reason);
	const bubble = {
		setContent: (text: string): void => {
			reason = text;
		},
		delete: (): void => {
			reason = null;
			shown.close(true);
			input.data('tooltip', bubble);
		},
	};
	input.data('tooltip', bubble);
}

/** Where the value of a field may come from. */
interface TypedSources {
	readonly label: string;
	readonly sources: readonly Source[];
	/** Of the input; the width of all others where it says nothing. */
	readonly width?: string | undefined;
}

/**
 * A typed input over a field and the field with the same name and `Type`. A number under `msg.`, and
 * `msg.payload…` as text, are what people type who do not know the small menu yet: the source is changed
 * for them, and a line under the field says so.
 */
export function typedInput(
	say: Say,
	property: string,
	{ label, sources, width = 'var(--otp-call-field)' }: TypedSources,
): void {
	const input = $(`#node-input-${property}`);
	input.attr('aria-label', label);
	input.typedInput({
		default: sources[0],
		types: [...sources],
		typeField: `#node-input-${property}Type`,
	});
	input.typedInput('width', width);
	showReason(input);
	const note = $('<div class="form-tips" role="status"></div>').hide();
	input.closest('.form-row').after(note);
	const change = (source: Source, value: string, why: string): void => {
		if (!sources.includes(source)) return;
		input.typedInput('type', source);
		input.typedInput('value', value);
		note.text(say(why)).show();
	};
	input.on('change keyup paste', () => {
		const source = input.typedInput('type');
		const text = asText(input.typedInput('value'));
		if (source === 'msg' && isLiteral(text)) change('str', text, 'tip.takenAsText');
		else if (source === 'msg' && /^msg\./.test(text)) input.typedInput('value', text.slice(4));
		else if (source === 'str' && isPath(text))
			change('msg', text.replace(/^msg\./, ''), 'tip.takenFromMessage');
	});
}

/** Rows that are folded away until their heading is pressed; open from the start when one is in use. */
export function foldable(name: string, isOpen: boolean): void {
	const heading = $(`#${name}`);
	const rows = $(`#${name}-rows`);
	const show = (open: boolean): void => {
		heading.attr('aria-expanded', String(open));
		rows.toggle(open);
		RED.tray.resize();
	};
	heading.attr('aria-controls', `${name}-rows`);
	heading.on('click', () => {
		show(heading.attr('aria-expanded') !== 'true');
	});
	show(isOpen);
}

/** Adds Node-RED's context stores to a select, the default one first. @returns whether there is a choice */
export function addStores(say: Say, select: JQuery, chosen: unknown): boolean {
	const { default: usual, stores = [] } = RED.settings.context ?? {};
	const add = (value: string, text: string): void => {
		$('<option>', { value, text }).appendTo(select);
	};
	select.empty();
	const byDefault = say('label.defaultStore');
	add('', usual === undefined || usual === 'default' ? byDefault : `${usual} (${byDefault})`);
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
