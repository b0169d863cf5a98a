import { type BitelCall, lastAttempt } from '../dialing/call';
import type { Exchange } from '../exchange';
import type { JsonObject } from '../json';
import type { Newsroom } from '../webhooks/announcer';
import type { Parcel } from '../webhooks/courier';
import { bitelRecord } from './record';

/** The webhook of a Bitel project: one POST for each request that has finished. */
export function bitelNewsroom(exchange: Exchange): Newsroom {
	return {
		hasListeners: () => exchange.settings.bitelWebhookUrl !== '',
		momentsOf: (call) =>
			call.provider === 'bitel'
				? [{ at: lastAttempt(call).endedAt, parcels: () => parcels(exchange, call) }]
				: [],
	};
}

function parcels({ settings, clock }: Exchange, call: BitelCall): readonly Parcel[] {
	if (settings.bitelWebhookUrl === '') return [];
	const record = bitelRecord(call, clock.now(), settings);
	const report = finishedRequest(record, settings.bitelWebhookCause);
	const isForm = settings.bitelWebhookBody === 'form';
	return [
		{
			url: settings.bitelWebhookUrl,
			contentType: isForm ? 'application/x-www-form-urlencoded' : 'application/json',
			body: isForm ? formBody(report) : JSON.stringify(report),
			callId: call.callId,
			occasion: 'bitel-finished',
		},
	];
}

function finishedRequest(record: JsonObject, cause: 'name' | 'number'): JsonObject {
	return {
		requestId: record['id'],
		campaignId: '',
		balanceSubtracted: Math.abs(Number(record['price'])),
		cause: cause === 'name' ? record['status'] : record['statusCode'],
		billSec: record['billSec'],
		number: record['phoneNumber'],
		requestDate: record['requestDate'],
	};
}

function formBody(report: JsonObject): string {
	const fields = Object.entries(report).map(([name, value]) => [name, String(value)]);
	return new URLSearchParams(fields).toString();
}
