import { randomUUID } from 'node:crypto';
import type { BitelCall } from '../dialing/call';
import { layOutCall } from '../dialing/placing';
import type { Exchange } from '../exchange';
import {
	type ApiRequest,
	type Endpoint,
	type Handled,
	bearerToken,
	declaresJson,
	decodeParameter,
	jsonAnswer,
} from '../http/endpoint';
import type { Tokens } from '../tokens';
import { BITEL_UNAUTHORIZED, bitelRefusal, bitelResult } from './answers';
import { bitelRecord } from './record';
import { type BitelSend, readBitelSend } from './sendRules';

/** Bitel's API v2: send an OTP call, and ask for its status. */
export function bitelEndpoints(exchange: Exchange, tokens: Tokens): readonly Endpoint[] {
	const callAskedFor = (parameter: string): BitelCall | undefined => {
		const call = exchange.ledger.byCallId(decodeParameter(parameter) ?? '');
		return call?.provider === 'bitel' ? call : undefined;
	};
	return [
		{
			provider: 'bitel',
			purpose: 'send',
			method: 'POST',
			path: /^\/api\/v2\/voice\/otp$/,
			handle: (request) =>
				isAuthorized(request, tokens) ? send(exchange, request) : { answer: BITEL_UNAUTHORIZED },
		},
		{
			provider: 'bitel',
			purpose: 'status',
			method: 'GET',
			path: /^\/api\/v2\/voice\/status\/([^/]+)$/,
			callAskedFor,
			handle: (request, parameter) =>
				isAuthorized(request, tokens)
					? status(exchange, callAskedFor(parameter))
					: { answer: BITEL_UNAUTHORIZED },
		},
	];
}

function isAuthorized(request: ApiRequest, tokens: Tokens): boolean {
	return tokens.accepts(bearerToken(request.headers));
}

function send(exchange: Exchange, request: ApiRequest): Handled {
	if (!declaresJson(request.headers)) return { answer: bitelRefusal(415, 'InvalidRequest') };
	const wanted = readBitelSend(request.json);
	if (typeof wanted === 'string') return { answer: bitelRefusal(400, wanted) };
	const call = place(exchange, wanted, request.lateRecordMs);
	return {
		answer: bitelResult(bitelRecord(call, call.placedAt, exchange.settings)),
		placed: call,
	};
}

function place(exchange: Exchange, wanted: BitelSend, lateRecordMs: number): BitelCall {
	const laidOut = layOutCall(exchange, wanted.phoneNumber, 1 + wanted.retryCount);
	const call: BitelCall = {
		provider: 'bitel',
		callId: laidOut.ids.callId ?? randomUUID().replaceAll('-', ''),
		phoneNumber: wanted.phoneNumber,
		code: wanted.text,
		placedAt: laidOut.placedAt,
		attempts: laidOut.attempts,
		recordAt: laidOut.placedAt + lateRecordMs,
		recordFields: laidOut.recordFields,
	};
	exchange.ledger.add(call);
	return call;
}

function status(exchange: Exchange, call: BitelCall | undefined): Handled {
	const now = exchange.clock.now();
	if (call === undefined || now < call.recordAt) return { answer: bitelRefusal(404, 'NotFound') };
	const record = bitelRecord(call, now, exchange.settings);
	// The sample of the status page has no envelope, the page of the envelope says that all answers do.
	return {
		answer: exchange.settings.bitelStatusEnvelope ? bitelResult(record) : jsonAnswer(200, record),
	};
}
