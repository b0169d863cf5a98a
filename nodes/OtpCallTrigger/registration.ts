import type { IDataObject, IHookFunctions } from 'n8n-workflow';

import type { CallContext } from '../../calls/context';
import { readEventTypes } from '../../calls/events';
import { isRegistered, register, unregister } from '../../calls/registrations';
import type { EventRegistration, EventType } from '../../providers/contract';
import { connect } from '../http/connection';
import { asNodeError } from '../items/errors';
import { chosenProvider } from './properties';
import { seenDeliveriesOf } from './seenDeliveries';

/** What registering takes: n8n's hooks are asked for the same things one after another. */
interface Registration {
	readonly context: CallContext;
	readonly registration: EventRegistration;
	readonly types: readonly EventType[];
	readonly url: string;
	/** What n8n stores for the node, restarts included. */
	readonly stored: IDataObject;
}

/** The address that was registered last. The host's public address may have changed since. */
const formerUrl = ({ stored }: Registration): string | null =>
	typeof stored.url === 'string' ? stored.url : null;

/** Null for a provider that takes no registration: a person has to tell it the address. */
async function registrationOf(functions: IHookFunctions): Promise<Registration | null> {
	const provider = chosenProvider(functions);
	const registration = provider.events?.registration;
	if (registration === undefined) return null;
	const { context } = await connect(functions, provider);
	return {
		context,
		registration,
		types: readEventTypes(functions.getNodeParameter('triggerOn', []), provider),
		url: functions.getNodeWebhookUrl('default') ?? '',
		stored: functions.getWorkflowStaticData('node'),
	};
}

/** Runs one of n8n's hooks, so that a failure reaches the user in n8n's own form. */
const hook =
	(run: (functions: IHookFunctions) => Promise<boolean>) =>
	async (functions: IHookFunctions): Promise<boolean> => {
		try {
			return await run(functions);
		} catch (error) {
			throw asNodeError(functions.getNode(), error);
		}
	};

/** Whether nothing is left to do: n8n asks before it creates. */
export const isInPlace = hook(async (functions) => {
	const wanted = await registrationOf(functions);
	if (wanted === null) return true;
	const { context, registration, types, url } = wanted;
	const former = formerUrl(wanted);
	if (former !== null && former !== url) return false;
	return await isRegistered(context, registration, types, url);
});

/** Registers this trigger's address, and ends the registration of the one that it had before. */
export const putInPlace = hook(async (functions) => {
	const wanted = await registrationOf(functions);
	if (wanted === null) return true;
	const { context, registration, types, url, stored } = wanted;
	const former = formerUrl(wanted);
	await register(context, registration, types, url);
	stored.url = url;
	if (former !== null && former !== url) await unregister(context, registration, former);
	return true;
});

/** Ends this trigger's registrations, and nobody else's. */
export const takeAway = hook(async (functions) => {
	seenDeliveriesOf(functions).release();
	const wanted = await registrationOf(functions);
	if (wanted === null) return true;
	const { context, registration, url, stored } = wanted;
	const former = formerUrl(wanted);
	await unregister(context, registration, url);
	if (former !== null && former !== url) await unregister(context, registration, former);
	delete stored.url;
	return true;
});
