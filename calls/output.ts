import type { JsonObject } from '../providers/reading/json';
import type { CallReport } from './report';

/** What a node puts out for a call: the call's fields, plus the provider's record when it is wanted. */
export function outputOf(
	report: CallReport,
	options: {
		readonly simplify: boolean;
		readonly generatedCode?: string | undefined;
		/** An earlier send under the same Idempotency Key has placed it. */
		readonly alreadyPlaced?: boolean;
	},
): JsonObject {
	const { call } = report;
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
		// Only a code that the node made itself, and that the flow has to check, is put out.
		...(options.generatedCode !== undefined && { code: options.generatedCode }),
		...(options.alreadyPlaced === true && { alreadyPlaced: true }),
		// Made only when it is wanted: it is searched for codes.
		...(!options.simplify && { raw: report.raw }),
	};
}
