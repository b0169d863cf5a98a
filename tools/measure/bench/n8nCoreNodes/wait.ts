import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

/** Passes its items on after a time; as n8n's own node, it keeps the execution in memory below 65 s. */
export class Wait implements INodeType {
	readonly description: INodeTypeDescription = {
		displayName: 'Wait',
		name: 'wait',
		group: ['organization'],
		version: 1.1,
		description: 'Wait before continue with execution',
		defaults: { name: 'Wait' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'Wait Amount', name: 'amount', type: 'number', default: 5 }],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		await sleep(Number(this.getNodeParameter('amount', 0)) * 1000);
		return [this.getInputData()];
	}
}
