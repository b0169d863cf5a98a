import { randomUUID } from 'node:crypto';

/** A workflow as n8n exports it. */
export type WorkflowJson = Readonly<Record<string, unknown>>;

/** A node of a workflow. */
export interface FlowNode {
	readonly name: string;
	/** Such as `sendOtpCall` for one of our package, the full name for any other. */
	readonly type: string;
	readonly typeVersion?: number;
	readonly parameters: Readonly<Record<string, unknown>>;
	/** Credential type → what is to be stored in it. */
	readonly credentials?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
	/** Its settings, such as `retryOnFail`. */
	readonly settings?: Readonly<Record<string, unknown>>;
	/** Needed for the address of a webhook. */
	readonly webhookId?: string;
}

/** Takes a POST at `/webhook/<path>`. `responseMode`: when it answers, and with what. */
export const webhook = (
	path: string,
	responseMode: 'onReceived' | 'lastNode' = 'lastNode',
): FlowNode => ({
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: randomUUID(),
	parameters: {
		httpMethod: 'POST',
		path,
		responseMode,
		...(responseMode === 'lastNode' && { responseData: 'allEntries' }),
		options: {},
	},
});

/** Starts a workflow when a call of this Autocall account has ended. */
export const callEnded = (credentials: NonNullable<FlowNode['credentials']>): FlowNode => ({
	name: 'Call Ended',
	type: 'otpCallTrigger',
	webhookId: randomUUID(),
	credentials,
	parameters: { provider: 'autocall', triggerOn: ['ended'] },
});

/** Starts a workflow by the editor's button. */
export const manualTrigger: FlowNode = {
	name: 'Manual',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

/** Starts a workflow that another one runs, with the items of that. */
export const calledByWorkflow: FlowNode = {
	name: 'Called',
	type: 'n8n-nodes-base.executeWorkflowTrigger',
	typeVersion: 1.1,
	parameters: { inputSource: 'passthrough' },
};

/** Runs another workflow once for each item, and waits for it. */
export const executeForEachItem = (workflowId: string): FlowNode => ({
	name: 'For Each Item',
	type: 'n8n-nodes-base.executeWorkflow',
	typeVersion: 1.2,
	parameters: {
		workflowId: { __rl: true, mode: 'id', value: workflowId },
		mode: 'each',
		options: { waitForSubWorkflow: true },
	},
});

/** Does nothing, and passes its items on. */
export const noOperation: FlowNode = {
	name: 'Nothing',
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	parameters: {},
};

/** Makes an item of each entry of a list, under the name of the field that holds the list. */
export const splitOut = (fieldToSplitOut: string): FlowNode => ({
	name: 'Split Out',
	type: 'n8n-nodes-base.splitOut',
	parameters: { fieldToSplitOut, options: {} },
});

/** Puts out these items, whatever comes in. */
export const theseItems = (items: readonly Readonly<Record<string, unknown>>[]): FlowNode => ({
	name: 'Items',
	type: 'n8n-nodes-base.code',
	typeVersion: 2,
	parameters: { jsCode: `return ${JSON.stringify(items.map((json) => ({ json })))};` },
});

/**
 * One behind the other: what the first output of each puts out goes into the next. `back`: what the second
 * one puts out goes into an earlier node.
 */
const connectionsOf = (
	names: readonly string[],
	back: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> => {
	const to = (node: string | undefined) =>
		node === undefined ? [] : [{ node, type: 'main', index: 0 }];
	return Object.fromEntries(
		names.map((name, index) => [name, { main: [to(names[index + 1]), to(back[name])] }] as const),
	);
};

/** A workflow of these nodes, one behind the other. `stored`: the credentials to use, by type. */
export const workflowOf = (
	name: string,
	nodes: readonly FlowNode[],
	stored: ReadonlyMap<string, { readonly id: string; readonly name: string }>,
	back: Readonly<Record<string, string>> = {},
): WorkflowJson => ({
	name,
	nodes: nodes.map(({ type, typeVersion = 1, credentials = {}, settings, ...node }, index) => ({
		id: randomUUID(),
		type: type.includes('.') ? type : `n8n-nodes-otp-call.${type}`,
		typeVersion,
		position: [index * 240, 0],
		credentials: Object.fromEntries(
			Object.keys(credentials).map((credential) => [credential, stored.get(credential)]),
		),
		...node,
		...settings,
	})),
	connections: connectionsOf(
		nodes.map((node) => node.name),
		back,
	),
	settings: { executionOrder: 'v1' },
});
