import { queued, unmapped } from '../call';
import type { CallReason, CallState, CallStatus } from '../call';

const over = (
	status: CallStatus,
	reason: CallReason | null = null,
	answered = false,
): CallState => ({ status, reason, final: true, answered });

const meanings: ReadonlyMap<string, CallState> = new Map([
	['answered', over('completed', null, true)],
	['busy', over('busy')],
	['busy-line', over('busy')],
	['no-answered', over('no-answer')],
	['no-answer', over('no-answer')],
	['not-available', over('no-answer', 'unreachable')],
	['cancel', over('canceled')],
	['canceled', over('canceled')],
	// A machine took the call; nothing proves that the person heard the code.
	['voicemail', over('completed', 'machine')],
	['invalid-number', over('failed', 'invalid-number')],
	['invalid', over('failed', 'invalid-number')],
	['phone-block', over('failed', 'subscriber-blocked')],
	// Their documents explain it as: the carrier has blocked the calling number.
	['congestion', over('failed', 'caller-id-blocked')],
	['failed', over('failed', 'provider-error')],
	['fail', over('failed', 'provider-error')],
	['new', queued],
	['queue', queued],
	['', queued],
]);

/** How the call was hung up, which tells a declined call from a busy line. */
export interface Hangup {
	/** `sip_hangup_disposition`, such as `recv_refuse`. */
	readonly disposition: string | null;
	/** FreeSWITCH's hangup cause, such as `CALL_REJECTED`. It never proves success by itself. */
	readonly cause: string | null;
}

/** What the status word of a CDR or of a lead means. */
export function stateOf(word: string | null, hangup: Hangup): CallState {
	const meaning = meanings.get((word ?? '').toLowerCase().replaceAll('_', '-')) ?? unmapped;
	const declined =
		hangup.disposition?.toLowerCase() === 'recv_refuse' ||
		hangup.cause?.toUpperCase() === 'CALL_REJECTED';
	return meaning.status === 'busy' && declined ? { ...meaning, reason: 'declined' } : meaning;
}

/** What the `state` of an event means while the call goes on. */
export const liveStates: ReadonlyMap<string, CallState> = new Map<string, CallState>([
	['ringing', { status: 'ringing', reason: null, final: false, answered: null }],
	['answered', { status: 'in-progress', reason: null, final: false, answered: true }],
]);
