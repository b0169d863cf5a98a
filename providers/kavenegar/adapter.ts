import { queued, unmapped } from '../call';
import type { Call, CallState } from '../call';
import type {
	AuthorizableRequest,
	Explanation,
	HttpAnswer,
	PlannedLookup,
	PlannedSend,
	Problem,
	Provider,
	Reading,
	SendOrder,
	Verdict,
} from '../contract';
import { invalid, isInvalid, named } from '../fields';
import type { InvalidField } from '../fields';
import { field, isJsonArray, isJsonObject, numberField, jsonOf, textField } from '../reading/json';
import type { JsonObject } from '../reading/json';
import { iran, readProviderNumber } from '../reading/phoneNumber';
import { readReference } from '../reading/values';
import { baseUrlName, callIdField, codeField, phoneNumberField } from '../sharedFields';
import { accountFields, apiKey, defaultBaseUrl, fields, notice, summary, template } from './fields';

/**
 * Kavenegar, Iran: `verify/lookup` with `type=call`, as documented on its REST page and in its own client
 * libraries. It is an interface of text messages: what the states of a message say of a call is told
 * nowhere, so that nothing is concluded from them but what their words say.
 */

const apiRoot = '/v1';

const over = (status: CallState['status'], reason: CallState['reason'] = null): CallState => ({
	status,
	reason,
	final: true,
	// No document says whether a person took the call, nor that nobody did.
	answered: null,
});

/** By the number of a message's state. */
const states: ReadonlyMap<number, CallState> = new Map([
	[1, queued],
	// Scheduled.
	[2, queued],
	// Handed to the telephone network, twice in the table: what comes of it is not known yet.
	[4, queued],
	[5, queued],
	[6, over('failed', 'provider-error')],
	[10, over('completed')],
	// Not delivered: whether it was busy, not answered or not reached is not said.
	[11, over('failed')],
	[13, over('canceled')],
	[14, over('failed', 'subscriber-blocked')],
]);

/** The state of an ID that is not known. */
const unknownId = 100;

/** The last second of the year 9999: later times have no ISO form that others read. */
const endOfTime = 253_402_300_799;

/** Epoch seconds. */
const timeOf = (seconds: number | null): string | null =>
	seconds === null || seconds <= 0 || seconds > endOfTime
		? null
		: new Date(seconds * 1000).toISOString();

/** @param sentTo the number as we know it, E.164 */
function readEntry(entry: JsonObject, sentTo?: string): Reading {
	const callId = textField(entry, 'messageid');
	const status = numberField(entry, 'status');
	if (status === unknownId) return { is: 'no-record' };
	if (callId === null) return { is: 'unreadable', why: 'has no message ID' };
	const shown = readProviderNumber(textField(entry, 'receptor'), iran);
	const cost = numberField(entry, 'cost');
	const call: Call = {
		provider: 'kavenegar',
		callId,
		phoneNumber: sentTo ?? shown,
		...((status === null ? undefined : states.get(status)) ?? unmapped),
		requestedAt: timeOf(numberField(entry, 'date')),
		answeredAt: null,
		endedAt: null,
		durationSeconds: null,
		billedSeconds: null,
		cost: cost === null || cost < 0 ? null : { amount: cost, currency: 'IRR' },
	};
	const phoneNumber = shown === '' ? null : shown;
	const identity = { phoneNumber, reference: callId, recordIds: [] };
	return { is: 'call', call, identity, record: entry, unsettled: false };
}

/** `{ return: { status, message }, entries }`, which every answer is; null: this is none. */
function envelopeOf(answer: HttpAnswer) {
	const body = jsonOf(answer);
	if (!isJsonObject(body)) return null;
	const outcome = field(body, 'return');
	if (outcome === undefined || !isJsonObject(outcome)) return null;
	const status = numberField(outcome, 'status');
	if (status === null) return null;
	return { status, text: textField(outcome, 'message'), entries: field(body, 'entries') };
}

const success = 200;

function readProblem(answer: HttpAnswer): Problem {
	const envelope = envelopeOf(answer);
	if (envelope === null || envelope.status === success) return { code: null, text: null };
	return { code: String(envelope.status), text: envelope.text };
}

