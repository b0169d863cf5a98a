import { randomInt } from 'node:crypto';
import { type Call, type CallBook, lastAttempt } from '../../dialing/ledger';
import { stageAt } from '../../dialing/attempts';
import type { Outcome } from '../../dialing/plans';
import type { ApiRequest } from '../../http/request';
import type { JsonObject } from '../../json';
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
import { Setting, yesOrNo } from '../../settings';
import { KAVENEGAR_TEMPLATE, type Wanted, readLookup } from './lookupRules';

/** Kavenegar. */
export const kavenegar = {
	name: 'kavenegar',
	title: 'Kavenegar',
	seeds: { template: KAVENEGAR_TEMPLATE },
	planIds: ['messageid'],
	open: (network: Network) => new KavenegarApi(network),
} satisfies Provider;

/** The documented states of a message, with the words that stand beside them. */
const QUEUED = { status: 1, statustext: 'در صف ارسال' };
const SENT = { status: 5, statustext: 'ارسال شده به مخابرات' };
const FAILED = { status: 6, statustext: 'خطا در ارسال پیام' };
const DELIVERED = { status: 10, statustext: 'رسیده به گیرنده' };
const NOT_DELIVERED = { status: 11, statustext: 'نرسیده به گیرنده' };
const UNKNOWN_ID = { status: 100, statustext: 'شناسه پیامک نامعتبر است' };

// What the states mean for a call is not documented: the simulator takes their words for it.
const STATE_OF: Readonly<Record<Outcome, typeof QUEUED>> = {
	answered: DELIVERED,
	machine: DELIVERED,
	busy: NOT_DELIVERED,
	declined: NOT_DELIVERED,
	'no-answer': NOT_DELIVERED,
	unreachable: NOT_DELIVERED,
	failed: FAILED,
};

/** Rials. */
const PRICE = 1_200;
const CREDIT = 1_000_000;
const SENDER = '10004346';

/** Kavenegar's API v1: a template read out by call, the state of a message, and the account. */
class KavenegarApi implements ProviderApi {
	readonly paths = /^\/v1\/[^/]+\/(?:verify|sms|account)\//;
	readonly settings = {
		/** Kavenegar: whether errors have an HTTP status of their own; else they come with 200. */
		kavenegarErrorsAsStatus: new Setting(true, yesOrNo),
	};
	readonly answers: CommonAnswers = {
		unknownPath: answer(404, 404),
		wrongMethod: answer(405, 405),
		unauthorized: answer(403, 403),
		withStatus: (status) => answer(status, status),
	};
	readonly endpoints: readonly Endpoint[] = [
		{
			operation: 'send',
			method: 'POST',
			path: '/v1/:key/verify/lookup.json',
			phoneNumberOf: ({ form }) => form?.get('receptor') ?? undefined,
			handle: (request) => this.#lookup(request),
		},
		{
			operation: 'status',
			method: 'GET',
			path: '/v1/:key/sms/status.json',
			phoneNumberOf: (request) => this.#callAskedFor(request)?.phoneNumber,
			handle: (request) => this.#status(request),
		},
		{
			operation: 'other',
			method: 'GET',
			path: '/v1/:key/account/info.json',
			handle: () => answer(200, 200, { remaincredit: CREDIT, expiredate: 1_893_456_000 }),
		},
	];
	readonly #network: Network;
	readonly #calls: CallBook<Call>;

	constructor(network: Network) {
		this.#network = network;
		this.#calls = network.keepCalls<Call>({
			keysOf: ({ callId }) => [callId],
			webhooksOf: () => [],
		});
	}

	credentialOf(request: ApiRequest): string | undefined {
		return request.parameter('key');
	}

	accepts(key: string | undefined): boolean {
		return this.#network.acceptsToken(key);
	}

	#lookup(request: ApiRequest): Handled {
		const wanted = readLookup(request.form);
		if (typeof wanted === 'number') return this.#refusal(wanted);
		const placed = this.#place(wanted, request.lateRecordMs);
		const entry = {
			messageid: Number(placed.callId),
			message: `کد تایید شما: ${wanted.token}`,
			...QUEUED,
			sender: SENDER,
			receptor: placed.phoneNumber,
			date: Math.floor(placed.placedAt / 1000),
			cost: PRICE,
		};
		return { ...answer(200, 200, [entry]), placed };
	}

	#place({ receptor, token }: Wanted, lateRecordMs: number): Call {
		// Whether a call is tried again is not documented.
		const laidOut = this.#network.layOut(receptor, 1);
		const call: Call = {
			provider: kavenegar.name,
			callId: laidOut.ids['messageid'] ?? String(randomInt(1_000_000_000, 10_000_000_000)),
			phoneNumber: receptor,
			code: token,
			placedAt: laidOut.placedAt,
			attempts: laidOut.attempts,
			recordAt: laidOut.placedAt + lateRecordMs,
			recordFields: laidOut.recordFields,
		};
		this.#calls.add(call);
		return call;
	}

	#status(request: ApiRequest): Handled {
		const messageid = request.query.get('messageid') ?? '';
		if (!/^\d+$/.test(messageid)) return this.#refusal(400);
		const call = this.#callAskedFor(request);
		const isKnown = call !== undefined && this.#network.clock.now() >= call.recordAt;
		const state = isKnown ? this.#stateOf(call) : UNKNOWN_ID;
		return answer(200, 200, [{ messageid: Number(messageid), ...state }]);
	}

	#callAskedFor({ query }: ApiRequest): Call | undefined {
		return this.#calls.find(query.get('messageid') ?? '');
	}

	#stateOf(call: Call): JsonObject {
		const stage = stageAt(call.attempts, this.#network.clock.now());
		if (stage === 'queued') return QUEUED;
		if (stage !== 'ended') return SENT;
		return { ...STATE_OF[lastAttempt(call).outcome], ...call.recordFields };
	}

	#refusal(status: number): ApiAnswer {
		return answer(this.settings.kavenegarErrorsAsStatus.value ? status : 200, status);
	}
}

/** `{ return: { status, message }, entries }`. */
function answer(httpStatus: number, status: number, entries: unknown = null): ApiAnswer {
	const message = status === 200 ? 'تایید شد' : `خطای ${String(status)}`;
	return jsonAnswer(httpStatus, { return: { status, message }, entries });
}
