import type {
	HttpAnswer,
	LocalOutcome,
	PlannedLookup,
	PlannedSend,
	Problem,
	Provider,
	ProviderRequest,
	Reading,
	SendOrder,
} from '../contract';
import { invalid } from '../fields';
import type { InvalidField } from '../fields';
import { field, isJsonObject, jsonOf, textField } from '../reading/json';
import type { JsonObject } from '../reading/json';
import { iran, vietnam } from '../reading/phoneNumber';
import { callIdField } from '../sharedFields';
import { callAt, callIdPattern, lastTwo } from './calls';
import { events } from './events';
import { notice, summary } from './fields';

/**
 * A provider without a server, for building and testing flows: it calls nobody and costs nothing.
 * The last two digits of the number choose how the call ends. A call ID holds its number and the time
 * of its send, so any process can tell at any later time where the call stands.
 */

const refusedWhenSent = '07';
const rateLimitedWhenSent = '08';
const lostWhenSent = '09';

const sendPath = '/sandbox/calls';

const answerWith = (status: number, body: JsonObject): HttpAnswer => ({
	status,
	headers: { 'content-type': 'application/json' },
	text: JSON.stringify(body),
});

const place = (request: ProviderRequest, now: number): LocalOutcome => {
	const callId = textField(request.body ?? {}, 'callId') ?? '';
	const phoneNumber = textField(request.body ?? {}, 'phoneNumber') ?? '';
	switch (lastTwo(phoneNumber)) {
		case refusedWhenSent:
			return answerWith(422, { error: 'NumberRefused' });
		case rateLimitedWhenSent:
			return answerWith(429, { error: 'TooManyCalls' });
		case lostWhenSent:
			return 'answer-lost';
		default:
			return answerWith(200, { callId, now });
	}
};

function answerLocally(request: ProviderRequest, now: number): LocalOutcome {
	if (request.method === 'POST') return place(request, now);
	const callId = decodeURIComponent(request.path.slice(sendPath.length + 1));
	return answerWith(callAt(callId, now) === null ? 404 : 200, { callId, now });
}

const readAnswer = (answer: HttpAnswer): Reading => {
	const body = jsonOf(answer);
	const callId = isJsonObject(body) ? textField(body, 'callId') : null;
	const now = isJsonObject(body) ? field(body, 'now') : undefined;
	const call = callId !== null && typeof now === 'number' ? callAt(callId, now) : null;
	if (call === null) return { is: 'no-record' };
	return {
		is: 'call',
		call,
		identity: { phoneNumber: call.phoneNumber, reference: call.callId, recordIds: [] },
		record: { ...call, cost: null },
		unsettled: false,
	};
};

const readProblem = (answer: HttpAnswer): Problem => {
	const body = jsonOf(answer);
	return { code: isJsonObject(body) ? textField(body, 'error') : null, text: null };
};

function planSend(order: SendOrder): PlannedSend {
	const digits = order.phoneNumber.e164.slice(1);
	const nonce = order.newReference.replace(/[^0-9A-Za-z]/g, '').slice(0, 16) || '0';
	const callId = `sandbox-${digits}-${order.now.toString(36)}-${nonce}`;
	return {
		is: 'planned',
		reference: null,
		mayRetry: false,
		// The code is left out: nothing here reads it out.
		request: {
			method: 'POST',
			path: sendPath,
			body: { phoneNumber: order.phoneNumber.e164, callId },
		},
		read: readAnswer,
	};
}

function planStatus(callId: string): PlannedLookup | InvalidField {
	if (!callIdPattern.test(callId)) {
		return invalid(
			callIdField,
			'is not the ID of a sandbox call',
			'Use the field callId of what ‹sendNode› put out, such as sandbox-989123456789-…',
		);
	}
	return {
		is: 'planned',
		request: { method: 'GET', path: `${sendPath}/${encodeURIComponent(callId)}` },
		read: readAnswer,
	};
}

export const sandbox: Provider = {
	name: 'sandbox',
	label: 'Sandbox',
	summary,
	notice,
	apiRoot: null,
	defaultBaseUrl: null,
	countries: [iran, vietnam],
	codeRule: { alphabet: 'letters-and-digits', spaces: true, minLength: 1, maxLength: 32 },
	codeKeys: [],
	callIdForm: {
		pattern: callIdPattern,
		example: 'sandbox-989123456789-mjv8usw0-try',
		isUnmistakable: true,
	},
	firstResultAfter: 1_000,
	fields: [],
	account: null,
	planSend,
	planStatus,
	readProblem,
	isNoRecord: (answer) => answer.status === 404,
	explain: (code) =>
		code === 'NumberRefused'
			? {
					message: 'The sandbox refuses every number that ends with 07',
					remedy: 'Use another number to see another result; the last two digits choose it',
				}
			: null,
	answerLocally,
	events,
};
