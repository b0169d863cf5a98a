import { queued } from '../call';
import type { Call, CallState } from '../call';

/** The calls of the sandbox: a call ID tells all of them. */

/** Milliseconds from the send to the first ring, to the answer and to the end. */
const rings = 1_000;
const picksUp = 3_000;
const hangsUp = 6_000;

const over = (
	status: CallState['status'],
	reason: CallState['reason'] = null,
	answered = false,
): CallState => ({ status, reason, final: true, answered });

const answeredCall = over('completed', null, true);

/** By the last two digits of the number. */
const endings: ReadonlyMap<string, CallState> = new Map([
	['01', over('busy')],
	['02', over('no-answer')],
	['03', over('busy', 'declined')],
	['04', over('no-answer', 'unreachable')],
	['05', over('completed', 'machine')],
	['06', over('failed', 'provider-error')],
]);

/** What the IDs of sandbox calls look like: the number, the time of the send in base 36, and a nonce. */
export const callIdPattern = /^sandbox-(\d{9,15})-([0-9a-z]{8,9})-([0-9A-Za-z]{1,64})$/;

export const lastTwo = (phoneNumber: string): string => phoneNumber.slice(-2);

const at = (time: number): string => new Date(time).toISOString();

/** Whether someone, or a machine, takes the call. */
const isPickedUp = (ending: CallState): boolean => ending.status === 'completed';

const stateAfter = (elapsed: number, ending: CallState): CallState => {
	if (elapsed < rings) return queued;
	if (elapsed < picksUp) return { status: 'ringing', reason: null, final: false, answered: null };
	if (!isPickedUp(ending) || elapsed >= hangsUp) return ending;
	return { status: 'in-progress', reason: null, final: false, answered: ending.answered };
};

/** The call as it is at a time; null: the ID is none of the sandbox. */
export const callAt = (callId: string, now: number): Call | null => {
	const [, digits = '', start = ''] = callIdPattern.exec(callId) ?? [];
	const requestedAt = Number.parseInt(start, 36);
	if (digits === '' || !Number.isSafeInteger(requestedAt)) return null;
	const ending = endings.get(lastTwo(digits)) ?? answeredCall;
	const state = stateAfter(now - requestedAt, ending);
	const pickedUp = isPickedUp(ending) && now - requestedAt >= picksUp;
	const endsAfter = isPickedUp(ending) ? hangsUp : picksUp;
	const billed = isPickedUp(ending) ? (hangsUp - picksUp) / 1000 : 0;
	return {
		provider: 'sandbox',
		callId,
		phoneNumber: `+${digits}`,
		...state,
		requestedAt: at(requestedAt),
		answeredAt: pickedUp ? at(requestedAt + picksUp) : null,
		endedAt: state.final ? at(requestedAt + endsAfter) : null,
		durationSeconds: state.final ? (endsAfter - rings) / 1000 : null,
		billedSeconds: state.final ? billed : null,
		cost: null,
	};
};

/** The call when it is over. */
export const endedCall = (callId: string): Call | null => callAt(callId, Number.MAX_SAFE_INTEGER);
