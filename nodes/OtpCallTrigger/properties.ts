import type {
	IHookFunctions,
	INodeCredentialDescription,
	INodeProperties,
	IWebhookFunctions,
} from 'n8n-workflow';

import {
	confirmStatusField,
	resumeWaitingField,
	eventTypeWords,
	simplifyField,
	triggerOnField,
} from '../../calls/fields';
import { checkProvider } from '../../calls/input';
import { providers } from '../../providers';
import type { Provider } from '../../providers/contract';
import { providerProperties } from '../forms/options';
import { asDescription } from '../forms/words';

/** The providers that tell how a call goes on. */
export const tellers = providers.filter(({ events }) => events !== undefined);

const isRegistering = ({ events }: Provider): boolean => events?.registration !== undefined;
const registering = tellers.filter(isRegistering);
const isToldByHand = ({ events }: Provider): boolean =>
	events?.registration === undefined && events?.perCall === undefined;
const isWithoutServer = ({ apiRoot }: Provider): boolean => apiRoot === null;

/** The provider that a user has chosen. @throws OtpCallError `invalid-input` */
export function chosenProvider(functions: IHookFunctions | IWebhookFunctions): Provider {
	return checkProvider(functions.getNodeParameter('provider'), tellers);
}

const wakers = tellers.filter(({ events }) => events?.carriesReference).map(({ name }) => name);

const byQuery = tellers.filter(({ events }) => events?.method === 'GET').map(({ name }) => name);

/** How deliveries come: an expression only where providers differ. */
export const deliveryMethod =
	byQuery.length === 0
		? 'POST'
		: `={{ ${JSON.stringify(byQuery)}.includes($parameter["provider"]) ? "GET" : "POST" }}`;

const triggerOn = ({ events, name }: Provider): INodeProperties => ({
	displayName: triggerOnField.label.en,
	name: triggerOnField.name,
	type: 'multiOptions',
	required: true,
	options: (events?.types ?? []).map((type) => {
		const { hint, label } = eventTypeWords[type];
		return { value: type, name: label.en, description: asDescription(hint) };
	}),
	default: ['ended'],
	description: 'What has to happen to a call for the workflow to start',
	displayOptions: { show: { provider: [name] } },
});

const howToRegister = ({ name, label }: Provider): INodeProperties => ({
	displayName: `Tell ${label} the address once: open “Webhook URLs” above, choose <b>Production URL</b>, copy all of it (the colon, too), and paste it into your ${label} panel as the webhook URL of your project. Events come in while the workflow is published. To try it before, paste the <b>Test URL</b> and press <b>Execute step</b>. Keep the address secret: whoever knows it can start this workflow.`,
	name: 'howToRegister',
	type: 'notice',
	default: '',
	displayOptions: { show: { provider: [name] } },
});

const howToSendAlong = ({ name, label, events }: Provider): INodeProperties => ({
	displayName: `${label} is told the address with each call: open “Webhook URLs” above, choose <b>Production URL</b>, copy all of it (the colon, too), and paste it into <b>${events?.perCall?.field.label.en}</b> of Send OTP Call. Events come in while the workflow is published. To try it before, paste the <b>Test URL</b> and press <b>Execute step</b>. Keep the address secret: whoever knows it can start this workflow.`,
	name: 'howToSendAlong',
	type: 'notice',
	default: '',
	displayOptions: { show: { provider: [name] } },
});

/** A provider without a server tells of nothing by itself. */
const howToTry = ({ callIdForm, label, name }: Provider): INodeProperties => ({
	displayName: `${label} calls nobody, so you tell the workflow of the end of a call. Open “Webhook URLs” above, copy the <b>Test URL</b>, and press <b>Execute step</b>. Then open that address in your browser, with <code>?callId=${callIdForm?.example ?? ''}</code> behind it. The last two digits of the number in it choose how the call ended. The ID of a call of your own will do as well.`,
	name: 'howToTry',
	type: 'notice',
	default: '',
	displayOptions: { show: { provider: [name] } },
});

const registersItself: INodeProperties = {
	displayName:
		'The address is registered with the provider when the workflow is published (activated), and removed when it is unpublished. Nothing has to be copied. When the public address of n8n has changed, unpublish and publish the workflow once.',
	name: 'registersItself',
	type: 'notice',
	default: '',
	displayOptions: { show: { provider: registering.map(({ name }) => name) } },
};

/**
 * n8n leaves the body of a delivery alone when a node of version 1 says so by an option of this name; the
 * node reads it with a limit of its own.
 */
const bodyIsReadHere: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'hidden',
	default: { binaryData: true },
};

export const properties: INodeProperties[] = [
	...providerProperties(tellers),
	registersItself,
	...tellers
		.filter(isToldByHand)
		.map((teller) => (isWithoutServer(teller) ? howToTry(teller) : howToRegister(teller))),
	...tellers.filter(({ events }) => events?.perCall !== undefined).map(howToSendAlong),
	// n8n shows the credential above the last field that one of them depends on: near the provider, that is.
	{
		displayName: confirmStatusField.label.en,
		name: confirmStatusField.name,
		type: 'boolean',
		default: false,
		description:
			'Whether to ask the provider how a call ended before the workflow starts, since events carry no signature. What happens before the end of a call cannot be confirmed and is passed on as it came.',
	},
	...tellers.map(triggerOn),
	{
		displayName: simplifyField.label.en,
		name: simplifyField.name,
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: resumeWaitingField.label.en,
		name: resumeWaitingField.name,
		type: 'boolean',
		default: true,
		description:
			'Whether an execution of Send OTP Call that waits for the event of its call goes on now. It needs the credential of the same account here and there.',
		displayOptions: { show: { provider: wakers } },
	},
	bodyIsReadHere,
];

/**
 * A provider that is only listened to needs an account for nothing but a confirmation. The others are
 * hidden, rather than this one shown, because n8n takes a field on whose every choice a credential is
 * shown for a choice between ways to sign in, and moves it into the credential's form.
 */
export const credentials: INodeCredentialDescription[] = tellers.flatMap((provider) => {
	const { account } = provider;
	if (account === null) return [];
	const others = tellers.filter((other) => other !== provider).map(({ name }) => name);
	return [
		{
			name: account.credential,
			// Without it n8n says “Credential” only, because it may be hidden.
			displayName: `Credential for ${provider.label} API`,
			required: true,
			displayOptions: {
				hide: { provider: others },
				...(!isRegistering(provider) && { show: { confirmStatus: [true] } }),
			},
		},
	];
});
