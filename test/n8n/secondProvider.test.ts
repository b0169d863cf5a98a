import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import * as core from 'n8n-core';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';
import { Workflow, createRunExecutionData } from 'n8n-workflow';

import { SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Fault, Simulator } from '../../tools/simulator';
import { n8nCredentials, n8nParameters, simulatedAccounts } from '../fixtures/simulatedAccounts';
import type { SimulatedAccount } from '../fixtures/simulatedAccounts';
import { coreNodes } from './coreNodes';
import type { StoredCredentials } from './credentialsHelper';
import { additionalDataFor, helperFor, loadPackage, nodeTypesOf } from './engine';
import { processedValues } from './processedValues';

const file = new URL('../../examples/n8n/second provider.json', import.meta.url);

/** Those that call the same country take over for each other. */
const named = (name: string): SimulatedAccount => {
	const found = simulatedAccounts.find(({ provider }) => provider.name === name);
	assert.ok(found !== undefined, name);
	return found;
};
const bitel = named('bitel');
const kavenegar = named('kavenegar');

/** No two providers give out the same token. */
const secondToken = `${SIMULATOR_TOKEN}-of-the-second`;

const withSecondToken = (stored: ReturnType<typeof n8nCredentials>): StoredCredentials =>
	Object.fromEntries(
		Object.entries(stored).map(([name, values]) => [
			name,
			Object.fromEntries(
				Object.entries(values).map(([field, value]) => [
					field,
					value === SIMULATOR_TOKEN ? secondToken : value,
				]),
			),
		]),
	);

const ends = ['Called', 'Nobody Was Called', 'Do Not Call Again'] as const;

/** A port at which nothing answers. */
async function closedPort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** The wires of the example, but for the two questions between the providers. */
const careless = (connections: IConnections): IConnections => {
	const [called = []] = connections['First Provider']?.['main'] ?? [];
	const second = { node: 'Second Provider', type: 'main', index: 0 } as const;
	return { ...connections, 'First Provider': { main: [called, [second]] } };
};

type Order = Readonly<Partial<Record<'code' | 'orderNumber' | 'phoneNumber', string>>>;

/** What stands in the node *Order*. */
const asOrder = (order: Order): INodeParameters => {
	const all = { phoneNumber: '09123456789', code: '80417', orderNumber: 'order-1', ...order };
	const assignments = Object.entries(all).map(([name, value]) => ({ id: name, name, value }));
	return { assignments: { assignments } };
};

