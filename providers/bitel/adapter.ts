import { queued, unmapped } from '../call';
import type { Call, CallState } from '../call';
import type {
	CallEvent,
	Explanation,
	HttpAnswer,
	PlannedLookup,
	PlannedSend,
	Problem,
	Provider,
	Reading,
	SendOrder,
	WebhookDelivery,
} from '../contract';
import { isInvalid, named } from '../fields';
import type { InvalidField } from '../fields';
import { readReference } from '../reading/values';
import { baseUrlName, callIdField, codeField, phoneNumberField } from '../sharedFields';
import { expiryOfToken } from '../reading/jwt';
import {
	field,
	isJsonObject,
	isMarkup,
	numberField,
	jsonOf,
	secondsField,
	textField,
} from '../reading/json';
import type { JsonObject, JsonValue } from '../reading/json';
import { iran, readProviderNumber } from '../reading/phoneNumber';
import {
	accountFields,
	defaultBaseUrl,
	fields,
	repeatCount,
	retryCount,
	serverId,
	token,
	voiceId,
} from './fields';

/** Bitel, Iran: API v2, as documented in its public "OTP Call" and "Call Status" pages. */

const answered = (billedSeconds: number | null): CallState => ({
	status: 'completed',
	reason: null,
	final: true,
	// The documents do not say that NORMAL means a conversation; billed seconds do.
	answered: billedSeconds !== null && billedSeconds > 0 ? true : null,
});

type Meaning = CallState | typeof answered;

const ended = (status: CallState['status'], reason: CallState['reason']): CallState => ({
	status,
	reason,
	final: true,
	answered: false,
});

const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
	['WAITING', queued],
	['NORMAL', answered],
	['NO_ANSWER', ended('no-answer', null)],
	['USER_BUSY', ended('busy', null)],
	['EXPIRED', ended('failed', 'expired')],
	['ERROR', ended('failed', 'provider-error')],
	['UNKNOWN', { status: 'unknown', reason: 'provider-unknown', final: true, answered: null }],
]);

const statusCodes: ReadonlyMap<number, string> = new Map([
	[0, 'WAITING'],
	[1, 'NORMAL'],
	[2, 'NO_ANSWER'],
	[3, 'USER_BUSY'],
	[10, 'EXPIRED'],
	[11, 'ERROR'],
	[20, 'UNKNOWN'],
]);

/** Between its own retries a poll may show these two, though the last try is still to come. */
const mayBeRetried: ReadonlySet<string> = new Set(['NO_ANSWER', 'USER_BUSY']);

const statusWord = (text: string | null, code: number | null): string | null => {
	const word = text?.toUpperCase().replaceAll('-', '_') ?? null;
	// A word that is new means something new, whatever number stands beside it.
	if (word !== null && !/^\d+$/.test(word)) return meanings.has(word) ? word : null;
	return code === null ? null : (statusCodes.get(code) ?? null);
};

const stateOf = (word: string | null, billedSeconds: number | null): CallState => {
	const meaning = word === null ? undefined : meanings.get(word);
	if (meaning === undefined) return unmapped;
	return typeof meaning === 'function' ? meaning(billedSeconds) : meaning;
};

/** The last second of the year 9999: later times have no ISO form that others read. */
const endOfTime = 253_402_300_799;

/** Epoch seconds; 0 means "not yet". */
const timeOf = (seconds: number | null): string | null => {
	if (seconds === null || seconds <= 0 || seconds > endOfTime) return null;
	return new Date(seconds * 1000).toISOString();
};

/** Prices are Toman, negative once they have been taken from the balance. */
const costOf = (price: number | null, final: boolean): Call['cost'] =>
	price === null || (price === 0 && !final) ? null : { amount: Math.abs(price), currency: 'IRT' };

/** The number of a record, which comes masked in the documented sample. */
const numberOf = (record: JsonObject): string =>
	readProviderNumber(textField(record, 'phoneNumber'), iran);

/** @param sentTo the number as we know it, E.164 */
const readRecord = (record: JsonObject, sentTo?: string): Reading => {
	const callId = textField(record, 'id');
	if (callId === null) return { is: 'unreadable', why: 'has no call ID' };
	const word = statusWord(textField(record, 'status'), numberField(record, 'statusCode'));
	const billedSeconds = secondsField(record, 'billSec');
	const state = stateOf(word, billedSeconds);
	const phoneNumber = numberOf(record);
	return {
		is: 'call',
		identity: {
			phoneNumber: phoneNumber === '' ? null : phoneNumber,
			reference: callId,
			recordIds: [],
		},
		unsettled: word !== null && mayBeRetried.has(word),
		record,
		call: {
			provider: 'bitel',
			callId,
			phoneNumber: sentTo ?? phoneNumber,
			...state,
			requestedAt: timeOf(numberField(record, 'requestDate')),
			answeredAt: null,
			endedAt: null,
			durationSeconds: null,
			billedSeconds,
			cost: costOf(numberField(record, 'price'), state.final),
		},
	};
};

/** Success is announced as null; an empty value says no more than that. */
const isProblem = (error: JsonValue | undefined): boolean =>
	Boolean(typeof error === 'string' ? error.trim() : error);

const readAnswer = (answer: HttpAnswer, sentTo?: string): Reading => {
	const body = jsonOf(answer);
	if (!isJsonObject(body)) return { is: 'unreadable', why: 'is not JSON' };
	if (textField(body, 'error') === 'NotFound') return { is: 'no-record' };
	if (isProblem(field(body, 'error'))) return { is: 'refusal', ...readProblem(answer) };
	const result = field(body, 'result');
	if (isJsonObject(result)) return readRecord(result, sentTo);
	if (result === null) return { is: 'refusal', code: null, text: null };
	// The documented sample of a status shows the record without its envelope.
	if (textField(body, 'id') !== null) return readRecord(body, sentTo);
	return { is: 'unreadable', why: 'has neither a result nor an error' };
};

