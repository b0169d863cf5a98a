import type { Provider } from '../providers/contract';
import { invalid } from '../providers/fields';
import type { InvalidField } from '../providers/fields';
import { hasControlCharacters, isUnset } from '../providers/reading/values';
import { baseUrlName } from '../providers/sharedFields';
import { invalidInput } from './failures';
import { refuseExpression } from './input';

const remedyFor = (provider: Provider): string =>
	provider.defaultBaseUrl === null
		? `Enter the address that ${provider.label} gave you, such as https://api.example.com`
		: `Enter the address of the API, usually ${provider.defaultBaseUrl}`;

const loopback = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** With a dot or as localhost: a word before a colon is a scheme, such as `javascript:1`. */
const bareHost = /^(\[[0-9a-f:]+\]|localhost|[a-z0-9-]+(\.[a-z0-9-]+)+)(:\d+)?(\/|$)/i;

const problemOf = (url: URL): string | null => {
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
	if (url.protocol === 'http:' && !loopback.test(url.hostname)) {
		return 'must begin with https://: over http:// everybody on the way can read the token and the codes';
	}
	if (url.username !== '' || url.password !== '')
		return 'must not contain a user name or a password';
	if (url.search !== '' || url.hash !== '') return 'must not contain ? or #';
	return null;
};

const parse = (text: string): URL | null => {
	// URL drops line breaks without a word.
	if (hasControlCharacters(text)) return null;
	try {
		return new URL(bareHost.test(text) ? `https://${text}` : text);
	} catch {
		return null;
	}
};

/** What a user has pasted beyond the address: a version, an endpoint, or the start of `apiRoot`. */
function withoutEndpoint(path: string, apiRoot: string): string {
	const version = /\/v\d+(?=\/|$)/i;
	const kept = (path.split(version)[0] ?? '').replace(/\/+$/, '');
	const beforeVersion = (apiRoot.split(version)[0] ?? '').toLowerCase();
	if (beforeVersion === '') return kept;
	const lowerCased = kept.toLowerCase();
	if (lowerCased.endsWith(beforeVersion)) return kept.slice(0, -beforeVersion.length);
	// A root of one word may be the path of a gateway before it.
	const isUnmistakable = beforeVersion.split('/').length > 2;
	const at = isUnmistakable ? lowerCased.indexOf(`${beforeVersion}/`) : -1;
	return at === -1 ? kept : kept.slice(0, at);
}

/**
 * The address of a provider's API as a user pasted it, tidied: no slash at the end, and without the
 * path of a single endpoint, since the requests bring their own.
 * @returns such as `https://api.example.com`; '' for a provider without a server
 * @throws OtpCallError `invalid-input`
 */
export function readBaseUrl(value: unknown, provider: Provider): string {
	if (provider.apiRoot === null) return '';
	refuseExpression(baseUrlName, value);
	const given = typeof value === 'string' ? value.trim() : value;
	const text = isUnset(given) ? provider.defaultBaseUrl : given;
	const fail = (rule: string): InvalidField => invalid(baseUrlName, rule, remedyFor(provider));
	if (text === null) throw invalidInput(fail('is empty'));
	const url = typeof text === 'string' ? parse(text) : null;
	if (url === null) throw invalidInput(fail('is not a web address'));
	const problem = problemOf(url);
	if (problem !== null) throw invalidInput(fail(problem));
	return `${url.origin}${withoutEndpoint(url.pathname, provider.apiRoot)}`;
}
