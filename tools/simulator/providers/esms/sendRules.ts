import { isJsonObject } from '../../json';

/** A send request that the documents allow. */
export interface EsmsSend {
	readonly phone: string;
	readonly content: string;
	/** '' for none: two such requests are two calls. */
	readonly requestId: string;
	/** '' for none. */
	readonly callbackUrl: string;
	/** Taken like the others, and nobody is called. */
	readonly isSandbox: boolean;
}

const KNOWN_FIELDS: ReadonlySet<string> = new Set([
	'ApiKey',
	'SecretKey',
	'Content',
	'Phone',
	'SmsType',
	'IsUnicode',
	'Sandbox',
	'campaignid',
	'RequestId',
	'CallbackUrl',
	'SendDate',
]);
const NATIONAL_NUMBER = /^0(?:[35789]\d{8}|2\d{9})$/;
const DIGITS = /^\d+$/;

/**
 * Reads the body of a send request by the tables of the documents; a refusal is its code, and what they do
 * not show is `not documented`.
 */
export function readEsmsSend(body: unknown): EsmsSend | '108' | '118' | '300' | 'not documented' {
	if (!isJsonObject(body)) return 'not documented';
	if (Object.keys(body).some((field) => !KNOWN_FIELDS.has(field))) return 'not documented';
	const { Phone, Content, SmsType, Sandbox = '0', campaignid = '', RequestId = '' } = body;
	const { CallbackUrl = '' } = body;
	if (SmsType === undefined) return '300';
	if (SmsType !== '8') return '118';
	if (typeof Phone !== 'string' || !NATIONAL_NUMBER.test(Phone)) return '108';
	if (typeof Content !== 'string' || !DIGITS.test(Content)) return 'not documented';
	if (Sandbox !== '0' && Sandbox !== '1') return 'not documented';
	if (typeof campaignid !== 'string' || typeof RequestId !== 'string') return 'not documented';
	if (typeof CallbackUrl !== 'string') return 'not documented';
	if (CallbackUrl !== '' && !/^https?:$/.test(protocolOf(CallbackUrl))) return 'not documented';
	return {
		phone: Phone,
		content: Content,
		requestId: RequestId,
		callbackUrl: CallbackUrl,
		isSandbox: Sandbox === '1',
	};
}

function protocolOf(url: string): string {
	return URL.canParse(url) ? new URL(url).protocol : '';
}
