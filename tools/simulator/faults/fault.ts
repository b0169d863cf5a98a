import { type JsonObject, isJsonObject } from '../json';
import type { Operation } from '../provider';

/**
 * What is to go wrong with a request. `placesCall` says whether a send that is answered so still places
 * its call; it is false where it is not given, except for `cut-off` and `slow-drip`, which carry the
 * API's own answer.
 */
export type Fault =
	/** The connection is reset as soon as it is accepted; the client sees a reset, not a refusal. */
	| { readonly kind: 'refuse' }
	/** The connection is reset when the request's headers have arrived; its body is not read. */
	| { readonly kind: 'reset-before-body' }
	/** The connection is reset when the whole request has arrived; no call is placed. */
	| { readonly kind: 'reset-before-placing' }
	/** The connection is reset when the call has been placed, before a byte is answered. */
	| { readonly kind: 'reset-after-placing' }
	/** The API's own answer (the call is placed at once), `ms` of real time later. */
	| { readonly kind: 'delay'; readonly ms: number }
	/** The record of the call that this send places shows `ms` (simulator's clock) late. */
	| { readonly kind: 'late-record'; readonly ms: number }
	/** The connection stays open and nothing is answered. */
	| { readonly kind: 'never-answer'; readonly placesCall?: boolean }
	/** Half of the API's own answer, then the connection is closed. */
	| { readonly kind: 'cut-off'; readonly placesCall?: boolean }
	/** The API's own answer, `bytes` (default 1) each `everyMs` of real time (default 100). */
	| {
			readonly kind: 'slow-drip';
			readonly everyMs?: number;
			readonly bytes?: number;
			readonly placesCall?: boolean;
	  }
	/** 200 and a body that does not end. */
	| { readonly kind: 'endless'; readonly placesCall?: boolean }
	/**
	 * Any status, such as 401, 403, 429, 500, 502, 503, with `Retry-After` in seconds or as given.
	 * `body` is sent as it is when it is a string, else as JSON; default: what the provider would say.
	 */
	| {
			readonly kind: 'status';
			readonly status: number;
			readonly retryAfter?: number | string;
			readonly body?: unknown;
			readonly placesCall?: boolean;
	  }
	/** 200 and an HTML page. */
	| { readonly kind: 'html'; readonly placesCall?: boolean }
	/** 200 and a body that says it is JSON and is not. */
	| { readonly kind: 'unparsable'; readonly placesCall?: boolean }
	/** 200 and valid JSON of a wrong shape: `body`, or a list of a number and a string. */
	| { readonly kind: 'wrong-shape'; readonly body?: unknown; readonly placesCall?: boolean }
	/** The answer to the request of this kind before it, so of another call; this call is placed. */
	| { readonly kind: 'other-answer' }
	/**
	 * The API's own answer, and `afterMs` (default 2) later a second one that nobody has asked for, to the request of this kind
	 * before it: what a connection that is kept alive takes for the answer to its next request.
	 */
	| { readonly kind: 'second-answer'; readonly afterMs?: number }
	/** A redirect with `status` (default 302) to `location`. */
	| {
			readonly kind: 'redirect';
			readonly location: string;
			readonly status?: 301 | 302 | 303 | 307 | 308;
			readonly placesCall?: boolean;
	  };

/** Every kind of fault. */
export type FaultKind = Fault['kind'];

/** Which requests a fault befalls: those that match everything that is given. */
export interface FaultMatch {
	/** The name of a provider. */
	readonly provider?: string;
	/** `send` places a call, `status` looks one up, `other` is the rest. */
	readonly operation?: Operation;
	readonly method?: string;
	/** A regular expression, or its source, for the path and query as they are on the wire. */
	readonly path?: RegExp | string;
	/** The number called, in the form it was sent in; for a look-up that of the call asked for. */
	readonly phoneNumber?: string;
}

/** A fault and when it strikes. */
export interface FaultRule {
	readonly fault: Fault;
	/** Default: every request to the providers' APIs. */
	readonly match?: FaultMatch;
	/** How often it strikes before it is used up; default: for ever. */
	readonly times?: number;
	/** How likely it strikes at a request that matches, 0 to 1; default 1. */
	readonly probability?: number;
}

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

const isNumber: Check = (value) =>
	typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isAnything: Check = () => true;

const PLACES_CALL: Fields = { placesCall: isFlag };

/** For each kind its fields; those whose name ends in `!` must be there. */
const FIELDS: Readonly<Record<FaultKind, Fields>> = {
	refuse: {},
	'reset-before-body': {},
	'reset-before-placing': {},
	'reset-after-placing': {},
	delay: { 'ms!': isNumber },
	'late-record': { 'ms!': isNumber },
	'never-answer': PLACES_CALL,
	'cut-off': PLACES_CALL,
	'slow-drip': { everyMs: isNumber, bytes: isNumber, ...PLACES_CALL },
	endless: PLACES_CALL,
	status: {
		'status!': isNumber,
		retryAfter: (value) => isNumber(value) || isText(value),
		body: isAnything,
		...PLACES_CALL,
	},
	html: PLACES_CALL,
	unparsable: PLACES_CALL,
	'wrong-shape': { body: isAnything, ...PLACES_CALL },
	'other-answer': {},
	'second-answer': { afterMs: isNumber },
	redirect: {
		'location!': isText,
		status: (value) => [301, 302, 303, 307, 308].some((status) => status === value),
		...PLACES_CALL,
	},
};

const MATCH_FIELDS: Fields = {
	provider: isText,
	operation: (value) => value === 'send' || value === 'status' || value === 'other',
	method: isText,
	path: isText,
	phoneNumber: isText,
};

const RULE_FIELDS: Fields = {
	'fault!': (value) => isFault(value),
	match: (value) => isJsonObject(value) && has(value, MATCH_FIELDS),
	times: isNumber,
	probability: isNumber,
};

/** Reads a fault rule that came as JSON; `path` is the source of a regular expression. */
export function readFaultRule(value: unknown): FaultRule | undefined {
	return isFaultRule(value) ? value : undefined;
}

function isFaultRule(value: unknown): value is FaultRule {
	return isJsonObject(value) && has(value, RULE_FIELDS);
}

function isFault(value: unknown): value is Fault {
	if (!isJsonObject(value)) return false;
	const { kind, ...rest } = value;
	return isKind(kind) && has(rest, FIELDS[kind]);
}

function isKind(value: unknown): value is FaultKind {
	return typeof value === 'string' && Object.hasOwn(FIELDS, value);
}

function has(value: JsonObject, fields: Fields): boolean {
	const checks = new Map(
		Object.entries(fields).map(([name, check]) => [name.replace('!', ''), check]),
	);
	const required = Object.keys(fields).filter((name) => name.endsWith('!'));
	return (
		required.every((name) => Object.hasOwn(value, name.slice(0, -1))) &&
		Object.entries(value).every(([name, field]) => checks.get(name)?.(field) ?? false)
	);
}
