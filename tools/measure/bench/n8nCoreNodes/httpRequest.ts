import { Readable } from 'node:stream';
import {
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	jsonParse,
} from 'n8n-workflow';
import { asText } from './text';

const TIMEOUT_MS = 300_000;

/**
 * Starts the requests of all items at once and awaits them all, as n8n's HTTP Request node does when no
 * batching is set: the body from a list of fields, the answers as streams.
 */
export class HttpRequest implements INodeType {
	readonly description: INodeTypeDescription = {
		displayName: 'HTTP Request',
		name: 'httpRequest',
		group: ['output'],
		version: 4.4,
		description: 'Makes an HTTP request and returns the response data',
		defaults: { name: 'HTTP Request' },
		inputs: ['main'],
		outputs: ['main'],
		properties: ['method', 'url', 'sendBody', 'bodyParameters'].map((name) => ({
			displayName: name,
			name,
			type: 'string',
			default: '',
		})),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const requests: Array<Promise<unknown>> = [];
		for (let item = 0; item < this.getInputData().length; item += 1) {
			requests.push(this.helpers.httpRequest(await requestOf(this, item)));
		}
		const answers = await Promise.allSettled(requests);
		return [await Promise.all(answers.map((answer, item) => itemOf(this, answer, item)))];
	}
}

async function requestOf(node: IExecuteFunctions, item: number): Promise<IHttpRequestOptions> {
	const { name, value } = await node.getCredentials('httpHeaderAuth', item);
	const sendBody = node.getNodeParameter('sendBody', item, false) === true;
	return {
		method: node.getNodeParameter('method', item) === 'POST' ? 'POST' : 'GET',
		url: asText(node.getNodeParameter('url', item)),
		headers: {
			accept: 'application/json',
			...(sendBody && { 'content-type': 'application/json' }),
			[asText(name)]: asText(value),
		},
		...(sendBody && { body: bodyOf(node.getNodeParameter('bodyParameters.parameters', item)) }),
		timeout: TIMEOUT_MS,
		encoding: 'stream',
		returnFullResponse: true,
	};
}

function bodyOf(fields: unknown): string {
	const pairs = Array.isArray(fields) ? fields.map(pairOf) : [];
	return JSON.stringify(Object.fromEntries(pairs));
}

function pairOf(field: unknown): readonly [string, unknown] {
	return typeof field === 'object' && field !== null && 'name' in field && 'value' in field
		? [String(field.name), field.value]
		: ['', ''];
}

async function itemOf(
	node: IExecuteFunctions,
	answer: PromiseSettledResult<unknown>,
	item: number,
): Promise<INodeExecutionData> {
	if (answer.status === 'rejected') throw answer.reason;
	const { value } = answer;
	if (typeof value !== 'object' || value === null || !('body' in value)) {
		throw new TypeError('The request helper gave no response');
	}
	if (!(value.body instanceof Readable)) throw new TypeError('The response is no stream');
	const buffer = await node.helpers.binaryToBuffer(value.body);
	const text = await node.helpers.binaryToString(buffer);
	return { json: jsonParse(text), pairedItem: { item } };
}
