import type { Request, RequestHandler, Response } from 'express';

import { SeenEvents, isSecret, readDelivery } from '../../../calls/deliveries';
import type { CallReport } from '../../../calls/send';
import type { CallEvent, Provider } from '../../../providers/contract';
import { readDeliveredBody } from './deliveredBody';

/** What a receiver does with what arrives. */
export interface Reception {
	readonly provider: Provider;
	readonly secret: string;
	readonly occasions: readonly CallEvent['occasion'][];
	/**
	 * The call to put out for an event; null when the provider does not confirm it.
	 * @throws when the provider cannot be asked
	 */
	reportOf(event: CallEvent): Promise<CallReport | null>;
	passOn(event: CallEvent, report: CallReport): void;
	/** Told of a delivery that was refused, without a word of its content. */
	refused(why: string): void;
	failed(error: unknown): void;
}

const answer = (response: Response, status: number, words: string): void => {
	// What is left of a body that was not read to its end would be taken for the next request.
	if (status >= 400) response.set('connection', 'close');
	response.status(status).type('text/plain').send(words);
};

/** Answers one delivery: 401, 413, 400, 503, or 200 for an event, whether it is passed on or known. */
export function createReceiver(reception: Reception): RequestHandler {
	const { provider } = reception;
	const seen = new SeenEvents();

	const refuse = (response: Response, status: number, why: string): void => {
		answer(response, status, why);
		reception.refused(why);
	};

	const passOn = async (event: CallEvent, response: Response): Promise<void> => {
		try {
			const report = await reception.reportOf(event);
			if (report !== null) {
				reception.passOn(event, report);
				answer(response, 200, 'OK');
				return;
			}
			seen.forget(event);
			refuse(response, 503, `${provider.label} has no ended call like this`);
		} catch (error) {
			// A provider that repeats what was not taken gives it another try.
			seen.forget(event);
			answer(response, 503, 'The event cannot be confirmed now');
			reception.failed(error);
		}
	};

	const receive = async (request: Request, response: Response): Promise<void> => {
		if (!isSecret(request.query['secret'], reception.secret)) {
			answer(response, 401, 'This is not the whole address');
			return;
		}
		const body = await readDeliveredBody(request);
		if (body.is === 'too-long') {
			refuse(response, 413, 'its body is too long');
			return;
		}
		const event = body.is === 'text' ? readDelivery(provider, body.text) : null;
		if (event === null) refuse(response, 400, `it is no event of ${provider.label}`);
		else if (!reception.occasions.includes(event.occasion)) answer(response, 200, 'Not asked for');
		else if (!seen.isNew(event)) answer(response, 200, 'Known already');
		else await passOn(event, response);
	};

	return (request, response) => {
		receive(request, response).catch((error: unknown) => {
			reception.failed(error);
			response.destroy();
		});
	};
}
