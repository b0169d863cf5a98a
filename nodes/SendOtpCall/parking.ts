import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import type { CallContext } from '../../calls/context';
import { readDelivery } from '../../calls/events';
import { invalidInput } from '../../calls/failures';
import { waitForField } from '../../calls/fields';
import { checkProvider } from '../../calls/input';
import { limits } from '../../calls/limits';
import { outputOf } from '../../calls/output';
import { canBeLookedUp, lookUp, planLookup } from '../../calls/status';
import { sealWayBack } from '../../calls/wayBack';
import { invalid, named } from '../../providers/fields';
import { simplifyProperty } from '../forms/options';
import { queryOf } from '../http/webhooks';
import { connect } from '../http/connection';
import { asNodeError } from '../items/errors';

/**
 * Waiting for the provider's event without holding a worker: the execution is parked in n8n's database and
 * ends its run; the trigger wakes it when the event has come. A parked node's `execute` never runs again:
 * what goes on at the time limit has to lie in the input items before.
 */

/**
 * Where n8n wakes a parked execution: the trigger by a POST, a provider that takes an address with each
 * call by a GET or a POST. A constant with a name: n8n's lint rule on complete webhook life
 * cycles takes an inline list for that of a trigger.
 */
export const resumeWebhooks: IWebhookDescription[] = (['POST', 'GET'] as const).map(
	(httpMethod) => ({
		name: 'default',
		httpMethod,
		responseMode: 'onReceived',
		path: '',
		restartWebhook: true,
	}),
);

const noAddress = () =>
	invalidInput(
		invalid(
			waitForField,
			'cannot be the event here: n8n gives this execution no address at which it could be woken',
			`Set ${named(waitForField)} to polling`,
		),
	);

/** Where this execution is woken, its signature included. @throws OtpCallError `invalid-input` */
function resumeAddress(functions: IExecuteFunctions): string {
	const address: unknown = functions.evaluateExpression('{{ $execution.resumeUrl }}', 0);
	if (typeof address === 'string' && URL.canParse(address)) return address;
	throw noAddress();
}

/**
 * The address of this execution, for a provider that takes one with each call. Its last parameter is for
 * providers that append theirs with a second question mark: the signature before it stays whole.
 * @throws OtpCallError `invalid-input` when n8n has no address to wake it at
 */
export function callbackOf(functions: IExecuteFunctions): string {
	const address = resumeAddress(functions);
	return `${address}${address.includes('?') ? '&' : '?'}by=event`;
}

/**
 * The sealed way back to this execution, for the reference of its call.
 * @param secret what only the account knows
 * @throws OtpCallError `invalid-input` when n8n has no address to wake it at
 */
export function wayBackOf(functions: IExecuteFunctions, secret: string): string {
	const path = resumeAddress(functions).split('/').at(-1) ?? '';
	if (path === '') throw noAddress();
	return sealWayBack(path, secret);
}

/** n8n holds one waiting point for an execution. @throws OtpCallError `invalid-input` */
export function checkOneItem(items: number): void {
	if (items === 1) return;
	throw invalidInput(
		invalid(
			waitForField,
			`can be the event for one call per execution, and this execution has ${items} items`,
			`Call this part as a sub-workflow: Execute Sub-workflow with the mode “Run once for each item”; or set ${named(waitForField)} to polling`,
		),
	);
}

/** n8n looks for executions whose time is over once a minute: a shorter limit would come late. */
export const shortestPark = 70_000;
export const usualPark = 180_000;

/**
 * Parks the execution with what is known of its call, which goes on when the limit passes.
 * @param milliseconds at least `shortestPark`
 */
export async function park(
	functions: IExecuteFunctions,
	known: IDataObject,
	milliseconds: number,
): Promise<INodeExecutionData[][]> {
	const items = functions.getInputData();
	// In place: at the limit n8n passes on the node's input, not what it returns now.
	items.splice(0, items.length, { json: known, pairedItem: { item: 0 } });
	await functions.putExecutionToWait(new Date(Date.now() + milliseconds));
	return [items];
}

const textOf = (record: IDataObject, name: string): string => {
	const value = record[name];
	return typeof value === 'string' ? value : '';
};

/** What the prepared record says of the call; n8n shows it to the woken node as its item. */
function parkedCall(functions: IWebhookFunctions): IDataObject {
	const item = functions.evaluateExpression('{{ $json }}', 0);
	return typeof item === 'object' && item !== null && !Array.isArray(item) && !('toJSDate' in item)
		? Object.fromEntries(Object.entries(item))
		: {};
}

/** n8n leaves the execution parked when no items come back. */
const staysParked: IWebhookResponseData = { webhookResponse: { resumed: false } };

/** The ID to look the parked call up by: the event may name it where the answer to the send did not. */
function idOf(functions: IWebhookFunctions, context: CallContext, parkedId: string): string {
	if (canBeLookedUp(context, parkedId)) return parkedId;
	const event = readDelivery(context.provider, '', queryOf(functions));
	return event?.placeholderId === parkedId ? event.report.call.callId : parkedId;
}

async function wake(functions: IWebhookFunctions): Promise<IWebhookResponseData> {
	const known = parkedCall(functions);
	const provider = checkProvider(known['provider']);
	const { context } = await connect(functions, provider, limits.request);
	const callId = idOf(functions, context, textOf(known, 'callId'));
	const sent = {
		phoneNumber: textOf(known, 'phoneNumber'),
		reference: callId,
		isReferenceNew: true,
		preparedAt: 0,
	};
	const report = await lookUp(context, planLookup(context, callId), { sent });
	if (report === null || !report.call.final) return staysParked;
	const simplify = functions.getNodeParameter(simplifyProperty.name, true) !== false;
	const ended = outputOf(report, { simplify });
	// A generated code and the like stand in the prepared record only.
	const json: IDataObject = { ...known, ...ended };
	return {
		webhookResponse: { resumed: true },
		workflowData: [[{ json, pairedItem: { item: 0 } }]],
	};
}

/**
 * What n8n runs when somebody knows the way back: it is taken for a wake-up and nothing else. The record is
 * asked for with the credential, so that a forged event can cause one look-up at most.
 */
export async function wakeParked(functions: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		return await wake(functions);
	} catch (error) {
		throw asNodeError(functions.getNode(), error);
	}
}
