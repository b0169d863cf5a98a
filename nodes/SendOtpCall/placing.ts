import type { IExecuteFunctions } from 'n8n-workflow';

import { claimOf } from '../../calls/claims';
import type { ClaimedCall, ClaimStore } from '../../calls/claims';
import type { CallContext } from '../../calls/context';
import { OtpCallError } from '../../calls/errors';
import type { SentCall } from '../../calls/identity';
import type { CallReport, PreparedSend } from '../../calls/report';
import { placeKept, prepareKeeping } from '../../calls/keeping';
import type { Keeping } from '../../calls/keeping';
import { checkRules, placeAllowed } from '../../calls/rules';
import type { ClaimIn } from '../../calls/rules';
import { mayRing, placeReserved, prepareSend } from '../../calls/send';
import { lookUp, planLookup } from '../../calls/status';
import { maskPhoneNumber } from '../../redaction/texts';
import type { CallMemory, Remembered } from './callMemory';
import { claimStoreOf } from '../stores/claimStore';
import { reserve } from '../stores/coolDownStore';
import type { Order } from './orders';

/** An order whose input has been checked. Nothing has been sent for it. */
export interface PreparedOrder {
	readonly order: Order;
	readonly prepared: PreparedSend;
	/** Null: the code is not kept for a check. */
	readonly keeping: Keeping | null;
}

/** A call that has been placed: now, by an earlier try of this run, or by an earlier send under its key. */
export interface PlacedCall {
	readonly report: CallReport;
	/** The code, when the node made it. */
	readonly generatedCode: string | undefined;
	/** The code that is read out, to be kept out of everything else. */
	readonly code: string;
	/** What this try of the run remembers of it. */
	readonly memory: Pick<Remembered, 'recipient' | 'sent' | 'codeKey' | 'verification'>;
	/** The provider itself may call again. */
	readonly mayRetry: boolean;
	readonly isFromEarlierTry: boolean;
	readonly isAlreadyPlaced: boolean;
	/** The token by which the code can be checked; undefined: it is not kept. */
	readonly verification: string | undefined;
}

/** Places calls, but none that an earlier try of this run has placed, or may have. */
export class CallPlacing {
	readonly #functions: IExecuteFunctions;
	readonly #context: CallContext;
	readonly #memory: CallMemory;
	readonly #claims: ClaimStore;
	/** Read once: n8n copies the whole node, its parameters included, for whoever asks for it. */
	readonly #nodeName: string;

	constructor(functions: IExecuteFunctions, context: CallContext, memory: CallMemory) {
		this.#functions = functions;
		this.#context = context;
		this.#memory = memory;
		this.#claims = claimStoreOf(functions, () => context.clock.now());
		this.#nodeName = functions.getNode().name;
	}

