import {
	type ApiAnswer,
	type ApiRequest,
	type Endpoint,
	declaresJson,
	jsonAnswer,
} from '../http/endpoint';
import type { Exchange } from '../exchange';
import { isJsonObject } from '../json';
import type { Settings } from '../settings';
import { TOKEN_LIFETIME_MS, type Tokens } from '../tokens';
import { autocallError, fieldError } from './answers';

// As in the provider's sample; it fits no lifetime that the documents speak of.
const EXPIRED_IN = 13_647_710;
const USER_ID = '00000000-0000-4000-8000-000000003001';
const DOMAIN_UUID = '00000000-0000-4000-8000-000000003002';

/** `POST /v3/auth/token`: an API key for a token. */
export function tokenEndpoint(exchange: Exchange, tokens: Tokens): Endpoint {
	return {
		provider: 'autocall',
		purpose: 'other',
		method: 'POST',
		path: /^\/v3\/auth\/token$/,
		handle: (request) => ({ answer: exchangeKey(request, exchange, tokens) }),
	};
}

function exchangeKey(request: ApiRequest, exchange: Exchange, tokens: Tokens): ApiAnswer {
	if (!declaresJson(request.headers)) {
		return autocallError(415, 'Content-Type must be application/json');
	}
	const { json } = request;
	const apiKey = isJsonObject(json) ? json['api_key'] : undefined;
	if (typeof apiKey !== 'string') return fieldError('(root)', 'api_key is required');
	if (isJsonObject(json) && Object.keys(json).length > 1) {
		return fieldError('(root)', 'Additional properties are not allowed');
	}
	const { tokenForm } = exchange.settings;
	if (!tokens.acceptsApiKey(apiKey)) return wrongKey(tokenForm);
	return jsonAnswer(200, tokenBody(tokenForm, tokens.issue(), exchange.clock.now()));
}

function tokenBody(form: Settings['tokenForm'], token: string, now: number): unknown {
	if (form === 'wrapped') {
		const expired = Math.floor((now + TOKEN_LIFETIME_MS) / 1000);
		return { data: { token, expired, user_id: USER_ID } };
	}
	return {
		client_id: USER_ID,
		domain_uuid: DOMAIN_UUID,
		expired_in: EXPIRED_IN,
		refresh_token: '',
		token,
		token_type: 'Bearer',
		user_id: USER_ID,
	};
}

// The third s is the provider's own.
function wrongKey(form: Settings['tokenForm']): ApiAnswer {
	return form === 'wrapped'
		? jsonAnswer(401, { messsage: 'Unauthorized', data: { error: 'api_key is invalid' } })
		: autocallError(401, 'api_key is invalid');
}
