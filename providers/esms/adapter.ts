import { queued, unmapped } from '../call';
import type { Call, CallState } from '../call';
import type {
	AuthorizableRequest,
	CallEvent,
	Explanation,
	HttpAnswer,
	PlannedLookup,
	PlannedSend,
	Problem,
	Provider,
	Reading,
	SendOrder,
	Verdict,
	WebhookDelivery,
} from '../contract';
import { invalid, isInvalid, named } from '../fields';
import type { InvalidField } from '../fields';
import { isJsonObject, numberField, jsonOf, parseJson, textField } from '../reading/json';
import type { JsonObject } from '../reading/json';
import { readProviderNumber, vietnam } from '../reading/phoneNumber';
import { readReference } from '../reading/values';
import { callIdField, phoneNumberField } from '../sharedFields';
import {
	accountFields,
	apiKey,
	callbackUrl,
	campaignName,
	defaultBaseUrl,
	fields,
	notice,
	secretKey,
	testMode,
} from './fields';

/**
 * eSMS (ViHAT), Vietnam, as documented in its public pages "Create voice OTP call", "Get SMS by SMSID",
 * "Callback Url" and "Table of error codes".
 */

const over = (status: 'completed' | 'failed'): CallState => ({
	status,
	reason: null,
	final: true,
	// It tells what became of the call on its way, never whether a person took it.
	answered: null,
});

/** `SendStatus` 5: handed over. The counts say what the operator has reported of it. */
function reportedState(record: JsonObject): CallState {
	const succeeded = numberField(record, 'SendSuccess');
	const failed = numberField(record, 'SendFailed');
	if (succeeded !== null && succeeded > 0 && failed === 0) return over('completed');
	if (failed !== null && failed > 0 && succeeded === 0) return over('failed');
	return unmapped;
}

/** Of `SendStatus`: 1 in review, 2 waiting, 4 rejected, 7 handed over and not reported yet. */
const states: ReadonlyMap<number, CallState> = new Map([
	[1, queued],
	[2, queued],
	[4, over('failed')],
	[7, queued],
]);

function stateOf(record: JsonObject): CallState {
	const status = numberField(record, 'SendStatus');
	if (status === 5) return reportedState(record);
	return status === null ? unmapped : (states.get(status) ?? unmapped);
}

/** Prices are đồng; 0 before the end says nothing. */
const costOf = (price: number | null, final: boolean): Call['cost'] =>
	price === null || price < 0 || (price === 0 && !final)
		? null
		: { amount: price, currency: 'VND' };

const callOf = (callId: string, phoneNumber: string, state: CallState): Call => ({
	provider: 'esms',
	callId,
	phoneNumber,
	...state,
	requestedAt: null,
	answeredAt: null,
	endedAt: null,
	durationSeconds: null,
	billedSeconds: null,
	cost: null,
});

const callFrom = (record: JsonObject, callId: string, phoneNumber: string): Call => {
	const state = stateOf(record);
	const cost = costOf(numberField(record, 'TotalPrice'), state.final);
	return { ...callOf(callId, phoneNumber, state), cost };
};

const resultCode = /^\d{1,6}$/;

/** `CodeResult` of a send, `CodeResponse` of a look-up. */
const codeOf = (body: JsonObject): string | null => {
	const code = textField(body, 'CodeResult') ?? textField(body, 'CodeResponse');
	return code !== null && resultCode.test(code) ? code : null;
};

const accepted = '100';
const duplicate = '124';
const notFound = '105';

function readProblem(answer: HttpAnswer): Problem {
	const body = jsonOf(answer);
	if (!isJsonObject(body)) return { code: null, text: null };
	const code = codeOf(body);
	return { code: code === accepted ? null : code, text: textField(body, 'ErrorMessage') };
}

/** What is documented of a send: with any other code nobody knows what became of the request. */
const verdicts: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
	['99', 'refused'],
	['101', 'not-authorized'],
	['102', 'refused'],
	['103', 'refused'],
	['104', 'refused'],
	['108', 'refused'],
	['118', 'refused'],
	['140', 'forbidden'],
	['300', 'refused'],
]);

