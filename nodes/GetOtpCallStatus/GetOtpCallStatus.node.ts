import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { runItems } from '../items/items';
import { listSearch } from '../forms/lists';
import { providers } from '../../providers';
import { credentialsOfProviders, subtitleOf, versions } from '../forms/options';
import { prepareLookUps } from './execute';
import { properties } from './properties';

export class GetOtpCallStatus implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Get OTP Call Status',
		name: 'getOtpCallStatus',
		icon: {
			light: 'file:../../icons/get-otp-call-status.svg',
			dark: 'file:../../icons/get-otp-call-status.dark.svg',
		},
		group: ['transform'],
		version: versions,
		subtitle: subtitleOf(
			providers,
			'$parameter["operation"] === "getAll" ? "get many" : $parameter["waitUntilEnded"] ? "wait until ended" : "get"',
		),
		description: 'Tells where an OTP call stands and how it ended',
		defaults: { name: 'Get OTP Call Status' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: credentialsOfProviders,
		properties,
	};

	methods = { listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runItems(this, () => prepareLookUps(this));
	}
}
