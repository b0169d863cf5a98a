import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';

import type { ErrorKind } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { listChoices } from '../../calls/lists';
import { invalid } from '../../providers/reading/values';
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

/** Offsets are our own, but they come back through the browser. */
const offsetOf = (value: unknown): number =>
	typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : 0;

const noList = (field: string) =>
	invalidInput(
		invalid(
			{ field, label: 'This field' },
			'has no list to pick from at this provider',
			'Type the value',
		),
	);

async function answer(RED: NodeAPI, request: Request, response: Response): Promise<void> {
	const leaving = new AbortController();
	response.once('close', () => {
		leaving.abort();
	});
	try {
		// The account as it is deployed: nothing that the browser sends decides which server is called.
		const context = findAccount(RED, request.params['id']).contextFor(leaving.signal);
		const field = textOf(request.params['field']);
		if (!Object.hasOwn(context.provider.lists ?? {}, field)) throw noList(field);
		const { filter, offset } = request.query;
		response.json(await listChoices(context, field, textOf(filter), offsetOf(offset)));
	} catch (error) {
		const { code, facts } = asOtpCallError(error, false);
		if (leaving.signal.aborted) return;
		response.status(statusOf(code)).json({ message: facts.message, remedy: facts.remedy });
	}
}

/**
 * Serves the lists from which a builder picks in the editor, such as an account's campaigns:
 * `GET otp-call-account/<id>/lists/<field>?filter=&offset=` answers `{ choices, nextOffset }`, or
 * `{ message, remedy }` with a 4xx or 5xx status.
 */
export function serveLists(RED: NodeAPI): void {
	RED.httpAdmin.get(
		'/otp-call-account/:id/lists/:field',
		RED.auth.needsPermission('otp-call-account.read'),
		(request, response) => {
			void answer(RED, request, response);
		},
	);
}
