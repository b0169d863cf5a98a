import { queued } from '../call';
import type { Call, CallState } from '../call';
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
import { field, isJsonObject, parseJson, textField } from '../reading/json';
import type { JsonObject } from '../reading/json';
import { iran, vietnam } from '../reading/phoneNumber';
import { callIdField } from '../sharedFields';
import { notice, summary } from './fields';

/**
 * A provider without a server, for building and testing flows: it calls nobody and costs nothing.
 * The last two digits of the number choose how the call ends. A call ID holds its number and the time
 * of its send, so any process can tell at any later time where the call stands.
 */

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

const refusedWhenSent = '07';
const rateLimitedWhenSent = '08';
const lostWhenSent = '09';

const sendPath = '/sandbox/calls';
const callIdPattern = /^sandbox-(\d{9,15})-([0-9a-z]{8,9})-([0-9A-Za-z]{1,64})$/;

const lastTwo = (phoneNumber: string): string => phoneNumber.slice(-2);

const at = (time: number): string => new Date(time).toISOString();

/** Whether someone, or a machine, takes the call. */
const isPickedUp = (ending: CallState): boolean => ending.status === 'completed';

const stateAfter = (elapsed: number, ending: CallState): CallState => {
	if (elapsed < rings) return queued;
	if (elapsed < picksUp) return { status: 'ringing', reason: null, final: false, answered: null };
	if (!isPickedUp(ending) || elapsed >= hangsUp) return ending;
	return { status: 'in-progress', reason: null, final: false, answered: ending.answered };
};

const callAt = (callId: string, now: number): Call | null => {
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
	const body = parseJson(answer.text);
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
	const body = parseJson(answer.text);
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
	callIdForm: { pattern: callIdPattern, isUnmistakable: true },
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
};
