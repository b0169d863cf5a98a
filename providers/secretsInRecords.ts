import { isJsonArray, isJsonObject } from './json';
import type { JsonObject, JsonValue } from './json';

/** Stands where a secret stood. */
export const mask = '•••';

type HoldsCode = (key: string) => boolean;

function* codesIn(value: JsonValue, holdsCode: HoldsCode): Generator<string> {
	if (isJsonArray(value)) for (const entry of value) yield* codesIn(entry, holdsCode);
	if (!isJsonObject(value)) return;
	for (const [key, entry] of Object.entries(value)) {
		if (!holdsCode(key)) yield* codesIn(entry, holdsCode);
		else if (typeof entry === 'string' || typeof entry === 'number') yield String(entry);
	}
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Masks a code wherever it stands alone. The pattern is made only for a text that holds the code at all:
 * most hold none, and making it costs more than the whole request that the text came with.
 */
function maskingOf(code: string): (text: string) => string {
	let standingAlone: RegExp | null = null;
	return (text) => {
		if (!text.includes(code)) return text;
		standingAlone ??= new RegExp(`(?<![\\p{L}\\p{N}])${escape(code)}(?![\\p{L}\\p{N}])`, 'gu');
		return text.replace(standingAlone, mask);
	};
}

/**
 * A provider's record with every code masked and nothing else changed: under the keys that are known
 * to hold one, and wherever the same characters stand alone in another text.
 * @param codeKeys the keys under which this provider echoes codes, in lower case
 * @param known codes that the caller has sent
 */
export function maskCodes(
	record: JsonObject,
	codeKeys: readonly string[],
	known: readonly string[] = [],
): JsonObject {
	const holdsCode: HoldsCode = (key) => codeKeys.includes(key.toLowerCase());
	const codes = [...new Set([...known, ...codesIn(record, holdsCode)])].filter(
		(code) => code !== '',
	);
	const maskings = codes.map(maskingOf);
	const maskValue = (value: JsonValue): JsonValue => {
		if (typeof value === 'string') {
			return maskings.reduce((text, masking) => masking(text), value);
		}
		if (isJsonArray(value)) return value.map(maskValue);
		return isJsonObject(value) ? maskObject(value) : value;
	};
	const maskObject = (object: JsonObject): JsonObject =>
		Object.fromEntries(
			Object.entries(object).map(([key, value]) => [
				key,
				holdsCode(key) && value !== '' && value !== null ? mask : maskValue(value),
			]),
		);
	return maskObject(record);
}
