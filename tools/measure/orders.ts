import { numberFrom, simulatedAccounts } from '../../test/fixtures/simulatedAccounts';

/** A call that a measured flow is asked to place. */
export interface Order {
	/** The name of the provider. */
	readonly provider: string;
	/** National form; no other order of a run has it. */
	readonly phoneNumber: string;
	readonly code: string;
}

const ANSWERED_NUMBERS = 1_000_000;
/** For each provider; the digit before them is the provider's. */
const MIXED_NUMBERS = 1_000_000;

/**
 * `count` orders from number `first` on, all for Bitel, and all answered: in the simulator the endings
 * 01 to 09 of a number stand for calls that fail, and no number here has one of them.
 */
export function answeredOrders(first: number, count: number): readonly Order[] {
	if (first + count > ANSWERED_NUMBERS) throw new RangeError('There are no more numbers');
	return Array.from({ length: count }, (_, index) => {
		const n = first + index;
		const tens = String(Math.floor(n / 10)).padStart(5, '0');
		return {
			provider: 'bitel',
			phoneNumber: `0912${tens}1${String(n % 10)}`,
			code: codeOf(n),
		};
	});
}

/**
 * Order number `n`, from 0. The providers take turns; every ending of a number comes up at each of them,
 * and with it every way in which a call can end.
 */
export function mixedOrder(n: number): Order {
	const count = simulatedAccounts.length;
	const turn = n % count;
	const index = Math.floor(n / count);
	const simulated = simulatedAccounts[turn];
	if (simulated === undefined || index >= MIXED_NUMBERS) {
		throw new RangeError('There are no more numbers');
	}
	const { provider } = simulated;
	const phoneNumber = numberFrom(provider, turn * MIXED_NUMBERS + index);
	return { provider: provider.name, phoneNumber, code: codeOf(n) };
}

function codeOf(n: number): string {
	return String(10_000 + (n % 90_000));
}
