import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { outputOf } from '../../calls/output';
import { whileKept } from '../../calls/keeping';
import type { CallContext } from '../../calls/context';
import { waitUntilEnded } from '../../calls/wait';
import { checkProvider } from '../../calls/input';
import { withoutCode } from '../../calls/report';
import type { CallReport } from '../../calls/report';
import { withAtMost } from '../../calls/turns';
import { connect } from '../http/connection';
import { isTool } from '../items/items';
import type { ReadyNode } from '../items/items';
import { callMemory } from './callMemory';
import { ordersOf, readNodeOptions } from './orders';
import type { Following, Order } from './orders';
import { CallPlacing } from './placing';
import type { PlacedCall, PreparedOrder } from './placing';
import { placedNote, reusedHint } from './notes';
import { park, shortestPark, usualPark } from './parking';

const resultOf = (
	report: CallReport,
	{ generatedCode, isAlreadyPlaced, verification }: PlacedCall,
	{ simplify }: Order,
	forTool: boolean,
): IDataObject[] => [
	outputOf(report, {
		simplify,
		// What a tool puts out, a model reads.
		generatedCode: forTool ? undefined : generatedCode,
		alreadyPlaced: isAlreadyPlaced,
		verification,
	}),
];

/** Follows a placed call to its end. @throws OtpCallError */
async function followToEnd(
	context: CallContext,
	{ code, isAlreadyPlaced, isFromEarlierTry, mayRetry, memory, report }: PlacedCall,
	following: Following,
): Promise<CallReport> {
	const ended = await waitUntilEnded(context, report.call.callId, {
		...following,
		mayRetry,
		sent: memory.sent,
		firstLookAfter: isFromEarlierTry || isAlreadyPlaced ? 0 : context.provider.firstResultAfter,
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
	const provider = checkProvider(functions.getNodeParameter('provider', 0));
	const { concurrency, timeout } = readNodeOptions(functions);
	const { context: unlimited, defaults } = await connect(functions, provider, timeout);
	const context = { ...unlimited, transport: withAtMost(concurrency, unlimited.transport) };
	const memory = callMemory(functions);
	const placing = new CallPlacing(functions, context, memory);
	const orderOf = ordersOf(functions, provider, defaults, context.lastingSecret);
	const forTool = isTool(functions);
	/** Orders that have been checked before the first call, by item. */
	const checked = new Map<number, PreparedOrder>();
	/** Whom the items call, as far as their numbers can be called. */
	const recipients = new Map<number, string>();
	const prepare = (item: number): PreparedOrder => {
		const ready = placing.prepare(orderOf(item));
		recipients.set(item, ready.prepared.phoneNumber);
		return ready;
	};
	let reused = 0;
	/** How long the execution is to be parked; null: it is not. */
	let parkFor: number | null = null;

	return {
		concurrency,
		about(item) {
			const phoneNumber = recipients.get(item);
			return phoneNumber === undefined ? {} : { phoneNumber };
		},
		async check(item) {
			const ready = prepare(item);
			await placing.check(item, ready);
			checked.set(item, ready);
		},
		async begin(item, ending) {
			const ready = checked.get(item) ?? prepare(item);
			checked.delete(item);
			const { order } = ready;
			const placed = await placing.place(item, ready);
			if (placed.isFromEarlierTry) reused += 1;
			const { report } = placed;
			// No event comes of a test call.
			const isParked = order.isParked && report.call.test !== true;
			if (isParked && !report.call.final && !placed.isAlreadyPlaced) {
				parkFor = Math.max(order.following?.waitTimeout ?? usualPark, shortestPark);
				return { result: resultOf(report, placed, order, forTool) };
			}
			if (order.following === null || (report.call.final && !report.unsettled)) {
				return { result: resultOf(report, placed, order, forTool) };
			}
			const { following } = order;
			const follow = async () => {
				const ended = await whileKept(placed.verification, () =>
					followToEnd({ ...context, signal: ending }, placed, following),
				);
				memory.remember(item, { ...placed.memory, is: 'placed', report: ended });
				return resultOf(ended, placed, order, forTool);
			};
			return { waiting: follow() };
		},
		noteOnStop: (items) => placedNote(memory.items(), items),
		placedSoFar: () =>
			memory.items().flatMap(({ callId, item }) => (callId === null ? [] : [{ item, callId }])),
		async allDone(outputs) {
			if (reused > 0) functions.addExecutionHints(reusedHint(reused));
			memory.forgetAll();
			const [known] = outputs[0] ?? [];
			if (parkFor === null || known === undefined) return outputs;
			return await park(functions, known.json, parkFor);
		},
	};
}
