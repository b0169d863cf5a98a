import { isJsonArray, isJsonObject, parseJson } from '../providers/reading/json';
import type { JsonObject, JsonValue } from '../providers/reading/json';
import {
	bareCode,
	base64Forms,
	builtWhenNeeded,
	escapeForRegExp,
	hexForm,
	noLetterOrDigit,
	spelledForm,
} from './secretForms';
import type { Redact } from './secretForms';

/** Stands where a secret stood. */
export const mask = '•••';

type HoldsCode = (key: string) => boolean;

/** `additional[code_otp]` is how a form writes the key of a key. */
const lastKey = (key: string): string =>
	key
		.toLowerCase()
		.split(/[.[\]]+/)
		.findLast((part) => part !== '') ?? '';

/** The object or list that a text holds as JSON, as records in form bodies do. */
function nestedIn(text: string): JsonValue | undefined {
	return /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
}

function* textsIn(value: JsonValue): Generator<string> {
	if (typeof value === 'string' || typeof value === 'number') yield String(value);
	else if (isJsonArray(value)) for (const entry of value) yield* textsIn(entry);
	else if (isJsonObject(value)) for (const entry of Object.values(value)) yield* textsIn(entry);
}

function* codesIn(value: JsonValue, holdsCode: HoldsCode): Generator<string> {
	if (typeof value === 'string') {
		const nested = nestedIn(value);
		if (nested !== undefined) yield* codesIn(nested, holdsCode);
	} else if (isJsonArray(value)) {
		for (const entry of value) yield* codesIn(entry, holdsCode);
	} else if (isJsonObject(value)) {
		for (const [key, entry] of Object.entries(value)) {
			yield* holdsCode(key) ? textsIn(entry) : codesIn(entry, holdsCode);
		}
	}
}

/** From this length on a code is no accident, wherever it stands. */
const unmistakable = 8;
/** Below this length a code is only looked for where it stands alone. */
const recognisable = 4;

/** UUIDs and other identities: four digits of them may equal a code by accident. */
const identity = /([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[\p{L}\p{N}]{16,})/iu;

const before = (character: string): string =>
	/\d/.test(character) ? '(?<!\\p{N})' : '(?<!\\p{L})';
const after = (character: string): string => (/\d/.test(character) ? '(?!\\p{N})' : '(?!\\p{L})');

/** The code as a whole: not as a part of a longer number, such as a phone number or a time. */
function wholeForm(code: string): string {
	if (code.length < recognisable) {
		return `(?<![\\p{L}\\p{N}])${escapeForRegExp(code)}(?![\\p{L}\\p{N}])`;
	}
	const spelled = spelledForm(code, '[\\s.,;:_-]{1,3}');
	return `${before(code)}(?:${spelledForm(code)}|${spelled})${after(code.slice(-1))}`;
}

function redactorOf(code: string): Redact {
	if (code.length >= unmistakable) {
		const everywhere = new RegExp(
			[spelledForm(code, `${noLetterOrDigit}{0,3}`), hexForm(code), ...base64Forms(code)].join('|'),
			'giu',
		);
		return (text) => text.replace(everywhere, mask);
	}
	const whole = new RegExp(wholeForm(code), 'giu');
	const encoded =
		code.length < recognisable
			? []
			: [new RegExp([hexForm(code), ...base64Forms(code)].join('|'), 'gu')];
	const outsideIdentities: Redact = (text) =>
		text
			.split(identity)
			.map((part, index) => (index % 2 === 1 ? part : part.replace(whole, mask)))
			.join('');
	return (text) =>
		encoded.reduce((redacted, form) => redacted.replace(form, mask), outsideIdentities(text));
}

/** Records hold one code, or that of each try. What holds more is an attack on the reader. */
const mostCodes = 8;

/** At most so many codes, and whether there are more. */
function distinctCodes(codes: Iterable<string>): { codes: Set<string>; areTooMany: boolean } {
	const found = new Set<string>();
	for (const code of codes) {
		const bare = bareCode(code);
		if (bare === '') continue;
		if (found.size === mostCodes && !found.has(bare)) return { codes: found, areTooMany: true };
		found.add(bare);
	}
	return { codes: found, areTooMany: false };
}

/**
 * A provider's record with every code masked and nothing else changed: under the keys that are known
 * to hold one, and wherever the same characters stand in another text, key or number.
 * @param codeKeys the keys under which this provider echoes codes, in lower case
 * @param known codes that the caller has sent
 * @param redactText takes other secrets out of every text
 */
export function maskCodes(
	record: JsonObject,
	codeKeys: readonly string[],
	known: readonly string[] = [],
	redactText: Redact = (text) => text,
): JsonObject {
	const holdsCode: HoldsCode = (key) => codeKeys.includes(lastKey(key));
	const { areTooMany, codes } = distinctCodes(
		(function* () {
			yield* known;
			yield* codesIn(record, holdsCode);
		})(),
	);
	// To look for thousands of codes in every text would stop the host for seconds: nothing of it comes out.
	if (areTooMany)
		return Object.fromEntries(Object.keys(record).map((key) => [redactText(key), mask]));
	const redactors = [...codes].map((code) => builtWhenNeeded(code, redactorOf));
	const maskText: Redact = (text) =>
		redactors.reduce((masked, redact) => redact(masked), redactText(text));
	const isCode = (value: number): boolean =>
		codes.has(String(value)) && String(value).length >= recognisable;
	const maskValue = (value: JsonValue): JsonValue => {
		if (typeof value === 'string') return maskText(value);
		if (typeof value === 'number') return isCode(value) ? mask : value;
		if (isJsonArray(value)) return value.map(maskValue);
		return isJsonObject(value) ? maskObject(value) : value;
	};
	const maskObject = (object: JsonObject): JsonObject =>
		Object.fromEntries(
			Object.entries(object).map(([key, value]) => [
				maskText(key),
				holdsCode(key) && value !== '' && value !== null ? mask : maskValue(value),
			]),
		);
	return maskObject(record);
}
