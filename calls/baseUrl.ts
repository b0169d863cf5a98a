import { invalid, isUnset } from '../providers/fields';
import type { InvalidField, Provider } from '../providers/contract';
import { invalidInput } from './failures';

const name = { field: 'baseUrl', label: 'Base URL' };

const remedyFor = (provider: Provider): string =>
	provider.defaultBaseUrl === null
		? `Enter the address that ${provider.label} gave you, such as https://api.example.com`
		: `Enter the address of the API, usually ${provider.defaultBaseUrl}`;

const loopback = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const bareHost = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d+)?(\/|$)/i;

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
	try {
		return new URL(bareHost.test(text) ? `https://${text}` : text);
	} catch {
		return null;
	}
};

/**
 * The address of a provider's API as a builder pasted it, tidied: no slash at the end, and without the
 * path of a single endpoint, since the requests bring their own.
 * @returns such as `https://api.example.com`; '' for a provider without a server
 * @throws OtpCallError `invalid-input`
 */
export function readBaseUrl(value: unknown, provider: Provider): string {
	if (provider.apiRoot === null) return '';
	const text = isUnset(value) ? provider.defaultBaseUrl : value;
	const fail = (rule: string): InvalidField => invalid(name, rule, remedyFor(provider));
	if (text === null) throw invalidInput(fail('is empty'));
	const url = typeof text === 'string' ? parse(text.trim()) : null;
	if (url === null) throw invalidInput(fail('is not a web address'));
	const problem = problemOf(url);
	if (problem !== null) throw invalidInput(fail(problem));
	const path = `${url.pathname}/`;
	const root = path.indexOf(`${provider.apiRoot}/`);
	const kept = root === -1 ? url.pathname : path.slice(0, root);
	return `${url.origin}${kept.replace(/\/+$/, '')}`;
}
