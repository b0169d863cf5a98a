import type { IExecuteFunctions } from 'n8n-workflow';

import type { MarkStore } from '../../calls/codeCheck';
import { OtpCallError } from '../../calls/errors';
import { SeenValues } from './seenValues';

const notCounted = (why: string): OtpCallError =>
	new OtpCallError({
		kind: 'unreachable',
		message: `The code was not compared, because n8n cannot count its tries: ${why}`,
		remedy: 'Save the workflow, and check that n8n can write to its database',
		callMayHaveBeenPlaced: false,
	});

/**
 * The tries of codes in n8n's own store of the workflow, which has no lock over workers: of two that
 * claim the same try in the same instant both may be told that it is theirs.
 */
export function markStoreOf(functions: IExecuteFunctions): MarkStore {
	const seen = new SeenValues(functions, notCounted);
	return {
		claim: (mark) => seen.inTurn([mark], async (values) => (await values.record([mark])).has(mark)),
	};
}
