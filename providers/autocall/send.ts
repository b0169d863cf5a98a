import { queued } from '../call';
import type { HttpAnswer, PlannedSend, Reading, SendOrder } from '../contract';
import { invalid, isInvalid } from '../fields';
import type { InvalidField } from '../fields';
import { field, isJsonObject, jsonOf, textField } from '../reading/json';
import type { JsonObject } from '../reading/json';
import { campaign, refId, template } from './fields';
import { identityOf, name, readProblem } from './record';

/** A longer number may contain the digits of a code by accident. */
const standsAlone = (code: string, text: string): boolean =>
	text
		.toLowerCase()
		.split(/[^\p{L}\p{N} ]+/u)
		.includes(code.toLowerCase());

function readOwnReference(order: SendOrder): string | InvalidField {
	const reference = order.fields.text(refId);
	if (reference === undefined) return order.newReference;
	const codes = [order.code, order.code.replaceAll(' ', '')];
	if (!codes.some((code) => standsAlone(code, reference))) return reference;
	return invalid(
		refId,
		'must not contain the code',
		'Use an order number or another identifier: the reference stands in outputs and logs, the code must not',
	);
}

const hasError = (body: JsonObject): boolean => {
	const inner = field(body, 'data');
	return Boolean(field(body, 'error')) || (isJsonObject(inner) && Boolean(field(inner, 'error')));
};

/** Their API answers a send with the identities of the call, without a status: it has been queued. */
function readSent(answer: HttpAnswer, order: SendOrder, reference: string): Reading {
	const body = jsonOf(answer);
	if (!isJsonObject(body)) return { is: 'unreadable', why: 'is not a JSON object' };
	const isPlaced = textField(body, 'call_id') !== null || textField(body, 'lead_uuid') !== null;
	const hasSucceeded = textField(body, 'message')?.toLowerCase() === 'success';
	if (!isPlaced && hasError(body)) return { is: 'refusal', ...readProblem(answer) };
	if (!isPlaced && !hasSucceeded) {
		return { is: 'unreadable', why: 'does not say that the call was accepted' };
	}
	return {
		is: 'call',
		unsettled: false,
		identity: identityOf(body),
		record: body,
		call: {
			provider: name,
			callId: reference,
			phoneNumber: order.phoneNumber.e164,
			...queued,
			requestedAt: null,
			answeredAt: null,
			endedAt: null,
			durationSeconds: null,
			billedSeconds: null,
			cost: null,
		},
	};
}

/** `POST /v3/autocall/otp`. */
export function planSend(order: SendOrder): PlannedSend | InvalidField {
	const reference = readOwnReference(order);
	if (isInvalid(reference)) return reference;
	return {
		is: 'planned',
		reference,
		...(order.fields.text(refId) !== undefined && { referenceField: refId }),
		mayRetry: false,
		request: {
			method: 'POST',
			path: '/v3/autocall/otp',
			body: {
				campaign_uuid: order.fields.text(campaign) ?? '',
				phone_number: order.phoneNumber.national,
				// The table of the document calls it template_name; its samples and the CDR call it this.
				template: order.fields.text(template) ?? '',
				code_otp: order.code,
				ref_id: reference,
			},
		},
		read: (answer) => readSent(answer, order, reference),
	};
}
