import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock';
import { isJsonObject } from '../../json';
import { type ApiAnswer, type Endpoint, jsonAnswer } from '../../provider';
import type { AutocallContext } from './account';
import { autocallError, fieldError } from './answers';
import type { AutocallSettings } from './settings';

/** The API key that Autocall's token endpoint accepts. */
export const SIMULATOR_API_KEY = 'simulator-api-key';

/** Autocall's overview: a token is valid for 24 hours. */
export const TOKEN_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** The tokens that were issued for the API key. */
export class IssuedTokens {
	readonly #clock: Clock;
	/** Token → when it expires, in epoch milliseconds. */
	readonly #expiries = new Map<string, number>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	accepts(token: string | undefined): boolean {
		const expiresAt = token === undefined ? undefined : this.#expiries.get(token);
		return expiresAt !== undefined && this.#clock.now() < expiresAt;
	}

	/** A new token, accepted for 24 hours of the simulator's clock. */
	issue(): string {
		const token = `simulator-issued-${randomUUID()}`;
		this.#expiries.set(token, this.#clock.now() + TOKEN_LIFETIME_MS);
		return token;
	}

	/** From now on no issued token is accepted: the next request that carries one gets a 401. */
	revokeAll(): void {
		this.#expiries.clear();
	}
}

// As in the provider's sample; it fits no lifetime that the documents speak of.
const EXPIRED_IN = 13_647_710;
const USER_ID = '00000000-0000-4000-8000-000000003001';
const DOMAIN_UUID = '00000000-0000-4000-8000-000000003002';

/** `POST /v3/auth/token`: an API key for a token. */
export function tokenEndpoint(
	{ network, settings }: AutocallContext,
	tokens: IssuedTokens,
): Endpoint {
	return {
		operation: 'other',
		method: 'POST',
		path: '/v3/auth/token',
		isOpen: true,
		handle: (request) => {
			if (!request.declaresJson) {
				return autocallError(415, 'Content-Type must be application/json');
			}
			const body = isJsonObject(request.json) ? request.json : {};
			const { api_key: apiKey } = body;
			if (typeof apiKey !== 'string') return fieldError('(root)', 'api_key is required');
			if (Object.keys(body).length > 1) {
				return fieldError('(root)', 'Additional properties are not allowed');
			}
			const tokenForm = settings.tokenForm.value;
			if (apiKey !== SIMULATOR_API_KEY) return wrongKey(tokenForm);
			return jsonAnswer(200, tokenBody(tokenForm, tokens.issue(), network.clock.now()));
		},
	};
}

function tokenBody(form: AutocallSettings['tokenForm'], token: string, now: number): unknown {
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
function wrongKey(form: AutocallSettings['tokenForm']): ApiAnswer {
	return form === 'wrapped'
		? jsonAnswer(401, { messsage: 'Unauthorized', data: { error: 'api_key is invalid' } })
		: autocallError(401, 'api_key is invalid');
}
