import { isJsonObject, numberField, parseJson } from './json';

/** When a JSON Web Token says that it expires, in milliseconds since 1970; null when it does not say. */
export function expiryOfToken(token: string): number | null {
	const [, payload, signature] = token.trim().split('.');
	if (payload === undefined || signature === undefined) return null;
	const claims = parseJson(decodeBase64Url(payload));
	const seconds = isJsonObject(claims) ? numberField(claims, 'exp') : null;
	return seconds !== null && Math.abs(seconds) < 8_640_000_000_000 ? seconds * 1000 : null;
}

function decodeBase64Url(text: string): string {
	try {
		return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
	} catch {
		return '';
	}
}
