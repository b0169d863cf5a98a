import { lastAttempt } from '../../dialing/ledger';
import type { ApiRequest } from '../../http/request';
import { type JsonObject, isJsonObject } from '../../json';
import { type ApiAnswer, type Endpoint, jsonAnswer } from '../../provider';
import { type DueWebhook, type Webhook, jsonPost } from '../../webhooks';
import {
	type AutocallAccount,
	type AutocallContext,
	EVENT_NAMES,
	type EventName,
	type Registration,
	type Registrations,
} from './account';
import { autocallError, fieldError } from './answers';
import { type AutocallCall, HOTLINE, callDetailRecord, durations, localTime } from './cdr';
import type { AutocallSettings } from './settings';

const KNOWN_FIELDS: ReadonlySet<string> = new Set(['callback_url', 'callback_apikey', 'event']);

/** `/v1/event`: register a callback URL for an event, list the registrations, delete one. */
export function eventEndpoints({ registrations, settings }: AutocallContext): readonly Endpoint[] {
	const all = { operation: 'other', path: '/v1/event' } as const;
	return [
		{ ...all, method: 'POST', handle: (request) => register(request, registrations) },
		{ ...all, method: 'GET', handle: () => list(registrations, settings.eventListForm.value) },
		{
			operation: 'other',
			method: 'DELETE',
			path: '/v1/event/:id',
			handle: (request) =>
				registrations.remove(request.parameter('id'))
					? jsonAnswer(200, { deleted: true })
					: autocallError(404, 'Not Found'),
		},
	];
}

function register(request: ApiRequest, registrations: Registrations): ApiAnswer {
	if (!request.declaresJson) {
		return autocallError(415, 'Content-Type must be application/json');
	}
	const read = readRegistration(request.json);
	if ('refusal' in read) return read.refusal;
	registrations.add(read.registration);
	return jsonAnswer(200, { created: true });
}

function readRegistration(
	body: unknown,
): { readonly registration: Omit<Registration, 'id'> } | { readonly refusal: ApiAnswer } {
	if (!isJsonObject(body)) return { refusal: fieldError('(root)', 'Invalid type') };
	const unknownField = Object.keys(body).find((field) => !KNOWN_FIELDS.has(field));
	if (unknownField !== undefined) {
		return { refusal: fieldError('(root)', `Additional property ${unknownField} is not allowed`) };
	}
	const { callback_url: callbackUrl, callback_apikey: callbackApiKey = '' } = body;
	const event = EVENT_NAMES.find((name) => name === body['event']);
	if (event === undefined) {
		return { refusal: fieldError('event', `event must be one of: ${EVENT_NAMES.join(', ')}`) };
	}
	if (typeof callbackUrl !== 'string' || !isHttpUrl(callbackUrl)) {
		return { refusal: fieldError('callback_url', 'callback_url is not a URL') };
	}
	if (typeof callbackApiKey !== 'string') {
		return { refusal: fieldError('callback_apikey', 'Invalid type. Expected: string') };
	}
	return { registration: { event, callbackUrl, callbackApiKey } };
}

function isHttpUrl(text: string): boolean {
	return /^https?:\/\//.test(text) && URL.canParse(text);
}

function list(registrations: Registrations, form: AutocallSettings['eventListForm']): ApiAnswer {
	return jsonAnswer(200, {
		data: registrations.all().map(({ id, event, callbackUrl, callbackApiKey }) => ({
			...(form === 'id' ? { id, event } : { event_domain_uuid: id, event_name: event }),
			callback_url: callbackUrl,
			callback_apikey: callbackApiKey,
		})),
	});
}

/** Autocall's webhooks: events for registered URLs, and the CDR for a campaign's `callback_url`. */
export function webhooksOf(context: AutocallContext, call: AutocallCall): readonly DueWebhook[] {
	const { account, registrations } = context;
	const hasReceivers =
		!registrations.isEmpty || account.campaigns.some(({ callback_url }) => callback_url !== '');
	if (!hasReceivers) return [];
	const eventAt = (event: EventName, at: number | null): DueWebhook[] =>
		at === null ? [] : [{ at, webhooks: () => eventWebhooks(context, call, event) }];
	const { ringingAt, answeredAt, endedAt } = lastAttempt(call);
	return [
		...eventAt('ringing', ringingAt),
		...eventAt('answered', answeredAt),
		...eventAt('hangup', endedAt),
		...eventAt('cdr', call.recordAt),
		{ at: call.recordAt, webhooks: () => campaignWebhooks(account, call) },
	];
}

function eventWebhooks(
	{ registrations, settings }: AutocallContext,
	call: AutocallCall,
	event: EventName,
): readonly Webhook[] {
	const body = eventBody(call, event, settings.eventFields.value);
	return registrations
		.all()
		.filter((registration) => registration.event === event)
		.map(({ callbackUrl }) => ({ ...jsonPost(callbackUrl, body), callId: call.callId, event }));
}

function campaignWebhooks(account: AutocallAccount, call: AutocallCall): readonly Webhook[] {
	const url = account.campaign(call.campaignUuid)?.callback_url ?? '';
	if (url === '') return [];
	const post = jsonPost(url, callDetailRecord(call));
	return [{ ...post, callId: call.callId, event: 'campaign-cdr' }];
}

/** What an event about a call says: what is known at the time of the event. */
function eventBody(
	call: AutocallCall,
	event: EventName,
	fields: AutocallSettings['eventFields'],
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
