import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { confirmEnd, readDelivery, readEventTypes } from '../../calls/events';
import type { DeliveredEvent } from '../../calls/events';
import { resumeWaitingField } from '../../calls/fields';
import { outputOf } from '../../calls/output';
import type { CallReport } from '../../calls/report';
import type { Provider } from '../../providers/contract';
import { connect } from '../http/connection';
import { queryOf } from '../http/webhooks';
import { asNodeError } from '../items/errors';
import { readDeliveredBody } from './deliveredBody';
import { chosenProvider } from './properties';
import { knowsSecret } from './secret';
import { seenDeliveriesOf } from './seenDeliveries';
import { wakeWaiting } from './waking';

/** Answers the provider; without items beside it, the workflow is not started. */
function answer(functions: IWebhookFunctions, status: number, words: string): IWebhookResponseData {
	const response = functions.getResponseObject();
	// What is left of a body that was not read to its end would be taken for the next request.
	if (status >= 400) response.setHeader('connection', 'close');
	response.status(status).send(words);
	return { noWebhookResponse: true };
}

/** Refuses a delivery, and tells the host's log why without a word of its content. */
function refuse(functions: IWebhookFunctions, status: number, why: string): IWebhookResponseData {
	functions.logger.warn(`${functions.getNode().name} refused a delivery: ${why}`);
	return answer(functions, status, why);
}

/** The call as it is to be put out; null when the provider does not confirm it. */
async function reportOf(
	functions: IWebhookFunctions,
	provider: Provider,
	event: DeliveredEvent,
): Promise<CallReport | null> {
	const isConfirmed = functions.getNodeParameter('confirmStatus', false) === true;
	if (!isConfirmed || event.type !== 'ended') return event.report;
	const { context } = await connect(functions, provider);
	return await confirmEnd(context, event.report.call);
}

/**
 * Wakes the execution that waits for this call; the wake-up goes on after the provider has its answer.
 * @returns whether there is one to wake
 */
async function wakeFor(
	functions: IWebhookFunctions,
	provider: Provider,
	{ report, type }: DeliveredEvent,
): Promise<boolean> {
	const isOn = functions.getNodeParameter(resumeWaitingField.name, true) === true;
	if (!isOn || type !== 'ended' || !provider.events?.carriesReference) return false;
	return await wakeWaiting(functions, provider, report.call.callId);
}

/** Who builds a workflow sends the same sample again and again. */
const isTest = (functions: IWebhookFunctions): boolean => functions.getMode() === 'manual';

/** Whether the workflow has nothing to do once it has started. */
const isAlone = (functions: IWebhookFunctions): boolean =>
	functions.getChildNodes(functions.getNode().name).length === 0;

/** What follows from an event that was not seen before. */
async function start(
	functions: IWebhookFunctions,
	provider: Provider,
	event: DeliveredEvent,
): Promise<IWebhookResponseData> {
	const seen = seenDeliveriesOf(functions);
	if (!isTest(functions) && !seen.isNew(event)) return answer(functions, 200, 'Known already');
	let isDone = false;
	try {
		const isWaking = await wakeFor(functions, provider, event);
		if (isWaking && isAlone(functions) && !isTest(functions)) {
			isDone = true;
			// An execution that does nothing would keep n8n from the one that goes on.
			return answer(functions, 200, 'Thank you');
		}
		const report = await reportOf(functions, provider, event);
		if (report === null)
			return refuse(functions, 503, `${provider.label} has no ended call like this`);
		isDone = true;
		const simplify = functions.getNodeParameter('simplify', true) !== false;
		return {
			// n8n stores the node's static data with its answer, but only when it has the answer before the run.
			...answer(functions, 200, 'Thank you'),
			workflowData: [functions.helpers.returnJsonArray([{ ...outputOf(report, { simplify }) }])],
		};
	} finally {
		// The provider may deliver it again.
		if (!isDone) seen.forget(event);
	}
}

async function take(functions: IWebhookFunctions): Promise<IWebhookResponseData> {
	const provider = chosenProvider(functions);
	const isBodiless = provider.events?.method === 'GET';
	const body = isBodiless
		? ({ is: 'text', text: '' } as const)
		: await readDeliveredBody(functions.getRequestObject());
	if (body.is === 'too-long') return refuse(functions, 413, 'its body is too long');
	const event = body.is === 'text' ? readDelivery(provider, body.text, queryOf(functions)) : null;
	if (event === null) return refuse(functions, 400, `it is no event of ${provider.label}`);
	const wanted = readEventTypes(functions.getNodeParameter('triggerOn', []), provider);
	if (wanted.includes(event.type)) return await start(functions, provider, event);
	return answer(functions, 200, 'Not asked for');
}

/** Takes one delivery of a provider: starts the workflow, or answers why it does not. */
export async function receive(functions: IWebhookFunctions): Promise<IWebhookResponseData> {
	if (!knowsSecret(functions)) return answer(functions, 401, 'This is not the whole address');
	try {
		return await take(functions);
	} catch (error) {
		throw asNodeError(functions.getNode(), error);
	}
}
