import { autocallError } from '../autocall/answers';
import { bitelRefusal } from '../bitel/answers';
import type { ApiAnswer, Endpoint, Provider } from './endpoint';

/** Where a request goes: to an endpoint with its path parameter, or to a refusal. */
export type Route =
	| { readonly endpoint: Endpoint; readonly parameter: string }
	| { readonly provider: Provider; readonly refusal: ApiAnswer };

/** Finds the endpoint for a method and a path (without query), both as they are on the wire. */
export function findRoute(endpoints: readonly Endpoint[], method: string, path: string): Route {
	let samePath: Endpoint | undefined;
	const methods: string[] = [];
	for (const endpoint of endpoints) {
		const match = endpoint.path.exec(path);
		if (match === null) continue;
		if (endpoint.method === method) return { endpoint, parameter: match[1] ?? '' };
		samePath = endpoint;
		methods.push(endpoint.method);
	}
	const provider = samePath?.provider ?? (path.startsWith('/api/') ? 'bitel' : 'autocall');
	if (samePath === undefined) return { provider, refusal: unknownPath(provider) };
	const refusal = wrongMethod(provider);
	const headers = { ...refusal.headers, allow: methods.join(', ') };
	return { provider, refusal: { ...refusal, headers } };
}

function unknownPath(provider: Provider): ApiAnswer {
	return provider === 'bitel' ? bitelRefusal(404, 'NotFound') : autocallError(404, 'Not Found');
}

function wrongMethod(provider: Provider): ApiAnswer {
	return provider === 'bitel'
		? bitelRefusal(405, 'InvalidRequest')
		: autocallError(405, 'Method Not Allowed');
}
