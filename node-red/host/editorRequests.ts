import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';

import { readOffset } from '../../calls/account';
import { testAccount } from '../../calls/accountTest';
import type { CallContext } from '../../calls/context';
import { wordsOf } from '../../calls/errors';
import type { ErrorKind } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { listChoices } from '../../calls/lists';
import type { Vocabulary } from '../../calls/words';
import { everywhere, invalid } from '../../providers/fields';
import { isLanguage, vocabularyIn } from '../forms/words';
import { findAccount } from './account';
import { openForm, readAccountForm } from './accountForm';
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

const notJson = invalid(
	{ name: 'body', label: everywhere('The request') },
	'is not JSON',
	'Reload the editor and try again',
);

/** Whoever asks has a form before them, which may be in another language than the runtime. */
const vocabularyOf = ({ query }: Request, usual: Vocabulary): Vocabulary =>
	isLanguage(query['language']) ? vocabularyIn(query['language']) : usual;

/** What the editor asks. */
interface Question {
	readonly request: Request;
	/** Aborts when nobody waits for the answer any more. */
	readonly signal: AbortSignal;
}

type Answer = (question: Question) => Promise<object>;

/** Answers with what comes, or with `{ message, remedy }` and a 4xx or 5xx status. */
const answering =
	(usual: Vocabulary, answer: Answer) =>
	(request: Request, response: Response): void => {
		const leaving = new AbortController();
		response.once('close', () => {
			leaving.abort();
		});
		answer({ request, signal: leaving.signal })
			.then((found) => {
				response.json(found);
			})
			.catch((error: unknown) => {
				if (leaving.signal.aborted) return;
				const known = asOtpCallError(error, false);
				response.status(statusOf(known.code)).json(wordsOf(known, vocabularyOf(request, usual)));
			});
	};

/** Works on an account that is open for this one question. */
async function withForm<T>(
	RED: NodeAPI,
	{ request, signal }: Question,
	work: (context: CallContext) => Promise<T>,
): Promise<T> {
	// A page of another site can post a form without being asked for it, and JSON it cannot.
	if (!request.is('json')) throw invalidInput(notJson);
	const account = openForm(RED, textOf(request.params['id']), readAccountForm(request.body));
	try {
		return await work(account.contextFor(signal));
	} finally {
		await account.close();
	}
}

async function choicesFor(context: CallContext, { params, query }: Request): Promise<object> {
	const list = textOf(params['list']);
	if (!Object.hasOwn(context.provider.lists ?? {}, list)) throw noList(list);
	return await listChoices(context, list, textOf(query['filter']), readOffset(query['offset']));
}

/**
 * Serves what the forms ask of an account, with the words in the `language` of the query:
 *
 * - `GET otp-call-account/<id>/lists/<list>?filter=&offset=` answers `{ choices, nextOffset }`: what a user can pick,
 *   such as campaigns. The account is the one that is deployed: nothing that the browser sends decides which server
 *   is called.
 * - `POST` to the same address, with an `AccountForm`: the same for an account that is not deployed yet.
 * - `POST otp-call-account/<id>/test`, with an `AccountForm`: `{}` when the provider accepts the account.
 */
export function serveForms(RED: NodeAPI, usual: Vocabulary): void {
	const mayRead = RED.auth.needsPermission('otp-call-account.read');
	const mayWrite = RED.auth.needsPermission('otp-call-account.write');
	const list = '/otp-call-account/:id/lists/:list';
	const ofDeployed: Answer = async ({ request, signal }) =>
		await choicesFor(findAccount(RED, request.params['id']).contextFor(signal), request);
	const ofForm: Answer = (question) =>
		withForm(RED, question, (context) => choicesFor(context, question.request));
	const test: Answer = (question) =>
		withForm(RED, question, async (context) => {
			await testAccount(context);
			return {};
		});
	RED.httpAdmin.get(list, mayRead, answering(usual, ofDeployed));
	RED.httpAdmin.post(list, mayWrite, answering(usual, ofForm));
	RED.httpAdmin.post('/otp-call-account/:id/test', mayWrite, answering(usual, test));
}
