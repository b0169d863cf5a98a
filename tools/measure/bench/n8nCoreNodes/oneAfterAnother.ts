import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { asText } from './text';

/**
 * A node that awaits one request after another, reading the credential for each, as n8n's own nodes for
 * voice providers (Twilio, Plivo, Vonage) do.
 */
export class OneAfterAnother implements INodeType {
	readonly description: INodeTypeDescription = {
		displayName: 'One After Another',
		name: 'oneAfterAnother',
		group: ['output'],
		version: 1,
		description: 'Places one call after another',
		defaults: { name: 'One After Another' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'bitelApi', required: true }],
		properties: [
			{ displayName: 'Phone Number', name: 'phoneNumber', type: 'string', default: '' },
			{ displayName: 'Code', name: 'code', type: 'string', default: '' },
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const placed: INodeExecutionData[] = [];
		for (let item = 0; item < this.getInputData().length; item += 1) {
			const { baseUrl } = await this.getCredentials('bitelApi', item);
			const body: IDataObject = {
				phoneNumber: this.getNodeParameter('phoneNumber', item),
				text: this.getNodeParameter('code', item),
			};
			const answer: unknown = await this.helpers.httpRequestWithAuthentication.call(
				this,
				'bitelApi',
				{ method: 'POST', url: `${asText(baseUrl)}/api/v2/voice/otp`, body, json: true },
			);
			if (!isDataObject(answer)) throw new TypeError('The answer is not JSON');
			placed.push({ json: answer, pairedItem: { item } });
		}
		return [placed];
	}
}

function isDataObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null;
}
