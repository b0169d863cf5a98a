import type { Exchange } from '../exchange';
import type { JsonObject } from '../json';
import { type Attempt, layOutAttempts } from './attempts';
import { type CallPlan, outcomeOfNumber } from './callPlan';

/** What is known of a call once the exchange has taken it. Times are epoch milliseconds. */
export interface LaidOutCall {
	readonly placedAt: number;
	readonly attempts: readonly Attempt[];
	readonly endsAt: number;
	/** How long after the call's end its record shows, in milliseconds. */
	readonly recordDelayMs: number;
	readonly recordFields: JsonObject;
	readonly ids: NonNullable<CallPlan['ids']>;
}

/** Takes a call to `phoneNumber` that is tried at most `tries` times, and lays out how it will go. */
export function layOutCall(exchange: Exchange, phoneNumber: string, tries: number): LaidOutCall {
	const { settings } = exchange;
	const plan = exchange.plans.take(phoneNumber);
	const placedAt = exchange.clock.now();
	const timings = {
		queuedMs: plan.queuedMs ?? settings.queuedMs,
		ringsMs: plan.ringsMs ?? settings.ringsMs,
		talksMs: plan.talksMs ?? settings.talksMs,
		retryGapMs: settings.retryGapMs,
	};
	const outcome = plan.outcome ?? outcomeOfNumber(phoneNumber);
	const outcomes = typeof outcome === 'string' ? [outcome] : outcome;
	const attempts = layOutAttempts(placedAt, outcomes, timings, tries);
	return {
		placedAt,
		attempts,
		endsAt: attempts.at(-1)?.endedAt ?? placedAt,
		recordDelayMs: plan.recordDelayMs ?? settings.recordDelayMs,
		recordFields: plan.record ?? {},
		ids: plan.ids ?? {},
	};
}
