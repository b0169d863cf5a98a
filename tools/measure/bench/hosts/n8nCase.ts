import type { RunningCase } from '../measuring/measuredCase';
import type { Order } from '../orders';
import { type Flow, openFlow } from './n8n';

/**
 * Runs a workflow on n8n's engine: one execution for all orders, or one for each at the same time.
 * @param resultOutput the output of the last node whose items are the results
 */
export async function runInN8n(
	flow: Flow,
	resultOutput: number,
	executions: 'one for all' | 'one for each',
): Promise<RunningCase> {
	const run = await openFlow(flow);
	const place = async (
		orders: readonly Order[],
		onResult: (phoneNumber: string) => void,
	): Promise<void> => {
		const outputs = await run(orders.map((order) => ({ ...order })));
		for (const { json } of outputs[resultOutput] ?? []) onResult(calledNumber(json));
	};
	return {
		place: async (orders, onResult) => {
			if (executions === 'one for all') return place(orders, onResult);
			await Promise.all(orders.map((order) => place([order], onResult)));
		},
		close: async () => undefined,
	};
}

/** The number called in national form, from our output or from the provider's own answer. */
function calledNumber(json: unknown): string {
	if (typeof json !== 'object' || json === null) return '';
	if ('phoneNumber' in json) return String(json.phoneNumber).replace(/^\+98/, '0');
	return 'result' in json ? calledNumber(json.result) : '';
}
