import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { outputOf } from '../../calls/output';
import type { CallContext } from '../../calls/context';
import { waitUntilEnded } from '../../calls/wait';
import { checkProvider } from '../../calls/input';
import { withoutCode } from '../../calls/report';
import type { CallReport } from '../../calls/report';
import { withAtMost } from '../../calls/turns';
import { providerProperty } from '../forms/options';
import { connect } from '../http/connection';
import type { ReadyNode } from '../items/items';
import { callMemory } from './callMemory';
import { ordersOf, readNodeOptions } from './orders';
import type { Following, Order } from './orders';
import { CallPlacing } from './placing';
import type { PlacedCall } from './placing';
import { placedNote, reusedHint } from './notes';

const resultOf = (report: CallReport, placed: PlacedCall, { simplify }: Order): IDataObject[] => [
	outputOf(report, { simplify, generatedCode: placed.generatedCode }),
];

/** Follows a placed call to its end. @throws OtpCallError */
async function followToEnd(
	context: CallContext,
	{ code, isFromEarlierTry, mayRetry, report, sent }: PlacedCall,
	following: Following,
): Promise<CallReport> {
	const ended = await waitUntilEnded(context, report.call.callId, {
		...following,
		mayRetry,
		sent,
		firstLookAfter: isFromEarlierTry ? 0 : context.provider.firstResultAfter,
		known: report,
	});
	const { phoneNumber, requestedAt } = report.call;
	return {
		...withoutCode(ended, code),
		// A record may show the number masked, and not say when the call was asked for.
		call: { ...ended.call, phoneNumber, requestedAt: ended.call.requestedAt ?? requestedAt },
	};
}

/** Makes everything ready to place the calls of all items. @throws OtpCallError */
export async function prepareSending(functions: IExecuteFunctions): Promise<ReadyNode> {
	const provider = checkProvider(
		functions.getNodeParameter('provider', 0, providerProperty.default),
	);
	const { concurrency, timeout } = readNodeOptions(functions);
	const { context: unlimited, defaults } = await connect(functions, provider, timeout);
	const context = { ...unlimited, transport: withAtMost(concurrency, unlimited.transport) };
	const memory = callMemory(functions);
	const placing = new CallPlacing(functions, context, memory);
	const orderOf = ordersOf(functions, provider, defaults);
	let reused = 0;

	return {
		concurrency,
		async begin(item, ending) {
			const order = orderOf(item);
			const placed = await placing.place(item, order);
			if (placed.isFromEarlierTry) reused += 1;
			const { report } = placed;
			if (order.following === null || (report.call.final && !report.unsettled)) {
				return { result: resultOf(report, placed, order) };
			}
			const { following } = order;
			const follow = async () => {
				const ended = await followToEnd({ ...context, signal: ending }, placed, following);
				const { generatedCode, recipient, sent } = placed;
				memory.remember(item, { is: 'placed', recipient, sent, report: ended, generatedCode });
				return resultOf(ended, placed, order);
			};
			return { waiting: follow() };
		},
		noteOnStop: (outcomes) => placedNote(memory.items(), outcomes.length),
		allDone() {
			if (reused > 0) functions.addExecutionHints(reusedHint(reused));
			memory.forgetAll();
		},
	};
}
