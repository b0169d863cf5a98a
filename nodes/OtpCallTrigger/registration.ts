import type { IDataObject, IHookFunctions } from 'n8n-workflow';

import type { CallContext } from '../../calls/context';
import { isRegistered, register, unregister } from '../../calls/registrations';
import type { EventRegistration } from '../../providers/contract';
import { connect } from '../shared/context';
import { asNodeError } from '../shared/errors';
import { chosenOccasions, chosenProvider } from './choices';
import { seenDeliveriesOf } from './seenDeliveries';

/** What registering takes: n8n's hooks are asked for the same things one after another. */
interface Registration {
	readonly context: CallContext;
	readonly events: EventRegistration;
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
	if (provider.events === undefined) return null;
	const { context } = await connect(functions, provider);
	return {
		context,
		events: provider.events,
		url: functions.getNodeWebhookUrl('default') ?? '',
		stored: functions.getWorkflowStaticData('node'),
	};
}

/** Runs one of n8n's hooks, so that a failure reaches the builder in n8n's own form. */
const hook =
	(run: (functions: IHookFunctions) => Promise<boolean>) =>
	async (functions: IHookFunctions): Promise<boolean> => {
		try {
			return await run(functions);
		} catch (error) {
			throw asNodeError(functions.getNode(), error);
		}
	};

/** Whether nothing is left to do: n8n asks before it creates, also after each restart. */
export const isInPlace = hook(async (functions) => {
	const registration = await registrationOf(functions);
	if (registration === null) return true;
	const { context, events, url } = registration;
	const former = formerUrl(registration);
	if (former !== null && former !== url) return false;
	return await isRegistered(context, events, chosenOccasions(functions), url);
});

/** Registers this trigger's address, and ends the registration of the one that it had before. */
export const putInPlace = hook(async (functions) => {
	const registration = await registrationOf(functions);
	if (registration === null) return true;
	const { context, events, url, stored } = registration;
	const former = formerUrl(registration);
	await register(context, events, chosenOccasions(functions), url);
	stored.url = url;
	if (former !== null && former !== url) await unregister(context, events, former);
	return true;
});

/** Ends this trigger's registrations, and nobody else's. */
export const takeAway = hook(async (functions) => {
	seenDeliveriesOf(functions).release();
	const registration = await registrationOf(functions);
	if (registration === null) return true;
	const { context, events, url, stored } = registration;
	const former = formerUrl(registration);
	await unregister(context, events, url);
	if (former !== null && former !== url) await unregister(context, events, former);
	delete stored.url;
	return true;
});
