import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Fault, Simulator } from '../../tools/simulator';
import { nodeRedAccount, nodeRedFields, simulatedAccounts } from '../fixtures/simulatedAccounts';
import type { SimulatedAccount } from '../fixtures/simulatedAccounts';
import { EmbeddedHost } from './embeddedHost';
import { at, until } from './runningFlow';
import type { Fields, FlowNode } from './runningFlow';

const file = new URL('../../node-red/examples/second provider.json', import.meta.url);

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

const ends = ['called', 'nobody', 'again'] as const;

/** A port at which nothing answers. */
async function closedPort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

describe('Node-RED: the example of a second provider', function () {
	this.timeout(60_000);
	let first: Simulator;
	let second: Simulator;
	let host: EmbeddedHost;
	let orders = 0;

	/** The example as somebody has imported it, and changed it. */
	interface Imported {
		/** Begins the IDs of its nodes. */
		readonly tab: string;
		/** Of the first provider. */
		readonly baseUrl: string;
		/** Of both send nodes, beside those of the example. */
		readonly options?: Fields;
		/** Somebody has led every error of the first node to the second. */
		readonly isCareless?: boolean;
	}

	const imported = ({ baseUrl, isCareless = false, options, tab }: Imported): Fields[] => {
		const text = readFileSync(file, 'utf8').replaceAll('otp11', tab);
		const filledIn = (node: FlowNode): Fields => {
			const isFirst = node.id.startsWith(`${tab}-first`);
			const simulated = isFirst ? bitel : kavenegar;
			if (node.type === 'otp-call-account') {
				const account = nodeRedAccount(simulated, isFirst ? baseUrl : second.url);
				if (isFirst) return { ...node, ...account };
				return { ...node, ...account, credentials: { apiKey: secondToken } };
			}
			if (node.type === 'send-otp-call') {
				return { ...node, ...nodeRedFields(simulated), timeout: '1', ...options };
			}
			const isLed = isCareless && node.id === `${tab}-first-failed`;
			return isLed ? { ...node, wires: [[`${tab}-second`]] } : node;
		};
		return (JSON.parse(text) as FlowNode[]).map(filledIn);
	};

	before(async () => {
		first = await startSimulator();
		second = await startSimulator({ tokens: [secondToken] });
		const baseUrl = first.url;
		// Node-RED makes it at its start, unless the helper of other tests has been in this process before.
		host = await EmbeddedHost.start('node-red', { instanceId: '0123456789abcdef' });
		await host.deploy([
			...imported({ tab: 'well', baseUrl }),
			...imported({ tab: 'down', baseUrl: `http://127.0.0.1:${await closedPort()}` }),
			...imported({
				tab: 'ruled',
				baseUrl,
				options: { doNotCall: '09123456789', doNotCallType: 'str' },
			}),
			...imported({ tab: 'cooling', baseUrl, options: { coolDownSeconds: '60' } }),
			...imported({ tab: 'careless', baseUrl, isCareless: true }),
		]);
		for (const tab of ['well', 'down', 'ruled', 'cooling', 'careless']) {
			for (const end of ends) listen(tab, end);
		}
	});
	beforeEach(() => {
		first.reset();
		second.reset();
	});
	after(async () => {
		await host.stop();
		await first.close();
		await second.close();
	});

	/** An order that nobody has given yet. */
	const newOrder = (change: Fields = {}): Fields => {
		orders += 1;
		return { id: `order-${orders}`, phoneNumber: '09123456789', code: '80417', ...change };
	};

	/** In which node each order has ended, in turn. */
	const endings: { readonly id: unknown; readonly end: string }[] = [];
	const listen = (tab: string, end: string): void => {
		void host.next(`${tab}-${end}`).then((message) => {
			endings.push({ id: at(message, 'order', 'id'), end });
			listen(tab, end);
		});
	};

	/** Gives the flow an order, so many times at once. @returns the nodes in which they end */
	const runAll = async (order: Fields, times: number, tab = 'well'): Promise<readonly string[]> => {
		const of = () => endings.filter(({ id }) => id === order['id']).map(({ end }) => end);
		const before = of().length;
		const props = [{ p: 'order', v: JSON.stringify(order), vt: 'json' }];
		const press = () => host.ask('POST', `/inject/${tab}-well`, { __user_inject_props__: props });
		await Promise.all(Array.from({ length: times }, press));
		await until(() => of().length >= before + times, `an end of ${String(order['id'])}`);
		// Nothing comes after it.
		await new Promise(setImmediate);
		assert.equal(of().length, before + times);
		return of().slice(before);
	};
	const run = async (order: Fields, tab?: string): Promise<unknown> =>
		(await runAll(order, 1, tab))[0];

	/** How many phones have rung, by either provider. */
	const rung = () => [first.counters.placed, second.counters.placed];
	const fail = (fault: Fault, times = 100) =>
		first.faults.add({ fault, match: { operation: 'send' }, times });
	const status = (code: number, more: Partial<Extract<Fault, { kind: 'status' }>> = {}): Fault => ({
		kind: 'status',
		status: code,
		body: { result: null, error: 'InvalidRequest' },
		...more,
	});

	it('calls by the first provider alone, and puts its call out when the order comes again', async () => {
		const order = newOrder();
		assert.equal(await run(order), 'called');
		assert.equal(await run(order), 'called');
		assert.deepEqual(rung(), [1, 0]);
	});

	const notPlaced: readonly (readonly [string, Fault])[] = [
		['refuses with HTTP 400', status(400)],
		['does not accept the token', status(401)],
		['forbids the call', status(403)],
		['is to be asked again in ten minutes', status(429, { retryAfter: 600 })],
		['has moved', { kind: 'redirect', location: 'https://elsewhere.example/', status: 308 }],
	];
	for (const [what, fault] of notPlaced) {
		it(`calls by the second when the first ${what}, and by none when the order comes again`, async () => {
			const order = newOrder();
			fail(fault);
			assert.equal(await run(order), 'called');
			assert.deepEqual(rung(), [0, 1]);
			// The first is well again: the key holds for the call of the second.
			first.faults.clear();
			assert.equal(await run(order), 'again');
			assert.deepEqual(rung(), [0, 1]);
		});
	}

	it('calls by the second when nothing answers at the first, and by none when it is up again', async () => {
		const order = newOrder();
		assert.equal(await run(order, 'down'), 'called');
		assert.deepEqual(rung(), [0, 1]);
		assert.equal(await run(order), 'again');
		assert.deepEqual(rung(), [0, 1]);
		assert.equal(await run(newOrder()), 'called');
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
			const order = newOrder();
			fail(fault);
			assert.equal(await run(order), 'again');
			first.faults.clear();
			assert.equal(await run(order), 'again');
			assert.deepEqual([first.counters.placed, second.counters.sends], [calls, 0]);
		});
	}

	it('waits for a first provider that asks for a second, and calls by it', async () => {
		fail(status(429, { retryAfter: 1 }), 1);
		assert.equal(await run(newOrder()), 'called');
		assert.deepEqual(rung(), [1, 0]);
	});

	it('calls nobody when both decline, and by the second when it is well again', async () => {
		const order = newOrder();
		fail(status(400));
		const noCredit = status(418, { body: { return: { status: 418, message: '' }, entries: null } });
		second.faults.add({ fault: noCredit, match: { operation: 'send' }, times: 1 });
		assert.equal(await run(order), 'nobody');
		assert.equal(await run(order), 'called');
		assert.deepEqual(rung(), [0, 1]);
	});

	it('calls by no other what the node itself refuses', async () => {
		// A code that the second one would read out.
		assert.equal(await run(newOrder({ code: '804170' })), 'nobody');
		assert.equal(await run(newOrder({ phoneNumber: '+84332665711' })), 'nobody');
		assert.equal(await run(newOrder(), 'ruled'), 'nobody');
		assert.equal(await run(newOrder(), 'cooling'), 'called');
		assert.equal(await run(newOrder(), 'cooling'), 'nobody');
		assert.deepEqual(rung(), [1, 0]);
	});

	it('calls once however many messages of an order come together, whichever provider is up', async () => {
		await runAll(newOrder(), 6);
		assert.deepEqual(rung(), [1, 0]);
		const reached = await runAll(newOrder(), 6, 'down');
		assert.equal(reached.filter((end) => end === 'called').length, 1, reached.join());
		assert.deepEqual(rung(), [1, 1]);
	});

	it('calls nobody twice even where every error is led to the second node: the key keeps it', async () => {
		const lost = newOrder();
		fail({ kind: 'reset-after-placing' }, 1);
		assert.equal(await run(lost, 'careless'), 'again');
		assert.equal(await run(lost, 'careless'), 'again');
		assert.deepEqual(rung(), [1, 0]);
		const refused = newOrder();
		fail(status(400), 1);
		assert.equal(await run(refused, 'careless'), 'called');
		assert.equal(await run(refused, 'careless'), 'called');
		assert.deepEqual(rung(), [1, 1]);
	});
});
