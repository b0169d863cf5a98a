import { invalidInput } from '../../../calls/failures';
import type { OtpCallError } from '../../../calls/errors';
import { invalid } from '../../../providers/fields';
import { isUnset } from '../../../providers/reading/values';
import { pathField, publicUrlField } from '../../forms/fields';

/** Nothing that a router would take for a pattern, and nothing that a URL would have to encode. */
const plainPath = /^(?:\/[A-Za-z0-9._~-]+)+$/;

/**
 * The path on which events arrive, below Node-RED's root for flows.
 * @returns such as `/otp-call-event/shop`
 * @throws OtpCallError `invalid-input`
 */
export function readPath(value: unknown): string {
	const path = typeof value === 'string' ? `/${value.trim().replace(/^\/+|\/+$/g, '')}` : '';
	if (plainPath.test(path) && !/\/\.{1,2}(\/|$)/.test(path)) return path;
	throw invalidInput(
		invalid(
			pathField,
			path === '' || path === '/' ? 'is empty' : 'holds characters that do not belong there',
			'Use letters, digits, hyphens and slashes, such as otp-call-event/shop',
		),
	);
}

const wrongPublicUrl = (rule: string): OtpCallError =>
	invalidInput(
		invalid(
			publicUrlField,
			rule,
			'Enter the address under which the internet reaches this Node-RED, such as https://flows.example.com',
		),
	);

function parsePublicUrl(value: unknown): URL {
	if (isUnset(value)) throw wrongPublicUrl('is empty');
	const text = typeof value === 'string' ? value.trim() : '';
	if (!URL.canParse(text)) throw wrongPublicUrl('is not a web address');
	const url = new URL(text);
	const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
	if (!isWeb) throw wrongPublicUrl('must begin with https://');
	if (url.search !== '' || url.hash !== '') throw wrongPublicUrl('must not contain ? or #');
	return url;
}

/** What an address is made of. */
interface AddressParts {
	/** As the user typed it. */
	readonly publicUrl: unknown;
	/** Node-RED's root for flows, `/` or such as `/api`. */
	readonly root: unknown;
	/** From `readPath`. */
	readonly path: string;
	readonly secret: string;
}

/**
 * The whole address that a provider is told, secret included.
 * @throws OtpCallError `invalid-input` when the public URL is none
 */
export function addressOf({ publicUrl, root, path, secret }: AddressParts): string {
	const { origin, pathname } = parsePublicUrl(publicUrl);
	const below = (text: string): string => text.replace(/^\/*(?=.)/, '/').replace(/\/+$/, '');
	const rootPath = typeof root === 'string' ? below(root) : '';
	return `${origin}${below(pathname)}${rootPath}${path}?secret=${encodeURIComponent(secret)}`;
}
