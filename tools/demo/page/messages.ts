// What the page and the flow send each other over the WebSocket.

/** What the page asks for. `order` names it in the answers. */
export type Order =
	/** A call with a code that the page has made: the call tracker. */
	| {
			readonly kind: 'call';
			readonly order: string;
			readonly provider: string;
			readonly phoneNumber: string;
			readonly code: string;
	  }
	/** A call with a code that the page does not know: the sign-up. */
	| {
			readonly kind: 'start';
			readonly order: string;
			readonly provider: string;
			readonly phoneNumber: string;
	  }
	/** Whether that is the code that was read out. */
	| {
			readonly kind: 'check';
			readonly order: string;
			readonly provider: string;
			readonly verification: string;
			readonly code: string;
	  };

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
	/** What the check takes; '' where there is none. */
	readonly verification: string;
}

/** Why an order could not be carried out. */
export interface Failure {
	readonly code: string;
	readonly message: string;
	/** What to do now; '' where nothing can be said. */
	readonly remedy: string;
	/** What the check takes where a phone may ring all the same; '' where there is none. */
	readonly verification: string;
	readonly callMayHaveBeenPlaced: boolean;
}

/** What *Check OTP Code* says. */
export interface Checked {
	readonly valid: boolean;
	readonly reason: string | null;
	readonly attemptsLeft: number | null;
	readonly phoneNumber: string;
}

/**
 * What the flow answers an order with: its call, each time that it has changed, what the voice says on the
 * phone, what a check has found, or a failure.
 */
export type Answer = { readonly order: string } & (
	| { readonly is: 'call'; readonly call: Call }
	| { readonly is: 'voice'; readonly code: string }
	| { readonly is: 'checked'; readonly checked: Checked }
	| { readonly is: 'failure'; readonly failure: Failure }
);

/** Reads a message of the flow; null: nothing that the page knows. */
export function readAnswer(data: unknown): Answer | null {
	const message = fieldsOf(parsed(data));
	const order = text(message['order']);
	if (message['error'] !== undefined) {
		return { is: 'failure', order, failure: readFailure(fieldsOf(message['error'])) };
	}
	if (message['voice'] !== undefined) return { is: 'voice', order, code: text(message['voice']) };
	if (message['checked'] !== undefined) {
		return { is: 'checked', order, checked: readChecked(fieldsOf(message['checked'])) };
	}
	if (message['call'] !== undefined) {
		return { is: 'call', order, call: readCall(fieldsOf(message['call'])) };
	}
	return null;
}

/** What a flow puts out, as a person reads it; null for what only this page's phone gets. */
export function legible(data: unknown): string | null {
	const message = fieldsOf(parsed(data));
	const shown = message['error'] ?? message['checked'] ?? message['call'];
	return shown === undefined ? null : JSON.stringify(shown, null, 2);
}

type Fields = Readonly<Record<string, unknown>>;

function readFailure(fields: Fields): Failure {
	return {
		code: text(fields['code']) || 'error',
		message: text(fields['message']),
		remedy: text(fields['remedy']),
		verification: text(fields['verification']),
		callMayHaveBeenPlaced: fields['callMayHaveBeenPlaced'] === true,
	};
}

function readChecked(fields: Fields): Checked {
	const { attemptsLeft, reason } = fields;
	return {
		valid: fields['valid'] === true,
		reason: typeof reason === 'string' ? reason : null,
		attemptsLeft: typeof attemptsLeft === 'number' ? attemptsLeft : null,
		phoneNumber: text(fields['phoneNumber']),
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
		verification: text(fields['verification']),
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
