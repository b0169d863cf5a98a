import { stageAt } from '../../dialing/attempts';
import { type Call, lastAttempt } from '../../dialing/ledger';
import type { JsonObject } from '../../json';

/** đồng, as in the sample of the page "Get SMS by SMSID". */
const PRICE = 850;

/** What eSMS says of a call at `now` (epoch milliseconds): sent or failed, and nothing of who took it. */
export function esmsReport(call: Call, now: number): JsonObject {
	const isOver = stageAt(call.attempts, now) === 'ended';
	const { answeredAt } = lastAttempt(call);
	const succeeded = isOver && answeredAt !== null ? 1 : 0;
	return {
		SMSID: call.callId,
		SendFailed: isOver ? 1 - succeeded : 0,
		SendStatus: isOver ? 5 : 2,
		SendSuccess: succeeded,
		TotalPrice: succeeded * PRICE,
		TotalReceiver: 1,
		TotalSent: isOver ? 1 : 0,
		...(isOver ? call.recordFields : {}),
	};
}
