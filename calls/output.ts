import type { JsonObject } from '../providers/reading/json';
import type { CallReport } from './report';

/** What a node puts out for a call: the call's fields, plus the provider's record when it is wanted. */
export function outputOf(
	report: CallReport,
	options: {
		readonly simplify: boolean;
		readonly generatedCode?: string | undefined;
		/** The token of a code that is kept for a check: then no code is put out. */
		readonly verification?: string | undefined;
		/** An earlier send under the same Idempotency Key has placed it. */
		readonly alreadyPlaced?: boolean;
	},
): JsonObject {
	const { call } = report;
	const { generatedCode, verification } = options;
	return {
		// What flows branch on comes first: a table shows four or five columns at once.
		status: call.status,
		answered: call.answered,
		reason: call.reason,
		phoneNumber: call.phoneNumber,
		callId: call.callId,
		provider: call.provider,
		final: call.final,
		requestedAt: call.requestedAt,
		answeredAt: call.answeredAt,
		endedAt: call.endedAt,
		durationSeconds: call.durationSeconds,
		billedSeconds: call.billedSeconds,
		cost: call.cost === null ? null : { ...call.cost },
		...(verification !== undefined && { verification }),
		// Only a code that the node made itself, and that the flow itself has to check, is put out.
		...(verification === undefined && generatedCode !== undefined && { code: generatedCode }),
		...(call.test === true && { test: true }),
		...(options.alreadyPlaced === true && { alreadyPlaced: true }),
		// Made only when it is wanted: it is searched for codes.
		...(!options.simplify && { raw: report.raw }),
	};
}
