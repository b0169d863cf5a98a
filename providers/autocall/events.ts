import { unmapped } from '../call';
import type {
	CallEvent,
	EventRegistration,
	EventType,
	HttpAnswer,
	ProviderEvents,
	RegisteredEvent,
	WebhookDelivery,
} from '../contract';
import { field, isJsonObject, jsonOf, textField } from '../reading/json';
import type { JsonValue } from '../reading/json';
import { callFrom, readCdr } from './record';
import { liveStates, stateOf } from './states';

const typesByState: ReadonlyMap<string, EventType> = new Map<string, EventType>([
	['ringing', 'ringing'],
	['answered', 'answered'],
	['hangup', 'ended'],
	['cdr', 'ended'],
]);

/** Reads an event, or the CDR that a campaign's own callback URL receives. */
function read({ body }: WebhookDelivery): CallEvent | null {
	if (body === undefined || !isJsonObject(body)) return null;
	const state = textField(body, 'state')?.toLowerCase() ?? null;
	const identity = textField(body, 'call_id') ?? textField(body, 'id');
	if (identity === null) return null;
	if (state === null) {
		const call = readCdr(body);
		if (call === null || !call.final) return null;
		return { is: 'event', type: 'ended', call, record: body, key: `${identity}:cdr` };
	}
	const type = typesByState.get(state);
	if (type === undefined) return null;
	const callId = textField(body, 'ref_id') ?? identity;
	const word = textField(body, 'status');
	const hangup = {
		disposition: textField(body, 'sip_hangup_disposition'),
		cause: textField(body, 'cause'),
	};
	// A hangup may come without a status: the call is over, but only its CDR will say how.
	const meaning = liveStates.get(state) ?? (word === null ? unmapped : stateOf(word, hangup));
	const call = callFrom(body, callId, meaning);
	return { is: 'event', type, call, record: body, key: `${identity}:${state}` };
}

const readList = (answer: HttpAnswer): readonly RegisteredEvent[] | null => {
	const body = jsonOf(answer);
	const entries = isJsonObject(body) ? field(body, 'data') : undefined;
	if (entries === null) return [];
	if (!Array.isArray(entries)) return null;
	return entries.flatMap((entry: JsonValue) => {
		if (!isJsonObject(entry)) return [];
		const id = textField(entry, 'event_domain_uuid') ?? textField(entry, 'id');
		const event = textField(entry, 'event_name') ?? textField(entry, 'event');
		const url = textField(entry, 'callback_url');
		return id !== null && event !== null && url !== null ? [{ id, event, url }] : [];
	});
};

/** `/v1/event`: which URL is told of which event. */
const registration: EventRegistration = {
	// Not hangup: it comes before the CDR is written and may have no status.
	names: { ringing: 'ringing', answered: 'answered', ended: 'cdr' },
	list: () => ({ method: 'GET', path: '/v1/event' }),
	create: (event, url) => ({
		method: 'POST',
		path: '/v1/event',
		body: { callback_url: url, event },
	}),
	remove: (id) => ({ method: 'DELETE', path: `/v1/event/${encodeURIComponent(id)}` }),
	readList,
	readCreated(answer) {
		const body = jsonOf(answer);
		return isJsonObject(body) && field(body, 'created') === true;
	},
};

export const events = {
	method: 'POST',
	carriesReference: true,
	types: ['answered', 'ended', 'ringing'],
	read,
	registration,
} satisfies ProviderEvents;