const errorCode = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const readProblem = (answer: HttpAnswer): Problem => {
	const body = jsonOf(answer);
	const text = isJsonObject(body) ? textField(body, 'error') : null;
	if (text === null) return { code: null, text: null };
	return errorCode.test(text) ? { code: text, text: null } : { code: null, text };
};

const explanations: ReadonlyMap<string, Explanation> = new Map([
	[
		'InvalidRequest',
		{
			message: 'Bitel says that the request is not valid',
			remedy: `Check ${named(phoneNumberField)}, ${named(codeField)} and the fields of Bitel`,
		},
	],
	[
		'InvalidServer',
		{
			message: 'Bitel does not know this server ID',
			remedy: `Copy the server ID from your Bitel panel into ${named(serverId)}, or leave it empty to use the default`,
		},
	],
	[
		'InvalidPhoneNumber',
		{
			message: 'Bitel does not accept this phone number',
			remedy: `Check that ${named(phoneNumberField)} is an Iranian number that can be called`,
		},
	],
	[
		'NotFound',
		{
			message: 'Bitel did not find what was asked for',
			remedy: `Check ${named(baseUrlName)} in the ‹account› and the IDs that you have entered`,
		},
	],
]);

function planSend(order: SendOrder): PlannedSend {
	const repeats = order.fields.count(repeatCount);
	const retries = order.fields.count(retryCount);
	const server = order.fields.text(serverId);
	const voice = order.fields.text(voiceId);
	const { phoneNumber } = order;
	return {
		is: 'planned',
		reference: null,
		mayRetry: retries !== 0,
		request: {
			method: 'POST',
			path: '/api/v2/voice/otp',
			body: {
				phoneNumber: phoneNumber.national,
				text: order.code,
				...(voice !== undefined && { voiceId: voice }),
				// The table of the document types it as a string, unlike retryCount.
				...(repeats !== undefined && { repeatCount: String(repeats) }),
				...(retries !== undefined && { retryCount: retries }),
				...(server !== undefined && { serverId: server }),
			},
		},
		read: (answer) => {
			const reading = readAnswer(answer, phoneNumber.e164);
			return reading.is === 'no-record' ? { is: 'refusal', code: 'NotFound', text: null } : reading;
		},
	};
}

function planStatus(callId: string): PlannedLookup | InvalidField {
	const id = readReference(callId, callIdField);
	if (isInvalid(id)) return id;
	return {
		is: 'planned',
		request: { method: 'GET', path: `/api/v2/voice/status/${encodeURIComponent(id ?? '')}` },
		read: (answer) => readAnswer(answer),
	};
}

function doubtToken(text: string, now: number): string | null {
	const expiry = expiryOfToken(text);
	return expiry !== null && expiry < now
		? `The token says that it expired on ${new Date(expiry).toISOString().slice(0, 10)}`
		: null;
}

/** The webhook of a Bitel project: one POST for each request that has ended. */
function readEvent({ body }: WebhookDelivery): CallEvent | null {
	if (body === undefined || !isJsonObject(body)) return null;
	const callId = textField(body, 'requestId');
	const cause = textField(body, 'cause');
	if (callId === null || cause === null) return null;
	const billedSeconds = secondsField(body, 'billSec');
	const state = stateOf(statusWord(cause, numberField(body, 'cause')), billedSeconds);
	return {
		is: 'event',
		type: 'ended',
		key: callId,
		record: body,
		call: {
			provider: 'bitel',
			callId,
			phoneNumber: readProviderNumber(textField(body, 'number'), iran),
			...state,
			requestedAt: timeOf(numberField(body, 'requestDate')),
			answeredAt: null,
			endedAt: null,
			durationSeconds: null,
			billedSeconds,
			cost: costOf(numberField(body, 'balanceSubtracted'), state.final),
		},
	};
}

export const bitel: Provider = {
	name: 'bitel',
	label: 'Bitel',
	summary: {
		en: 'Calls numbers in Iran, reads out up to five digits',
		fa: 'با شماره‌های ایران تماس می‌گیرد و تا پنج رقم می‌خواند',
		vi: 'Gọi số ở Iran, đọc tối đa năm chữ số',
	},
	apiRoot: '/api/v2',
	defaultBaseUrl,
	countries: [iran],
	codeRule: { alphabet: 'digits', spaces: false, minLength: 1, maxLength: 5 },
	// The documents show no echo of the code; were there one, it would stand under the name that we send.
	codeKeys: ['text'],
	callIdForm: { pattern: /^[0-9a-f]{32}$/, example: '69b9e312e3b64b3880760639f5dfdffa' },
	firstResultAfter: 8_000,
	fields,
	account: {
		credential: 'bitelApi',
		fields: accountFields,
		token,
		doubtToken,
		// A call that does not exist: with a good token the answer is 404.
		test: { path: '/api/v2/voice/status/00000000000000000000000000000000', answerKey: 'error' },
	},
	planSend,
	planStatus,
	readProblem,
	isNoRecord: (answer) => answer.status === 404 && !isMarkup(answer.text),
	explain: (code) => explanations.get(code) ?? null,
	events: { method: 'POST', carriesReference: false, types: ['ended'], read: readEvent },
};
