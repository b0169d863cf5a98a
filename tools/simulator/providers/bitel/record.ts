import { attemptAt, stageAt } from '../../dialing/attempts';
import { type Call, lastAttempt } from '../../dialing/ledger';
import type { Outcome } from '../../dialing/plans';
import type { JsonObject } from '../../json';

interface BitelStatus {
	readonly status: string;
	readonly statusCode: number;
}

const WAITING: BitelStatus = { status: 'WAITING', statusCode: 0 };
const NORMAL: BitelStatus = { status: 'NORMAL', statusCode: 1 };
const NO_ANSWER: BitelStatus = { status: 'NO_ANSWER', statusCode: 2 };
const USER_BUSY: BitelStatus = { status: 'USER_BUSY', statusCode: 3 };
const ERROR: BitelStatus = { status: 'ERROR', statusCode: 11 };

// Bitel has no word for a machine that answered, nor for a call that was declined.
const STATUS_OF: Readonly<Record<Outcome, BitelStatus>> = {
	answered: NORMAL,
	machine: NORMAL,
	busy: USER_BUSY,
	declined: USER_BUSY,
	'no-answer': NO_ANSWER,
	unreachable: NO_ANSWER,
	failed: ERROR,
};

/** Toman, as in the sample of Bitel's status page. */
const PRICE_OF_AN_ANSWERED_CALL = -34.2;

/**
 * The record of a call at `now` (epoch milliseconds), as the send answer and a look-up show it.
 * `showsRetries`: whether the result of a try shows until the next one.
 */
export function bitelRecord(call: Call, now: number, showsRetries: boolean): JsonObject {
	const stage = stageAt(call.attempts, now);
	const isEnded = stage === 'ended';
	const showsOutcome = isEnded || (stage === 'retrying' && showsRetries);
	const attempt = attemptAt(call.attempts, now);
	const billSec = isEnded ? billedSeconds(call) : 0;
	const first = call.attempts[0];
	return {
		id: call.callId,
		phoneNumber: call.phoneNumber,
		...(showsOutcome && attempt !== undefined ? STATUS_OF[attempt.outcome] : WAITING),
		billSec,
		requestDate: epochSeconds(call.placedAt),
		executionDate: attempt === undefined || first === undefined ? 0 : epochSeconds(first.startedAt),
		price: billSec > 0 ? PRICE_OF_AN_ANSWERED_CALL : 0,
		...(isEnded ? call.recordFields : {}),
	};
}

/** Whole seconds from the answer to the end; 0 for a call that was not answered. */
function billedSeconds(call: Call): number {
	const { answeredAt, endedAt } = lastAttempt(call);
	return answeredAt === null ? 0 : Math.ceil((endedAt - answeredAt) / 1000);
}

function epochSeconds(time: number): number {
	return Math.floor(time / 1000);
}

/** What the webhook of a Bitel project says of a request that has finished. */
export function finishedRequest(record: JsonObject, cause: 'name' | 'number'): JsonObject {
	return {
		requestId: record['id'],
		campaignId: '',
		balanceSubtracted: Math.abs(Number(record['price'])),
		cause: cause === 'name' ? record['status'] : record['statusCode'],
		billSec: record['billSec'],
		number: record['phoneNumber'],
		requestDate: record['requestDate'],
	};
}
