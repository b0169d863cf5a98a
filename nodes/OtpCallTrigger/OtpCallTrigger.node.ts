import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { receive } from './delivery';
import { subtitleOf, versions } from '../forms/options';
import { credentials, deliveryMethod, properties, tellers } from './properties';
import { isInPlace, putInPlace, takeAway } from './registration';
import { secretPath } from './secret';

export class OtpCallTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'OTP Call Trigger',
		name: 'otpCallTrigger',
		icon: { light: 'file:otp-call-trigger.svg', dark: 'file:otp-call-trigger.dark.svg' },
		group: ['trigger'],
		version: versions,
		subtitle: subtitleOf(
			tellers,
			'$parameter["triggerOn"].map((type) => "call " + type).join(", ")',
		),
		description: 'Starts the workflow when an OTP call has ended',
		// Without these n8n speaks of “OTP Call” as of a service to which one could go.
		eventTriggerDescription: 'Place a call, and wait until it has ended',
		activationMessage: 'Whenever a call has ended, this workflow starts.',
		triggerPanel: {
			header: 'Wait for the end of a call',
			executionsHelp: {
				inactive:
					'<b>While you build the workflow</b>, press “Execute step”, then place a call and wait until it has ended. What the provider tells of it appears here.<br /><br /><b>Once you are happy with it</b>, publish the workflow. It then starts by itself whenever a call has ended. These executions appear in the <a data-key="executions">list of executions</a>, not here.',
				active:
					'<b>While you build the workflow</b>, press “Execute step”, then place a call and wait until it has ended. What the provider tells of it appears here.<br /><br /><b>The workflow is published</b>: it starts by itself whenever a call has ended. These executions appear in the <a data-key="executions">list of executions</a>, not here.',
			},
			activationHint:
				'Publish the workflow to have it start by itself whenever a call has ended, for all calls and not for one only.',
		},
		defaults: { name: 'OTP Call Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials,
		webhooks: [
			{
				name: 'default',
				httpMethod: deliveryMethod,
				responseMode: 'onReceived',
				path: secretPath,
				// Without it n8n looks for a path with a parameter where no request comes in.
				isFullPath: true,
			},
		],
		properties,
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isInPlace(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await putInPlace(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await takeAway(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}
}
