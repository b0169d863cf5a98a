import type { Call } from '../providers/call';
import type { PlannedSend, Provider } from '../providers/contract';
import type { JsonObject } from '../providers/reading/json';
import type { CalledCountry } from '../providers/reading/phoneNumber';
import { maskCodes } from '../redaction/records';
import { redactor } from '../redaction/texts';
import type { SentCall } from './identity';

/** A call, and the provider's own record of it without codes. */
export interface CallReport {
	readonly call: Call;
	/** The provider's own record, every code in it masked. */
	readonly raw: JsonObject;
	/** The provider may still change this status by its own retries, though it looks final. */
	readonly unsettled: boolean;
}

/** What a provider's reader has made of an answer, an entry of a list or an event: codes and all. */
export interface CallRecord {
	readonly call: Call;
	readonly record: JsonObject;
	readonly unsettled?: boolean;
}

/** The secrets that are known beside those that stand under the provider's own keys for codes. */
export interface KnownSecrets {
	/** Codes that have been sent. */
	readonly codes?: readonly string[];
	/** The account's tokens and keys. */
	readonly credentials?: readonly string[];
}

/** What may be known of a call: here, and nowhere else, secrets are taken out of a provider's record. */
export function reportOf(
	{ codeKeys }: Provider,
	{ call, record, unsettled = false }: CallRecord,
	{ codes = [], credentials = [] }: KnownSecrets = {},
): CallReport {
	return {
		call,
		unsettled,
		// Looking for codes takes longer than all the rest, and few flows ask for the record.
		get raw() {
			return maskCodes(record, codeKeys, codes, redactor({ credentials, codes: [] }));
		},
	};
}

/** A report from which another code has been taken, one that only the caller knows. */
export function withoutCode(report: CallReport, code: string): CallReport {
	const { call, unsettled } = report;
	return {
		call,
		unsettled,
		get raw() {
			return maskCodes(report.raw, [], [code]);
		},
	};
}

/** A send whose input has been checked. Nothing has been sent yet. */
export interface PreparedSend {
	readonly phoneNumber: string;
	/** Where the number is at home. */
	readonly country: CalledCountry;
	readonly code: string;
	/** The account's code for its test numbers, in place of the one that was given; null: this call has its own. */
	readonly testCode: string | null;
	readonly planned: PlannedSend;
	/** By which any other send under the same key would find this call; null: there is none. */
	readonly keyReference: string | null;
	/** What every answer and every record is compared with. */
	readonly sent: SentCall;
	/** The reference follows from something that another send may have had too, such as its key. */
	readonly isReferenceGiven: boolean;
}
