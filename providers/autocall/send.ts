import { queued } from '../call';
import type { HttpAnswer, InvalidField, PlannedSend, Reading, SendOrder } from '../contract';
import { invalid, isInvalid, readLine, readReference } from '../reading/values';
import type { FieldName } from '../reading/values';
import { field, isJsonObject, parseJson, textField } from '../reading/json';
import type { JsonObject } from '../reading/json';
import { name, readProblem, withoutCodes } from './record';

const campaignField: FieldName = { field: 'campaign', label: 'Campaign' };
const templateField: FieldName = { field: 'template', label: 'Template' };
const referenceField: FieldName = { field: 'refId', label: 'Reference ID' };

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function readCampaign(value: unknown): string | InvalidField {
	const campaign = readLine(value, campaignField);
	if (isInvalid(campaign)) return campaign;
	if (campaign !== undefined && uuid.test(campaign)) return campaign;
	return invalid(
		campaignField,
		campaign === undefined
			? 'is empty'
			: 'must be a UUID such as f77dfcf4-0759-4179-93cb-741f481a776e',
		'Copy the UUID of your voice OTP campaign from the Autocall portal into Campaign, or set a default campaign in the account',
	);
}

function readTemplate(value: unknown): string | InvalidField {
	const template = readLine(value, templateField);
	if (template !== undefined) return template;
	return invalid(
		templateField,
		'is empty',
		'Set Template to the name of the script that reads the code, such as otp_script_01',
	);
}

/** A longer number may contain the digits of a code by accident. */
const standsAlone = (code: string, text: string): boolean =>
	text
		.toLowerCase()
		.split(/[^\p{L}\p{N} ]+/u)
		.includes(code.toLowerCase());

function readOwnReference(order: SendOrder): string | InvalidField {
	const reference = readReference(order.fields['refId'], referenceField);
	if (reference === undefined) return order.newReference;
	if (isInvalid(reference)) return reference;
	if (!standsAlone(order.code, reference)) return reference;
	return invalid(
		referenceField,
		'must not contain the code',
		'Use an order number or another identifier: the reference stands in outputs and logs, the code must not',
	);
}

const hasError = (body: JsonObject): boolean => {
	const inner = field(body, 'data');
	return Boolean(field(body, 'error')) || (isJsonObject(inner) && Boolean(field(inner, 'error')));
};

/** Under what reference they have filed the call, if it is one that can be asked for. */
const answeredReference = (body: JsonObject): string | undefined => {
	const answered = readReference(field(body, 'ref_id'), referenceField);
	return isInvalid(answered) ? undefined : answered;
};

/** Their API answers a send with the identities of the call, without a status: it has been queued. */
function readSent(answer: HttpAnswer, order: SendOrder, reference: string): Reading {
	const body = parseJson(answer.text);
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
		// Looking for codes takes longer than all the rest, and few flows ask for the record.
		get raw() {
			return withoutCodes(body, [order.code]);
		},
		call: {
			provider: name,
			callId: answeredReference(body) ?? reference,
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
	const campaign = readCampaign(order.fields['campaign']);
	if (isInvalid(campaign)) return campaign;
	const template = readTemplate(order.fields['template']);
	if (isInvalid(template)) return template;
	const reference = readOwnReference(order);
	if (isInvalid(reference)) return reference;
	return {
		is: 'planned',
		reference,
		request: {
			method: 'POST',
			path: '/v3/autocall/otp',
			body: {
				campaign_uuid: campaign,
				phone_number: order.phoneNumber.national,
				// The table of the document calls it template_name; its samples and the CDR call it this.
				template,
				code_otp: order.code,
				ref_id: reference,
			},
		},
		read: (answer) => readSent(answer, order, reference),
	};
}
