import { randomUUID } from 'node:crypto';
import { type Call, type CallBook, lastAttempt } from '../../dialing/ledger';
import type { ApiRequest } from '../../http/request';
import { type JsonObject, isJsonObject } from '../../json';
import type { Network } from '../../network';
import {
	type ApiAnswer,
	type CommonAnswers,
	type Endpoint,
	type Handled,
	type Provider,
	type ProviderApi,
	jsonAnswer,
} from '../../provider';
import { type DueWebhook, type Webhook, formPost, jsonPost } from '../../webhooks';
import { bitelRecord, finishedRequest } from './record';
import { BITEL_SERVER_ID, type BitelError, type BitelSend, readBitelSend } from './sendRules';
import { bitelSettings } from './settings';

export { BITEL_SERVER_ID };

/** Bitel. */
export const bitel = {
	name: 'bitel',
	title: 'Bitel',
	seeds: { server: BITEL_SERVER_ID },
	planIds: ['callId'],
	open: (network: Network) => new BitelApi(network),
} satisfies Provider;

/** Bitel's API v2: send an OTP call, and ask for its status; and the webhook of the project. */
class BitelApi implements ProviderApi {
	readonly paths = /^\/api\//;
	readonly settings = bitelSettings();
	// The body of a 401 is not documented, so there is none.
	readonly answers: CommonAnswers = {
		unknownPath: refusal(404, 'NotFound'),
		wrongMethod: refusal(405, 'InvalidRequest'),
		unauthorized: { status: 401, headers: {}, body: '' },
		withStatus: (status) => ({ status, headers: {}, body: '' }),
	};
	readonly endpoints: readonly Endpoint[] = [
		{
			operation: 'send',
			method: 'POST',
			path: '/api/v2/voice/otp',
			phoneNumberOf: ({ json }) => phoneNumberIn(json),
			handle: (request) => this.#send(request),
		},
		{
			operation: 'status',
			method: 'GET',
			path: '/api/v2/voice/status/:id',
			phoneNumberOf: (request) => this.#callAskedFor(request)?.phoneNumber,
			handle: (request) => this.#status(this.#callAskedFor(request)),
		},
	];
	readonly #network: Network;
	readonly #calls: CallBook<Call>;

	constructor(network: Network) {
		this.#network = network;
		this.#calls = network.keepCalls<Call>({
			keysOf: ({ callId }) => [callId],
			webhooksOf: (call) => this.#webhooksOf(call),
		});
	}

	credentialOf(request: ApiRequest): string | undefined {
		return request.bearerToken;
	}

	accepts(token: string | undefined): boolean {
		return this.#network.acceptsToken(token);
	}

	#callAskedFor(request: ApiRequest): Call | undefined {
		return this.#calls.find(request.parameter('id'));
	}

	#send(request: ApiRequest): Handled {
		if (!request.declaresJson) return refusal(415, 'InvalidRequest');
		const wanted = readBitelSend(request.json);
		if (typeof wanted === 'string') return refusal(400, wanted);
		const placed = this.#place(wanted, request.lateRecordMs);
		return { ...result(this.#record(placed, placed.placedAt)), placed };
	}

	#place(wanted: BitelSend, lateRecordMs: number): Call {
		const laidOut = this.#network.layOut(wanted.phoneNumber, 1 + wanted.retryCount);
		const call: Call = {
			provider: bitel.name,
			callId: laidOut.ids['callId'] ?? randomUUID().replaceAll('-', ''),
			phoneNumber: wanted.phoneNumber,
			code: wanted.text,
			placedAt: laidOut.placedAt,
			attempts: laidOut.attempts,
			recordAt: laidOut.placedAt + lateRecordMs,
			recordFields: laidOut.recordFields,
		};
		this.#calls.add(call);
		return call;
	}

	#status(call: Call | undefined): Handled {
		const now = this.#network.clock.now();
		if (call === undefined || now < call.recordAt) return refusal(404, 'NotFound');
		const record = this.#record(call, now);
		// The sample of the status page has no envelope, the page of the envelope says that all answers do.
		return this.settings.bitelStatusEnvelope.value ? result(record) : jsonAnswer(200, record);
	}

	#record(call: Call, now: number): JsonObject {
		return bitelRecord(call, now, this.settings.bitelShowsRetries.value);
	}

	// One POST for each request that has finished.
	#webhooksOf(call: Call): readonly DueWebhook[] {
		if (this.settings.bitelWebhookUrl.value === '') return [];
		return [{ at: lastAttempt(call).endedAt, webhooks: () => this.#finished(call) }];
	}

	#finished(call: Call): readonly Webhook[] {
		const { bitelWebhookUrl, bitelWebhookBody, bitelWebhookCause } = this.settings;
		if (bitelWebhookUrl.value === '') return [];
		const post = bitelWebhookBody.value === 'form' ? formPost : jsonPost;
		const record = this.#record(call, this.#network.clock.now());
		const event = finishedRequest(record, bitelWebhookCause.value);
		return [
			{ ...post(bitelWebhookUrl.value, event), callId: call.callId, event: 'bitel-finished' },
		];
	}
}

function phoneNumberIn(body: unknown): string | undefined {
	const phoneNumber = isJsonObject(body) ? body['phoneNumber'] : undefined;
	return typeof phoneNumber === 'string' ? phoneNumber : undefined;
}

/** `{ result, error: null }`. */
function result(value: unknown): ApiAnswer {
	return jsonAnswer(200, { result: value, error: null });
}

/** `{ result: null, error }`. */
function refusal(status: number, error: BitelError): ApiAnswer {
	return jsonAnswer(status, { result: null, error });
}
