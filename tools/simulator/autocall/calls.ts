import { randomUUID } from 'node:crypto';
import type { AutocallCall, Call } from '../dialing/call';
import { layOutCall } from '../dialing/placing';
import type { Exchange } from '../exchange';
import {
	type ApiRequest,
	type Endpoint,
	type Handled,
	declaresJson,
	decodeParameter,
	jsonAnswer,
} from '../http/endpoint';
import type { AutocallAccount } from './account';
import { autocallError, noRecordAnswer } from './answers';
import { callDetailRecord } from './cdr';
import { type AutocallSend, readAutocallSend } from './sendRules';

/** Autocall's API v3 for one call: send it, and look its CDR up by reference or by id. */
export function callEndpoints(exchange: Exchange, account: AutocallAccount): readonly Endpoint[] {
	const { ledger } = exchange;
	const byRefId = (parameter: string) => ledger.byRefId(decodeParameter(parameter) ?? '');
	const byId = (parameter: string) => {
		const id = decodeParameter(parameter) ?? '';
		return ledger.byCallId(id) ?? ledger.bySipCallId(id);
	};
	return [
		{
			provider: 'autocall',
			purpose: 'send',
			method: 'POST',
			path: /^\/v3\/autocall\/otp$/,
			handle: (request) => send(exchange, account, request),
		},
		lookUp(exchange, /^\/v3\/autocall\/log\/([^/]+)\/ref_id$/, byRefId),
		lookUp(exchange, /^\/v3\/cdr\/([^/]+)$/, byId),
	];
}

/** The CDR of `call`; undefined while there is none: before its end, and for the record's delay. */
export function recordOf(exchange: Exchange, call: Call): AutocallCall | undefined {
	const isWritten = call.provider === 'autocall' && exchange.clock.now() >= call.recordAt;
	return isWritten ? call : undefined;
}

function send(exchange: Exchange, account: AutocallAccount, request: ApiRequest): Handled {
	if (!declaresJson(request.headers)) {
		return { answer: autocallError(415, 'Content-Type must be application/json') };
	}
	const read = readAutocallSend(request.json, account);
	if ('refusal' in read) return { answer: read.refusal };
	const call = place(exchange, read.wanted, request.lateRecordMs);
	return {
		answer: jsonAnswer(200, {
			call_id: call.callId,
			lead_uuid: call.leadUuid,
			message: 'success',
			ref_id: call.refId,
		}),
		placed: call,
	};
}

function place(exchange: Exchange, wanted: AutocallSend, lateRecordMs: number): AutocallCall {
	const laidOut = layOutCall(exchange, wanted.phoneNumber, 1);
	const call: AutocallCall = {
		...wanted,
		provider: 'autocall',
		callId: laidOut.ids.callId ?? randomUUID(),
		sipCallId: laidOut.ids.sipCallId ?? randomUUID(),
		leadUuid: laidOut.ids.leadUuid ?? randomUUID(),
		placedAt: laidOut.placedAt,
		attempts: laidOut.attempts,
		recordAt: laidOut.endsAt + laidOut.recordDelayMs + lateRecordMs,
		recordFields: laidOut.recordFields,
	};
	exchange.ledger.add(call);
	return call;
}

function lookUp(
	exchange: Exchange,
	path: RegExp,
	callAskedFor: (parameter: string) => Call | undefined,
): Endpoint {
	return {
		provider: 'autocall',
		purpose: 'status',
		method: 'GET',
		path,
		callAskedFor,
		handle: (_request, parameter) => {
			const call = callAskedFor(parameter);
			const recorded = call === undefined ? undefined : recordOf(exchange, call);
			if (recorded === undefined) return { answer: noRecordAnswer(exchange.settings.noRecordForm) };
			return { answer: jsonAnswer(200, callDetailRecord(recorded)) };
		},
	};
}
