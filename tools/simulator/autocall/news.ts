import { type AutocallCall, lastAttempt } from '../dialing/call';
import type { Exchange } from '../exchange';
import type { JsonObject } from '../json';
import type { Moment, Newsroom } from '../webhooks/announcer';
import type { Parcel } from '../webhooks/courier';
import type { AutocallAccount } from './account';
import { callDetailRecord } from './cdr';
import { eventBody } from './eventBody';
import type { EventName, Registrations } from './registrations';

/** Autocall's webhooks: events for registered URLs, and the CDR for a campaign's `callback_url`. */
export function autocallNewsroom(
	exchange: Exchange,
	account: AutocallAccount,
	registrations: Registrations,
): Newsroom {
	const eventAt = (call: AutocallCall, event: EventName, at: number | null): Moment[] =>
		at === null ? [] : [{ at, parcels: () => eventParcels(exchange, registrations, call, event) }];
	return {
		hasListeners: () =>
			!registrations.isEmpty || account.campaigns.some(({ callback_url }) => callback_url !== ''),
		momentsOf: (call) => {
			if (call.provider !== 'autocall') return [];
			const { ringingAt, answeredAt, endedAt } = lastAttempt(call);
			return [
				...eventAt(call, 'ringing', ringingAt),
				...eventAt(call, 'answered', answeredAt),
				...eventAt(call, 'hangup', endedAt),
				...eventAt(call, 'cdr', call.recordAt),
				{ at: call.recordAt, parcels: () => campaignParcels(account, call) },
			];
		},
	};
}

function eventParcels(
	exchange: Exchange,
	registrations: Registrations,
	call: AutocallCall,
	event: EventName,
): readonly Parcel[] {
	return registrations
		.all()
		.filter((registration) => registration.event === event)
		.map(({ callbackUrl }) => ({
			...jsonBody(eventBody(call, event, exchange.settings.eventFields)),
			url: callbackUrl,
			callId: call.callId,
			occasion: event,
		}));
}

function campaignParcels(account: AutocallAccount, call: AutocallCall): readonly Parcel[] {
	const url = account.campaign(call.campaignUuid)?.callback_url ?? '';
	if (url === '') return [];
	const { callId } = call;
	return [{ ...jsonBody(callDetailRecord(call)), url, callId, occasion: 'campaign-cdr' }];
}

function jsonBody(body: JsonObject): Pick<Parcel, 'contentType' | 'body'> {
	return { contentType: 'application/json', body: JSON.stringify(body) };
}