function readAnswer(answer: HttpAnswer, sentTo?: string): Reading {
	const envelope = envelopeOf(answer);
	if (envelope === null) return { is: 'unreadable', why: 'does not say how the request ended' };
	const { entries, status } = envelope;
	if (status !== success) return { is: 'refusal', ...readProblem(answer) };
	const [entry] = isJsonArray(entries) ? entries : [];
	if (entry !== undefined && isJsonObject(entry)) return readEntry(entry, sentTo);
	return { is: 'unreadable', why: 'has no entry' };
}

/** A known error: what it proves, and what a user reads of it. */
interface KnownError extends Explanation {
	readonly means: Verdict;
}

const known = (means: Verdict, message: string, remedy: string): KnownError => ({
	means,
	message,
	remedy,
});

const checkFields = `Check ${named(phoneNumberField)}, ${named(codeField)} and ${named(template)}`;
const tellUs =
	'Kavenegar does not take the request as it is documented: please report it to the makers of this package';
const inPanel = 'in your Kavenegar panel';

/** The documented table. */
const errors: ReadonlyMap<string, KnownError> = new Map([
	['400', known('refused', 'Kavenegar says that fields are missing or wrong', checkFields)],
	[
		'401',
		known(
			'forbidden',
			'Your account at Kavenegar is not active',
			`Activate the account ${inPanel}, or ask Kavenegar`,
		),
	],
	[
		'402',
		// It does not say how far the operation came.
		known('fault', 'Kavenegar says that the operation failed', 'Try again in some minutes'),
	],
	[
		'403',
		known(
			'not-authorized',
			'Kavenegar does not know the API key of the ‹account›',
			`Copy the key from the account settings ${inPanel} into ${named(apiKey)} of the ‹account›`,
		),
	],
	[
		'404',
		known(
			'refused',
			'Kavenegar knows no such method',
			`Check that ${named(baseUrlName)} in the ‹account› is the address of the API, usually ${defaultBaseUrl}`,
		),
	],
	['405', known('refused', 'Kavenegar does not take this kind of request', tellUs)],
	['406', known('refused', 'Kavenegar misses a field that it needs', checkFields)],
	[
		'407',
		known(
			'forbidden',
			'Kavenegar does not let this address of the Internet use the account',
			`Allow the IP address of this machine in the security settings ${inPanel}`,
		),
	],
	[
		'409',
		// What of the request was done before is not said.
		known('fault', 'The server of Kavenegar is too busy to answer', 'Try again in some minutes'),
	],
	[
		'411',
		known(
			'refused',
			'Kavenegar does not accept this phone number',
			`Check that ${named(phoneNumberField)} is an Iranian number that can be called`,
		),
	],
	[
		'412',
		known(
			'refused',
			'Kavenegar does not accept the sender of the message',
			`Check the line of your account ${inPanel}, or ask Kavenegar`,
		),
	],
	[
		'413',
		known(
			'refused',
			'Kavenegar says that the text is empty or too long',
			`Shorten the text of the template ${inPanel}`,
		),
	],
	['414', known('refused', 'Kavenegar says that there are too many entries', tellUs)],
	[
		'416',
		known(
			'forbidden',
			'Kavenegar does not accept the IP address from which the request came',
			`Allow the IP address of this machine in the security settings ${inPanel}`,
		),
	],
	['417', known('refused', 'Kavenegar does not accept the date of the request', tellUs)],
	[
		'418',
		known(
			'refused',
			'Your credit at Kavenegar does not suffice for the call',
			`Top up the account ${inPanel}, then send again`,
		),
	],
	[
		'422',
		known(
			'refused',
			'Kavenegar cannot read characters of the request',
			`Check ${named(codeField)} and ${named(template)} for unusual characters`,
		),
	],
	[
		'424',
		known(
			'refused',
			'Kavenegar knows no such template, or has not approved it yet',
			`Copy the name of an approved template ${inPanel} into ${named(template)}`,
		),
	],
	[
		'426',
		known(
			'forbidden',
			'Your account at Kavenegar needs the advanced service for this',
			`Ask Kavenegar for the advanced service, or use another ‹account›`,
		),
	],
	[
		'428',
		known(
			'refused',
			'Kavenegar can read out a code by call only if it is made of digits alone',
			`Use digits only in ${named(codeField)}`,
		),
	],
	[
		'430',
		known(
			'forbidden',
			'Your account at Kavenegar has not been identified yet',
			`Confirm who you are ${inPanel}`,
		),
	],
	[
		'431',
		known(
			'refused',
			'Kavenegar does not accept the form of the code',
			`Use digits only in ${named(codeField)}, without spaces`,
		),
	],
	[
		'432',
		known(
			'refused',
			'The template at Kavenegar has no place for the code',
			`Put %token into the text of the template ${inPanel}, or name another one in ${named(template)}`,
		),
	],
]);

