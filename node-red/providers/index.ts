import autocall from './autocall.json';
import bitel from './bitel.json';
import type { ProviderForm } from './form';
import sandbox from './sandbox.json';

/** The forms of all providers, in the order in which builders choose from them. */
export const forms: readonly ProviderForm[] = [bitel, autocall, sandbox];

/** The names of a provider's own fields in the send node. */
export function sendFieldsOf(provider: string): ProviderForm['send'] {
	return forms.find(({ name }) => name === provider)?.send ?? [];
}
