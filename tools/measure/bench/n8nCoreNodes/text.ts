/** A parameter that is to be text. @throws TypeError */
export function asText(value: unknown): string {
	if (typeof value !== 'string') throw new TypeError('Expected text');
	return value;
}
