import { createHash, timingSafeEqual } from 'crypto';

import { eventTypes } from '../providers/contract';
import type { EventType, Provider } from '../providers/contract';
import { invalid } from '../providers/fields';
import { parseJson } from '../providers/reading/json';
import type { JsonValue } from '../providers/reading/json';
import type { Call } from '../providers/call';
import type { CallContext } from './context';
import { invalidInput } from './failures';
import { triggerOnField } from './fields';
import { isSameNumber } from './identity';
import { reportOf } from './report';
import type { CallReport } from './report';
import { lookUp, planLookup } from './status';

/** Bytes of an event's body; real ones have about one thousand. */
export const longestDelivery = 64 * 1024;

/** Compares a secret in the same time whatever it is compared with. */
export function isSecret(given: unknown, secret: string): boolean {
	if (typeof given !== 'string' || secret === '') return false;
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(given), digest(secret));
}

/** An event that was delivered, with the call that it tells of. */
export interface DeliveredEvent {
	readonly type: EventType;
	readonly report: CallReport;
	/** Equal for two deliveries of the same event. */
	readonly key: string;
	/** As in `CallEvent`. */
	readonly placeholderId?: string | undefined;
}

/** JSON, or the fields of a form; undefined for an empty body. */
function readBody(body: string): JsonValue | undefined {
	if (body.trim() === '') return undefined;
	const json = parseJson(body);
	return json === undefined ? Object.fromEntries(new URLSearchParams(body)) : json;
}

/**
 * Reads an event that a provider delivered: in the parameters of the URL, as JSON or as a form.
 * @param query the parameters of the URL to which it came, without those that are ours
 * @returns null when it is not an event of this provider
 */
export function readDelivery(
	provider: Provider,
	body: string,
	query: Readonly<Record<string, string>> = {},
): DeliveredEvent | null {
	if (!provider.events || Buffer.byteLength(body) > longestDelivery) return null;
	const event = provider.events.read({ query, body: readBody(body) });
	if (event === null) return null;
	const { key, placeholderId, type } = event;
	return { type, key, placeholderId, report: reportOf(provider, event) };
}

/**
 * The types of events that a user has chosen.
 * @param chosen one or several names; what the provider does not tell of is left out
 * @throws OtpCallError `invalid-input` when nothing is left
 */
export function readEventTypes(chosen: unknown, provider: Provider): readonly EventType[] {
	const names: readonly unknown[] = Array.isArray(chosen) ? chosen : [chosen];
	const told: readonly EventType[] = provider.events?.types ?? [];
	const known = eventTypes.filter((type) => names.includes(type) && told.includes(type));
	if (known.length > 0) return known;
	throw invalidInput(
		invalid(
			triggerOnField,
			'is empty',
			'Choose at least one thing that may happen to a call, of those that the provider tells of',
		),
	);
}

async function find(context: CallContext, { callId }: Call): Promise<CallReport | null> {
	const found = await lookUp(context, planLookup(context, callId));
	if (found !== null || context.provider.planRecord === undefined) return found;
	// Without a reference of ours in the event, its call ID is the one of the provider's record.
	return await lookUp(context, planLookup(context, callId, 'record'));
}

/**
 * What the provider itself says of a call that an event calls ended, since events are unsigned.
 * @param event the call as the event gives it: its ID is our reference, or the provider's own of its record
 * @returns null when the provider knows no such call, another one of that ID, or the call goes on
 * @throws OtpCallError when the provider cannot be asked
 */
export async function confirmEnd(context: CallContext, event: Call): Promise<CallReport | null> {
	const found = await find(context, event);
	if (found?.call.final !== true) return null;
	return isSameNumber(event.phoneNumber, found.call.phoneNumber) ? found : null;
}

/** Remembers which events have been delivered, the latest ones, to drop their repeats. */
export class SeenEvents {
	readonly #keys: Set<string>;
	readonly #most: number;

	constructor(keys: Iterable<string> = [], most = 10_000) {
		this.#keys = new Set(keys);
		this.#most = most;
	}

	/** True for an event that has not been delivered before; from then on it has. */
	isNew(event: Pick<DeliveredEvent, 'key'>): boolean {
		if (this.#keys.has(event.key)) return false;
		this.#keys.add(event.key);
		for (const oldest of this.#keys) {
			if (this.#keys.size <= this.#most) break;
			this.#keys.delete(oldest);
		}
		return true;
	}

	/** Forgets an event that could not be passed on, so that its repeat will be. */
	forget(event: Pick<DeliveredEvent, 'key'>): void {
		this.#keys.delete(event.key);
	}

	/** Oldest first, for a store that outlives this process. */
	keys(): readonly string[] {
		return [...this.#keys];
	}
}
