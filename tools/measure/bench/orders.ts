/** A call that a measured flow is asked to place. */
export interface Order {
	/** National form, unique within a run. */
	readonly phoneNumber: string;
	readonly code: string;
}

const NUMBERS = 1_000_000;

/**
 * `count` orders from number `first` on. No number ends in 01 to 09: in the simulator those endings
 * stand for calls that fail, and a measured call is to be answered.
 */
export function ordersFrom(first: number, count: number): Order[] {
	if (first + count > NUMBERS) throw new RangeError(`There are only ${NUMBERS} numbers`);
	return Array.from({ length: count }, (_, n) => ({
		phoneNumber: phoneNumberOf(first + n),
		code: String(10_000 + ((first + n) % 90_000)),
	}));
}

function phoneNumberOf(index: number): string {
	const tens = String(Math.floor(index / 10)).padStart(5, '0');
	return `0912${tens}1${String(index % 10)}`;
}

export function isOrders(value: unknown): value is readonly Order[] {
	return Array.isArray(value) && value.every(isOrder);
}

function isOrder(value: unknown): value is Order {
	return (
		typeof value === 'object' &&
		value !== null &&
		'phoneNumber' in value &&
		typeof value.phoneNumber === 'string' &&
		'code' in value &&
		typeof value.code === 'string'
	);
}
