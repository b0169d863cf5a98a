import { randomUUID } from 'node:crypto';

/** The events that can be registered for. */
export const EVENT_NAMES = ['ringing', 'answered', 'hangup', 'cdr'] as const;

/** `ringing`, `answered` and `hangup` follow the call; `cdr` comes when its record is written. */
export type EventName = (typeof EVENT_NAMES)[number];

/** A URL that is told of one kind of event. */
export interface Registration {
	readonly id: string;
	readonly event: EventName;
	readonly callbackUrl: string;
	/** '' when none was given. How it would travel with an event is not documented: it does not. */
	readonly callbackApiKey: string;
}

/** The event registrations of the simulated account. */
export class Registrations {
	readonly #onAdded: () => void;
	readonly #byId = new Map<string, Registration>();

	/** `onAdded`: told when somebody new listens. */
	constructor(onAdded: () => void) {
		this.#onAdded = onAdded;
	}

	all(): readonly Registration[] {
		return [...this.#byId.values()];
	}

	get isEmpty(): boolean {
		return this.#byId.size === 0;
	}

	/** Adds a registration, also when there is an equal one: it is then told twice. */
	add(registration: Omit<Registration, 'id'>): void {
		const id = randomUUID();
		this.#byId.set(id, { ...registration, id });
		this.#onAdded();
	}

	/** Whether there was one to remove. */
	remove(id: string): boolean {
		return this.#byId.delete(id);
	}

	clear(): void {
		this.#byId.clear();
	}
}
