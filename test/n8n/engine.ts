import assert from 'node:assert/strict';

import './environment';

import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as core from 'n8n-core';
import type {
	IConnections,
	IDataObject,
	ILoadOptionsFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	INodeListSearchResult,
	IRun,
	IRunExecutionData,
	ITaskData,
	IWebhookFunctions,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
	Logger,
} from 'n8n-workflow';
import { createRunExecutionData, NodeHelpers, Workflow } from 'n8n-workflow';

import { TestCredentialsHelper } from './credentialsHelper';
import type { StoredCredentials } from './credentialsHelper';
import { processedValues } from './processedValues';

/**
 * n8n's own engine in this process, without its database and server. Workflows run as in n8n, with the
 * nodes and credentials of the built package.
 */

const root = join(import.meta.dirname, '..', '..');

const requireHere = createRequire(import.meta.url);
// n8n-core's own modules: other versions of them may lie at the top of node_modules.
const requireOfCore = createRequire(requireHere.resolve('n8n-core'));
const { Container } = requireOfCore('@n8n/di') as {
	Container: { get<T>(type: abstract new (...args: never[]) => T): T };
};
const { Logger: LoggerOfCore } = requireOfCore('@n8n/backend-common') as {
	Logger: new () => Logger;
};
const network = requireOfCore('@n8n/backend-network') as { configureGlobalAxiosDefaults(): void };

/** n8n's log. */
export const logger = Container.get(LoggerOfCore);

let started: Promise<core.PackageDirectoryLoader> | null = null;

async function start(): Promise<core.PackageDirectoryLoader> {
	network.configureGlobalAxiosDefaults();
	// Otherwise the stack of every error that a test provokes is printed.
	Container.get(core.ErrorReporter).error = () => {};
	await core.DataDeduplicationService.init(processedValues);
	const loader = new core.PackageDirectoryLoader(root);
	await loader.loadAll();
	return loader;
}

/** The built package, loaded as n8n loads it. Run `npm run build` before. */
export function loadPackage(): Promise<core.PackageDirectoryLoader> {
	started ??= start();
	return started;
}

/** Starts a workflow: passes on what the test put into it. */
class Start implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: 'Starts a workflow of a test',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	};

	async execute(this: { getInputData(): INodeExecutionData[] }): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}

/** Node types of a test beside those of the package, by their name. */
export type ExtraNodeTypes = Readonly<Record<string, INodeType>>;

export function nodeTypesOf(
	loader: core.PackageDirectoryLoader,
	extra: ExtraNodeTypes,
): INodeTypes {
	const others: ExtraNodeTypes = { 'test.start': new Start(), ...extra };
	// n8n makes `sendOtpCallTool` of a node that can be used as a tool: the same node under another name.
	const ownName = (name: string) => name.replace(`${loader.packageName}.`, '').replace(/Tool$/, '');
	const byName = (name: string) => others[name] ?? loader.getNode(ownName(name)).type;
	return {
		getByName: byName,
		getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(byName(name), version),
		getKnownTypes: () => ({}),
	};
}

/** The part of what the server hands to the engine that a test needs. */
export function additionalDataFor(
	credentialsHelper: TestCredentialsHelper,
	more: Partial<IWorkflowExecuteAdditionalData> = {},
): IWorkflowExecuteAdditionalData {
	const workflow = { id: 'w1', name: 'Test', nodes: [], connections: {}, active: false };
	const part = {
		credentialsHelper,
		currentNodeExecutionIndex: 0,
		executionId: '1',
		restApiUrl: 'http://localhost:5678/rest',
		instanceBaseUrl: 'http://localhost:5678/',
		webhookBaseUrl: 'http://localhost:5678/webhook',
		webhookTestBaseUrl: 'http://localhost:5678/webhook-test',
		webhookWaitingBaseUrl: 'http://localhost:5678/webhook-waiting',
		formWaitingBaseUrl: 'http://localhost:5678/form-waiting',
		variables: {},
		setExecutionStatus: () => {},
		hooks: new core.ExecutionLifecycleHooks('manual', '1', {
			...workflow,
			createdAt: new Date(0),
			updatedAt: new Date(0),
			isArchived: false,
			activeVersionId: null,
		}),
		...more,
	};
	return part as unknown as IWorkflowExecuteAdditionalData;
}

