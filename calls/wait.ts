import { named } from '../providers/fields';
import { isCanceled } from './context';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import { canceled } from './failures';
import type { LookUpBy, SentCall } from './identity';
import { limits } from './limits';
import { waitTimeoutField } from './fields';
import { secondsInWords, withoutMarks } from './words';
import type { CallReport } from './report';
import { canBeLookedUp, lookUp, planLookup } from './status';
import type { CallQuestion } from './status';

/** How a call is followed to its end. Times are milliseconds. */
export interface WaitOptions {
	/** Give up after this long; the default is `limits.wait`. */
	readonly waitTimeout?: number | undefined;
	/** The first pause between two looks; it grows from there. The default is `limits.poll`. */
	readonly pollInterval?: number | undefined;
	/** The pause before the first look; 0 when the call may have ended already. */
	readonly firstLookAfter: number;
	/** What kind of ID the call is known by; the default is `reference`. */
	readonly by?: LookUpBy | undefined;
	/** The send whose call it is, where it is known: a record of another call is none. */
	readonly sent?: SentCall | undefined;
	/** What is known of the call so far. */
	readonly known?: CallReport | undefined;
	/** False when the provider will not call again by itself: busy and no-answer are final at once. */
	readonly mayRetry?: boolean;
	/** Told of each status that differs from the one before, the last one included. */
	readonly onChange?: (report: CallReport) => void;
}

const growth = 1.25;

/** A tenth more or less, so that calls placed together are not looked at together. */
const withJitter = (pause: number, random: number): number => pause * (0.9 + random * 0.2);

const orElse = (given: number | undefined, usual: number, least: number): number =>
	given !== undefined && Number.isFinite(given) && given >= least ? given : usual;

/** What is known of a call while it is followed. */
interface Followed {
	readonly callId: string;
	last: CallReport | null;
	/** Why the latest look-up failed; null: it did not. */
	problem: OtpCallError | null;
	/** Since when the status has been one that the provider's own retries may change. */
	unsettledSince: number | null;
}

function waitTimedOut(context: CallContext, call: Followed, waited: number): OtpCallError {
	const { callId, last, problem } = call;
	const { label } = context.provider;
	const known =
		last === null
			? `${label} has no record of it yet`
			: `${label} says that it is ${last.call.status}`;
	const because = problem === null ? '' : `. The last look-up failed: ${problem.facts.message}`;
	return new OtpCallError({
		kind: 'wait-timeout',
		message: `The call had not ended after ${secondsInWords(Math.round(waited / 1000))}: ${known}${because}`,
		remedy: `Look it up later with ‹statusNode› and the call ID ${withoutMarks(callId)}, or raise ${named(waitTimeoutField)}. Do not send again before you know how it ended`,
		callId,
		...(last !== null && { call: last.call }),
		callMayHaveBeenPlaced: true,
	});
}

/** The provider has placed the call, and has not told an ID by which it could be asked how it goes on. */
function notFollowed({ provider }: CallContext, { call }: CallReport): OtpCallError {
	return new OtpCallError({
		kind: 'wait-timeout',
		message: `The call was placed, and cannot be waited for: the answer with its ID was lost on the way from ${provider.label}`,
		remedy: `Find out in the provider's panel how it ended, or by its event, and do not send again before you know`,
		callId: call.callId,
		call,
		callMayHaveBeenPlaced: true,
	});
}

/** Failures of a look-up that may pass while the call goes on. */
const mayPass = ({ code }: OtpCallError, isKnown: boolean): boolean =>
	code === 'unreachable' || code === 'rate-limited' || (code === 'bad-response' && isKnown);

/** The error that ends a wait: never one that says that no call was placed when one is known. */
function endOfWait(context: CallContext, error: OtpCallError, call: Followed): OtpCallError {
	const { callId, last } = call;
	const known = { callId, ...(last !== null && { call: last.call }) };
	if (isCanceled(context)) return canceled('The wait for the end of the call', true, known);
	if (last === null) return error;
	return new OtpCallError({ ...error.facts, ...known, callMayHaveBeenPlaced: true });
}

/** One look at a call. A failure that may pass is kept as the problem; any other is thrown. */
async function look(
	context: CallContext,
	question: CallQuestion,
	call: Followed,
	sent: SentCall | undefined,
): Promise<CallReport | null> {
	call.problem = null;
	// One try: the next look is the second.
	return await lookUp(context, question, { sent, tries: 1 }).catch((error: unknown) => {
		if (!(error instanceof OtpCallError)) throw error;
		if (isCanceled(context) || !mayPass(error, call.last !== null)) {
			throw endOfWait(context, error, call);
		}
		call.problem = error;
		return null;
	});
}

/** Takes in what a look has shown. @returns true when the call has ended, and its status is to be believed */
function hasEnded(seen: CallReport, call: Followed, options: WaitOptions, now: number): boolean {
	const isChange = seen.call.status !== call.last?.call.status;
	if (isChange) options.onChange?.(seen);
	const isSettling = seen.unsettled && options.mayRetry !== false;
	const since = isChange ? now : (call.unsettledSince ?? now);
	call.unsettledSince = isSettling ? since : null;
	call.last = seen;
	return seen.call.final && (!isSettling || now - since >= limits.settle);
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
	const { known } = options;
	if (known !== undefined && !canBeLookedUp(context, known.call.callId)) {
		throw notFollowed(context, known);
	}
	const planned = planLookup(context, callId, options.by);
	const call: Followed = {
		callId: planned.callId,
		last: known ?? null,
		problem: null,
		unsettledSince: null,
	};
	const start = clock.now();
	const deadline = start + orElse(options.waitTimeout, limits.wait, 0);
	const shortest = orElse(options.pollInterval, limits.poll, limits.shortestPoll);
	let interval = shortest;
	let pause = options.firstLookAfter;

	for (;;) {
		await clock.sleep(Math.max(0, Math.min(pause, deadline - clock.now())), signal);
		const left = Math.max(limits.lastLook, deadline - clock.now());
		const looking = { ...context, timeout: Math.min(context.timeout ?? limits.request, left) };
		const before = call.last?.call.status;
		const seen = await look(looking, planned, call, options.sent);
		if (seen !== null && hasEnded(seen, call, options, clock.now())) return seen;
		if (clock.now() >= deadline) {
			// A result that may still change is worth more than none.
			if (call.last?.call.final) return call.last;
			throw waitTimedOut(context, call, clock.now() - start);
		}
		if (call.last?.call.status !== before) interval = shortest;
		const asked = (call.problem?.facts.retryAfterSeconds ?? 0) * 1000;
		pause = Math.max(asked, withJitter(interval, clock.random()));
		interval = Math.min(interval * growth, Math.max(shortest, limits.longestPoll));
	}
}
