import type { TokenExchange } from '../contract';
import { apiKey } from './fields';
import { field, isJsonObject, numberField, jsonOf, textField } from '../reading/json';

const day = 24 * 60 * 60;

const fitsHeader = /^[\x21-\x7e]+$/;

/** `POST /v3/auth/token`: a token against an API key. */
export const tokens: TokenExchange = {
	key: apiKey,
	request: (key) => ({ method: 'POST', path: '/v3/auth/token', body: { api_key: key } }),
	read(answer) {
		const body = jsonOf(answer);
		if (!isJsonObject(body)) return null;
		// An older version of the API wraps the token in `data`.
		const inner = field(body, 'data');
		const holder = isJsonObject(inner) ? inner : body;
		const token = textField(holder, 'token');
		if (token === null || !fitsHeader.test(token)) return null;
		const told = numberField(holder, 'expired_in');
		// The overview promises 24 hours; the values in the samples are far longer and fit nothing.
		const lifeSeconds = told !== null && told > 0 && told < day ? told : day;
		return { token, lifeSeconds };
	},
};