describe('n8n: the example of a second provider', function () {
	this.timeout(60_000);
	let first: Simulator;
	let second: Simulator;
	let nowhere: string;

	before(async () => {
		first = await startSimulator();
		second = await startSimulator({ tokens: [secondToken] });
		nowhere = `http://127.0.0.1:${await closedPort()}`;
	});
	beforeEach(() => {
		first.reset();
		second.reset();
		processedValues.clear();
	});
	after(async () => {
		await first.close();
		await second.close();
	});

	interface Run {
		readonly order?: Order;
		/** Of both send nodes, beside those of the example. */
		readonly options?: INodeParameters;
		/** Of the first provider, where it is not up. */
		readonly baseUrl?: string;
		/** Somebody has led every error of the first node to the second. */
		readonly isCareless?: boolean;
	}

	/** Runs the whole example in a new execution. @returns the node in which it ends */
	const run = async (given: Run = {}) => {
		const { baseUrl = first.url, isCareless = false, options = {}, order = {} } = given;
		const example = JSON.parse(readFileSync(file, 'utf8')) as {
			readonly nodes: INode[];
			readonly connections: IConnections;
		};
		const filledIn = (node: INode): INode => {
			const simulated = { 'First Provider': bitel, 'Second Provider': kavenegar }[node.name];
			if (node.name === 'Order') return { ...node, parameters: asOrder(order) };
			if (simulated === undefined) return node;
			const own = Object.assign({ timeout: 1 }, node.parameters['options'], options);
			return {
				...node,
				parameters: { ...node.parameters, ...n8nParameters(simulated), options: own },
				credentials: { [simulated.account.credential]: { id: '1', name: 'Simulator' } },
			};
		};
		const loader = await loadPackage();
		const workflow = new Workflow({
			id: 'second provider',
			name: 'second provider',
			nodes: example.nodes.filter(({ type }) => !type.endsWith('.stickyNote')).map(filledIn),
			connections: isCareless ? careless(example.connections) : example.connections,
			active: true,
			nodeTypes: nodeTypesOf(loader, coreNodes({})),
			settings: { executionOrder: 'v1' },
		});
		const credentials = helperFor(loader, {
			...n8nCredentials(bitel, baseUrl),
			...withSecondToken(n8nCredentials(kavenegar, second.url)),
		});
		const start = workflow.getNode('Start');
		assert.ok(start !== null);
		const runData = createRunExecutionData({
			executionData: {
				nodeExecutionStack: [{ node: start, source: null, data: { main: [[{ json: {} }]] } }],
			},
		});
		const execute = new core.WorkflowExecute(additionalDataFor(credentials), 'trigger', runData);
		const { data } = await execute.processRunExecutionData(workflow);
		assert.equal(data.resultData.error, undefined, String(data.resultData.error?.message));
		const reached = ends.filter((name) => data.resultData.runData[name] !== undefined);
		assert.equal(reached.length, 1, reached.join());
		return reached[0];
	};

	/** How many phones have rung, by either provider. */
	const rung = () => [first.counters.placed, second.counters.placed];
	const fail = (fault: Fault, times = 100) =>
		first.faults.add({ fault, match: { operation: 'send' }, times });

	it('calls by the first provider alone, and nobody again when it is run once more', async () => {
		assert.equal(await run(), 'Called');
		assert.equal(await run(), 'Do Not Call Again');
		assert.deepEqual(rung(), [1, 0]);
	});

	const status = (code: number, more: Partial<Extract<Fault, { kind: 'status' }>> = {}): Fault => ({
		kind: 'status',
		status: code,
		body: { result: null, error: 'InvalidRequest' },
		...more,
	});

	const notPlaced: readonly (readonly [string, Fault])[] = [
		['refuses with HTTP 400', status(400)],
		['does not accept the token', status(401)],
		['forbids the call', status(403)],
		['is to be asked again in ten minutes', status(429, { retryAfter: 600 })],
		['has moved', { kind: 'redirect', location: 'https://elsewhere.example/', status: 308 }],
	];
	for (const [what, fault] of notPlaced) {
		it(`calls by the second when the first ${what}, and by none when it is run again`, async () => {
			fail(fault);
			assert.equal(await run(), 'Called');
			assert.deepEqual(rung(), [0, 1]);
			// The first is well again: the key holds for the call of the second.
			first.faults.clear();
			assert.equal(await run(), 'Do Not Call Again');
			assert.deepEqual(rung(), [0, 1]);
		});
	}

	it('calls by the second when nothing answers at the first, and by none when it is up again', async () => {
		assert.equal(await run({ baseUrl: nowhere }), 'Called');
		assert.deepEqual(rung(), [0, 1]);
		assert.equal(await run(), 'Do Not Call Again');
		assert.deepEqual(rung(), [0, 1]);
		assert.equal(await run({ order: { orderNumber: 'order-2' } }), 'Called');
		assert.deepEqual(rung(), [1, 1]);
	});

	const unknown: readonly (readonly [string, Fault, number])[] = [
		['answers too late', { kind: 'delay', ms: 1_500 }, 1],
		['never answers, and has placed the call', { kind: 'never-answer', placesCall: true }, 1],
		['never answers, and has not placed it', { kind: 'never-answer' }, 0],
		['breaks off after placing the call', { kind: 'reset-after-placing' }, 1],
		['breaks off before placing it', { kind: 'reset-before-placing' }, 0],
		['cuts its answer off', { kind: 'cut-off' }, 1],
		['says HTTP 500', status(500), 0],
		['says HTTP 502', status(502), 0],
		['says HTTP 503 though it has placed the call', status(503, { placesCall: true }), 1],
		['says HTTP 504', status(504), 0],
	];
	for (const [what, fault, calls] of unknown) {
		it(`calls by no other when the first ${what}`, async () => {
			fail(fault);
			assert.equal(await run(), 'Do Not Call Again');
			first.faults.clear();
			assert.equal(await run(), 'Do Not Call Again');
			assert.deepEqual([first.counters.placed, second.counters.sends], [calls, 0]);
		});
	}

	it('waits for a first provider that asks for a second, and calls by it', async () => {
		fail(status(429, { retryAfter: 1 }), 1);
		assert.equal(await run(), 'Called');
		assert.deepEqual(rung(), [1, 0]);
	});

	it('calls nobody when both decline, and by the second when it is well again', async () => {
		fail(status(400));
		second.faults.add({ fault: status(503), match: { operation: 'send' }, times: 1 });
		assert.equal(await run(), 'Do Not Call Again');
		assert.equal(await run({ order: { orderNumber: 'order-2' } }), 'Called');
		assert.deepEqual(rung(), [0, 1]);
		const noCredit = status(418, { body: { return: { status: 418, message: '' }, entries: null } });
		second.faults.add({ fault: noCredit, match: { operation: 'send' }, times: 1 });
		const third = { order: { orderNumber: 'order-3' } };
		assert.equal(await run(third), 'Nobody Was Called');
		assert.equal(await run(third), 'Called');
		assert.deepEqual(rung(), [0, 2]);
	});

	it('calls by no other what the node itself refuses', async () => {
		// A code that the second one would read out.
		assert.equal(await run({ order: { code: '804170' } }), 'Nobody Was Called');
		assert.equal(await run({ order: { phoneNumber: '+84332665711' } }), 'Nobody Was Called');
		const doNotCall = '09123456789';
		assert.equal(await run({ options: { doNotCall } }), 'Nobody Was Called');
		const cool = { coolDownSeconds: 60 };
		assert.equal(await run({ options: cool }), 'Called');
		const next = { order: { orderNumber: 'order-2' }, options: cool };
		assert.equal(await run(next), 'Nobody Was Called');
		assert.deepEqual(rung(), [1, 0]);
	});

	it('calls once however many executions of an order come together, whichever provider is up', async () => {
		for (const [order, baseUrl] of [
			[{ orderNumber: 'order-1' }, first.url],
			[{ orderNumber: 'order-2' }, nowhere],
		] as const) {
			const before = rung();
			const reached = await Promise.all(Array.from({ length: 6 }, () => run({ order, baseUrl })));
			assert.equal(reached.filter((end) => end === 'Called').length, 1, reached.join());
			const [byFirst = 0, bySecond = 0] = rung();
			assert.equal(byFirst + bySecond - (before[0] ?? 0) - (before[1] ?? 0), 1);
		}
	});

	it('calls nobody twice even where every error is led to the second node: the key keeps it', async () => {
		const isCareless = true;
		fail({ kind: 'reset-after-placing' }, 1);
		assert.equal(await run({ isCareless }), 'Do Not Call Again');
		assert.equal(await run({ isCareless }), 'Do Not Call Again');
		assert.deepEqual(rung(), [1, 0]);
		fail(status(400), 1);
		const order = { orderNumber: 'order-2' };
		assert.equal(await run({ isCareless, order }), 'Called');
		assert.equal(await run({ isCareless, order }), 'Do Not Call Again');
		assert.deepEqual(rung(), [1, 1]);
	});
});
