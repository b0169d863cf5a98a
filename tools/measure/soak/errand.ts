/** A call that the traffic asks for: a number that no other errand has. */
export interface Errand {
	readonly provider: 'bitel' | 'autocall';
	/** National form. */
	readonly phoneNumber: string;
	readonly code: string;
}

const NUMBERS = 10_000_000;

/**
 * Errand number `n`, from 0. Bitel's and Autocall's take turns; every ending of a number comes up, and
 * with it every way in which a call can end.
 */
export function errandOf(n: number): Errand {
	if (n >= NUMBERS) throw new RangeError('There are no more numbers');
	const digits = String(n).padStart(7, '0');
	const code = String(10_000 + (n % 90_000));
	return n % 2 === 0
		? { provider: 'bitel', phoneNumber: `0912${digits}`, code }
		: { provider: 'autocall', phoneNumber: `033${digits}`, code };
}

/** How an errand ended: the flow put a call out, or an error. */
export type Ending =
	| { readonly is: 'call' }
	| { readonly is: 'error'; readonly kind: string; readonly callMayHaveBeenPlaced: boolean };

/** An error as both hosts put it out for flows to branch on. */
export function readEnding(details: unknown): Ending {
	if (typeof details !== 'object' || details === null || !('callMayHaveBeenPlaced' in details)) {
		return { is: 'error', kind: 'unknown', callMayHaveBeenPlaced: true };
	}
	const kind = 'kind' in details ? details.kind : 'code' in details ? details.code : '';
	return {
		is: 'error',
		kind: String(kind),
		callMayHaveBeenPlaced: details.callMayHaveBeenPlaced !== false,
	};
}
