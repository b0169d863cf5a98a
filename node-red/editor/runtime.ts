import type { AccountForm } from '../forms/form';
import type { Say } from './forms';
import { propertyOf } from './red';

/** What the editor asks the runtime of an account. */

/** Text under a name in something that came from the runtime; null: there is none. */
export const textIn = (value: unknown, name: string): string | null => {
	const text = typeof value === 'object' && value !== null ? propertyOf(value, name) : undefined;
	return typeof text === 'string' ? text : null;
};

/** Why there is no answer. */
export interface Refusal {
	/** What happened and what to do now, in sentences; null: nobody could say. */
	readonly words: string | null;
}

interface Question {
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	/** An account that may not be deployed yet. */
	readonly form?: AccountForm;
	readonly answered: (answer: unknown) => void;
	readonly failed: (refusal: Refusal) => void;
}

/** Asks the runtime. @returns gives the question up: neither callback is called then */
export function askRuntime(say: Say, question: Question): () => void {
	const { answered, failed, form, path, query = {} } = question;
	const parameters = new URLSearchParams({ ...query, language: say('language') });
	const request = $.ajax(`${path}?${parameters.toString()}`, {
		dataType: 'json',
		...(form !== undefined && {
			method: 'POST',
			contentType: 'application/json',
			data: JSON.stringify(form),
		}),
	});
	request.done(answered).fail(({ responseJSON, statusText }) => {
		if (statusText === 'abort') return;
		const message = textIn(responseJSON, 'message');
		const remedy = textIn(responseJSON, 'remedy');
		failed({ words: message === null ? null : `${message}. ${remedy ?? ''}.` });
	});
	return () => {
		request.abort();
	};
}
