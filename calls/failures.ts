import type { Explanation, HttpAnswer, Problem, Provider, Verdict } from '../providers/contract';
import { named } from '../providers/fields';
import type { InvalidField } from '../providers/fields';
import { baseUrlName } from '../providers/sharedFields';
import { maskPhoneNumbersIn, redactor } from '../redaction/texts';
import { isCanceled, retryAfterOf, secretsOf } from './context';
import type { CallContext } from './context';
import { OtpCallError } from './errors';
import type { ErrorFacts } from './errors';
import { limits } from './limits';
import { isCertificateFailure } from './transport';
import { durationInWords, withoutMarks } from './words';
import { waitUntilEndedField } from './fields';

/** What a request was for. A send that fails may have made a phone ring; a question never has. */
export type Purpose = SendPurpose | { readonly is: 'question' };

export interface SendPurpose {
	readonly is: 'send';
	readonly code: string;
	readonly reference: string | null;
}

export const question: Purpose = { is: 'question' };

/** An error of the given facts, with the call's reference where one is known. */
const failure = (purpose: Purpose, facts: ErrorFacts): OtpCallError =>
	new OtpCallError({
		...facts,
		...(purpose.is === 'send' &&
			purpose.reference !== null &&
			facts.callMayHaveBeenPlaced && { callId: purpose.reference }),
	});

export function invalidInput(problem: InvalidField): OtpCallError {
	return new OtpCallError({
		kind: 'invalid-input',
		message: `${named(problem.field)} ${problem.rule}`,
		remedy: problem.remedy,
		field: problem.field.name,
		callMayHaveBeenPlaced: false,
	});
}

/** The flow was stopped before, or after, a call was placed: never while its send was under way. */
export function canceled(
	what: string,
	callMayHaveBeenPlaced: boolean,
	known: Pick<ErrorFacts, 'callId' | 'call'> = {},
): OtpCallError {
	return new OtpCallError({
		...known,
		kind: 'canceled',
		message: `${what} was canceled because the flow was stopped`,
		remedy: callMayHaveBeenPlaced
			? 'The call itself goes on at the provider: look it up by its call ID'
			: 'No call was placed. Run the flow again when you are ready',
		callMayHaveBeenPlaced,
	});
}

const redactorFor = (context: CallContext, purpose: Purpose) =>
	redactor(secretsOf(context, purpose.is === 'send' ? purpose.code : undefined));

/** The provider's own words, without secrets, short enough for an error message that may be logged. */
function quote(context: CallContext, purpose: Purpose, { code, text }: Problem): string {
	const words = text ?? code;
	if (words === null) return '';
	const redact = redactorFor(context, purpose);
	const line = maskPhoneNumbersIn(withoutMarks(redact(words)))
		.replace(/[\p{C}\p{Z}]+/gu, ' ')
		.trim();
	return `: “${line.length > limits.quote ? `${line.slice(0, limits.quote)}…` : line}”`;
}

const providerCode = (context: CallContext, purpose: Purpose, { code }: Problem) =>
	code === null ? {} : { providerCode: redactorFor(context, purpose)(code) };

const howToFindOut = ({ provider }: CallContext, purpose: Purpose): string => {
	if (purpose.is === 'send' && purpose.reference !== null) {
		return `look the call up in some minutes with ‹statusNode› and the call ID ${withoutMarks(purpose.reference)}`;
	}
	const isReal = provider.apiRoot !== null;
	return isReal
		? `look for the call in the panel of ${provider.label}, or ask the person`
		: `with a real provider, look for the call in its panel, or ask the person (${provider.label} has called nobody)`;
};

/** A send of which nobody knows whether it made a phone ring. */
function outcomeUnknown(
	context: CallContext,
	purpose: Purpose,
	what: string,
	facts: Partial<ErrorFacts> = {},
): OtpCallError {
	return failure(purpose, {
		...facts,
		kind: 'outcome-unknown',
		message: `${what}. The phone may still ring`,
		remedy: `Do not send again at once: ${howToFindOut(context, purpose)}. Send a new code only when no call has arrived`,
		callMayHaveBeenPlaced: true,
	});
}

