import { type JsonObject, isJsonObject } from '../json';
import type { Fault, FaultKind, FaultRule } from './fault';

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
	redirect: {
		'location!': isText,
		status: (value) => [301, 302, 303, 307, 308].some((status) => status === value),
		...PLACES_CALL,
	},
};

const MATCH_FIELDS: Fields = {
	provider: (value) => value === 'bitel' || value === 'autocall',
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
