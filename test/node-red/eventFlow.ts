import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

import type { NodeAPI } from 'node-red';

import account from '../../node-red/nodes/otp-call-account/runtime';
import event from '../../node-red/nodes/otp-call-event/runtime';
import send from '../../node-red/nodes/send-otp-call/runtime';
import { SIMULATOR_TOKEN } from '../../tools/simulator';
import { withoutTime } from './runningFlow';

type FlowNode = Readonly<Record<string, unknown>> & { readonly id: string };
type Credentials = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface TestNode {
	on(event: 'input', listener: (message: Record<string, unknown>) => void): void;
	readonly status: Spy<{ readonly text?: string }>;
	readonly error: Spy<Error>;
	receive(message: Record<string, unknown>): void;
}

/** Records the calls of a method of all nodes. */
interface Spy<T> {
	readonly args: readonly (readonly [T])[];
	readonly thisValues: readonly { readonly id: string }[];
}

const argumentsOf = <T>(spy: Spy<T>, id: string): T[] =>
	spy.args.filter((_, index) => spy.thisValues[index]?.id === id).map(([first]) => first);

/** What is used of node-red-node-test-helper, which has no types. */
interface TestHelper {
	settings(settings: Record<string, unknown>): void;
	load(
		nodes: readonly ((RED: NodeAPI) => void)[],
		flow: readonly FlowNode[],
		credentials: Credentials,
	): Promise<void>;
	unload(): Promise<void>;
	setFlows(flow: readonly FlowNode[], type: string, credentials: Credentials): Promise<void>;
	getNode(id: string): TestNode;
}

const helper = createRequire(import.meta.url)('node-red-node-test-helper') as TestHelper;

export const secret = '0123456789abcdef0123456789abcdef';

/** New ones each time: Node-RED takes the object for its own store. */
const ownCredentials = (): Credentials => ({
	// Of the secrets that accounts have, each provider reads its own.
	account: { token: SIMULATOR_TOKEN, apiKey: SIMULATOR_TOKEN, secretKey: SIMULATOR_TOKEN },
	event: { secret },
	second: { secret },
});

/** A flow with one event node, and a helper node behind it. */
export const flowOf = (
	eventFields: Readonly<Record<string, unknown>>,
	accountFields: Readonly<Record<string, unknown>>,
): FlowNode[] => [
	{ id: 'tab', type: 'tab', label: 'Tests' },
	{ id: 'account', type: 'otp-call-account', authentication: 'token', ...accountFields },
	{
		id: 'event',
		type: 'otp-call-event',
		z: 'tab',
		account: 'account',
		triggerOn: ['ended'],
		path: 'hook',
		publicUrl: '',
		confirmStatus: false,
		simplify: true,
		wires: [['out']],
		...eventFields,
	},
	{ id: 'out', type: 'helper', z: 'tab' },
];

/** Waits until something is so; real servers answer when they like. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
	const deadline = Date.now() + 5_000;
	while (!isSo()) {
		assert.ok(Date.now() < deadline, `In five seconds not: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** Node-RED's runtime with our nodes, and a server for the paths of its flows. */
export class EventHost {
	/** Where the paths of flows are served. */
	readonly url: string;
	readonly messages: Record<string, unknown>[] = [];
	readonly #server: Server;

	private constructor(server: Server, port: number) {
		this.#server = server;
		this.url = `http://127.0.0.1:${port}`;
	}

	static async start(): Promise<EventHost> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		return new EventHost(server, port);
	}

	/** Starts Node-RED with a flow, as after a boot. */
	async boot(flow: readonly FlowNode[], settings: Record<string, unknown> = {}): Promise<void> {
		helper.settings({ httpNodeRoot: '/', ...settings });
		const serve = (RED: NodeAPI): void => {
			this.#server.removeAllListeners('request');
			this.#server.on('request', RED.httpNode);
		};
		await helper.load([serve, account, event, send], flow, ownCredentials());
		this.#listen();
	}

	async deploy(flow: readonly FlowNode[], type = 'full'): Promise<void> {
		await helper.setFlows(flow, type, ownCredentials());
		this.#listen();
	}

	/** Stops Node-RED, as when its process ends. */
	async halt(): Promise<void> {
		await helper.unload();
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	/** Gives a message to a node of the flow. */
	give(id: string, message: Record<string, unknown>): void {
		helper.getNode(id).receive(message);
	}

	/** The statuses that a node has shown, oldest first, without the times. */
	statuses(id = 'event'): readonly (string | undefined)[] {
		const { status } = helper.getNode('out');
		return argumentsOf(status, id).map(
			({ text }) => text && withoutTime(text.replace(/^.*status\./, '')),
		);
	}

	errors(id = 'event'): readonly Error[] {
		return argumentsOf(helper.getNode('out').error, id);
	}

	async untilStatus(status: string): Promise<void> {
		await until(() => this.statuses().includes(status), `the status ${status}`);
	}

	async deliver(
		body: unknown,
		{ query = `?secret=${secret}`, type = 'application/json', path = '/hook' } = {},
	): Promise<number> {
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		const headers = { 'content-type': type };
		const url = `${this.url}${path}${query}`;
		return (await fetch(url, { method: 'POST', headers, body: text })).status;
	}

	#listen(): void {
		const out = helper.getNode('out');
		out.on('input', (message) => this.messages.push(message));
	}
}
