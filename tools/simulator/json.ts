/** A JSON object whose members have not been checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses `text`; undefined when it is not JSON (no JSON text parses to undefined). */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** The JSON type of `value`, in the words of JSON Schema validators. */
export function jsonTypeOf(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
	return typeof value;
}

/** Takes `value` for an object. @throws TypeError when it is none */
export function readObject(value: unknown): JsonObject {
	if (!isJsonObject(value)) throw new TypeError('Expected an object');
	return value;
}

/** The text in the member `name` of `object`. @throws TypeError when there is none */
export function readText(object: JsonObject, name: string): string {
	const value = object[name];
	if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
	return value;
}
