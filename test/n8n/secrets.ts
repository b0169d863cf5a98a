import type { NodeRun } from './engine';

/** Everything that a run leaves behind, but for what the test itself put in. */
export function leftBehind({ run }: NodeRun): string {
	const { runData, error } = run.data.resultData;
	const { Start: _start, ...others } = runData;
	return JSON.stringify([others, error, error?.message, run.data.executionData?.contextData]);
}

/** The secret stands in the execution data only where the workflow itself has put it. */
export const isOnlyInInput = (run: NodeRun, secret: string): boolean =>
	!leftBehind(run).includes(secret);
