import { randomUUID } from 'node:crypto';
import { type Call, type CallBook, lastAttempt } from '../../dialing/ledger';
import type { ApiRequest } from '../../http/request';
import { isJsonObject } from '../../json';
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
import { Setting, oneOf } from '../../settings';
import { type DueWebhook, getWithQuery } from '../../webhooks';
import { esmsReport } from './report';
import { type EsmsSend, readEsmsSend } from './sendRules';

/** eSMS. */
export const esms = {
	name: 'esms',
	title: 'eSMS',
	// Its two keys are the ready token, both.
	seeds: {},
	planIds: ['SMSID'],
	open: (network: Network) => new EsmsApi(network),
} satisfies Provider;

interface EsmsCall extends Call {
	readonly requestId: string;
	readonly callbackUrl: string;
}

/** eSMS's calls by voice: send an OTP call, ask for its status; and the callback of each call. */
class EsmsApi implements ProviderApi {
	readonly paths = /^\/MainService\.svc\//;
	readonly settings = {
		/** eSMS: how the callback's parameters are put to a URL that has some: the documents show none. */
		esmsCallbackQuery: new Setting('joined', oneOf('joined', 'appended')),
	};
	readonly answers: CommonAnswers = {
		unknownPath: { status: 404, headers: {}, body: '' },
		wrongMethod: { status: 405, headers: {}, body: '' },
		unauthorized: { status: 401, headers: {}, body: '' },
		// A missing record has a code, and no HTTP status that is documented.
		withStatus: (status) =>
			status === 404 ? jsonAnswer(404, { CodeResponse: '105' }) : { status, headers: {}, body: '' },
	};
	// Wrong keys are answered by each endpoint in its own way, with HTTP 200.
	readonly endpoints: readonly Endpoint[] = [
		{
			operation: 'send',
			method: 'POST',
			path: '/MainService.svc/json/SendMultipleMessage_V4_post_json/',
			isOpen: true,
			phoneNumberOf: ({ json }) => textIn(json, 'Phone'),
			handle: (request) => this.#send(request),
		},
		{
			operation: 'status',
			method: 'GET',
			path: '/MainService.svc/json/GetSendStatus',
			isOpen: true,
			phoneNumberOf: (request) => this.#callAskedFor(request)?.phoneNumber,
			handle: (request) => this.#status(request),
		},
	];
	readonly #network: Network;
	readonly #calls: CallBook<EsmsCall>;
	readonly #requestIds = new Set<string>();

	constructor(network: Network) {
		this.#network = network;
		this.#calls = network.keepCalls<EsmsCall>({
			keysOf: ({ callId }) => [callId],
			webhooksOf: (call) => this.#webhooksOf(call),
		});
	}

	/** Both keys, where the request has both. */
	credentialOf({ json, query }: ApiRequest): string | undefined {
		const keys = ['ApiKey', 'SecretKey'].map((name) => textIn(json, name) ?? query.get(name));
		return keys.every((key) => key !== null) ? keys.join('\n') : undefined;
	}

	accepts(keys: string | undefined): boolean {
		return keys?.split('\n').every((key) => this.#network.acceptsToken(key)) ?? false;
	}

	reset(): void {
		this.#requestIds.clear();
	}

	#callAskedFor({ query }: ApiRequest): EsmsCall | undefined {
		return this.#calls.find(query.get('RefId') ?? '');
	}

	#send(request: ApiRequest): Handled {
		if (!request.declaresJson) return { status: 415, headers: {}, body: '' };
		if (!this.accepts(this.credentialOf(request))) return refusal('101', 'Authorize Failed');
		const wanted = readEsmsSend(request.json);
		if (wanted === 'not documented') return { status: 400, headers: {}, body: '' };
		if (typeof wanted === 'string') return refusal(wanted, 'Refused');
		const { isSandbox, requestId } = wanted;
		if (this.#requestIds.has(requestId)) return refusal('124', 'Duplicate RequestId');
		if (requestId !== '') this.#requestIds.add(requestId);
		if (isSandbox) return taken(randomUUID());
		const placed = this.#place(wanted, request.lateRecordMs);
		return { ...taken(placed.callId), placed };
	}

	#place(wanted: EsmsSend, lateRecordMs: number): EsmsCall {
		const { callbackUrl, content, phone, requestId } = wanted;
		const laidOut = this.#network.layOut(phone, 1);
		const call: EsmsCall = {
			provider: esms.name,
			// Such as 434a124c-7818-4f45-bdf2-7f7b07fff210100.
			callId: laidOut.ids['SMSID'] ?? `${randomUUID()}${Math.floor(Math.random() * 1_000)}`,
			phoneNumber: phone,
			code: content,
			placedAt: laidOut.placedAt,
			attempts: laidOut.attempts,
			recordAt: laidOut.placedAt + lateRecordMs,
			recordFields: laidOut.recordFields,
			requestId,
			callbackUrl,
		};
		this.#calls.add(call);
		return call;
	}

	#status(request: ApiRequest): ApiAnswer {
		const refId = request.query.get('RefId') ?? '';
		if (!this.accepts(this.credentialOf(request))) {
			return jsonAnswer(200, { CodeResponse: '101', SMSID: refId });
		}
		const call = this.#callAskedFor(request);
		const now = this.#network.clock.now();
		if (call === undefined || now < call.recordAt) return jsonAnswer(200, { CodeResponse: '105' });
		return jsonAnswer(200, { CodeResponse: '100', ...esmsReport(call, now) });
	}

	#webhooksOf(call: EsmsCall): readonly DueWebhook[] {
		if (call.callbackUrl === '') return [];
		return [{ at: lastAttempt(call).endedAt, webhooks: () => [this.#callback(call)] }];
	}

	#callback(call: EsmsCall) {
		const event = {
			...esmsReport(call, this.#network.clock.now()),
			RequestId: call.requestId,
			TypeId: 8,
			telcoid: 1,
			phonenumber: call.phoneNumber,
		};
		const isJoined = this.settings.esmsCallbackQuery.value === 'joined';
		const joined = getWithQuery(isJoined ? call.callbackUrl : 'http://any.example', event);
		const url = isJoined ? joined.url : `${call.callbackUrl}${new URL(joined.url).search}`;
		return { ...joined, url, callId: call.callId, event: 'esms-callback' };
	}
}

const textIn = (body: unknown, name: string): string | undefined => {
	const value = isJsonObject(body) ? body[name] : undefined;
	return typeof value === 'string' ? value : undefined;
};

const taken = (messageId: string): ApiAnswer =>
	jsonAnswer(200, { CodeResult: '100', CountRegenerate: 0, SMSID: messageId });

const refusal = (code: string, message: string): ApiAnswer =>
	jsonAnswer(200, { CodeResult: code, CountRegenerate: 0, ErrorMessage: message });
