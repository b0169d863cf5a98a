import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import RED from 'node-red';

const TAB = 'tab';
const FLOWS_ROOT = '/flows-of-the-bench';
const START_TIMEOUT_MS = 10_000;

/** A node's configuration as it stands in a flow file. */
export type FlowNode = Readonly<Record<string, unknown>> & {
	readonly id: string;
	readonly type: string;
};

/** A message in a flow. */
export type Message = Readonly<Record<string, unknown>>;

/** A node of the deployed flow. */
export interface DeployedNode {
	/** `[[a, b]]`: two messages one after the other on the first output. */
	send(messages: ReadonlyArray<readonly Message[]>): void;
	on(event: 'input', listener: (message: Message) => void): void;
}

/** A real Node-RED in this process. There can be only one. */
export interface NodeRed {
	/** The base URL of editor and admin API, without a trailing slash. */
	readonly url: string;
	/** The base URL of the paths that flows serve. */
	readonly flowsUrl: string;
	deploy(flow: readonly FlowNode[]): Promise<void>;
	/** @throws Error when no such node is deployed */
	node(id: string): DeployedNode;
	close(): Promise<void>;
}

/** Starts Node-RED with a user directory of its own; it finds our built palette among this repository's packages. */
export async function startNodeRed(): Promise<NodeRed> {
	const userDir = await mkdtemp(join(tmpdir(), 'otp-call-node-red-'));
	const server = createServer();
	RED.init(server, settingsFor(userDir));
	const flows = new RegExp(`^${FLOWS_ROOT}(?=/)`);
	server.on('request', (request, response) => {
		const path = request.url ?? '/';
		const serve = flows.test(path) ? RED.httpNode : RED.httpAdmin;
		request.url = path.replace(flows, '');
		serve(request, response);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const started = once(RED.events, 'flows:started');
	await RED.start();
	// The first deployment would race with the start of the (empty) flows.
	await started;
	const url = urlOf(server);
	return {
		url,
		flowsUrl: `${url}${FLOWS_ROOT}`,
		deploy: (flow) => deploy(url, flow),
		node: deployedNode,
		close: async () => {
			await RED.stop();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await rm(userDir, { recursive: true, force: true });
		},
	};
}

function settingsFor(userDir: string) {
	return {
		uiPort: 0,
		uiHost: '127.0.0.1',
		userDir,
		flowFile: 'flows.json',
		credentialSecret: 'measure',
		httpAdminRoot: '/',
		httpNodeRoot: FLOWS_ROOT,
		logging: { console: { level: 'error' as const, metrics: false, audit: false } },
		editorTheme: { tours: false, palette: { catalogues: [] }, projects: { enabled: false } },
	};
}

function urlOf(server: Server): string {
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('Not listening on TCP');
	return `http://127.0.0.1:${String(address.port)}`;
}

// Node-RED takes a node without a place on a tab for a configuration node.
function onTab(node: FlowNode): FlowNode {
	return 'wires' in node ? { ...node, z: TAB, x: 0, y: 0 } : node;
}

async function deploy(url: string, flow: readonly FlowNode[]): Promise<void> {
	const started = once(RED.events, 'flows:started');
	const response = await fetch(`${url}/flows`, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'node-red-api-version': 'v2',
			connection: 'close',
		},
		body: JSON.stringify({ flows: [{ id: TAB, type: 'tab' }, ...flow.map(onTab)] }),
	});
	if (!response.ok) throw new Error(`Deploying failed: ${await response.text()}`);
	// Flows with a node of an unknown type never start.
	await Promise.race([started, sleep(START_TIMEOUT_MS, undefined, { ref: false })]);
	const unknown = flow.find(({ id, d }) => d !== true && findNode(id) === undefined);
	if (unknown) throw new Error(`Node-RED could not start the node of type ${unknown.type}`);
}

// The type definitions leave out the runtime's own access to nodes: it is looked at instead.
function findNode(id: string): unknown {
	const { nodes } = RED;
	if (!('getNode' in nodes) || typeof nodes.getNode !== 'function') {
		throw new Error('This Node-RED gives no access to its nodes');
	}
	return Reflect.apply(nodes.getNode, nodes, [id]) ?? undefined;
}

function deployedNode(id: string): DeployedNode {
	const node = findNode(id);
	if (!isDeployedNode(node)) throw new Error(`No node ${id} is deployed`);
	return node;
}

function isDeployedNode(node: unknown): node is DeployedNode {
	return (
		typeof node === 'object' &&
		node !== null &&
		'send' in node &&
		typeof node.send === 'function' &&
		'on' in node &&
		typeof node.on === 'function'
	);
}
