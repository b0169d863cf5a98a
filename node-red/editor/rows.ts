import type { FormField } from '../forms/form';

/** The rows of a provider's own fields, as HTML: plain functions from data, so that a test can read them. */

const special: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
};

const asHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => special[sign] ?? sign);

/** Where rows stand. */
interface RowPlace {
	/** Of the inputs' ids. */
	readonly prefix: 'node-input' | 'node-config-input';
	/** Whether a value may come from elsewhere: its source stands beside it under the same name with `Type`. */
	readonly isTyped: boolean;
	/** A word of the field (`label`, `hint` …). */
	readonly say: (key: string) => string;
	/** The title of a button that opens a list. */
	readonly pick: string;
}

/** True for a field whose value can be picked from a list, and typed as well. */
export const isPicked = ({ options, pickFrom }: FormField, isTyped: boolean): boolean =>
	pickFrom !== undefined || (isTyped && options !== undefined);

function control(field: FormField, { isTyped, pick, prefix, say }: RowPlace): string {
	const { hasPlaceholder, kind, options = [], property } = field;
	const id = `${prefix}-${property}`;
	if (kind === 'choice' && !isTyped) {
		const choices = options.map(
			(value) => `<option value="${asHtml(value)}">${asHtml(say(`option.${value}`))}</option>`,
		);
		return `<select id="${id}">${choices.join('')}</select>`;
	}
	const type = kind === 'secret' ? 'type="password" autocomplete="new-password"' : 'type="text"';
	const placeholder = hasPlaceholder ? ` placeholder="${asHtml(say('placeholder'))}"` : '';
	const source = isTyped ? `<input type="hidden" id="${id}Type">` : '';
	const button = isPicked(field, isTyped)
		? `<button type="button" class="red-ui-button otp-call-pick" data-pick="${property}" title="${asHtml(pick)}"><i class="fa fa-list"></i></button>`
		: '';
	return `<input ${type} id="${id}"${placeholder}>${source}${button}`;
}

/** The row of one field, with its hint under it. */
export function rowHtml(field: FormField, place: RowPlace): string {
	const { hasHint, icon, property } = field;
	const { prefix, say } = place;
	const label = `<label for="${prefix}-${property}"><i class="fa fa-${icon}"></i> <span>${asHtml(say('label'))}</span></label>`;
	const hint = hasHint ? `<div class="form-tips">${asHtml(say('hint'))}</div>` : '';
	return `<div data-own="${property}"><div class="form-row">${label} ${control(field, place)}</div>${hint}</div>`;
}
