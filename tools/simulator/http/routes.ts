import type { ApiAnswer, Endpoint, ProviderApi } from '../provider';
import { jsonAnswer } from '../provider';

/** An API that is served, with the name of its provider. */
export interface ServedApi {
	readonly provider: string;
	readonly api: ProviderApi;
}

/** Where a request goes: to an endpoint, or to a refusal. */
export type Route =
	| (ServedApi & { readonly endpoint: Endpoint; readonly parameters: Record<string, string> })
	| (Partial<ServedApi> & { readonly endpoint?: undefined; readonly refusal: ApiAnswer });

interface Entry {
	readonly served: ServedApi;
	readonly endpoint: Endpoint;
	readonly pattern: RegExp;
}

const NOBODYS_PATH: ApiAnswer = jsonAnswer(404, { error: 'Not Found' });

/** The endpoints of all APIs. Where two patterns match a request, the first one has it. */
export class Routes {
	readonly #apis: readonly ServedApi[];
	readonly #entries: readonly Entry[];

	constructor(apis: readonly ServedApi[]) {
		this.#apis = apis;
		this.#entries = apis.flatMap((served) =>
			served.api.endpoints.map((endpoint) => ({
				served,
				endpoint,
				pattern: patternOf(endpoint.path),
			})),
		);
	}

	/** Finds what serves a method and a path (without query), both as they are on the wire. */
	find(method: string, path: string): Route {
		const samePath: Entry[] = [];
		for (const entry of this.#entries) {
			const match = entry.pattern.exec(path);
			if (match === null) continue;
			const { served, endpoint } = entry;
			if (endpoint.method === method) {
				return { ...served, endpoint, parameters: { ...match.groups } };
			}
			samePath.push(entry);
		}
		const served = samePath[0]?.served ?? this.#apis.find(({ api }) => api.paths.test(path));
		if (served === undefined) return { refusal: NOBODYS_PATH };
		const { unknownPath, wrongMethod } = served.api.answers;
		if (samePath.length === 0) return { ...served, refusal: unknownPath };
		const allow = samePath.map(({ endpoint }) => endpoint.method).join(', ');
		const headers = { ...wrongMethod.headers, allow };
		return { ...served, refusal: { ...wrongMethod, headers } };
	}
}

function patternOf(path: string): RegExp {
	const literal = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`^${literal.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}