const networkWords: ReadonlyMap<string, string> = new Map([
	['ECONNREFUSED', 'nothing answers at that address'],
	['ENOTFOUND', 'the host name is not known'],
	['EAI_AGAIN', 'the host name could not be resolved'],
	['ENETUNREACH', 'there is no way to that network'],
	['EHOSTUNREACH', 'there is no way to that host'],
	['ECONNRESET', 'the connection broke'],
	['EPIPE', 'the connection broke'],
	['UND_ERR_SOCKET', 'the connection broke'],
	['ERR_CANCELED', 'the flow was stopped'],
	['ECONNABORTED', 'no answer in time'],
	['ETIMEDOUT', 'no answer in time'],
	['UND_ERR_CONNECT_TIMEOUT', 'no connection in time'],
	['ANSWER_TOO_LONG', 'the answer does not end'],
	['BLOCKED_BY_HOST', 'the administrator of this host has blocked that address'],
	['PROXY', 'the proxy let nothing through'],
	['ERR_TRANSPORT', 'the request failed before its answer was complete'],
]);

const inWords = (code: string): string => {
	if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
		return `no secure connection can be made (${code})`;
	if (isCertificateFailure(code)) return `its certificate cannot be verified (${code})`;
	const words = networkWords.get(code);
	return words === undefined ? code : `${words} (${code})`;
};

const unreachableRemedy = (code: string): string =>
	isCertificateFailure(code)
		? `Check ${named(baseUrlName)}; if the provider uses a private certificate authority, make it known to the host`
		: `Check ${named(baseUrlName)} in the ‹account›, the network and the proxy settings, then try again`;

/** No connection came about, or a question got no answer. */
export function unreachable(context: CallContext, code: string): OtpCallError {
	return new OtpCallError({
		kind: 'unreachable',
		message: `${context.provider.label} cannot be reached: ${inWords(code)}`,
		remedy: unreachableRemedy(code),
		networkCode: code,
		callMayHaveBeenPlaced: false,
	});
}

/** The request of a send left, but its answer did not come back whole. */
export function answerLost(context: CallContext, purpose: SendPurpose, code: string): OtpCallError {
	const { label } = context.provider;
	const what = isCanceled(context)
		? `The flow was stopped before ${label} answered`
		: `${label} did not answer: ${inWords(code)}`;
	return outcomeUnknown(context, purpose, what, { networkCode: code });
}

/** What the provider's documents say of the error code in the answer. */
const explanationOf = (context: CallContext, { code }: Problem): Explanation | null =>
	code === null ? null : context.provider.explain(code);

/** The provider's field that holds what authorizes requests, as the form names it. */
const tokenLabel = ({ provider }: CallContext): string =>
	provider.account === null ? 'token' : named(provider.account.token);

function notAuthorized(
	context: CallContext,
	purpose: Purpose,
	answer: HttpAnswer,
	isKnown: boolean,
): OtpCallError {
	const { provider } = context;
	const { label } = provider;
	const now = context.clock.now();
	const doubts = context
		.credentials()
		.map((token) => provider.account?.doubtToken?.(token, now) ?? null)
		.filter((doubt) => doubt !== null);
	const problem = provider.readProblem(answer);
	const known = explanationOf(context, problem);
	const what = isKnown
		? `${label} does not allow this with the token of the ‹account›`
		: `${label} did not accept the token of the ‹account›`;
	const remedy = isKnown
		? `Ask ${label} what your account may do there, or use another ‹account›`
		: `Get a new token from ${label} and enter it under ${tokenLabel(context)} in the ‹account›, whole and without spaces`;
	return new OtpCallError({
		kind: 'not-authorized',
		message: [
			`${known?.message ?? what} (HTTP ${answer.status})${quote(context, purpose, problem)}`,
			...doubts,
		].join('. '),
		remedy: known?.remedy ?? remedy,
		...providerCode(context, purpose, problem),
		httpStatus: answer.status,
		callMayHaveBeenPlaced: false,
	});
}

