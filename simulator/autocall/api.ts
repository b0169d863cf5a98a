import type { Exchange } from '../exchange';
import { type Endpoint, bearerToken } from '../http/endpoint';
import type { Tokens } from '../tokens';
import type { AutocallAccount } from './account';
import { AUTOCALL_UNAUTHORIZED } from './answers';
import { callEndpoints } from './calls';

/** Autocall's API v3, as far as it is documented. */
export function autocallEndpoints(
	exchange: Exchange,
	account: AutocallAccount,
	tokens: Tokens,
): readonly Endpoint[] {
	return callEndpoints(exchange, account).map((endpoint) => behindToken(endpoint, tokens));
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
