import { type ApiAnswer, jsonAnswer } from '../http/endpoint';
import type { Settings } from '../settings';

/** `{ error: text }`. */
export function autocallError(status: number, error: string): ApiAnswer {
	return jsonAnswer(status, { error });
}

/** `{ error: [{ field: text }] }`, as the provider's JSON schema check answers. */
export function fieldError(field: string, text: string): ApiAnswer {
	return jsonAnswer(400, { error: [{ [field]: text }] });
}

/** `{ message: text }`. */
export const AUTOCALL_UNAUTHORIZED: ApiAnswer = jsonAnswer(401, { message: 'Unauthorized' });

const NO_RECORD_ANSWERS: Readonly<Record<Settings['noRecordForm'], ApiAnswer>> = {
	'not-found': autocallError(404, 'Not Found'),
	'not-found-200': autocallError(200, 'Not Found'),
	empty: { status: 200, headers: {}, body: '' },
	object: jsonAnswer(200, {}),
	null: jsonAnswer(200, null),
};

/** What a look-up answers while there is no record; the documents do not say, so it can be set. */
export function noRecordAnswer(form: Settings['noRecordForm']): ApiAnswer {
	return NO_RECORD_ANSWERS[form];
}
