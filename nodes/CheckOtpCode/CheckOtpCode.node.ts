import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { providers } from '../../providers';
import { credentialsOfProviders, subtitleOf } from '../forms/options';
import { runItems } from '../items/items';
import { outputsOf, prepareChecks, refuseAlwaysOutput } from './execute';
import { properties } from './properties';

export class CheckOtpCode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Check OTP Code',
		name: 'checkOtpCode',
		icon: {
			light: 'file:../../icons/check-otp-code.svg',
			dark: 'file:../../icons/check-otp-code.dark.svg',
		},
		group: ['transform'],
		version: 1.1,
		subtitle: subtitleOf(providers, '"check"'),
		description: 'Tells whether a typed code is the one that Send OTP Call has read out',
		defaults: { name: 'Check OTP Code' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Right', 'Not Right'],
		credentials: credentialsOfProviders,
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		let hasFailed = true;
		try {
			refuseAlwaysOutput(this);
			const outputs = await runItems(this, () => prepareChecks(this), outputsOf(this));
			hasFailed = false;
			return outputs;
		} finally {
			// A node that fails and goes on all the same passes its input to its first output: that is Right.
			if (hasFailed && this.continueOnFail()) this.getInputData().splice(0);
		}
	}
}