/** How a node of the package is run. */
export interface NodeUnderTest {
	/** Such as `sendOtpCall`, or `sendOtpCallTool` for the tool of an AI agent. */
	readonly type: string;
	readonly parameters?: INodeParameters;
	/** Settings of the node, such as `onError` and `retryOnFail`. */
	readonly settings?: Partial<INode>;
	readonly credentials?: StoredCredentials;
}

const nameUnderTest = 'Under Test';

/** The version of a node that is added today. */
export const currentVersion = 1.1;

function nodeOf(loader: core.PackageDirectoryLoader, under: NodeUnderTest): INode {
	const credentials: NonNullable<INode['credentials']> = {};
	for (const name of Object.keys(under.credentials ?? {})) credentials[name] = { id: '1', name };
	return {
		id: 'b',
		name: nameUnderTest,
		webhookId: 'hook',
		type: `${loader.packageName}.${under.type}`,
		typeVersion: currentVersion,
		position: [200, 0],
		parameters: under.parameters ?? {},
		...(under.credentials && { credentials }),
		...under.settings,
	};
}

/** The credentials of a test, as n8n would keep them. */
export const helperFor = (loader: core.PackageDirectoryLoader, stored: StoredCredentials = {}) =>
	new TestCredentialsHelper((name) => loader.getCredential(name).type, stored);

/** A workflow with one node of the package, for its hooks, webhooks and lists. */
export async function loneNode(
	under: NodeUnderTest,
	staticData: IDataObject = {},
	isFollowed = false,
) {
	const loader = await loadPackage();
	const credentialsHelper = helperFor(loader, under.credentials);
	const nodeTypes = nodeTypesOf(loader, {});
	const next = { ...nodeOf(loader, { type: 'getOtpCallStatus' }), id: 'next', name: 'Next' };
	const toNext: IConnections = {
		[nameUnderTest]: { main: [[{ node: next.name, type: 'main', index: 0 }]] },
	};
	const workflow = new Workflow({
		id: 'w1',
		name: 'Test',
		nodes: [nodeOf(loader, under), ...(isFollowed ? [next] : [])],
		connections: isFollowed ? toNext : {},
		active: true,
		nodeTypes,
		staticData,
	});
	const node = workflow.getNode(nameUnderTest);
	if (node === null) throw new Error('The node is missing');
	const nodeType = nodeTypes.getByNameAndVersion(node.type, 1);
	return { workflow, node, nodeType, credentialsHelper };
}

/** How a workflow with the node under test, right behind the start, is run. */
export interface RunOptions extends NodeUnderTest {
	/** The json of each input item. */
	readonly items?: readonly IDataObject[];
	/** Nodes behind it, or before it in a loop. */
	readonly nodes?: readonly INode[];
	readonly connections?: IConnections;
	readonly extraTypes?: ExtraNodeTypes;
	readonly mode?: 'manual' | 'trigger';
	/** Called once the workflow runs; `cancel` is what stopping the execution does. */
	readonly during?: (run: { cancel(): void }) => void;
	/** Goes on where a failed execution ended, as "Retry" in the list of executions does. */
	readonly continues?: IRunExecutionData;
	/** What an earlier run left in this helper is used again. */
	readonly credentialsHelper?: TestCredentialsHelper;
}

export interface NodeRun {
	readonly run: IRun;
	/** Each run of the node under test. */
	readonly tasks: readonly ITaskData[];
	/** The items of its outputs, in its first run. */
	readonly outputs: readonly (readonly INodeExecutionData[])[];
	readonly error: unknown;
	readonly credentialsHelper: TestCredentialsHelper;
}

