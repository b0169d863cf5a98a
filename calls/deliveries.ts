import { createHash, timingSafeEqual } from 'crypto';

import type { CallEvent, Provider } from '../providers/contract';
import { parseJson } from '../providers/reading/json';

/** Bytes of an event's body; real ones have about one thousand. */
export const longestDelivery = 64 * 1024;

/** Compares a secret in the same time whatever it is compared with. */
export function isSecret(given: unknown, secret: string): boolean {
	if (typeof given !== 'string' || secret === '') return false;
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(given), digest(secret));
}

/**
 * Reads the body of an event that a provider delivered, as JSON or as a form.
 * @returns null when it is not an event of this provider
 */
export function readDelivery(provider: Provider, body: string): CallEvent | null {
	if (!provider.readEvent || Buffer.byteLength(body) > longestDelivery) return null;
	const json = parseJson(body);
	if (json !== undefined) return provider.readEvent(json);
	return provider.readEvent(Object.fromEntries(new URLSearchParams(body)));
}

/** Remembers which events have been delivered, the latest ones, to drop their repeats. */
export class SeenEvents {
	readonly #keys: Set<string>;
	readonly #most: number;

	constructor(keys: Iterable<string> = [], most = 1_000) {
		this.#keys = new Set(keys);
		this.#most = most;
	}

	/** True for an event that has not been delivered before; from then on it has. */
	isNew(event: CallEvent): boolean {
		if (this.#keys.has(event.key)) return false;
		this.#keys.add(event.key);
		for (const oldest of this.#keys) {
			if (this.#keys.size <= this.#most) break;
			this.#keys.delete(oldest);
		}
		return true;
	}

	/** Forgets an event that could not be passed on, so that its repeat will be. */
	forget(event: CallEvent): void {
		this.#keys.delete(event.key);
	}

	/** Oldest first, for a store that outlives this process. */
	keys(): readonly string[] {
		return [...this.#keys];
	}
}
