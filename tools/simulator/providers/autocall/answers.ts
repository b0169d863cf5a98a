import { type ApiAnswer, jsonAnswer } from '../../provider';
import type { AutocallSettings } from './settings';

/** `{ error: text }`. */
export function autocallError(status: number, error: string): ApiAnswer {
	return jsonAnswer(status, { error });
}

/** `{ error: [{ field: text }] }`, as the provider's JSON schema check answers. */
export function fieldError(field: string, text: string): ApiAnswer {
	return jsonAnswer(400, { error: [{ [field]: text }] });
}

const NO_RECORD_ANSWERS: Readonly<Record<AutocallSettings['noRecordForm'], ApiAnswer>> = {
	'not-found': autocallError(404, 'Not Found'),
	'not-found-200': autocallError(200, 'Not Found'),
	empty: { status: 200, headers: {}, body: '' },
	object: jsonAnswer(200, {}),
	null: jsonAnswer(200, null),
};

/** What a look-up answers while there is no record; the documents do not say, so it can be set. */
export function noRecordAnswer(form: AutocallSettings['noRecordForm']): ApiAnswer {
	return NO_RECORD_ANSWERS[form];
}
