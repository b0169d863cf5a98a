import type { Exchange } from '../exchange';
import {
	type ApiAnswer,
	type ApiRequest,
	type Endpoint,
	declaresJson,
	decodeParameter,
	jsonAnswer,
} from '../http/endpoint';
import { isJsonObject } from '../json';
import type { Settings } from '../settings';
import { autocallError, fieldError } from './answers';
import { EVENT_NAMES, type Registration, type Registrations } from './registrations';

const KNOWN_FIELDS: ReadonlySet<string> = new Set(['callback_url', 'callback_apikey', 'event']);

/** `/v1/event`: register a callback URL for an event, list the registrations, delete one. */
export function eventEndpoints(
	exchange: Exchange,
	registrations: Registrations,
): readonly Endpoint[] {
	const all = { provider: 'autocall', purpose: 'other', path: /^\/v1\/event$/ } as const;
	return [
		{
			...all,
			method: 'POST',
			handle: (request) => ({ answer: register(request, registrations) }),
		},
		{
			...all,
			method: 'GET',
			handle: () => ({ answer: list(registrations, exchange.settings.eventListForm) }),
		},
		{
			...all,
			method: 'DELETE',
			path: /^\/v1\/event\/([^/]+)$/,
			handle: (_request, parameter) => ({ answer: remove(registrations, parameter) }),
		},
	];
}

function register(request: ApiRequest, registrations: Registrations): ApiAnswer {
	if (!declaresJson(request.headers)) {
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

function list(registrations: Registrations, form: Settings['eventListForm']): ApiAnswer {
	return jsonAnswer(200, {
		data: registrations.all().map(({ id, event, callbackUrl, callbackApiKey }) => ({
			...(form === 'id' ? { id, event } : { event_domain_uuid: id, event_name: event }),
			callback_url: callbackUrl,
			callback_apikey: callbackApiKey,
		})),
	});
}

function remove(registrations: Registrations, parameter: string): ApiAnswer {
	const isRemoved = registrations.remove(decodeParameter(parameter) ?? '');
	return isRemoved ? jsonAnswer(200, { deleted: true }) : autocallError(404, 'Not Found');
}
