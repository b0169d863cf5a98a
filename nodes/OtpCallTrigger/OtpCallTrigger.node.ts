import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { receive } from './delivery';
import { credentials, deliveryMethod, properties } from './properties';
import { isInPlace, putInPlace, takeAway } from './registration';
import { secretPath } from './secret';

export class OtpCallTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'OTP Call Trigger',
		name: 'otpCallTrigger',
		icon: { light: 'file:otp-call-trigger.svg', dark: 'file:otp-call-trigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["triggerOn"].map((type) => "call " + type).join(", ") }}',
		description: 'Starts the workflow when an OTP call has ended',
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
