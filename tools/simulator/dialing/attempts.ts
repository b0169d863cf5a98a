import type { Outcome } from './plans';

/** One try to reach the phone. All times are epoch milliseconds. */
export interface Attempt {
	readonly outcome: Outcome;
	/** The dialer starts. */
	readonly startedAt: number;
	/** The phone rings; null when it never does. */
	readonly ringingAt: number | null;
	readonly answeredAt: number | null;
	readonly endedAt: number;
}

/** How long each part of a call takes, in milliseconds. */
export interface Timings {
	readonly queuedMs: number;
	readonly ringsMs: number;
	readonly talksMs: number;
	/** Between the end of a try and the next one. */
	readonly retryGapMs: number;
}

/** Where a call stands. `retrying`: between two tries. */
export type Stage = 'queued' | 'ringing' | 'talking' | 'retrying' | 'ended';

const NEVER_RINGS: ReadonlySet<Outcome> = new Set(['busy', 'unreachable', 'failed']);
const IS_ANSWERED: ReadonlySet<Outcome> = new Set(['answered', 'machine']);
const IS_RETRIED: ReadonlySet<Outcome> = new Set(['busy', 'no-answer', 'declined', 'unreachable']);

/**
 * Lays out every try of a call in advance: what happens is then a function of the time alone.
 * `outcomes` has one entry for each try, its last entry goes on; at most `tries` are made.
 */
export function layOutAttempts(
	placedAt: number,
	outcomes: readonly Outcome[],
	timings: Timings,
	tries: number,
): readonly Attempt[] {
	const attempts: Attempt[] = [];
	let startedAt = placedAt + timings.queuedMs;
	for (let n = 0; n < tries; n++) {
		const attempt = layOutAttempt(startedAt, outcomes[n] ?? outcomes.at(-1) ?? 'answered', timings);
		attempts.push(attempt);
		if (!IS_RETRIED.has(attempt.outcome)) break;
		startedAt = attempt.endedAt + timings.retryGapMs;
	}
	return attempts;
}

function layOutAttempt(startedAt: number, outcome: Outcome, timings: Timings): Attempt {
	const dialedUntil = startedAt + timings.ringsMs;
	const isAnswered = IS_ANSWERED.has(outcome);
	return {
		outcome,
		startedAt,
		ringingAt: NEVER_RINGS.has(outcome) ? null : startedAt,
		answeredAt: isAnswered ? dialedUntil : null,
		endedAt: isAnswered ? dialedUntil + timings.talksMs : dialedUntil,
	};
}

/** The last try that has started at `now`; undefined while the call is queued. */
export function attemptAt(attempts: readonly Attempt[], now: number): Attempt | undefined {
	return attempts.findLast((attempt) => attempt.startedAt <= now);
}

/** Where the call stands at `now` (epoch milliseconds). */
export function stageAt(attempts: readonly Attempt[], now: number): Stage {
	const attempt = attemptAt(attempts, now);
	if (attempt === undefined) return 'queued';
	if (now >= attempt.endedAt) return attempt === attempts.at(-1) ? 'ended' : 'retrying';
	if (attempt.answeredAt !== null && now >= attempt.answeredAt) return 'talking';
	return attempt.ringingAt === null ? 'queued' : 'ringing';
}
