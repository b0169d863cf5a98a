import { isCanceled } from './context';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { canceled } from './failures';
import { limits } from './limits';
import type { CallReport } from './send';
import { lookUp, planLookup } from './status';

/** How a call is followed to its end. Times are milliseconds. */
export interface WaitOptions {
	/** Give up after this long; the default is `limits.wait`. */
	readonly waitTimeout?: number | undefined;
	/** The first pause between two looks; it grows from there. The default is `limits.poll`. */
	readonly pollInterval?: number | undefined;
	/** The pause before the first look; 0 when the call may have ended already. */
	readonly firstLookAfter: number;
	/** What kind of ID the call is known by; the default is `reference`. */
	readonly by?: 'reference' | 'record' | undefined;
	/** What is known of the call so far. */
	readonly known?: CallReport | undefined;
	/** False when the provider was told not to retry, so that busy and no-answer are final at once. */
	readonly retriesPossible?: boolean;
	/** Told of each status that differs from the one before, the last one included. */
	readonly onChange?: (report: CallReport) => void;
}

/** Failures of a look-up that may pass while the call goes on. */
const passing: ReadonlySet<string> = new Set(['unreachable', 'rate-limited']);

const growth = 1.25;

/** A tenth more or less, so that calls placed together are not looked at together. */
const withJitter = (pause: number, random: number): number => pause * (0.9 + random * 0.2);

function waitTimedOut(
	context: CallContext,
	callId: string,
	waited: number,
	last: CallReport | null,
	problem: OtpCallError | null,
): OtpCallError {
	const seconds = Math.round(waited / 1000);
	const known =
		last === null ? 'it has no record of the call yet' : `the call is ${last.call.status}`;
	const because = problem === null ? '' : `. The last look-up failed: ${problem.message}`;
	return new OtpCallError({
		kind: 'wait-timeout',
		message: `The call had not ended after ${seconds} seconds: by ${context.provider.label}, ${known}${because}`,
		remedy: `Look it up later with Get OTP Call Status and the call ID ${callId}, or raise Wait Timeout. Do not send again before`,
		callId,
		...(last !== null && { call: last.call }),
		callMayHaveBeenPlaced: true,
	});
}

/** One look at a call. Failures that may pass are given back, all others are thrown. */
async function look(
	context: CallContext,
	lookup: ReturnType<typeof planLookup>['lookup'],
): Promise<CallReport | OtpCallError | null> {
	return await lookUp(context, lookup).catch((error: unknown) => {
		if (error instanceof OtpCallError && passing.has(error.code)) return error;
		throw error;
	});
}

/**
 * Follows a call until its status is final. That the provider has no record yet is no error here, and
 * neither is a look-up that fails for a moment.
 * @throws OtpCallError `wait-timeout` with the last that is known of the call, `canceled`, and what
 * makes all further look-ups useless, such as `not-authorized`
 */
export async function waitUntilEnded(
	context: CallContext,
	callId: unknown,
	options: WaitOptions,
): Promise<CallReport> {
	const { clock, signal } = context;
	const planned = planLookup(context, callId, options.by);
	const start = clock.now();
	const deadline = start + (options.waitTimeout ?? limits.wait);
	const shortest = options.pollInterval ?? limits.poll;
	let interval = shortest;
	let pause = options.firstLookAfter;
	let last = options.known ?? null;
	let problem: OtpCallError | null = null;
	let unsettledSince: number | null = null;

	for (;;) {
		await clock.sleep(Math.max(0, Math.min(pause, deadline - clock.now())), signal);
		if (isCanceled(context)) throw canceled('The wait for the end of the call', true);
		const seen = await look(context, planned.lookup);
		problem = seen instanceof OtpCallError ? seen : null;
		if (seen !== null && !(seen instanceof OtpCallError)) {
			if (seen.call.status !== last?.call.status) {
				options.onChange?.(seen);
				interval = shortest;
			}
			const settling = seen.unsettled && options.retriesPossible !== false;
			unsettledSince = settling ? (unsettledSince ?? clock.now()) : null;
			if (
				seen.call.final &&
				(unsettledSince === null || clock.now() - unsettledSince >= limits.settle)
			) {
				return seen;
			}
			last = seen;
		}
		if (clock.now() >= deadline) {
			// A result that may still change is worth more than none.
			if (last?.call.final) return last;
			throw waitTimedOut(context, planned.callId, clock.now() - start, last, problem);
		}
		const asked = (problem?.facts.retryAfterSeconds ?? 0) * 1000;
		pause = Math.max(asked, withJitter(interval, clock.random()));
		interval = Math.min(interval * growth, Math.max(shortest, limits.longestPoll));
	}
}
