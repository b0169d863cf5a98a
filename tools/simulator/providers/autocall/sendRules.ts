import { isJsonObject, jsonTypeOf } from '../../json';
import type { ApiAnswer } from '../../provider';
import type { AutocallAccount } from './account';
import { autocallError, fieldError } from './answers';

/** A send request that the documents allow. */
export interface AutocallSend {
	readonly campaignUuid: string;
	readonly phoneNumber: string;
	readonly template: string;
	readonly code: string;
	/** '' when none was sent. */
	readonly refId: string;
}

const REQUIRED_FIELDS = ['campaign_uuid', 'phone_number', 'template', 'code_otp'] as const;
// `template_name`, which the table of the OTP page has, is not among them: both samples of that page and
// the CDR's echo of the request say `template`.
const KNOWN_FIELDS: ReadonlySet<string> = new Set([...REQUIRED_FIELDS, 'ref_id']);

// A mobile has ten digits, a landline eleven.
const NATIONAL_NUMBER = /^0(?:[35789]\d{8}|2\d{9})$/;
// The sample is alphanumeric; digits separated by spaces are read one by one.
const CODE = /^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/;

/** Reads the body of a send request by the table in Autocall's page; a refusal is its answer. */
export function readAutocallSend(
	body: unknown,
	account: AutocallAccount,
): { readonly wanted: AutocallSend } | { readonly refusal: ApiAnswer } {
	if (!isJsonObject(body)) {
		return refuse('(root)', `Invalid type. Expected: object, given: ${jsonTypeOf(body)}`);
	}
	for (const field of Object.keys(body)) {
		if (!KNOWN_FIELDS.has(field)) {
			return refuse('(root)', `Additional property ${field} is not allowed`);
		}
	}
	for (const field of REQUIRED_FIELDS) {
		if (body[field] === undefined) return refuse('(root)', `${field} is required`);
	}
	const texts = new Map<string, string>();
	for (const [field, value] of Object.entries(body)) {
		if (typeof value !== 'string') {
			return refuse(field, `Invalid type. Expected: string, given: ${jsonTypeOf(value)}`);
		}
		if (value === '') return refuse(field, 'String length must be greater than or equal to 1');
		texts.set(field, value);
	}
	return checkValues(
		{
			campaignUuid: texts.get('campaign_uuid') ?? '',
			phoneNumber: texts.get('phone_number') ?? '',
			template: texts.get('template') ?? '',
			code: texts.get('code_otp') ?? '',
			refId: texts.get('ref_id') ?? '',
		},
		account,
	);
}

function checkValues(
	wanted: AutocallSend,
	account: AutocallAccount,
): { readonly wanted: AutocallSend } | { readonly refusal: ApiAnswer } {
	if (!NATIONAL_NUMBER.test(wanted.phoneNumber)) {
		return refuse('phone_number', 'phone_number is invalid');
	}
	if (!CODE.test(wanted.code)) return refuse('code_otp', 'code_otp is invalid');
	const campaign = account.campaign(wanted.campaignUuid);
	if (campaign === undefined) return { refusal: autocallError(400, 'campaign not found') };
	if (!campaign.active || campaign.status !== 'start') {
		return { refusal: autocallError(400, 'campaign is not running') };
	}
	if (!account.hasTemplate(wanted.template)) {
		return { refusal: autocallError(400, 'template not found') };
	}
	return { wanted };
}

function refuse(field: string, text: string): { readonly refusal: ApiAnswer } {
	return { refusal: fieldError(field, text) };
}
