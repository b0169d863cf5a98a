import { unmapped } from '../call';
import type { CallEvent, EventRegistration, HttpAnswer, RegisteredEvent } from '../contract';
import { field, isJsonObject, parseJson, textField } from '../reading/json';
import type { JsonValue } from '../reading/json';
import { callFrom, readCdr, withoutCodes } from './record';
import { liveStates, stateOf } from './states';

const occasions: ReadonlyMap<string, CallEvent['occasion']> = new Map<
	string,
	CallEvent['occasion']
>([
	['ringing', 'ringing'],
	['answered', 'answered'],
	['hangup', 'ended'],
	['cdr', 'ended'],
]);

/** Reads an event, or the CDR that a campaign's own callback URL receives. */
export function readEvent(body: JsonValue): CallEvent | null {
	if (!isJsonObject(body)) return null;
	const state = textField(body, 'state')?.toLowerCase() ?? null;
	const identity = textField(body, 'call_id') ?? textField(body, 'id');
	if (identity === null) return null;
	const raw = withoutCodes(body);
	if (state === null) {
		const call = readCdr(body);
		if (call === null || !call.final) return null;
		return { is: 'event', occasion: 'ended', call, raw, key: `${identity}:cdr` };
	}
	const occasion = occasions.get(state);
	if (occasion === undefined) return null;
	const callId = textField(body, 'ref_id') ?? identity;
	const word = textField(body, 'status');
	const hangup = {
		disposition: textField(body, 'sip_hangup_disposition'),
		cause: textField(body, 'cause'),
	};
	// A hangup may come without a status: the call is over, but only its CDR will say how.
	const meaning = liveStates.get(state) ?? (word === null ? unmapped : stateOf(word, hangup));
	const call = callFrom(body, callId, meaning);
	return { is: 'event', occasion, call, raw, key: `${identity}:${state}` };
}

const readList = (answer: HttpAnswer): readonly RegisteredEvent[] | null => {
	const body = parseJson(answer.text);
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
export const events: EventRegistration = {
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
		const body = parseJson(answer.text);
		return isJsonObject(body) && field(body, 'created') === true;
	},
};
