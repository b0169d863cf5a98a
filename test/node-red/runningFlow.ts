import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import type { NodeAPI } from 'node-red';

import { clock } from '../../node-red/host/clock';
import check from '../../node-red/nodes/check-otp-code/runtime';
import account from '../../node-red/nodes/otp-call-account/runtime';
import send from '../../node-red/nodes/send-otp-call/runtime';
import status from '../../node-red/nodes/get-otp-call-status/runtime';
import type { Simulator } from '../../tools/simulator';

export type Fields = Readonly<Record<string, unknown>>;
export type Message = Record<string, unknown>;
export type FlowNode = Fields & { readonly id: string };
type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface NodeStatus {
	readonly fill?: string;
	readonly shape?: string;
	readonly text?: string;
}

interface TestNode {
	on(event: 'input', listener: (message: Message) => void): void;
	receive(message: Message): void;
	context(): { global: { get(key: string): unknown; set(key: string, value: unknown): void } };
	/** The helper watches all nodes by one function. */
	readonly status: {
		readonly args: readonly (readonly [NodeStatus])[];
		readonly thisValues: readonly { readonly id: string }[];
	};
	readonly error: { readonly args: readonly (readonly [Error])[] };
	/** Writes a warning into Node-RED's log. */
	warn: (text: string) => void;
	emit(
		event: 'input',
		message: object,
		send: (message: object) => void,
		done: (error?: Error) => void,
	): void;
}

/** What is used of Node-RED itself. */
interface NodeRed {
	readonly hooks: {
		add(
			name: string,
			hook: (event: { readonly error?: unknown; readonly node: { readonly id: string } }) => void,
		): void;
		remove(name: string): void;
	};
}

/** What is used of node-red-node-test-helper, which has no types. */
interface TestHelper {
	init(runtime: string): void;
	settings(settings: Fields): void;
	load(
		nodes: readonly ((RED: NodeAPI) => void)[],
		flow: readonly FlowNode[],
		secrets: Secrets,
	): Promise<void>;
	unload(): Promise<void>;
	setFlows(flow: readonly FlowNode[], type: string, secrets: Secrets): Promise<void>;
	getNode(id: string): TestNode;
	/** A spy on Node-RED's log. */
	log(): { readonly args: readonly (readonly unknown[])[] };
}

const require = createRequire(import.meta.url);

/** The versions of Node-RED that the package supports, by the names of their dev dependencies. */
export const hosts = ['node-red', 'node-red-4'] as const;
export type HostName = (typeof hosts)[number];

/**
 * Node-RED itself, with words of its own. npm has both versions find the same i18next, and that is one in each
 * process: the version that starts last would have its words read for the other one, too. So it is forgotten
 * before and after, and each version keeps the copy that it found.
 */
export function loadNodeRed(host: HostName): unknown {
	const from = createRequire(require.resolve(host)).resolve('@node-red/util');
	const i18next = createRequire(from).resolve('i18next');
	delete require.cache[i18next];
	const nodeRed: unknown = require(host);
	delete require.cache[i18next];
	return nodeRed;
}

const helperFor = (host: HostName): TestHelper => {
	// The helper loads them without such care.
	loadNodeRed(host);
	const { NodeTestHelper } = require('node-red-node-test-helper') as {
		NodeTestHelper: new () => TestHelper;
	};
	const helper = new NodeTestHelper();
	helper.init(require.resolve(host));
	return helper;
};

/** What came of one message. */
export interface Outcome {
	/** The messages that came out, the result last. */
	readonly messages: readonly Message[];
	/** Those of the second output of a node that has two. */
	readonly others: readonly Message[];
	/** What a Catch node got; undefined when nothing failed. */
	readonly caught: Message | undefined;
	readonly completed: number;
}

/** What stands in an object under a name, or under names one in another. */
export const at = (value: unknown, ...names: readonly string[]): unknown =>
	names.reduce(
		(inner, name) =>
			typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined,
		value,
	);

/** The names of an object's own fields. */
export const namesIn = (value: unknown): readonly string[] =>
	typeof value === 'object' && value !== null ? Object.keys(value) : [];

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

const isCaughtError = (value: unknown): value is CaughtError =>
	isRecord(value) && typeof value['code'] === 'string' && isRecord(value['cause']);

/** A flow with one of our nodes, and everything around it that sees what becomes of a message. */
const around = (node: FlowNode, accountFields: Fields): FlowNode[] => {
	// Without a place on the canvas Node-RED takes a node for a configuration node.
	const onTab = { z: 'tab', x: 0, y: 0 };
	return [
		{ id: 'tab', type: 'tab', label: 'Tests' },
		{ id: 'account', type: 'otp-call-account', ...accountFields },
		{ ...node, ...onTab, wires: [['out'], ['other']] },
		{ ...onTab, id: 'out', type: 'helper' },
		{ ...onTab, id: 'other', type: 'helper' },
		{ ...onTab, id: 'catch', type: 'catch', scope: ['node', 'send'], wires: [['caught']] },
		{ ...onTab, id: 'caught', type: 'helper' },
		{ ...onTab, id: 'complete', type: 'complete', scope: ['node'], wires: [['completed']] },
		{ ...onTab, id: 'completed', type: 'helper' },
	];
};

/** Waits until something is so; real servers answer when they like. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
	const deadline = Date.now() + 8_000;
	while (!isSo()) {
		assert.ok(Date.now() < deadline, `In eight seconds not: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 2));
	}
}

const keyOf = (message: Message | undefined): string => String(message?.['key']);

/** A status without the time at its end, which is that of the machine. */
export const withoutTime = (text: string): string => text.replace(/\u2066? \d\d:\d\d\u2069?$/, '');

