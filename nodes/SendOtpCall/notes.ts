import type { NodeExecutionHint } from 'n8n-workflow';

import type { Remembered } from './callMemory';

/** `0–2, 5` */
function inRanges(items: readonly number[]): string {
	const ranges: Array<{ first: number; last: number }> = [];
	for (const item of [...items].sort((a, b) => a - b)) {
		const range = ranges.at(-1);
		if (range !== undefined && range.last === item - 1) range.last = item;
		else ranges.push({ first: item, last: item });
	}
	return ranges
		.map(({ first, last }) => (first === last ? String(first) : `${first}–${last}`))
		.join(', ');
}

const named = (items: readonly number[]): string =>
	`${items.length === 1 ? 'item' : 'items'} ${inRanges(items)}`;

/**
 * What a user has to know before the workflow is run again: who has been called. Undefined when the
 * item that failed is the only one: its error says that already.
 */
export function placedNote(
	remembered: ReadonlyArray<{ readonly item: number; readonly is: Remembered['is'] }>,
	all: number,
): string | undefined {
	if (all === 1) return undefined;
	const of = (is: Remembered['is']) =>
		remembered.filter((known) => known.is === is).map(({ item }) => item);
	const placed = of('placed');
	const unknown = of('unknown');
	if (placed.length + unknown.length === 0) return 'No call was placed for any item';
	const parts = [
		...(placed.length === 0 ? [] : [`Calls were placed for ${named(placed)} of ${all}`]),
		...(unknown.length === 0 ? [] : [`Calls may have been placed for ${named(unknown)}`]),
		'Retry On Fail does not place them again, a new execution does',
	];
	return parts.join('. ');
}

/** Shown above the output. */
export function reusedHint(calls: number): NodeExecutionHint {
	const which = calls === 1 ? 'One call had' : `${calls} calls had`;
	return {
		message: `${which} been placed by an earlier try of this execution and ${calls === 1 ? 'was' : 'were'} not placed again`,
		type: 'info',
		location: 'outputPane',
	};
}
