import type { Exchange } from '../exchange';
import { type Endpoint, bearerToken } from '../http/endpoint';
import type { Tokens } from '../tokens';
import type { AutocallAccount } from './account';
import { AUTOCALL_UNAUTHORIZED } from './answers';
import { callEndpoints } from './calls';
import { eventEndpoints } from './eventEndpoints';
import { listEndpoints } from './lists';
import type { Registrations } from './registrations';
import { tokenEndpoint } from './token';

/** Autocall's API v3 (events: v1), as far as it is documented. */
export function autocallEndpoints(
	exchange: Exchange,
	account: AutocallAccount,
	registrations: Registrations,
	tokens: Tokens,
): readonly Endpoint[] {
	const endpoints = [
		...callEndpoints(exchange, account),
		...listEndpoints(exchange, account),
		...eventEndpoints(exchange, registrations),
	];
	return [
		...endpoints.map((endpoint) => behindToken(endpoint, tokens)),
		tokenEndpoint(exchange, tokens),
	];
}

function behindToken(endpoint: Endpoint, tokens: Tokens): Endpoint {
	return {
		...endpoint,
		handle: (request, parameter) =>
			tokens.accepts(bearerToken(request.headers))
				? endpoint.handle(request, parameter)
				: { answer: AUTOCALL_UNAUTHORIZED },
	};
}
