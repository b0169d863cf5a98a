import { invalidInput } from '../../../calls/failures';
import { invalid, isUnset } from '../../../providers/reading/values';
import type { FieldName } from '../../../providers/reading/values';

/** What an HTTP header can carry without being rejected before it is sent. */
const visible = /^[\x21-\x7e]+$/;

/**
 * A token or key as a builder pasted it: without the spaces around it and the word Bearer before it.
 * @throws OtpCallError `invalid-input`, which does not show the value
 */
export function readSecret(value: unknown, name: FieldName): string {
	const remedy = `Copy the ${name.label} from your provider's panel into the account once more`;
	const text = isUnset(value)
		? ''
		: String(value)
				.trim()
				.replace(/^Bearer\s+/i, '');
	if (text === '') throw invalidInput(invalid(name, 'is empty', remedy));
	if (visible.test(text)) return text;
	throw invalidInput(invalid(name, 'must not contain spaces, line breaks or accents', remedy));
}
