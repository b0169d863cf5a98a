import { isJsonObject } from '../../../providers/reading/json';

/** What n8n has answered. */
export interface Answer {
	readonly status: number;
	/** Parsed where it is JSON, else text. */
	readonly body: unknown;
}

/** What lies at a path of keys; undefined where there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
	return path.reduce<unknown>((inner, key) => {
		if (Array.isArray(inner)) return inner[Number(key)];
		return isJsonObject(inner) ? inner[key] : undefined;
	}, value);
}

/** The text at a path of keys. @throws TypeError when there is none */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
	const text = at(value, ...path);
	if (typeof text !== 'string')
		throw new TypeError(`No text at ${path.join('.')} of ${JSON.stringify(value)?.slice(0, 500)}`);
	return text;
}

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
};

/** One HTTP request with a JSON body. */
export async function request(
	method: string,
	url: string,
	body?: unknown,
	headers: Readonly<Record<string, string>> = {},
): Promise<Answer & { readonly headers: Headers }> {
	const response = await fetch(url, {
		method,
		headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
		...(body !== undefined && { body: JSON.stringify(body) }),
		signal: AbortSignal.timeout(120_000),
	});
	return {
		status: response.status,
		body: parsed(await response.text()),
		headers: response.headers,
	};
}

/** Who owns every n8n of these tests. */
export const owner = {
	email: 'owner@example.com',
	firstName: 'Otp',
	lastName: 'Call',
	password: 'Only-for-tests-1',
};

/** n8n's own interface, as its editor uses it, and its public one, for what the editor gets in a form of its own. */
export class N8nApi {
	readonly #url: string;
	#cookie = '';
	#apiKey = '';

	/** `url`: of the main process, without a trailing slash. */
	constructor(url: string) {
		this.#url = url;
	}

	/** Makes the owner of a new n8n, and signs in. */
	async setUpOwner(): Promise<void> {
		await this.rest('POST', '/owner/setup', owner);
		const login = { emailOrLdapLoginId: owner.email, password: owner.password };
		const { status, body, headers } = await request('POST', `${this.#url}/rest/login`, login);
		if (status !== 200) throw new Error(`n8n refused the owner: ${JSON.stringify(body)}`);
		this.#cookie = headers
			.getSetCookie()
			.map((cookie) => cookie.split(';')[0])
			.join('; ');
		const scopes = await this.rest('GET', '/api-keys/scopes');
		const key = { label: 'tests', scopes, expiresAt: null };
		this.#apiKey = textAt(await this.rest('POST', '/api-keys', key), 'rawApiKey');
	}

	/** Asks as the editor does. @returns what the answer holds. @throws when it is no success */
	async rest(method: string, path: string, body?: unknown): Promise<unknown> {
		const answer = await this.#ask(method, `/rest${path}`, body, { cookie: this.#cookie });
		return at(answer, 'data');
	}

	/** Asks the public API. @throws when the answer is no success */
	async publicApi(method: string, path: string, body?: unknown): Promise<unknown> {
		return await this.#ask(method, `/api/v1${path}`, body, { 'x-n8n-api-key': this.#apiKey });
	}

	async #ask(
		method: string,
		path: string,
		body: unknown,
		headers: Readonly<Record<string, string>>,
	): Promise<unknown> {
		const answer = await request(method, this.#url + path, body, headers);
		if (answer.status >= 200 && answer.status < 300) return answer.body;
		throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
	}
}
