import type { Node } from 'node-red';

import type { MarkStore } from '../../calls/codeCheck';
import { storeField } from '../forms/fields';
import { ContextStore } from './contextStore';

const readMark = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/**
 * Marks of tries and uses in a context store of Node-RED: a mark, and what it is needed until. They last as
 * long as the store does (`lastingOf` tells).
 * @param store the name of a context store as in Node-RED's settings; '' for the default one
 * @param now milliseconds since 1970
 */
export function markStoreOf(node: Node, store: unknown, now: () => number): MarkStore {
	const marks = new ContextStore(node, store, 'otpCallChecks', readMark, storeField);

	return {
		async claim(mark, until) {
			let isNew = false;
			await marks.change(mark, (known) => {
				isNew = known === null;
				return known ?? until;
			});
			await marks.tidy((neededUntil) => neededUntil > now());
			return isNew;
		},
	};
}