	/** Checks an order, without any request. @throws OtpCallError `invalid-input` */
	prepare(order: Order): PreparedOrder {
		const prepared = prepareSend(this.#context, order.input);
		const { keeping } = order;
		return {
			order,
			prepared,
			keeping: keeping === null ? null : prepareKeeping(this.#context, prepared, keeping),
		};
	}

	/** Whom an item calls, for what earlier tries of this run have done. */
	#recipientOf({ phoneNumber }: PreparedSend): string {
		return `${this.#context.provider.name} ${phoneNumber}`;
	}

	/** Checks the node's rules before any item is placed, without any request. @throws OtpCallError `refused-by-rule` */
	async check(item: number, { order, prepared }: PreparedOrder): Promise<void> {
		// Nothing is placed for it any more.
		if (this.#memory.recall(item, this.#recipientOf(prepared)) !== undefined) return;
		await checkRules(this.#context, prepared, order.rules, this.#claimOf(order, prepared));
	}

	/** @throws OtpCallError */
	async place(item: number, ready: PreparedOrder): Promise<PlacedCall> {
		const { keeping, order, prepared } = ready;
		const recipient = this.#recipientOf(prepared);
		const known = this.#memory.recall(item, recipient);
		if (known !== undefined) return await this.#reuse(item, known, order, prepared);
		const { code, planned, sent } = prepared;
		const codeKey = order.generated?.key ?? null;
		const unplaced = { recipient, sent, codeKey };
		const { isAlreadyPlaced, report, verification } = await placeKept(
			this.#context,
			prepared,
			keeping,
			() => this.#placeAnew(order, prepared),
		).catch((error: unknown) => {
			if (error instanceof OtpCallError && mayRing(error)) {
				const { facts } = error;
				const { verification: kept } = facts;
				const memory = { ...unplaced, verification: kept };
				this.#memory.remember(item, { ...memory, is: 'unknown', facts });
				this.#log('may have been placed', prepared, error.facts.callId);
			}
			throw error;
		});
		const memory = { ...unplaced, verification };
		this.#memory.remember(item, { ...memory, is: 'placed', report });
		if (!isAlreadyPlaced) this.#log('was placed', prepared, report.call.callId);
		return {
			report,
			memory,
			generatedCode: order.generated ? (prepared.testCode ?? order.generated.code) : undefined,
			code,
			mayRetry: planned.mayRetry,
			isFromEarlierTry: false,
			isAlreadyPlaced,
			verification,
		};
	}

	/** What may have been placed stands in n8n's log, whatever becomes of this execution. */
	#log(what: string, { phoneNumber }: PreparedSend, callId: string | undefined): void {
		const { label } = this.#context.provider;
		const id = callId === undefined ? 'it has no call ID' : `call ID ${callId}`;
		this.#functions.logger.info(
			`${this.#nodeName}: a call of ${label} to ${maskPhoneNumber(phoneNumber)} ${what} (${id})`,
		);
	}

	/** The record of a call of unknown outcome may have turned up since. */
	async #reuse(
		item: number,
		known: Remembered,
		order: Order,
		prepared: PreparedSend,
	): Promise<PlacedCall> {
		const { codeKey, recipient, sent, verification } = known;
		const memory = { recipient, sent, codeKey, verification };
		const generatedCode =
			codeKey === null ? undefined : (prepared.testCode ?? order.codeFrom(codeKey));
		const earlier = {
			memory,
			generatedCode,
			code: generatedCode ?? prepared.code,
			mayRetry: prepared.planned.mayRetry,
			isFromEarlierTry: true,
			isAlreadyPlaced: false,
			verification,
		};
		if (known.is === 'placed') return { ...earlier, report: known.report };
		const { callId } = known.facts;
		const report = callId === undefined ? null : await this.#find(callId, sent);
		if (report === null) throw new OtpCallError(known.facts);
		this.#memory.remember(item, { ...memory, is: 'placed', report });
		return { ...earlier, report };
	}

	/** The record of a call of unknown outcome; null: there is none, or it cannot be asked for now. */
	async #find(callId: string, sent: SentCall): Promise<CallReport | null> {
		const question = planLookup(this.#context, callId);
		return await lookUp(this.#context, question, { sent }).catch(() => null);
	}

	/** Places the call, unless its key stands for one already, or a rule of the node forbids it. */
	async #placeAnew(order: Order, prepared: PreparedSend): Promise<ClaimedCall> {
		const { limits, rules } = order;
		const { phoneNumber } = prepared;
		const secret = this.#context.lastingSecret;
		const now = () => this.#context.clock.now();
		const hasLimits = limits.coolDown !== null || limits.budget !== null;
		const place = async () =>
			await placeReserved(
				this.#context,
				prepared,
				hasLimits ? () => reserve(this.#functions, limits, phoneNumber, secret, now()) : null,
			);
		const claimed = this.#claimOf(order, prepared);
		return await placeAllowed(this.#context, prepared, rules, claimed, place);
	}

	/** The claim of an order; null: it has no identity beyond this execution. */
	#claimOf({ idempotencyKey }: Order, prepared: PreparedSend): ClaimIn | null {
		if (idempotencyKey === null) return null;
		const { lastingSecret } = this.#context;
		const hostSecret = this.#functions.getInstanceId();
		const claim = claimOf(idempotencyKey, prepared, lastingSecret, hostSecret);
		return { claim, store: this.#claims };
	}
}
