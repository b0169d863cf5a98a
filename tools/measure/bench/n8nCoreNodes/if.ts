import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

/** Puts an item on the first output when the two values of its only condition are equal, else on the second. */
export class If implements INodeType {
	readonly description: INodeTypeDescription = {
		displayName: 'If',
		name: 'if',
		group: ['transform'],
		version: 2.2,
		description: 'Route items to different branches',
		defaults: { name: 'If' },
		inputs: ['main'],
		outputs: ['main', 'main'],
		properties: [{ displayName: 'Conditions', name: 'conditions', type: 'filter', default: {} }],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const equal: INodeExecutionData[] = [];
		const different: INodeExecutionData[] = [];
		for (const [index, item] of this.getInputData().entries()) {
			const left = this.getNodeParameter('conditions.conditions[0].leftValue', index);
			const right = this.getNodeParameter('conditions.conditions[0].rightValue', index);
			(left === right ? equal : different).push(item);
		}
		return [equal, different];
	}
}