/** The documents promise a refusal only by an error of theirs, and nothing by the rest. */
function judge(answer: HttpAnswer): Verdict | null {
	const envelope = envelopeOf(answer);
	// What a server says that has failed proves nothing, whatever it says.
	if (envelope === null || answer.status >= 500) return null;
	const meaning = errors.get(String(envelope.status))?.means;
	if (meaning !== undefined) return meaning;
	const isContradiction = envelope.status === success || answer.status === success;
	return isContradiction || envelope.status >= 500 ? 'fault' : null;
}

function planSend({ code, fields: values, phoneNumber }: SendOrder): PlannedSend {
	return {
		is: 'planned',
		// `localid` is documented for other methods, and not for this one.
		reference: null,
		mayRetry: false,
		request: {
			method: 'POST',
			path: `${apiRoot}/verify/lookup.json`,
			form: {
				receptor: phoneNumber.national,
				token: code,
				template: values.text(template) ?? '',
				type: 'call',
			},
		},
		read: (answer) => readAnswer(answer, phoneNumber.e164),
	};
}

/** Several IDs could be asked for at once, separated by commas; a call has one. */
const messageId = /^\d{1,20}$/;

function planStatus(callId: string): PlannedLookup | InvalidField {
	const id = readReference(callId, callIdField);
	if (isInvalid(id)) return id;
	if (id === undefined || !messageId.test(id)) {
		return invalid(
			callIdField,
			'is not one of Kavenegar, which are numbers',
			'Use the call ID that the send node put out, and look it up with the provider that placed the call',
		);
	}
	return {
		is: 'planned',
		request: { method: 'GET', path: `${apiRoot}/sms/status.json`, query: { messageid: id } },
		read: (answer) => readAnswer(answer),
	};
}

/** The key stands in the path, behind the root of the API. */
function authorize<T extends AuthorizableRequest>(request: T, token: string): T {
	const url = new URL(request.url);
	const root = url.pathname.lastIndexOf(`${apiRoot}/`) + apiRoot.length;
	const [base, method] = [url.pathname.slice(0, root), url.pathname.slice(root)];
	url.pathname = `${base}/${encodeURIComponent(token)}${method}`;
	return { ...request, url: url.href };
}

export const kavenegar: Provider = {
	name: 'kavenegar',
	label: 'Kavenegar',
	summary,
	notice,
	apiRoot,
	defaultBaseUrl,
	countries: [iran],
	// By call only digits are read (428); how many, no document says.
	codeRule: { alphabet: 'digits', spaces: false, minLength: 1, maxLength: 32 },
	// The text that is read out, with the code in it; and the name under which the code is sent.
	codeKeys: ['message', 'token'],
	firstResultAfter: 8_000,
	fields,
	account: {
		credential: 'kavenegarApi',
		fields: accountFields,
		token: apiKey,
		authorize,
		// What is left of the credit.
		test: { path: `${apiRoot}/account/info.json`, answerKey: 'entries' },
	},
	callIdForm: { pattern: messageId, example: '8792343' },
	planSend,
	planStatus,
	readProblem,
	judge,
	// An ID that is not known comes as the state 100 of an answer, and with no error.
	isNoRecord: () => false,
	explain: (code) => errors.get(code) ?? null,
};
