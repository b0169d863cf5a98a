import { isJsonObject } from '../../json';

/** Bitel's error codes; the first two are in the page of the OTP call. */
export type BitelError = 'InvalidRequest' | 'InvalidServer' | 'InvalidPhoneNumber' | 'NotFound';

/** A send request that the documents allow. */
export interface BitelSend {
	readonly phoneNumber: string;
	readonly text: string;
	/** How often the call is tried again when busy or not answered. */
	readonly retryCount: number;
}

/** The only dialer of the simulated account. */
export const BITEL_SERVER_ID = 'simulator-server';

const KNOWN_FIELDS: ReadonlySet<string> = new Set([
	'phoneNumber',
	'text',
	'voiceId',
	'repeatCount',
	'retryCount',
	'serverId',
]);
// A mobile is 09 and nine digits; a landline is 0, an area code and the subscriber's number.
const NATIONAL_NUMBER = /^0[1-9]\d{9}$/;
const FEWER_THAN_SIX_DIGITS = /^[0-9]{1,5}$/;
const COUNT_IN_DIGITS = /^[1-9][0-9]?$/;
const DEFAULT_RETRY_COUNT = 1;
// Not documented; it keeps one request from laying out a call that is tried for years.
const MOST_RETRIES = 100;

/** Reads the body of a send request by the table in Bitel's page; a refusal is its error code. */
export function readBitelSend(body: unknown): BitelSend | BitelError {
	if (!isJsonObject(body)) return 'InvalidRequest';
	if (Object.keys(body).some((field) => !KNOWN_FIELDS.has(field))) return 'InvalidRequest';
	const { phoneNumber, text, voiceId, repeatCount, retryCount, serverId } = body;
	if (typeof phoneNumber !== 'string' || typeof text !== 'string') return 'InvalidRequest';
	if (!NATIONAL_NUMBER.test(phoneNumber)) return 'InvalidPhoneNumber';
	if (!FEWER_THAN_SIX_DIGITS.test(text)) return 'InvalidRequest';
	if (!isAbsentOr(voiceId, (value) => value !== '')) return 'InvalidRequest';
	if (!isAbsentOr(repeatCount, (value) => COUNT_IN_DIGITS.test(value))) return 'InvalidRequest';
	if (!isAbsentOr(serverId, () => true)) return 'InvalidRequest';
	if (serverId !== undefined && serverId !== BITEL_SERVER_ID) return 'InvalidServer';
	const retries = readRetryCount(retryCount);
	return retries === undefined ? 'InvalidRequest' : { phoneNumber, text, retryCount: retries };
}

function isAbsentOr(value: unknown, isValid: (text: string) => boolean): boolean {
	return value === undefined || (typeof value === 'string' && isValid(value));
}

function readRetryCount(value: unknown): number | undefined {
	if (value === undefined) return DEFAULT_RETRY_COUNT;
	const isCount = typeof value === 'number' && Number.isInteger(value);
	return isCount && value >= 0 && value <= MOST_RETRIES ? value : undefined;
}