function rateLimited(context: CallContext, purpose: Purpose, answer: HttpAnswer): OtpCallError {
	const { provider } = context;
	const pause = retryAfterOf(answer, context.clock.now());
	const seconds = pause === null ? null : Math.ceil(pause / 1000);
	const problem = provider.readProblem(answer);
	const known = explanationOf(context, problem);
	const what = known?.message ?? `${provider.label} takes no more requests right now`;
	return new OtpCallError({
		kind: 'rate-limited',
		message: `${what} (HTTP ${answer.status})${quote(context, purpose, problem)}`,
		remedy:
			known?.remedy ??
			`Wait ${seconds === null ? 'a minute' : durationInWords(seconds)}, then try again; place fewer calls at a time`,
		...(seconds !== null && { retryAfterSeconds: seconds }),
		...providerCode(context, purpose, problem),
		httpStatus: answer.status,
		callMayHaveBeenPlaced: false,
	});
}

function refused(
	context: CallContext,
	purpose: Purpose,
	answer: HttpAnswer,
	problem: Problem,
): OtpCallError {
	const { provider } = context;
	const known = explanationOf(context, problem);
	const what = purpose.is === 'send' ? 'the call' : 'the request';
	const words = quote(context, purpose, problem);
	return new OtpCallError({
		kind: 'refused',
		message: `${known?.message ?? `${provider.label} refused ${what}`} (HTTP ${answer.status})${words}`,
		remedy:
			known?.remedy ??
			(words === ''
				? `${provider.label} gave no reason: check the number and the ‹account›, or ask ${provider.label}`
				: `Correct what ${provider.label} complains of, then try again`),
		...providerCode(context, purpose, problem),
		httpStatus: answer.status,
		callMayHaveBeenPlaced: false,
	});
}

/** An answer that is not what the documents promise. */
export function unreadable(
	context: CallContext,
	purpose: Purpose,
	answer: HttpAnswer,
	why: string,
): OtpCallError {
	const { provider } = context;
	const words = quote(context, purpose, provider.readProblem(answer));
	const what = `The answer of ${provider.label} (HTTP ${answer.status}) ${why}${words}`;
	if (purpose.is === 'send')
		return outcomeUnknown(context, purpose, what, { httpStatus: answer.status });
	return new OtpCallError({
		kind: 'bad-response',
		message: what,
		remedy: `Check that ${named(baseUrlName)} in the ‹account› is the address of the API and not of a web page or a proxy`,
		httpStatus: answer.status,
		callMayHaveBeenPlaced: false,
	});
}

/** After these redirects a server has not looked at the request: it only says where to send it. */
const unreadRedirects: ReadonlySet<number> = new Set([301, 307, 308]);

function redirected(context: CallContext, purpose: Purpose, answer: HttpAnswer): OtpCallError {
	const what = `${context.provider.label} redirects to another address (HTTP ${answer.status}), which is not followed`;
	if (purpose.is === 'send' && !unreadRedirects.has(answer.status)) {
		return outcomeUnknown(context, purpose, what, { httpStatus: answer.status });
	}
	return new OtpCallError({
		kind: 'bad-response',
		message: what,
		remedy: `Set ${named(baseUrlName)} in the ‹account› to the address of the API itself, beginning with https://`,
		httpStatus: answer.status,
		callMayHaveBeenPlaced: false,
	});
}

/** A web server of some kind answers, but not the API. */
export function wrongAddress(context: CallContext, answer: HttpAnswer): OtpCallError {
	return new OtpCallError({
		kind: 'bad-response',
		message: `There is nothing of ${context.provider.label} at this address (HTTP ${answer.status})`,
		remedy: `Check that ${named(baseUrlName)} in the ‹account› is the address of the API and not of a web page`,
		httpStatus: answer.status,
		callMayHaveBeenPlaced: false,
	});
}

