/** Data as it comes out of `JSON.parse`, once it has been looked at. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
	readonly [key: string]: JsonValue;
}

/** Answers nest three levels deep; what nests deeper than this is an attack on the reader. */
const deepest = 64;

/** Whether a text has so few brackets that they cannot nest too deep, which is soon seen. */
function hasFewBrackets(text: string): boolean {
	let count = 0;
	for (const bracket of ['{', '[']) {
		let at = text.indexOf(bracket);
		while (at !== -1 && count <= deepest) {
			count += 1;
			at = text.indexOf(bracket, at + 1);
		}
	}
	return count <= deepest;
}

const nestsTooDeep = (text: string): boolean => {
	if (hasFewBrackets(text)) return false;
	let depth = 0;
	let inString = false;
	for (let at = 0; at < text.length; at += 1) {
		const character = text[at];
		if (inString) {
			if (character === '\\') at += 1;
			else if (character === '"') inString = false;
		} else if (character === '"') inString = true;
		else if (character === '{' || character === '[') {
			depth += 1;
			if (depth > deepest) return true;
		} else if (character === '}' || character === ']') depth -= 1;
	}
	return false;
};

/**
 * Reads JSON from outside.
 * @returns the value, or undefined when the text is not JSON, or nests deeper than any real answer.
 */
export function parseJson(text: string): JsonValue | undefined {
	if (nestsTooDeep(text)) return undefined;
	try {
		return JSON.parse(text) as JsonValue; // JSON.parse gives nothing else.
	} catch {
		return undefined;
	}
}

const parsed = new WeakMap<object, JsonValue | undefined>();

/**
 * The JSON of an answer, as {@link parseJson} gives it. Of one answer several things are asked, each in a place of its
 * own (whether the account was refused, which call it is): it is parsed for the first of them.
 */
export function jsonOf(answer: { readonly text: string }): JsonValue | undefined {
	if (parsed.has(answer)) return parsed.get(answer);
	const json = parseJson(answer.text);
	parsed.set(answer, json);
	return json;
}

/** True for a web page, which is what a server that is not the API answers with. */
export function isMarkup(text: string): boolean {
	return text.trimStart().startsWith('<');
}

/** True for a JSON object (not an array, not null), of whatever origin. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's own property; never one that it inherits, such as `constructor`. */
export function field(record: JsonObject, name: string): JsonValue | undefined {
	return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A string, or a number as text. Anything else is null, and so is '', and a number that is not exact. */
export function textField(record: JsonObject, name: string): string | null {
	const value = field(record, name);
	if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value);
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** A finite number, or a string that holds one. Anything else is null. */
export function numberField(record: JsonObject, name: string): number | null {
	const value = field(record, name);
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	if (typeof value !== 'string' || !/^\s*[+-]?\d{1,15}(\.\d{1,9})?\s*$/.test(value)) return null;
	return Number(value);
}

/** Seconds: a number that is not negative. Anything else is null. */
export function secondsField(record: JsonObject, name: string): number | null {
	const seconds = numberField(record, name);
	return seconds !== null && seconds >= 0 ? seconds : null;
}

/** True for a JSON array. `Array.isArray` alone would forget what its entries are. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
	return Array.isArray(value);
}