function judge(answer: HttpAnswer): Verdict | null {
	const { code } = readProblem(answer);
	// What a failing server says beside proves nothing.
	if (code === null || answer.status >= 500) return null;
	return verdicts.get(code) ?? (answer.status < 300 ? 'fault' : null);
}

const keys = `${named(apiKey)} and ${named(secretKey)}`;

const explanations: ReadonlyMap<string, Explanation> = new Map(
	(
		[
			[
				'99',
				'This phone number is blocked at eSMS',
				'Do not call this number, or ask eSMS why it is blocked',
			],
			[
				'101',
				`A key is wrong: eSMS did not accept ${keys} of the ‹account›`,
				`Copy ${keys} from your eSMS panel into the ‹account› once more, whole and without spaces`,
			],
			[
				'102',
				'There is no price list for this account at eSMS',
				'Ask eSMS to set the prices of voice OTP for your account',
			],
			[
				'103',
				'The balance at eSMS is not enough for this call',
				'Top up your account at eSMS, then send again',
			],
			[
				'104',
				'The brand name or the call code does not exist at eSMS',
				'Ask eSMS whether voice OTP is set up for your account',
			],
			[
				'105',
				'There is no such call at eSMS',
				'Check the call ID, and that it is of the last 7 days: eSMS shows no earlier one',
			],
			[
				'108',
				'The phone number is not of a form that eSMS takes',
				`Check that ${named(phoneNumberField)} is a number of Vietnam that can be called`,
			],
			[
				'118',
				'This type of message is not open to your account at eSMS',
				'Ask eSMS to open voice OTP (type 8) for your account',
			],
			[
				'124',
				'This request has been at eSMS before',
				'Its call was placed then: look for it in your eSMS panel by its RequestId',
			],
			[
				'140',
				'The address of this host (IP) is not one that eSMS lets send',
				'Give eSMS the public IP address of this host, to be let in',
			],
			[
				'199',
				'This request is still being worked on at eSMS',
				'Look for the call in your eSMS panel in some minutes',
			],
			[
				'300',
				'The type of the message is missing, says eSMS',
				'Report this: the node always sends the type of voice OTP (8)',
			],
		] as const
	).map(([code, message, remedy]) => [code, { message, remedy }]),
);

/** A call of which only our RequestId is known has this in front of it: it cannot be looked up. */
const placeholder = 'request-';

function readSent(answer: HttpAnswer, { newReference, phoneNumber }: SendOrder): Reading {
	const body = jsonOf(answer);
	if (!isJsonObject(body)) return { is: 'unreadable', why: 'is not a JSON object' };
	const code = textField(body, 'CodeResult') === null ? null : codeOf(body);
	if (code === null) return { is: 'unreadable', why: 'has no result code' };
	const messageId = textField(body, 'SMSID');
	const identity = { phoneNumber: null, reference: messageId, recordIds: [] };
	if (code === duplicate) {
		const call = callOf(messageId ?? `${placeholder}${newReference}`, phoneNumber.e164, queued);
		return { is: 'known-request', identity, record: body, call };
	}
	if (code !== accepted) return { is: 'refusal', ...readProblem(answer) };
	if (messageId === null) return { is: 'unreadable', why: 'has no SMSID' };
	const call = callOf(messageId, phoneNumber.e164, queued);
	return { is: 'call', unsettled: false, identity, record: body, call };
}

/** `POST …/SendMultipleMessage_V4_post_json/`. */
function planSend(order: SendOrder): PlannedSend {
	const campaign = order.fields.text(campaignName);
	return {
		is: 'planned',
		// A look-up takes the SMSID of the answer, and nothing else.
		reference: null,
		isIdempotent: true,
		mayRetry: false,
		request: {
			method: 'POST',
			path: '/MainService.svc/json/SendMultipleMessage_V4_post_json/',
			body: {
				Phone: order.phoneNumber.national,
				Content: order.code,
				SmsType: '8',
				RequestId: order.newReference,
				...(order.callback !== null && { CallbackUrl: order.callback }),
				...(campaign !== undefined && { campaignid: campaign }),
				...(order.fields.text(testMode) === 'on' && { Sandbox: '1' }),
			},
		},
		read: (answer) => readSent(answer, order),
	};
}