/** The provider, or something before it, failed: nobody knows how far the request came. */
function failedInside(context: CallContext, purpose: Purpose, answer: HttpAnswer): OtpCallError {
	const { provider } = context;
	const problem = provider.readProblem(answer);
	const known = explanationOf(context, problem);
	const words = quote(context, purpose, problem);
	const what = `${known?.message ?? `${provider.label} failed while it worked on the request`} (HTTP ${answer.status})${words}`;
	const facts = { httpStatus: answer.status, ...providerCode(context, purpose, problem) };
	if (purpose.is === 'send') return outcomeUnknown(context, purpose, what, facts);
	return new OtpCallError({
		...facts,
		kind: 'unreachable',
		message: what,
		remedy: known?.remedy ?? 'Try again in some minutes; if it stays, tell the provider',
		callMayHaveBeenPlaced: false,
	});
}

/**
 * 4xx that speak of time, of a conflict or of a broken connection, not of the request: it may have been
 * taken. 444 and 499 are nginx's for a connection that was closed, 460 that of Amazon's balancer.
 */
const provesNothing: ReadonlySet<number> = new Set([408, 409, 423, 425, 444, 449, 460, 499]);

/** What an answer means by its HTTP status alone. */
function verdictOfStatus(status: number): Verdict {
	if (status === 401) return 'not-authorized';
	if (status === 403) return 'forbidden';
	if (status === 429) return 'rate-limited';
	return status >= 500 || status < 200 || provesNothing.has(status) ? 'fault' : 'refused';
}

/** What an answer that brings no call means: as the provider says, else as HTTP does. */
export function verdictOf(
	{ provider }: Pick<CallContext, 'provider'>,
	answer: HttpAnswer,
): Verdict {
	return provider.judge?.(answer) ?? verdictOfStatus(answer.status);
}

/** The error for a verdict. */
function failureFor(
	verdict: Verdict,
	context: CallContext,
	purpose: Purpose,
	answer: HttpAnswer,
	problem: Problem,
): OtpCallError {
	switch (verdict) {
		case 'not-authorized':
			return notAuthorized(context, purpose, answer, false);
		case 'forbidden':
			return notAuthorized(context, purpose, answer, true);
		case 'rate-limited':
			return rateLimited(context, purpose, answer);
		case 'refused':
			return refused(context, purpose, answer, problem);
		case 'fault':
			return failedInside(context, purpose, answer);
	}
}

/** The error for a 2xx answer in which the provider declines. */
export function declined(
	context: CallContext,
	purpose: Purpose,
	answer: HttpAnswer,
	problem: Problem,
): OtpCallError {
	return failureFor(verdictOf(context, answer), context, purpose, answer, problem);
}

/** The error for an answer that is not 2xx. */
export function failureOf(
	context: CallContext,
	purpose: Purpose,
	answer: HttpAnswer,
): OtpCallError {
	const { provider } = context;
	const { status } = answer;
	const problem = provider.readProblem(answer);
	const judged = provider.judge?.(answer) ?? null;
	if (judged !== null) return failureFor(judged, context, purpose, answer, problem);
	if (status === 407) return unreachable(context, 'PROXY');
	if (status >= 300 && status < 400 && problem.code === null) {
		return redirected(context, purpose, answer);
	}
	const isSilent = problem.code === null && problem.text === null;
	if (isSilent && (status === 404 || status === 405)) return wrongAddress(context, answer);
	return failureFor(verdictOfStatus(status), context, purpose, answer, problem);
}

/** @param owner another provider, whose call IDs look like this one */
export function notFound(context: CallContext, callId: string, owner?: Provider): OtpCallError {
	const other =
		owner === undefined
			? ''
			: `This call ID looks like one of ${owner.label}: if it is, choose ${owner.label} under ‹providerChoice›. `;
	return new OtpCallError({
		kind: 'not-found',
		message: `${context.provider.label} has no record of this call`,
		remedy: `${other}A record may appear only when the call has ended: wait some seconds or turn on ${named(waitUntilEndedField)}. Otherwise check the call ID and that it belongs to this ‹account›`,
		callId,
		callMayHaveBeenPlaced: false,
	});
}
