import { createHash } from 'crypto';
import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { SeenEvents } from '../../calls/events';
import type { DeliveredEvent } from '../../calls/events';

/**
 * How many deliveries n8n's database remembers for a node. It writes all of them again for each new one,
 * so fewer than memory holds; repeats follow soon after the first.
 */
const mostStored = 300;

/** A provider's keys may have any length. */
const withShortKey = (event: DeliveredEvent): Pick<DeliveredEvent, 'key'> => ({
	key: createHash('sha256').update(event.key).digest('base64url').slice(0, 22),
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
		const held = inMemory.get(this.#trigger)?.keys() ?? [];
		const seen = new SeenEvents([...storedKeys(this.#staticData), ...held]);
		inMemory.set(this.#trigger, seen);
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
