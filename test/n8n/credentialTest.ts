import * as core from 'n8n-core';
import type { ICredentialDataDecryptedObject, INode, INodeType } from 'n8n-workflow';
import { createRunExecutionData, Workflow } from 'n8n-workflow';

import { defaultsOf } from './credentialsHelper';
import { additionalDataFor, helperFor, loadPackage, nodeTypesOf } from './engine';

/** What n8n shows after the test of a credential. */
export interface CredentialTestResult {
	readonly status: 'OK' | 'Error';
	readonly message: string;
}

interface TestFailure {
	readonly message: string;
	readonly cause?: {
		readonly response?: { readonly status: number; readonly statusText: string };
		readonly code?: string;
	};
}

/** Runs a credential's own test as n8n's server does: on the routing engine, for a node that it makes up. */
export async function testCredential(
	name: string,
	data: ICredentialDataDecryptedObject,
): Promise<CredentialTestResult> {
	const loader = await loadPackage();
	const { type } = loader.getCredential(name);
	const { test } = type;
	if (test === undefined) throw new Error(`The credential ${name} has no test`);
	const credentialsHelper = helperFor(loader, { [name]: data });
	const nodeType: INodeType = {
		description: {
			displayName: 'No Op',
			name: 'noOp',
			group: [],
			version: 1,
			description: '',
			defaults: { name: 'No Op' },
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					default: '',
					routing: { request: test.request },
				},
			],
		},
	};
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [0, 0],
		parameters: { temp: '' },
		credentials: { [name]: { id: '1', name } },
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: nodeTypesOf(loader, { [node.type]: nodeType }),
	});
	const context = new core.ExecuteContext(
		workflow,
		node,
		additionalDataFor(credentialsHelper),
		'internal',
		createRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	const routing = new core.RoutingNode(context, nodeType, {
		id: '1',
		name,
		type: name,
		data: { ...defaultsOf(type), ...data },
	});
	try {
		const [[item] = []] = (await routing.runNode()) ?? [];
		for (const rule of test.rules ?? []) {
			if (rule.type !== 'responseSuccessBody') continue;
			const { key, message } = rule.properties;
			const expected: unknown = rule.properties.value;
			if (item?.json[key] === expected) return { status: 'Error', message };
		}
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		const { cause, message } = error as TestFailure;
		if (cause?.response === undefined) return { status: 'Error', message: cause?.code ?? message };
		const { status, statusText } = cause.response;
		for (const rule of test.rules ?? []) {
			if (rule.type !== 'responseCode' || rule.properties.value !== status) continue;
			return { status: 'Error', message: rule.properties.message };
		}
		return { status: 'Error', message: statusText || `Received HTTP status code: ${status}` };
	}
}