/** One of our nodes in Node-RED's own runtime. Messages are told apart by their property `key`. */
export class RunningFlow {
	readonly helper: TestHelper;
	readonly out: Message[] = [];
	readonly other: Message[] = [];
	readonly caught: Message[] = [];
	readonly completed: Message[] = [];
	/** How each message was ended, in order: by an error, or by null when it went well. */
	readonly ends: (Error | null)[] = [];
	readonly #red: NodeRed;
	#count = 0;

	private constructor(host: HostName) {
		this.helper = helperFor(host);
		this.#red = loadNodeRed(host) as NodeRed;
		this.#red.hooks.add('onComplete.test', ({ error, node }) => {
			if (node.id === 'node') this.ends.push(error instanceof Error ? error : null);
		});
	}

	static async start(
		host: HostName,
		node: Fields & { readonly type: string },
		accountFields: Fields,
		secrets: Readonly<Record<string, string>> = {},
		more: readonly FlowNode[] = [],
		moreSecrets: Secrets = {},
	): Promise<RunningFlow> {
		const flow = new RunningFlow(host);
		await flow.helper.load(
			[account, send, status, check, ...coreNodes(host)],
			[...around({ account: 'account', ...node, id: 'node' }, accountFields), ...more],
			{ account: secrets, ...moreSecrets },
		);
		flow.#listen();
		return flow;
	}

	/** Hands over one message, without waiting. */
	give(message: Message): string {
		const key = `message ${(this.#count += 1)}`;
		this.helper.getNode('node').receive({ ...message, key });
		return key;
	}

	/** Hands over one message and waits until it has been answered, by a result or an error. */
	async answer(message: Message): Promise<Outcome> {
		return await this.outcome(this.give(message));
	}

	async outcome(key: string): Promise<Outcome> {
		const isOf = (other: Message) => keyOf(other) === key;
		await until(() => this.completed.some(isOf) || this.caught.some(isOf), `an answer to ${key}`);
		return {
			messages: this.out.filter(isOf),
			others: this.other.filter(isOf),
			caught: this.caught.find(isOf),
			completed: this.completed.filter(isOf).length,
		};
	}

	/** The payload of the only message that came out. */
	async result(message: Message): Promise<Record<string, unknown>> {
		const { messages, caught } = await this.answer(message);
		assert.equal(caught, undefined, JSON.stringify(caught?.['error']));
		assert.equal(messages.length, 1);
		const payload = messages[0]?.['payload'];
		assert.ok(isRecord(payload));
		return payload;
	}

	/** The error that a Catch node sees; nothing must have come out. */
	async failure(message: Message): Promise<CaughtError> {
		const { messages, caught, completed } = await this.answer(message);
		assert.deepEqual([messages, completed], [[], 0]);
		const error = caught?.['error'];
		assert.ok(isCaughtError(error));
		assert.doesNotMatch(JSON.stringify([error, this.words()]), /[‹›]/);
		return error;
	}

	/** What the node has shown, oldest first, without the times. */
	statuses(): readonly NodeStatus[] {
		return this.#shownBy('node').map(({ text, ...status }) =>
			text === undefined ? status : { ...status, text: withoutTime(text) },
		);
	}

	/** What a node shows now, with the time of what is over. */
	shown(id = 'node'): NodeStatus | undefined {
		return this.#shownBy(id).at(-1);
	}

	#shownBy(id: string): readonly NodeStatus[] {
		const { args, thisValues } = this.helper.getNode(id).status;
		return args.filter((_, at) => thisValues[at]?.id === id).map(([status]) => status);
	}

	/** The statuses' texts; the test helper translates nothing, so that they are the English ones. */
	words(): readonly (string | undefined)[] {
		return this.statuses().map(({ text }) => text);
	}

	/** Everything that was logged, errors as the console shows them. */
	logged(): readonly string[] {
		return this.helper.log().args.map((entry) => {
			const message = at(entry[0], 'msg');
			return `${String(message)} ${JSON.stringify(entry)}`;
		});
	}

	async stop(): Promise<void> {
		await this.helper.unload();
		this.#red.hooks.remove('*.test');
	}

	#listen(): void {
		const collect = (id: string, into: Message[]) =>
			this.helper.getNode(id).on('input', (message) => into.push(message));
		collect('out', this.out);
		collect('other', this.other);
		collect('caught', this.caught);
		collect('completed', this.completed);
	}
}

export interface CaughtError {
	readonly message: string;
	readonly code: string;
	readonly stack?: string;
	readonly cause: Readonly<Record<string, unknown>>;
	readonly source: Fields;
}

/** Core nodes that the helper does not load on its own. */
export const coreNodes = (host: HostName): readonly ((RED: NodeAPI) => void)[] => {
	const from = { paths: [require.resolve(host)] };
	return ['05-tls', '06-httpproxy'].map(
		(name) =>
			require(require.resolve(`@node-red/nodes/core/network/${name}.js`, from)) as (
				RED: NodeAPI,
			) => void,
	);
};

/** Lets every pause of our nodes pass at once, by moving the simulator's clock as far as the pause is long. */
export function passTimeWith(simulator: Simulator): { readonly slept: number[]; restore(): void } {
	const real = { ...clock };
	const slept: number[] = [];
	clock.now = () => simulator.clock.now();
	clock.sleep = async (milliseconds, signal) => {
		if (signal?.aborted) return;
		slept.push(milliseconds);
		await simulator.clock.advance(milliseconds);
	};
	clock.random = () => 0.5;
	return { slept, restore: () => void Object.assign(clock, real) };
}
