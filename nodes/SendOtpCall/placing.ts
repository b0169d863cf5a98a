import type { IExecuteFunctions } from 'n8n-workflow';

import type { CallContext } from '../../calls/context';
import { OtpCallError } from '../../calls/errors';
import type { CallReport, PreparedSend } from '../../calls/report';
import { mayRing, placeReserved, prepareSend } from '../../calls/send';

import type { SentCall } from '../../calls/identity';
import { lookUp, planLookup } from '../../calls/status';
import type { CallMemory, Remembered } from './callMemory';
import { reserve } from './coolDownStore';
import type { Order } from './orders';

/** A call that has been placed, now or by an earlier try of this run. */
export interface PlacedCall {
	readonly report: CallReport;
	/** The code, when the node made it. */
	readonly generatedCode: string | undefined;
	/** The code that is read out, to be kept out of everything else. */
	readonly code: string;
	/** Whom the call is for, as the memory names it. */
	readonly recipient: string;
	/** What its records are compared with. */
	readonly sent: SentCall;
	/** The provider itself may call again. */
	readonly mayRetry: boolean;
	readonly isFromEarlierTry: boolean;
}

/** Places calls, but none that an earlier try of this run has placed, or may have. */
export class CallPlacing {
	readonly #functions: IExecuteFunctions;
	readonly #context: CallContext;
	readonly #memory: CallMemory;

	constructor(functions: IExecuteFunctions, context: CallContext, memory: CallMemory) {
		this.#functions = functions;
		this.#context = context;
		this.#memory = memory;
	}

	/** @throws OtpCallError */
	async place(item: number, order: Order): Promise<PlacedCall> {
		const prepared = prepareSend(this.#context, order.input);
		const recipient = `${this.#context.provider.name} ${prepared.phoneNumber}`;
		const known = this.#memory.recall(item, recipient);
		if (known !== undefined) return await this.#reuse(item, known, prepared);
		const { generatedCode } = order;
		const { code, planned, sent } = prepared;
		const report = await this.#placeAnew(order, prepared).catch((error: unknown) => {
			if (error instanceof OtpCallError && mayRing(error)) {
				const { facts } = error;
				this.#memory.remember(item, { is: 'unknown', recipient, sent, facts, generatedCode });
			}
			throw error;
		});
		this.#memory.remember(item, { is: 'placed', recipient, sent, report, generatedCode });
		const { mayRetry } = planned;
		return { report, recipient, sent, generatedCode, code, mayRetry, isFromEarlierTry: false };
	}

	/** The record of a call of unknown outcome may have turned up since. */
	async #reuse(item: number, known: Remembered, prepared: PreparedSend): Promise<PlacedCall> {
		const { generatedCode, recipient, sent } = known;
		const earlier = {
			recipient,
			sent,
			generatedCode,
			code: generatedCode ?? prepared.code,
			mayRetry: prepared.planned.mayRetry,
			isFromEarlierTry: true,
		};
		if (known.is === 'placed') return { ...earlier, report: known.report };
		const { callId } = known.facts;
		const report = callId === undefined ? null : await this.#find(callId, sent);
		if (report === null) throw new OtpCallError(known.facts);
		this.#memory.remember(item, { is: 'placed', recipient, sent, report, generatedCode });
		return { ...earlier, report };
	}

	/** The record of a call of unknown outcome; null: there is none, or it cannot be asked for now. */
	async #find(callId: string, sent: SentCall): Promise<CallReport | null> {
		const question = planLookup(this.#context, callId);
		return await lookUp(this.#context, question, { sent }).catch(() => null);
	}

	/** Places the call, unless its number cools down. */
	async #placeAnew({ coolDown }: Order, prepared: PreparedSend): Promise<CallReport> {
		const { credentials, clock } = this.#context;
		// The last one lasts: a token that was got for a key is another one each day.
		const secret = credentials().at(-1) ?? '';
		const { phoneNumber } = prepared;
		return await placeReserved(
			this.#context,
			prepared,
			coolDown && (() => reserve(this.#functions, coolDown, phoneNumber, secret, clock.now())),
		);
	}
}
