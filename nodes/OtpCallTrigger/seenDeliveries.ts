import { createHash } from 'crypto';
import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { SeenEvents } from '../../calls/events';
import type { DeliveredEvent } from '../../calls/events';

/**
 * How many deliveries n8n's database remembers for a node. It writes all of them again for each new one, about
 * 30 kB, so fewer than memory holds: who replays a delivery of before the restart has to wait for so many others.
 */
const mostStored = 2_000;

/** Characters of a stored key: 72 bits. Stores of before version 0.2 hold longer ones that begin alike. */
const keyLength = 12;

/** A provider's keys may have any length. */
const withShortKey = (event: DeliveredEvent): Pick<DeliveredEvent, 'key'> => ({
	key: createHash('sha256').update(event.key).digest('base64url').slice(0, keyLength),
});

/** What each trigger of this process has seen, by workflow and node. */
const inMemory = new Map<string, SeenEvents>();

const storedKeys = ({ seen }: IDataObject): readonly string[] =>
	Array.isArray(seen) ? seen.filter((key) => typeof key === 'string') : [];

/**
 * The deliveries that a trigger has seen. Memory is asked as well as n8n's static data, because two
 * deliveries at the same moment each get a copy of the data, of which the later one written wins.
 * @param trigger names the trigger in this process
 */
export class SeenDeliveries {
	readonly #trigger: string;
	readonly #staticData: IDataObject;

	constructor(trigger: string, staticData: IDataObject) {
		this.#trigger = trigger;
		this.#staticData = staticData;
	}

	/** True for an event that has not been delivered before; from then on it has. */
	isNew(event: DeliveredEvent): boolean {
		const seen = inMemory.get(this.#trigger) ?? new SeenEvents();
		inMemory.set(this.#trigger, seen);
		for (const key of storedKeys(this.#staticData)) seen.isNew({ key: key.slice(0, keyLength) });
		const isNew = seen.isNew(withShortKey(event));
		if (isNew) this.#store(seen);
		return isNew;
	}

	/** Forgets an event that could not be passed on, so that its repeat will be. */
	forget(event: DeliveredEvent): void {
		const seen = inMemory.get(this.#trigger);
		if (seen === undefined) return;
		seen.forget(withShortKey(event));
		this.#store(seen);
	}

	/** Gives the memory back when the trigger is switched off; what is stored stays. */
	release(): void {
		inMemory.delete(this.#trigger);
	}

	#store(seen: SeenEvents): void {
		this.#staticData.seen = seen.keys().slice(-mostStored);
	}
}

/** The deliveries that the trigger of these functions has seen. */
export function seenDeliveriesOf(functions: IHookFunctions | IWebhookFunctions): SeenDeliveries {
	const trigger = `${functions.getWorkflow().id ?? ''}:${functions.getNode().id}`;
	return new SeenDeliveries(trigger, functions.getWorkflowStaticData('node'));
}