function readRecord(answer: HttpAnswer): Reading {
	const body = jsonOf(answer);
	if (!isJsonObject(body)) return { is: 'unreadable', why: 'is not a JSON object' };
	const code = textField(body, 'CodeResponse') === null ? null : codeOf(body);
	if (code === null) return { is: 'unreadable', why: 'has no result code' };
	if (code === notFound) return { is: 'no-record' };
	if (code !== accepted) return { is: 'refusal', ...readProblem(answer) };
	const callId = textField(body, 'SMSID');
	if (callId === null) return { is: 'unreadable', why: 'has no SMSID' };
	return {
		is: 'call',
		unsettled: false,
		identity: { phoneNumber: null, reference: callId, recordIds: [] },
		record: body,
		// A record does not say who was called.
		call: callFrom(body, callId, ''),
	};
}

/** `GET …/GetSendStatus?RefId={SMSID}`: calls of the last 7 days. */
function planStatus(callId: string): PlannedLookup | InvalidField {
	const id = readReference(callId, callIdField);
	if (isInvalid(id)) return id;
	if (id?.startsWith(placeholder) === true) {
		return invalid(
			callIdField,
			'is a RequestId, by which eSMS has no look-up: its answer with the SMSID was lost',
			'Look for the RequestId in your eSMS panel, or take the SMSID from the event of this call',
		);
	}
	return {
		is: 'planned',
		request: {
			method: 'GET',
			path: '/MainService.svc/json/GetSendStatus',
			query: { RefId: id ?? '' },
		},
		read: readRecord,
	};
}

/** Both keys: in the body of a send, in the query of a look-up. */
function authorize<T extends AuthorizableRequest>(
	request: T,
	secret: string,
	companion: string,
): T {
	const both = { ApiKey: companion, SecretKey: secret };
	const body = request.body === null ? undefined : parseJson(request.body);
	if (isJsonObject(body)) return { ...request, body: JSON.stringify({ ...both, ...body }) };
	const url = new URL(request.url);
	for (const [name, value] of Object.entries(both)) url.searchParams.set(name, value);
	return { ...request, url: url.href };
}

/** One GET when a call is over; it is sent again only when nobody answers it in time. */
function readEvent({ query }: WebhookDelivery): CallEvent | null {
	const callId = textField(query, 'SMSID');
	if (callId === null) return null;
	const phoneNumber = readProviderNumber(textField(query, 'phonenumber'), vietnam);
	const call = callFrom(query, callId, phoneNumber);
	if (!call.final) return null;
	const requestId = textField(query, 'RequestId');
	return {
		is: 'event',
		type: 'ended',
		call,
		record: query,
		key: callId,
		...(requestId !== null && { placeholderId: `${placeholder}${requestId}` }),
	};
}

export const esms: Provider = {
	name: 'esms',
	label: 'eSMS',
	summary: {
		en: 'Calls numbers in Vietnam, reads out digits, tells sent or failed only',
		fa: 'با شماره‌های ویتنام تماس می‌گیرد، رقم می‌خواند و فقط انجام یا عدم انجام را می‌گوید',
		vi: 'Gọi số ở Việt Nam, đọc chữ số, chỉ báo đã gửi hay thất bại',
	},
	notice,
	apiRoot: '/MainService.svc/json',
	defaultBaseUrl,
	countries: [vietnam],
	// The documents show six digits, and name no limit.
	codeRule: { alphabet: 'digits', spaces: false, minLength: 1, maxLength: 10 },
	// They show no echo of the code either; were there one, it would stand under the name that we send.
	codeKeys: ['content'],
	firstResultAfter: 10_000,
	fields,
	account: {
		credential: 'esmsApi',
		fields: accountFields,
		token: secretKey,
		companion: apiKey,
		authorize,
		// A call that does not exist: with good keys the code is 105.
		test: {
			path: '/MainService.svc/json/GetSendStatus',
			query: { RefId: '00000000000000000000000000000000' },
			answerKey: 'CodeResponse',
		},
	},
	planSend,
	planStatus,
	readProblem,
	judge,
	isNoRecord: (answer) => readProblem(answer).code === notFound,
	explain: (code) => explanations.get(code) ?? null,
	events: {
		method: 'GET',
		carriesReference: false,
		types: ['ended'],
		read: readEvent,
		perCall: { field: callbackUrl },
	},
};
