import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

import type { CallEvent, Provider } from '../../providers/contract';
import { providers } from '../../providers';
import { findAccount } from '../shared/accounts';

/** The providers that tell how a call goes on. */
const tellers = providers.filter(({ readEvent }) => readEvent !== undefined);

/** What a new node begins with. */
const firstTeller = tellers.map(({ name }) => name)[0];

const isRegistering = ({ events }: Provider): boolean => events !== undefined;
const registering = tellers.filter(isRegistering);
const notRegistering = tellers.filter((provider) => !isRegistering(provider));

export const occasions: ReadonlyArray<{
	readonly occasion: CallEvent['occasion'];
	readonly name: string;
	readonly description: string;
}> = [
	{
		occasion: 'answered',
		name: 'Call Answered',
		description: 'Somebody or something took the call',
	},
	{
		occasion: 'ended',
		name: 'Call Ended',
		description: 'The call is over, answered or not; this tells how it ended',
	},
	{ occasion: 'ringing', name: 'Call Ringing', description: 'The phone has begun to ring' },
];

/** Which occasions a provider tells of; one that takes no registration tells of the end alone. */
const toldBy = ({ events }: Provider): INodeProperties['options'] =>
	occasions
		.filter(({ occasion }) =>
			events === undefined ? occasion === 'ended' : events.names[occasion] !== undefined,
		)
		.map(({ occasion, name, description }) => ({ value: occasion, name, description }));

const triggerOn = (provider: Provider): INodeProperties => ({
	displayName: 'Trigger On',
	name: 'triggerOn',
	type: 'multiOptions',
	required: true,
	options: toldBy(provider) ?? [],
	default: ['ended'],
	description: 'What has to happen to a call for the workflow to start',
	displayOptions: { show: { provider: [provider.name] } },
});

const howToRegister = ({ name, label }: Provider): INodeProperties => ({
	displayName: `${label} has to be told the address once: open “Webhook URLs” above, choose <b>Production URL</b>, copy it and paste it into your ${label} panel as the webhook URL of your project. It stays the same as long as this node exists. Whoever knows it can start this workflow, so do not publish it.`,
	name: 'howToRegister',
	type: 'notice',
	default: '',
	displayOptions: { show: { provider: [name] } },
});

const registersItself: INodeProperties = {
	displayName:
		'The address is registered with the provider when the workflow is published (activated), and removed when it is unpublished. Nothing has to be copied.',
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
	{
		displayName: 'Provider',
		name: 'provider',
		type: 'options',
		noDataExpression: true,
		options: tellers.map(({ name, label }) => ({ name: label, value: name })),
		default: firstTeller,
		description: 'Who places the calls',
	},
	registersItself,
	...notRegistering.map(howToRegister),
	...tellers.map(triggerOn),
	{
		displayName: 'Confirm Status',
		name: 'confirmStatus',
		type: 'boolean',
		default: false,
		description:
			'Whether to ask the provider how a call ended before the workflow starts, since events carry no signature. What happens before the end of a call cannot be confirmed and is passed on as it came.',
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	bodyIsReadHere,
];

/**
 * A provider that is only listened to needs an account for nothing but a confirmation. The others are
 * hidden, rather than this one shown, because n8n takes a field on whose every choice a credential is
 * shown for a choice between ways to sign in, and moves it into the credential's form.
 */
export const credentials: INodeCredentialDescription[] = tellers.flatMap((provider) => {
	const account = findAccount(provider.name);
	if (account === undefined) return [];
	const others = tellers.filter((other) => other !== provider).map(({ name }) => name);
	return [
		{
			name: account.credential,
			required: true,
			displayOptions: {
				hide: { provider: others },
				...(!isRegistering(provider) && { show: { confirmStatus: [true] } }),
			},
		},
	];
});
