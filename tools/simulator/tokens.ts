import { randomUUID } from 'node:crypto';
import type { Clock } from './clock';

/** The ready token that both providers' simulated accounts accept. */
export const SIMULATOR_TOKEN = 'simulator-token';
/** The API key that Autocall's token endpoint accepts. */
export const SIMULATOR_API_KEY = 'simulator-api-key';

/** Autocall's overview: a token is valid for 24 hours. */
export const TOKEN_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** The tokens that are accepted. */
export class Tokens {
	readonly #clock: Clock;
	readonly #readyTokens: ReadonlySet<string>;
	readonly #apiKeys: ReadonlySet<string>;
	/** Issued token → when it expires, in epoch milliseconds. */
	readonly #issued = new Map<string, number>();

	constructor(clock: Clock, readyTokens: readonly string[], apiKeys: readonly string[]) {
		this.#clock = clock;
		this.#readyTokens = new Set(readyTokens);
		this.#apiKeys = new Set(apiKeys);
	}

	accepts(token: string | undefined): boolean {
		if (token === undefined) return false;
		if (this.#readyTokens.has(token)) return true;
		const expiresAt = this.#issued.get(token);
		return expiresAt !== undefined && this.#clock.now() < expiresAt;
	}

	acceptsApiKey(apiKey: string): boolean {
		return this.#apiKeys.has(apiKey);
	}

	/** A new token, accepted for 24 hours of the simulator's clock. */
	issue(): string {
		const token = `simulator-issued-${randomUUID()}`;
		this.#issued.set(token, this.#clock.now() + TOKEN_LIFETIME_MS);
		return token;
	}

	/** From now on no issued token is accepted: the next request that carries one gets a 401. */
	revokeIssued(): void {
		this.#issued.clear();
	}
}
