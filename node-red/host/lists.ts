import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';

import { readOffset } from '../../calls/account';
import { wordsOf } from '../../calls/errors';
import type { ErrorKind } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { listChoices } from '../../calls/lists';
import type { Vocabulary } from '../../calls/words';
import { everywhere, invalid } from '../../providers/fields';
import { isLanguage, vocabularyIn } from '../forms/words';
import { findAccount } from './account';
import { asOtpCallError } from './nodeError';

const longestFilter = 200;

/** Never 401 or 403: the editor would take them for an end of its own session. */
const statusOf = (kind: ErrorKind): number => {
	if (kind === 'invalid-input') return 400;
	return kind === 'canceled' ? 503 : 502;
};

const textOf = (value: unknown): string =>
	typeof value === 'string' ? value.slice(0, longestFilter) : '';

const noList = (list: string) =>
	invalidInput(
		invalid(
			{ name: list, label: everywhere('This field') },
			'has no list to pick from at this provider',
			'Type the value',
		),
	);

/** Whoever asks has a form before them, which may be in another language than the runtime. */
const vocabularyOf = ({ query }: Request, usual: Vocabulary): Vocabulary =>
	isLanguage(query['language']) ? vocabularyIn(query['language']) : usual;

async function answer(
	RED: NodeAPI,
	request: Request,
	response: Response,
	usual: Vocabulary,
): Promise<void> {
	const leaving = new AbortController();
	response.once('close', () => {
		leaving.abort();
	});
	try {
		// The account as it is deployed: nothing that the browser sends decides which server is called.
		const context = findAccount(RED, request.params['id']).contextFor(leaving.signal);
		const list = textOf(request.params['list']);
		if (!Object.hasOwn(context.provider.lists ?? {}, list)) throw noList(list);
		const { filter, offset } = request.query;
		response.json(await listChoices(context, list, textOf(filter), readOffset(offset)));
	} catch (error) {
		const known = asOtpCallError(error, false);
		if (leaving.signal.aborted) return;
		response.status(statusOf(known.code)).json(wordsOf(known, vocabularyOf(request, usual)));
	}
}

/**
 * Serves the lists from which a user picks in the editor, such as an account's campaigns:
 * `GET otp-call-account/<id>/lists/<list>?filter=&offset=&language=` answers `{ choices, nextOffset }`, or
 * `{ message, remedy }` with a 4xx or 5xx status.
 */
export function serveLists(RED: NodeAPI, vocabulary: Vocabulary): void {
	RED.httpAdmin.get(
		'/otp-call-account/:id/lists/:list',
		RED.auth.needsPermission('otp-call-account.read'),
		(request, response) => {
			void answer(RED, request, response, vocabulary);
		},
	);
}
