import { randomUUID } from 'node:crypto';
import type { CallBook } from '../../dialing/ledger';
import type { Network } from '../../network';
import type { AutocallCall } from './cdr';
import { type Campaign, DEFAULT_CAMPAIGNS, DEFAULT_TEMPLATES } from './seeds';
import type { autocallSettings } from './settings';

/** What the endpoints of one simulated account work with. */
export interface AutocallContext {
	readonly network: Network;
	readonly account: AutocallAccount;
	readonly registrations: Registrations;
	readonly calls: CallBook<AutocallCall>;
	readonly settings: ReturnType<typeof autocallSettings>;
}

/** What is set up in the simulated Autocall account. */
export class AutocallAccount {
	readonly templates = DEFAULT_TEMPLATES;
	#campaigns = DEFAULT_CAMPAIGNS;

	get campaigns(): readonly Campaign[] {
		return this.#campaigns;
	}

	campaign(campaignUuid: string): Campaign | undefined {
		return this.#campaigns.find((campaign) => campaign.campaign_uuid === campaignUuid);
	}

	hasTemplate(name: string): boolean {
		return this.templates.some((template) => template.template_name === name);
	}

	/**
	 * Changes fields of one campaign, such as its `callback_url` or `status`.
	 * @throws RangeError when there is no such campaign
	 */
	changeCampaign(campaignUuid: string, change: Partial<Omit<Campaign, 'campaign_uuid'>>): void {
		if (this.campaign(campaignUuid) === undefined) {
			throw new RangeError(`There is no campaign ${campaignUuid}`);
		}
		this.#campaigns = this.#campaigns.map((campaign) =>
			campaign.campaign_uuid === campaignUuid ? { ...campaign, ...change } : campaign,
		);
	}

	/** Undoes every change. */
	reset(): void {
		this.#campaigns = DEFAULT_CAMPAIGNS;
	}
}

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
