import { type Call, lastAttempt } from '../../dialing/ledger';
import type { Outcome } from '../../dialing/plans';
import type { JsonObject } from '../../json';

/** A call that Autocall was asked for. */
export interface AutocallCall extends Call {
	readonly sipCallId: string;
	readonly leadUuid: string;
	/** '' when the caller sent none. */
	readonly refId: string;
	readonly campaignUuid: string;
	readonly template: string;
}

/** The number that every simulated call comes from, as in the provider's sample. */
export const HOTLINE = '02873003586';

interface HangUp {
	readonly status: string;
	/** A FreeSWITCH hangup cause. */
	readonly cause: string;
	readonly sip_hangup_disposition: string;
}

const HANG_UP_OF: Readonly<Record<Outcome, HangUp>> = {
	answered: hangUp('answered', 'NORMAL_CLEARING', 'recv_bye'),
	machine: hangUp('voicemail', 'NORMAL_CLEARING', 'send_bye'),
	busy: hangUp('busy', 'USER_BUSY', ''),
	// As in the provider's sample of a call that rang for 20 s before it was refused.
	declined: hangUp('busy', 'USER_BUSY', 'recv_refuse'),
	'no-answer': hangUp('no-answered', 'NO_ANSWER', 'send_cancel'),
	unreachable: hangUp('not-available', 'SUBSCRIBER_ABSENT', 'recv_refuse'),
	failed: hangUp('failed', 'NORMAL_TEMPORARY_FAILURE', ''),
};

function hangUp(status: string, cause: string, sip_hangup_disposition: string): HangUp {
	return { status, cause, sip_hangup_disposition };
}

/** Whether there is a CDR at `now` (epoch milliseconds): the call has ended, and the record's delay passed. */
export function isWritten(call: AutocallCall, now: number): boolean {
	return now >= call.recordAt;
}

/** The CDR of a call that has ended: every field of the provider's sample, the code in clear. */
export function callDetailRecord(call: AutocallCall): JsonObject {
	const attempt = lastAttempt(call);
	const { status, cause, sip_hangup_disposition } = HANG_UP_OF[attempt.outcome];
	return {
		id: call.callId,
		parent_id: call.callId,
		sip_call_id: call.sipCallId,
		cause,
		...durations(call),
		direction: 'outbound',
		recording_url: '',
		extension: '',
		from_number: HOTLINE,
		to_number: call.phoneNumber,
		receive_dest: '',
		time_started: localTime(attempt.startedAt),
		time_answered: localTime(attempt.answeredAt),
		time_ended: localTime(attempt.endedAt),
		time_ringging: localTime(attempt.ringingAt),
		status,
		app: 'autocall',
		press_key: '{}',
		fullname: '',
		email: '',
		username: '',
		sip_hangup_disposition,
		campaign_uuid: call.campaignUuid,
		lead_uuid: call.leadUuid,
		rate: '',
		digits: '',
		note: '',
		customer_fullname: '',
		customer_email: '',
		demand_customer: '',
		interest_segment: '',
		additional: {
			campaign_uuid: call.campaignUuid,
			code_otp: call.code,
			phone_number: call.phoneNumber,
			ref_id: call.refId,
			template: call.template,
		},
		autocall_presskey_epoch: '',
		time_presskey: '',
		presskey_delay: 0,
		autocall_recording_url: '',
		...call.recordFields,
	};
}

/** Whole seconds: `duration` from the dialer's start, `billsec` from the answer. */
export function durations(call: AutocallCall): { duration: number; billsec: number } {
	const { startedAt, answeredAt, endedAt } = lastAttempt(call);
	return {
		duration: wholeSeconds(startedAt, endedAt),
		billsec: answeredAt === null ? 0 : wholeSeconds(answeredAt, endedAt),
	};
}

function wholeSeconds(from: number, to: number): number {
	return Math.round((to - from) / 1000);
}

const UTC_OFFSET_MS = 7 * 60 * 60 * 1000;

/** `2023-03-07 10:06:53`: Vietnamese time without a zone; '' for null. `time`: epoch milliseconds. */
export function localTime(time: number | null): string {
	if (time === null) return '';
	return new Date(time + UTC_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

const DATE_AND_TIME = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2}))?$/;

/**
 * Reads `2023-03-07 10:06:53`, or a date alone, which stands for its first second; undefined when it is
 * neither. Returns epoch milliseconds.
 */
export function parseLocalTime(text: string): number | undefined {
	const [, date, time] = DATE_AND_TIME.exec(text) ?? [];
	if (date === undefined) return undefined;
	const utc = Date.parse(`${date}T${time ?? '00:00:00'}Z`);
	return Number.isNaN(utc) ? undefined : utc - UTC_OFFSET_MS;
}
