import { invalidInput } from '../../calls/failures';
import { invalid, isInvalid, readCount } from '../../providers/reading/values';

const concurrencyField = { field: 'concurrency', label: 'Concurrency' };
const usualConcurrency = 10;
const mostConcurrency = 100;

/** How many items are worked on at a time. @throws OtpCallError `invalid-input` */
export function readConcurrency(value: unknown): number {
	const count = readCount(value, concurrencyField, 1) ?? usualConcurrency;
	if (isInvalid(count)) throw invalidInput(count);
	if (count <= mostConcurrency) return count;
	throw invalidInput(
		invalid(
			concurrencyField,
			`must be ${mostConcurrency} or less`,
			`Set Concurrency to ${usualConcurrency}, or to what your provider allows`,
		),
	);
}
