import type { Call } from '../dialing/call';
import type { Exchange } from '../exchange';
import type { Courier, Parcel } from './courier';

/** Something that a provider tells its customers about a call. */
export interface Moment {
	/** Epoch milliseconds. */
	readonly at: number;
	/** The webhooks for those who listen when the moment has come. */
	readonly parcels: () => readonly Parcel[];
}

/** What a provider tells, and whether anybody listens. */
export interface Newsroom {
	readonly hasListeners: () => boolean;
	readonly momentsOf: (call: Call) => readonly Moment[];
}

/** Sends the webhooks of calls when the clock passes their times. */
export class Announcer {
	readonly #exchange: Exchange;
	readonly #newsrooms: readonly Newsroom[];
	readonly #courier: Courier;
	readonly #scheduled = new WeakSet<Call>();
	/** The end of what is being sent about a call: its webhooks keep their order. */
	readonly #lastSent = new WeakMap<Call, Promise<void>>();

	constructor(exchange: Exchange, newsrooms: readonly Newsroom[], courier: Courier) {
		this.#exchange = exchange;
		this.#newsrooms = newsrooms;
		this.#courier = courier;
	}

	/** Tells of a call that was just placed. Nothing is scheduled while nobody listens. */
	follow(call: Call): void {
		if (this.#newsrooms.some((newsroom) => newsroom.hasListeners())) {
			this.#schedule(call, -Infinity);
		}
	}

	/** Tells of the calls under way too, since somebody new may listen. */
	followAll(): void {
		const now = this.#exchange.clock.now();
		for (const call of this.#exchange.ledger.all()) this.#schedule(call, now);
	}

	#schedule(call: Call, after: number): void {
		if (this.#scheduled.has(call)) return;
		this.#scheduled.add(call);
		for (const newsroom of this.#newsrooms) {
			for (const moment of newsroom.momentsOf(call)) {
				if (moment.at <= after) continue;
				this.#exchange.clock.schedule(moment.at, () => this.#tell(call, moment));
			}
		}
	}

	#tell(call: Call, moment: Moment): Promise<void> {
		const before = this.#lastSent.get(call) ?? Promise.resolve();
		const sent = before.then(() => this.#send(moment.parcels()));
		this.#lastSent.set(call, sent);
		return sent;
	}

	async #send(parcels: readonly Parcel[]): Promise<void> {
		for (let copy = 0; copy < this.#exchange.settings.deliveryCopies; copy++) {
			await Promise.all(parcels.map((parcel) => this.#courier.deliver(parcel)));
		}
	}
}
