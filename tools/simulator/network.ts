import type { Clock } from './clock';
import { type Attempt, layOutAttempts } from './dialing/attempts';
import { CallBook, type Call, type CallKeeping, Ledger } from './dialing/ledger';
import { PlanBook, outcomeOfNumber } from './dialing/plans';
import type { JsonObject } from './json';
import { commonSettings } from './settings';
import { Webhooks } from './webhooks';

/** The ready token that every simulated account accepts. */
export const SIMULATOR_TOKEN = 'simulator-token';

/** What is known of a call once the network has taken it. Times are epoch milliseconds. */
export interface LaidOutCall {
	readonly placedAt: number;
	readonly attempts: readonly Attempt[];
	readonly endsAt: number;
	/** How long after the call's end its record shows, in milliseconds. */
	readonly recordDelayMs: number;
	readonly recordFields: JsonObject;
	/** Identifiers to use instead of random ones, by their names. */
	readonly ids: Readonly<Record<string, string>>;
}

/** What a network is made of. */
export interface NetworkParts {
	readonly clock: Clock;
	/** The ready tokens. */
	readonly tokens: readonly string[];
	/** The identifiers that a call plan may choose. */
	readonly planIds: readonly string[];
	/** How many calls are kept, the latest ones. */
	readonly callLimit: number;
	/** How many deliveries of webhooks are remembered, the latest ones. */
	readonly deliveryLimit: number;
}

/** The simulated telephone network that the providers' APIs stand in front of. */
export class Network {
	readonly clock: Clock;
	readonly settings = commonSettings();
	readonly ledger: Ledger;
	readonly plans: PlanBook;
	readonly webhooks: Webhooks;
	readonly #tokens: ReadonlySet<string>;

	constructor({ clock, tokens, planIds, callLimit, deliveryLimit }: NetworkParts) {
		this.clock = clock;
		this.plans = new PlanBook(planIds);
		this.#tokens = new Set(tokens);
		this.webhooks = new Webhooks(clock, deliveryLimit, () => this.settings.deliveryCopies.value);
		this.ledger = new Ledger(callLimit, (entry) => this.webhooks.follow(entry));
	}

	/** Whether this is one of the ready tokens. */
	acceptsToken(token: string | undefined): boolean {
		return token !== undefined && this.#tokens.has(token);
	}

	/** Takes a call to `phoneNumber` that is tried at most `tries` times, and lays out how it will go. */
	layOut(phoneNumber: string, tries: number): LaidOutCall {
		const { settings } = this;
		const plan = this.plans.take(phoneNumber);
		const placedAt = this.clock.now();
		const timings = {
			queuedMs: plan.queuedMs ?? settings.queuedMs.value,
			ringsMs: plan.ringsMs ?? settings.ringsMs.value,
			talksMs: plan.talksMs ?? settings.talksMs.value,
			retryGapMs: settings.retryGapMs.value,
		};
		const outcome = plan.outcome ?? outcomeOfNumber(phoneNumber);
		const outcomes = typeof outcome === 'string' ? [outcome] : outcome;
		const attempts = layOutAttempts(placedAt, outcomes, timings, tries);
		return {
			placedAt,
			attempts,
			endsAt: attempts.at(-1)?.endedAt ?? placedAt,
			recordDelayMs: plan.recordDelayMs ?? settings.recordDelayMs.value,
			recordFields: plan.record ?? {},
			ids: plan.ids ?? {},
		};
	}

	/** Where a provider keeps its calls. */
	keepCalls<C extends Call>(keeping: CallKeeping<C>): CallBook<C> {
		return new CallBook(this.ledger, keeping);
	}

	/** To be called when somebody new receives webhooks: of calls under way, too, from now on. */
	receiversChanged(): void {
		this.webhooks.followFromNow(this.ledger.entries());
	}

	/** Forgets calls, plans and webhooks. */
	reset(): void {
		this.ledger.clear();
		this.plans.clear();
		this.webhooks.clear();
	}
}
