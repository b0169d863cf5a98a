import * as core from 'n8n-core';
import {
	Expression,
	type ICredentialType,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	Workflow,
	createRunExecutionData,
} from 'n8n-workflow';
import { TestCredentialsHelper, type StoredCredentials } from '../../../test/n8n/credentialsHelper';
import {
	type ExtraNodeTypes,
	additionalDataFor,
	loadPackage,
	nodeTypesOf,
} from '../../../test/n8n/engine';

/** A node of a workflow. */
export interface FlowNode {
	readonly name: string;
	/** `sendOtpCall` for a node of our package, the full name for any other. */
	readonly type: string;
	readonly version?: number;
	readonly parameters: INodeParameters;
	/** The credential type that it uses. */
	readonly credential?: string;
	readonly settings?: Partial<INode>;
	/** For each output the names of the nodes behind it. */
	readonly next: ReadonlyArray<readonly string[]>;
}

/** A workflow. The first node takes the items; the results are the items that the last one puts out. */
export interface Flow {
	readonly nodes: readonly [FlowNode, ...FlowNode[]];
	readonly credentials: StoredCredentials;
	/** Node types that are not of our package, by their full name. */
	readonly nodeTypes?: ExtraNodeTypes;
	/** Credential types that are not of our package. */
	readonly credentialTypes?: readonly ICredentialType[];
	/** The node whose outputs are the results. */
	readonly result: string;
}

/** Runs one execution of a workflow on n8n's own engine. @returns the items of each output, of all runs */
export type RunFlow = (
	items: readonly IDataObject[],
) => Promise<ReadonlyArray<readonly INodeExecutionData[]>>;

const START: INode = {
	id: 'start',
	name: 'Start',
	type: 'test.start',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/**
 * The engine for expressions that a running n8n has: without it n8n-workflow takes the one of the editor,
 * which needs a fifth of the time. The figures are n8n's own defaults, as @n8n/config has them.
 */
const startExpressionEngine = (): Promise<void> =>
	Expression.initExpressionEngine({
		engine: 'vm',
		poolSize: 1,
		maxCodeCacheSize: 1024,
		bridgeTimeout: 5000,
		bridgeMemoryLimit: 128,
	});

/** Prepares n8n's engine for a workflow. Each execution gets objects of its own, as in n8n. */
export async function openFlow(flow: Flow): Promise<RunFlow> {
	await startExpressionEngine();
	const loader = await loadPackage();
	const nodeTypes = nodeTypesOf(loader, flow.nodeTypes ?? {});
	const own = new Map(flow.credentialTypes?.map((type) => [type.name, type]));
	const typeOf = (name: string): ICredentialType =>
		own.get(name) ?? loader.getCredential(name).type;
	const nodes = [START, ...flow.nodes.map((node) => asNode(node, loader.packageName))];
	const connections = connectionsOf(flow);
	return async (items) => {
		const workflow = new Workflow({
			id: 'measure',
			name: 'Measure',
			nodes: structuredClone(nodes),
			connections: structuredClone(connections),
			active: false,
			nodeTypes,
			settings: { executionOrder: 'v1' },
		});
		const run = await new core.WorkflowExecute(
			additionalDataFor(new TestCredentialsHelper(typeOf, flow.credentials)),
			'trigger',
			createRunExecutionData({
				executionData: {
					nodeExecutionStack: [
						{ node: START, source: null, data: { main: [items.map((json) => ({ json }))] } },
					],
				},
			}),
		).processRunExecutionData(workflow);
		const { error, runData } = run.data.resultData;
		if (error) throw error;
		const outputs = (runData[flow.result] ?? []).map((task) => task.data?.['main'] ?? []);
		const most = Math.max(0, ...outputs.map((output) => output.length));
		return Array.from({ length: most }, (_, n) => outputs.flatMap((output) => output[n] ?? []));
	};
}

function asNode(node: FlowNode, packageName: string): INode {
	return {
		id: node.name,
		name: node.name,
		type: node.type.includes('.') ? node.type : `${packageName}.${node.type}`,
		typeVersion: node.version ?? 1,
		position: [0, 0],
		parameters: node.parameters,
		...(node.credential !== undefined && {
			credentials: { [node.credential]: { id: '1', name: node.credential } },
		}),
		...node.settings,
	};
}

function connectionsOf({ nodes }: Flow): IConnections {
	const to = (names: readonly string[]) =>
		names.map((node) => ({ node, type: 'main' as const, index: 0 }));
	return {
		[START.name]: { main: [to([nodes[0].name])] },
		...Object.fromEntries(nodes.map(({ name, next }) => [name, { main: next.map(to) }])),
	};
}
