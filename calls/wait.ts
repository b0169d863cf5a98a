import { named } from '../providers/fields';
import { isCanceled } from './context';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import type { FollowedLength } from './callLengths';
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
	/**
	 * The first pause between two looks; it grows from there. The default is `limits.poll`, and for a call that
	 * was just placed what the lengths of the account's latest calls make of it.
	 */
	readonly pollInterval?: number | undefined;
	/** The pause before the first look at a call that was just placed; 0 for one that may have ended already. */
	readonly firstLookAfter: number;
	/**
	 * True while an event is expected to wake this wait, since events have done so lately. Then polling is left
	 * for the event that gets lost: the next look is when every call lately was over.
	 */
	readonly expectsEvent?: (() => boolean) | undefined;
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

/** How far a pause may be shorter or longer, so that calls placed together are not looked at together. */
const jitter = 0.1;

const withJitter = (pause: number, random: number): number =>
	pause * (1 - jitter + random * 2 * jitter);

const orElse = (given: number | undefined, usual: number, least: number): number =>
	given !== undefined && Number.isFinite(given) && given >= least ? given : usual;

/** What is known of a call while it is followed. */
interface Followed {
	readonly callId: string;
	/** When it was placed; null: at an unknown time, or it is a test call, of which nothing is learned. */
	readonly placedAt: number | null;
	/** Where its length is learned; undefined: nowhere. */
	readonly length: FollowedLength | undefined;
	/** When it was seen last without an end. */
	openAt: number;
	/** How many times it has been looked at. */
	looks: number;
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

/** What a record itself says of its call's length, in milliseconds; NaN: nothing. */
const lengthIn = ({ call }: CallReport): number =>
	Date.parse(call.endedAt ?? '') - Date.parse(call.requestedAt ?? '');

/**
 * Takes in when a call has ended, for those that come after it: between two looks, and its record may say
 * when. Else any time between them is as good as another.
 */
function learnLength(
	{ clock }: CallContext,
	call: Followed,
	seen: CallReport | null,
	lookedAt: number,
): void {
	const { length, openAt, placedAt, problem } = call;
	if (length === undefined || placedAt === null || problem !== null) return;
	if (seen === null || !seen.call.final) {
		call.openAt = lookedAt;
		return;
	}
	const least = openAt - placedAt;
	const most = lookedAt - placedAt;
	const said = lengthIn(seen);
	// The first end counts, also where the provider may call again.
	length.ended(said >= least && said <= most ? said : least + clock.random() * (most - least));
}

/**
 * The pause before the next look as the account's latest calls make it sensible. At no time there have been
 * more looks than with the usual pause between them from the first moment on.
 * @returns null: they say nothing of this call as it stands now
 */
function learnedPause(
	{ clock, lengths }: CallContext,
	call: Followed,
	expectsEvent: boolean,
): number | null {
	const { looks, placedAt, problem, unsettledSince } = call;
	if (lengths === undefined || placedAt === null || problem !== null || unsettledSince !== null) {
		return null;
	}
	const age = clock.now() - placedAt;
	const next = lengths.nextLook(age);
	if (next === null) return null;
	const { afterAll, forEvent, longest, shortest } = limits.learnedPause;
	if (expectsEvent) return Math.min(forEvent, lengths.longest() + afterAll - age);
	const pause = Math.min(longest, Math.max(shortest, next - age));
	const later = clock.random() * Math.min(pause * jitter, shortest);
	return Math.max(pause + later, looks * limits.poll * (1 - jitter) - age);
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
	const { known } = options;
	if (known !== undefined && !canBeLookedUp(context, known.call.callId)) {
		throw notFollowed(context, known);
	}
	const planned = planLookup(context, callId, options.by);
	const start = context.clock.now();
	const isLearned = options.firstLookAfter > 0 && known?.call.test !== true;
	const call: Followed = {
		callId: planned.callId,
		placedAt: isLearned ? start : null,
		length: isLearned ? context.lengths?.begin() : undefined,
		openAt: start,
		looks: 0,
		last: known ?? null,
		problem: null,
		unsettledSince: null,
	};
	try {
		return await follow(context, planned, call, options);
	} finally {
		call.length?.dropped();
	}
}

/** Looks at a call until it has ended. @throws OtpCallError as `waitUntilEnded` */
async function follow(
	context: CallContext,
	planned: CallQuestion,
	call: Followed,
	options: WaitOptions,
): Promise<CallReport> {
	const { clock, signal } = context;
	const start = clock.now();
	const deadline = start + orElse(options.waitTimeout, limits.wait, 0);
	const shortest = orElse(options.pollInterval, limits.poll, limits.shortestPoll);
	let interval = shortest;
	const learned = () =>
		options.pollInterval === undefined
			? learnedPause(context, call, options.expectsEvent?.() === true)
			: null;
	let pause = learned() ?? options.firstLookAfter;

	for (;;) {
		await clock.sleep(Math.max(0, Math.min(pause, deadline - clock.now())), signal);
		const left = Math.max(limits.lastLook, deadline - clock.now());
		const looking = { ...context, timeout: Math.min(context.timeout ?? limits.request, left) };
		const before = call.last?.call.status;
		const lookedAt = clock.now();
		const seen = await look(looking, planned, call, options.sent);
		call.looks += 1;
		learnLength(context, call, seen, lookedAt);
		if (seen !== null && hasEnded(seen, call, options, clock.now())) return seen;
		if (clock.now() >= deadline) {
			// A result that may still change is worth more than none.
			if (call.last?.call.final) return call.last;
			throw waitTimedOut(context, call, clock.now() - start);
		}
		if (call.last?.call.status !== before) interval = shortest;
		const asked = (call.problem?.facts.retryAfterSeconds ?? 0) * 1000;
		pause = Math.max(asked, learned() ?? withJitter(interval, clock.random()));
		interval = Math.min(interval * growth, Math.max(shortest, limits.longestPoll));
	}
}
