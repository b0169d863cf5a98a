import { type AutocallCall, lastAttempt } from '../dialing/call';
import type { JsonObject } from '../json';
import type { Settings } from '../settings';
import { HOTLINE, callDetailRecord, durations } from './cdr';
import { localTime } from './localTime';
import type { EventName } from './registrations';

/** What an event about a call says: what is known at the time of the event. */
export function eventBody(
	call: AutocallCall,
	event: EventName,
	fields: Settings['eventFields'],
): JsonObject {
	return fields === 'sparse' ? sparseBody(call, event) : fullBody(call, event);
}

function fullBody(call: AutocallCall, event: EventName): JsonObject {
	const { startedAt, answeredAt, endedAt } = lastAttempt(call);
	const isOver = event === 'hangup' || event === 'cdr';
	return {
		...parties(call, event),
		...(isOver ? durations(call) : { duration: 0, billsec: 0 }),
		recording_url: '',
		application: 'autocall',
		ref_id: call.refId,
		status: event === 'cdr' ? callDetailRecord(call)['status'] : '',
		time_started: localTime(startedAt),
		time_answered: event === 'ringing' ? '' : localTime(answeredAt),
		time_ended: isOver ? localTime(endedAt) : '',
	};
}

function sparseBody(call: AutocallCall, event: EventName): JsonObject {
	return {
		...parties(call, event),
		...(event === 'hangup' ? durations(call) : {}),
		...(event === 'cdr' ? { recording_url: '', status: callDetailRecord(call)['status'] } : {}),
	};
}

function parties(call: AutocallCall, event: EventName): JsonObject {
	return {
		call_id: call.callId,
		sip_call_id: call.sipCallId,
		domain: 'simulator.example',
		direction: 'outbound',
		from_number: HOTLINE,
		to_number: call.phoneNumber,
		hotline: HOTLINE,
		state: event,
	};
}
