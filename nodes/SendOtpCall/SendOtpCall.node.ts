import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { runItems } from '../items/items';
import { listSearch } from '../forms/lists';
import { providers } from '../../providers';
import { credentialsOfProviders, subtitleOf, versions } from '../forms/options';
import { properties } from './properties';
import { prepareSending } from './execute';
import { resumeWebhooks, wakeParked } from './parking';

export class SendOtpCall implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Send OTP Call',
		name: 'sendOtpCall',
		icon: {
			light: 'file:../../icons/send-otp-call.svg',
			dark: 'file:../../icons/send-otp-call.dark.svg',
		},
		group: ['output'],
		version: versions,
		subtitle: subtitleOf(providers, '$parameter["waitForResult"] ? "call and wait" : "call"'),
		description: 'Calls a phone and reads out a one-time code',
		defaults: { name: 'Send OTP Call' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: credentialsOfProviders,
		webhooks: resumeWebhooks,
		waitingNodeTooltip:
			'Waiting for the end of the call: the provider’s event wakes this execution',
		hints: [
			{
				message:
					'The generated code is a part of the output, and so of the execution data that n8n stores: whoever may open executions can read it. To keep it out, turn off saving of executions in the settings of the workflow.',
				type: 'warning',
				location: 'ndv',
				whenToDisplay: 'always',
				displayCondition:
					'={{ $parameter["generateCode"] === true && $parameter["keepForCheck"] !== true }}',
			},
		],
		properties,
	};

	methods = { listSearch };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await wakeParked(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runItems(this, () => prepareSending(this));
	}
}
