import { type ApiAnswer, jsonAnswer } from '../http/endpoint';

/** Bitel's error codes; the first two are in the page of the OTP call. */
export type BitelError = 'InvalidRequest' | 'InvalidServer' | 'InvalidPhoneNumber' | 'NotFound';

/** `{ result, error: null }`. */
export function bitelResult(result: unknown): ApiAnswer {
	return jsonAnswer(200, { result, error: null });
}

/** `{ result: null, error }`. */
export function bitelRefusal(status: number, error: BitelError): ApiAnswer {
	return jsonAnswer(status, { result: null, error });
}

/** The body of a 401 is not documented, so there is none. */
export const BITEL_UNAUTHORIZED: ApiAnswer = { status: 401, headers: {}, body: '' };
