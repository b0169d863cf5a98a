/** The members of something that n8n put out; none when it is not an object. */
export function record(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A text as it is, anything else as JSON. */
export const text = (value: unknown): string =>
	typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** What n8n shows of the error with which a node stopped. */
export interface ShownError {
	readonly message: string;
	readonly description: string;
	readonly context: Record<string, unknown>;
	/** The facts of the error. */
	readonly details: Record<string, unknown>;
}

export function shown(error: unknown): ShownError {
	const { message, description } = record(error);
	// The message is no member of its own that could be spread.
	const own: unknown = error instanceof Error ? error.message : message;
	const context = record(record(error)['context']);
	return {
		message: text(own),
		description: text(description),
		context,
		details: record(context['data']),
	};
}
