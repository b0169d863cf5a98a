import { randomUUID } from 'node:crypto';
import type { ApiRequest } from '../../http/request';
import { isJsonObject } from '../../json';
import { type Endpoint, type Handled, jsonAnswer } from '../../provider';
import type { AutocallContext } from './account';
import { autocallError, noRecordAnswer } from './answers';
import { type AutocallCall, callDetailRecord, isWritten } from './cdr';
import { type AutocallSend, readAutocallSend } from './sendRules';

/** The texts that Autocall's look-ups find a call by. */
export const keysOf = ({ callId, sipCallId, refId }: AutocallCall): readonly string[] => [
	idKey(sipCallId),
	idKey(callId),
	...(refId === '' ? [] : [refKey(refId)]),
];
const idKey = (id: string): string => `id ${id}`;
// Whether the provider refuses a reference that it had before is not documented: the latest call has it.
const refKey = (refId: string): string => `ref ${refId}`;

/** Autocall's API v3 for one call: send it, and look its CDR up by reference or by id. */
export function callEndpoints(context: AutocallContext): readonly Endpoint[] {
	return [
		{
			operation: 'send',
			method: 'POST',
			path: '/v3/autocall/otp',
			phoneNumberOf: ({ json }) => phoneNumberIn(json),
			handle: (request) => send(context, request),
		},
		lookUp(context, '/v3/autocall/log/:refId/ref_id', (request) =>
			refKey(request.parameter('refId')),
		),
		lookUp(context, '/v3/cdr/:id', (request) => idKey(request.parameter('id'))),
	];
}

function phoneNumberIn(body: unknown): string | undefined {
	const phoneNumber = isJsonObject(body) ? body['phone_number'] : undefined;
	return typeof phoneNumber === 'string' ? phoneNumber : undefined;
}

function send(context: AutocallContext, request: ApiRequest): Handled {
	if (!request.declaresJson) return autocallError(415, 'Content-Type must be application/json');
	const read = readAutocallSend(request.json, context.account);
	if ('refusal' in read) return read.refusal;
	const placed = place(context, read.wanted, request.lateRecordMs);
	const { callId: call_id, leadUuid: lead_uuid, refId: ref_id } = placed;
	return { ...jsonAnswer(200, { call_id, lead_uuid, message: 'success', ref_id }), placed };
}

function place(
	{ network, calls }: AutocallContext,
	wanted: AutocallSend,
	lateRecordMs: number,
): AutocallCall {
	const laidOut = network.layOut(wanted.phoneNumber, 1);
	const { ids } = laidOut;
	const call: AutocallCall = {
		...wanted,
		provider: 'autocall',
		callId: ids['callId'] ?? randomUUID(),
		sipCallId: ids['sipCallId'] ?? randomUUID(),
		leadUuid: ids['leadUuid'] ?? randomUUID(),
		placedAt: laidOut.placedAt,
		attempts: laidOut.attempts,
		recordAt: laidOut.endsAt + laidOut.recordDelayMs + lateRecordMs,
		recordFields: laidOut.recordFields,
	};
	calls.add(call);
	return call;
}

function lookUp(
	{ network, calls, settings }: AutocallContext,
	path: string,
	keyOf: (request: ApiRequest) => string,
): Endpoint {
	return {
		operation: 'status',
		method: 'GET',
		path,
		phoneNumberOf: (request) => calls.find(keyOf(request))?.phoneNumber,
		handle: (request) => {
			const call = calls.find(keyOf(request));
			return call !== undefined && isWritten(call, network.clock.now())
				? jsonAnswer(200, callDetailRecord(call))
				: noRecordAnswer(settings.noRecordForm.value);
		},
	};
}
