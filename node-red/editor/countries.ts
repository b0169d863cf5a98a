import type { ProviderForm } from '../forms/form';
import type { Say } from './forms';

/** The boxes of the countries that a node may call, for a provider that calls several. */

const boxes = '#send-otp-call-countries';

/** Which of them are ticked; none: all are allowed. */
export const tickedCountries = (): readonly string[] =>
	$(`${boxes} input:checked`)
		.map((_, box) => String($(box).val()))
		.get();

/**
 * Shows a box for each country of the provider, and nothing for a provider that calls one only: what was
 * ticked for another is forgotten then.
 * @param ticked what the node holds
 */
export function showCountries(say: Say, provider: ProviderForm | undefined, ticked: unknown): void {
	const countries = provider?.countries ?? [];
	const chosen: readonly unknown[] = Array.isArray(ticked) ? ticked : [];
	const group = $(boxes).empty().attr('aria-label', say('label.allowedCountries'));
	$('#send-otp-call-form [data-countries]').toggle(countries.length > 1);
	if (countries.length < 2) return;
	const names = new Intl.DisplayNames([say('language')], { type: 'region' });
	for (const code of countries) {
		const box = $('<input>', { type: 'checkbox', value: code });
		box.prop('checked', chosen.includes(code));
		const label = $('<label>').append(box, document.createTextNode(names.of(code) ?? code));
		$('<div>').append(label).appendTo(group);
	}
}
