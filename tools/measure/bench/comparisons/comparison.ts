import type { Circumstances, Trial } from '../measuring/trial';

/** A figure of a trial. */
export type Figure = keyof Trial;

/** One side of a comparison. */
export interface Side {
	/** The case's name in `cases/`. */
	readonly caseName: string;
	/** How a reader calls it. */
	readonly label: string;
}

/** Cases that are measured side by side under the same circumstances. */
export interface Comparison {
	/** For the command line. */
	readonly name: string;
	readonly title: string;
	/** The first one is ours. */
	readonly sides: readonly [Side, ...Side[]];
	readonly circumstances: Circumstances;
	/** What is shown, in this order. */
	readonly figures: readonly Figure[];
	readonly aims: readonly Aim[];
}

/** What our side is to reach, by itself or as a multiple of what another side has. */
export interface Aim {
	readonly figure: Figure;
	/** The other side's case; undefined for a bound of its own. */
	readonly beside?: string;
	readonly atLeast?: number;
	readonly atMost?: number;
}

/** What was measured for an aim: our figure, or how many times the other side's it is. */
export function measuredFor(
	aim: Aim,
	ours: Trial,
	others: ReadonlyMap<string, Trial>,
): number | undefined {
	if (aim.beside === undefined) return ours[aim.figure];
	const other = others.get(aim.beside);
	return other === undefined ? undefined : ours[aim.figure] / other[aim.figure];
}

/** Whether the aim is reached. */
export function isReached({ atLeast = -Infinity, atMost = Infinity }: Aim, value: number): boolean {
	return value >= atLeast && value <= atMost;
}
