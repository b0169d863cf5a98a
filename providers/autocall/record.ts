import type { Call, CallIdentity, CallState } from '../call';
import type { HttpAnswer, Problem, Reading } from '../contract';
import {
	field,
	isJsonObject,
	isMarkup,
	jsonOf,
	parseJson,
	secondsField,
	textField,
} from '../reading/json';
import type { JsonObject, JsonValue } from '../reading/json';
import { readProviderNumber, vietnam } from '../reading/phoneNumber';
import { stateOf } from './states';

/** The name of this provider in flows and outputs. */
export const name = 'autocall';

/** Databases write years before 1970 for "no time"; `Date.parse` takes the 30th of February for March. */
const isDate = (text: string): boolean => {
	const time = Date.parse(`${text}T00:00:00Z`);
	return time > 0 && new Date(time).toISOString().startsWith(text);
};

/** `2023-03-07 10:06:53` has no zone; beside zoned fields of the same API it is UTC+7. */
function readTime(text: string | null): string | null {
	const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(
		text ?? '',
	);
	if (!parts || !isDate(parts[1] ?? '')) return null;
	const offset = (parts[3] ?? '+07:00').replace(/(\d{2}):?(\d{2})$/, '$1:$2');
	const time = `${parts[1]}T${parts[2]}${offset}`;
	return Number.isNaN(Date.parse(time)) ? null : time;
}

/** The echo of the request; in a form it is JSON text, or its fields are in brackets. */
const referenceOf = (record: JsonObject): string | null => {
	const echo = field(record, 'additional');
	const additional = typeof echo === 'string' ? parseJson(echo) : echo;
	return (
		(isJsonObject(additional) ? textField(additional, 'ref_id') : null) ??
		textField(record, 'additional[ref_id]') ??
		textField(record, 'ref_id')
	);
};

/** The keys under which records, and the answers to sends, name a call beside its reference. */
const idKeys = ['id', 'call_id', 'sip_call_id'];

/** Whose a CDR, or the answer to a send, says that it is. */
export function identityOf(record: JsonObject): CallIdentity {
	const recordIds = idKeys.map((key) => textField(record, key)).filter((id) => id !== null);
	const phoneNumber = readProviderNumber(textField(record, 'to_number'), vietnam);
	return {
		phoneNumber: phoneNumber === '' ? null : phoneNumber,
		reference: referenceOf(record),
		recordIds,
	};
}

/**
 * One CDR (call detail record) as a call.
 * @param callId the reference under which it was asked for; null: the one in the record
 * @returns null when the record has neither a status nor an identity
 */
export function readCdr(record: JsonObject, callId: string | null = null): Call | null {
	const id = callId ?? referenceOf(record) ?? textField(record, 'id');
	const word = field(record, 'status');
	if (id === null || typeof word !== 'string') return null;
	const state = stateOf(word.trim(), {
		disposition: textField(record, 'sip_hangup_disposition'),
		cause: textField(record, 'cause'),
	});
	return callFrom(record, id, state);
}

/** The fields that a CDR and an event have in common. */
export function callFrom(record: JsonObject, callId: string, state: CallState): Call {
	return {
		provider: name,
		callId,
		phoneNumber: readProviderNumber(textField(record, 'to_number'), vietnam),
		...state,
		requestedAt: readTime(textField(record, 'time_started')),
		answeredAt: readTime(textField(record, 'time_answered')),
		endedAt: readTime(textField(record, 'time_ended')),
		durationSeconds: secondsField(record, 'duration'),
		billedSeconds: secondsField(record, 'billsec'),
		cost: null,
	};
}

const textIn = (value: JsonValue | undefined): string | null => {
	if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
	if (Array.isArray(value)) {
		const texts = value.map(textIn).filter((text) => text !== null);
		return texts.length > 0 ? texts.join('; ') : null;
	}
	if (!isJsonObject(value)) return null;
	const texts = Object.entries(value).flatMap(([key, entry]) => {
		const text = textIn(entry);
		if (text === null) return [];
		return [key === '(root)' ? text : `${key}: ${text}`];
	});
	return texts.length > 0 ? texts.join('; ') : null;
};

/** Success is announced in `message` too: it is a problem only beside no `error`. */
const errorText = (body: JsonValue | undefined): string | null => {
	if (!isJsonObject(body)) return null;
	const inner = field(body, 'data');
	return (
		textIn(field(body, 'error')) ??
		(isJsonObject(inner) ? textIn(field(inner, 'error')) : null) ??
		// "messsage" is how an older version of the API spells it.
		textField(body, 'message') ??
		textField(body, 'messsage')
	);
};

/** Reads every form of error body that the API is known to answer with. It has no error codes. */
export function readProblem(answer: HttpAnswer): Problem {
	return { code: null, text: errorText(jsonOf(answer)) };
}

/** Refusals of the asker: a "not found" in them is about the account. */
const saysNothingOfRecords: ReadonlySet<number> = new Set([401, 403, 429]);

const notFound = /^(record |cdr |log )?not[ _-]?found\.?$/i;

/** What is answered before the CDR is written is not documented: each of these has been seen to mean it. */
export function isNoRecord(answer: HttpAnswer): boolean {
	if (answer.status === 404) return !isMarkup(answer.text);
	if (saysNothingOfRecords.has(answer.status)) return false;
	const body = answer.text.trim() === '' ? null : jsonOf(answer);
	if (body === null) return answer.status < 300;
	if (!isJsonObject(body)) return false;
	if (Object.keys(body).length === 0) return answer.status < 300;
	return notFound.test(errorText(body) ?? '');
}

/** Reads the answer to a look-up of one CDR. */
export function readLookup(answer: HttpAnswer, callId: string | null): Reading {
	if (isNoRecord(answer)) return { is: 'no-record' };
	const body = jsonOf(answer);
	if (!isJsonObject(body)) return { is: 'unreadable', why: 'is not a JSON object' };
	const call = readCdr(body, callId);
	if (call !== null) {
		return {
			is: 'call',
			call,
			identity: identityOf(body),
			record: body,
			unsettled: false,
		};
	}
	const text = errorText(body);
	return text === null
		? { is: 'unreadable', why: 'has no call status' }
		: { is: 'refusal', code: null, text };
}