const startNode: INode = {
	id: 'a',
	name: 'Start',
	type: 'test.start',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Runs a workflow whose second node is the one under test. */
export async function runNode(options: RunOptions): Promise<NodeRun> {
	const loader = await loadPackage();
	const credentialsHelper = options.credentialsHelper ?? helperFor(loader, options.credentials);
	const workflow = new Workflow({
		id: 'w1',
		name: 'Test',
		nodes: [startNode, nodeOf(loader, options), ...(options.nodes ?? [])],
		connections: {
			Start: { main: [[{ node: nameUnderTest, type: 'main', index: 0 }]] },
			...options.connections,
		},
		active: false,
		nodeTypes: nodeTypesOf(loader, options.extraTypes ?? {}),
		settings: { executionOrder: 'v1' },
	});
	const items = (options.items ?? [{}]).map((json): INodeExecutionData => ({ json }));
	const runData =
		options.continues ??
		createRunExecutionData({
			executionData: {
				nodeExecutionStack: [{ node: startNode, source: null, data: { main: [items] } }],
			},
		});
	// As n8n does: the workflow may have been changed since.
	for (const waiting of options.continues?.executionData?.nodeExecutionStack ?? []) {
		waiting.node = workflow.getNode(waiting.node.name) ?? waiting.node;
	}
	const execute = new core.WorkflowExecute(
		additionalDataFor(credentialsHelper),
		options.mode ?? 'manual',
		runData,
	);
	const execution = execute.processRunExecutionData(workflow);
	options.during?.({ cancel: () => execution.cancel() });
	const run = await execution;
	const tasks = run.data.resultData.runData[nameUnderTest] ?? [];
	// The marks around a field's label are the core's own: a user reads the label.
	assert.doesNotMatch(JSON.stringify([run.data.resultData.error, tasks]), /[‹›]/);
	return {
		run,
		tasks,
		outputs: (tasks[0]?.data?.['main'] ?? []).map((output) => output ?? []),
		error: run.data.resultData.error,
		credentialsHelper,
	};
}

/** Calls the webhook of a parked node, as n8n does when somebody knows the way back. */
export async function wakeNode(
	under: NodeUnderTest,
	parked: IRunExecutionData,
	query: Readonly<Record<string, string>> = {},
): Promise<IWebhookResponseData> {
	const { workflow, node, nodeType, credentialsHelper } = await loneNode(under);
	const [webhookDescription] = nodeType.description.webhooks ?? [];
	if (webhookDescription === undefined) throw new Error('The node has no webhook');
	const additionalData = additionalDataFor(credentialsHelper, {
		// Of the request that n8n has at hand nothing but this is asked.
		httpRequest: { query } as unknown as NonNullable<IWorkflowExecuteAdditionalData['httpRequest']>,
	});
	const context = new core.WebhookContext(
		workflow,
		node,
		additionalData,
		'trigger',
		{
			httpMethod: 'POST',
			node: node.name,
			path: '',
			workflowId: 'w1',
			webhookDescription,
			workflowExecuteAdditionalData: additionalData,
		},
		[],
		// As n8n's database gives it back.
		createRunExecutionData(JSON.parse(JSON.stringify(parked)) as IRunExecutionData),
	);
	const woken = await nodeType.webhook?.call(context as unknown as IWebhookFunctions);
	if (woken === undefined) throw new Error('The node has no webhook method');
	return woken;
}

/** Runs one of a node's list searches, as the editor does when a list is opened. */
export async function searchList(
	under: NodeUnderTest,
	method: string,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { workflow, node, nodeType, credentialsHelper } = await loneNode(under);
	const search = nodeType.methods?.listSearch?.[method];
	if (search === undefined) throw new Error(`There is no list search ${method}`);
	const context = new core.LoadOptionsContext(
		workflow,
		node,
		additionalDataFor(credentialsHelper, { currentNodeParameters: node.parameters }),
		'',
	);
	// n8n's class does not satisfy n8n's interface under exactOptionalPropertyTypes, in one name only.
	const functions = context as unknown as ILoadOptionsFunctions;
	return await search.call(functions, filter, paginationToken);
}
