// What the page and the flow send each other over the WebSocket.

/** What the page asks for. */
export interface Order {
	/** Names the order in the answers. */
	readonly order: string;
	readonly provider: string;
	readonly phoneNumber: string;
	readonly code: string;
}

/** What the page shows of a call; null where the provider does not say. */
export interface Call {
	readonly provider: string;
	readonly phoneNumber: string;
	readonly callId: string;
	readonly status: string;
	readonly reason: string | null;
	readonly final: boolean;
	readonly answered: boolean | null;
	readonly billedSeconds: number | null;
	readonly cost: { readonly amount: number; readonly currency: string } | null;
}

/** Why an order could not be carried out. */
export interface Failure {
	readonly code: string;
	readonly message: string;
	/** What to do now; '' where nothing can be said. */
	readonly remedy: string;
}

/** The flow answers an order with its call, each time that it has changed, or a failure. An event tells of any call. */
export type Answer =
	| { readonly is: 'call'; readonly order: string; readonly call: Call }
	| { readonly is: 'failure'; readonly order: string; readonly failure: Failure }
	| { readonly is: 'event'; readonly call: Call };

/** Reads a message of the flow; null: nothing that the page knows. */
export function readAnswer(data: unknown): Answer | null {
	const message = fieldsOf(parsed(data));
	const order = text(message['order']);
	if (message['error'] !== undefined) {
		return { is: 'failure', order, failure: readFailure(fieldsOf(message['error'])) };
	}
	if (message['event'] !== undefined) {
		return { is: 'event', call: readCall(fieldsOf(message['event'])) };
	}
	if (message['call'] !== undefined) {
		return { is: 'call', order, call: readCall(fieldsOf(message['call'])) };
	}
	return null;
}

type Fields = Readonly<Record<string, unknown>>;

function readFailure(fields: Fields): Failure {
	return {
		code: text(fields['code']) || 'error',
		message: text(fields['message']),
		remedy: text(fields['remedy']),
	};
}

function readCall(fields: Fields): Call {
	const { answered, billedSeconds, reason } = fields;
	const { amount, currency } = fieldsOf(fields['cost']);
	return {
		provider: text(fields['provider']),
		phoneNumber: text(fields['phoneNumber']),
		callId: text(fields['callId']),
		status: text(fields['status']),
		reason: typeof reason === 'string' ? reason : null,
		final: fields['final'] === true,
		answered: typeof answered === 'boolean' ? answered : null,
		billedSeconds: typeof billedSeconds === 'number' ? billedSeconds : null,
		cost: typeof amount === 'number' ? { amount, currency: text(currency) } : null,
	};
}

function parsed(data: unknown): unknown {
	try {
		return JSON.parse(text(data));
	} catch {
		return null;
	}
}

function fieldsOf(value: unknown): Fields {
	return typeof value === 'object' && value !== null ? { ...value } : {};
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
