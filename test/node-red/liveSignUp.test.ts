import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { at } from '../tools/simulator/client';
import { EmbeddedHost } from './embeddedHost';
import { until } from './runningFlow';
import type { FlowNode } from './runningFlow';

const file = join(import.meta.dirname, '../../node-red/examples/sign-up with progress.json');

/** The page of a visitor: what it sends, and what it is told. */
class Page {
	readonly told: unknown[] = [];
	/** Resolves when it is told that its call is over. */
	readonly isOver: Promise<void>;
	readonly #socket: WebSocket;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		this.isOver = new Promise((resolve) => {
			socket.addEventListener('message', ({ data }) => {
				const message: unknown = JSON.parse(String(data));
				this.told.push(message);
				if (at(message, 'final') === true) resolve();
			});
		});
	}

	static async open(url: string): Promise<Page> {
		const socket = new WebSocket(url.replace(/^http/, 'ws'));
		const page = new Page(socket);
		await once(socket, 'open');
		return page;
	}

	/** @returns what it is told next */
	async send(text: string): Promise<unknown> {
		const before = this.told.length;
		this.#socket.send(text);
		await until(() => this.told.length > before, `an answer to ${text}`);
		return this.told[before];
	}

	get statuses(): readonly unknown[] {
		return this.told
			.map((message) => at(message, 'status'))
			.filter((status) => status !== undefined);
	}

	async close(): Promise<void> {
		this.#socket.close();
		await once(this.#socket, 'close');
	}
}

describe('Node-RED: the example sign-up with progress, with the simulator behind its account', function () {
	this.timeout(60_000);
	let host: EmbeddedHost;
	let simulator: Simulator;
	let example: readonly FlowNode[];

	before(async () => {
		simulator = await startSimulator();
		host = await EmbeddedHost.start('node-red');
		const nodes: unknown = JSON.parse(readFileSync(file, 'utf8'));
		assert.ok(Array.isArray(nodes));
		const account = {
			provider: 'bitel',
			baseUrl: simulator.url,
			credentials: { token: SIMULATOR_TOKEN },
		};
		const filledIn: Readonly<Record<string, object>> = {
			'otp-call-account': account,
			'send-otp-call': { pollInterval: '0.5', retryCount: '0' },
		};
		example = nodes as FlowNode[];
		await host.deploy(example.map((node) => ({ ...node, ...filledIn[String(node['type'])] })));
	});
	after(async () => {
		await host.stop();
		await simulator.close();
	});

	const open = () => Page.open(`${host.url}/sign-up/live`);
	const said = (phoneNumber: string): string => {
		const sent = simulator.requests.findLast(({ json }) => at(json, 'phoneNumber') === phoneNumber);
		return String(at(sent?.json, 'text'));
	};

	it('shows each of two visitors how their own call goes, and nothing of the other', async () => {
		const [one, other, watching] = await Promise.all([open(), open(), open()]);
		const called = await one.send('call 09121110051');
		const token = String(at(called, 'verification'));
		assert.match(token, /^c1/);
		await other.send('call 09121110052');
		// While the voice reads: the call is not over.
		const wrong = await one.send(`check ${token} 00`);
		assert.deepEqual(wrong, { valid: false, attemptsLeft: 2, phoneNumber: '+989121110051' });
		await Promise.all([one.isOver, other.isOver]);
		for (const page of [one, other]) {
			assert.deepEqual(page.statuses, ['queued', 'completed']);
		}
		assert.ok(!JSON.stringify(one.told).includes('0052'));
		assert.ok(!JSON.stringify(other.told).includes('0051'));
		assert.deepEqual(watching.told, []);
		assert.ok(!JSON.stringify([one.told, other.told]).includes(said('09121110051')));
		const right = await one.send(`check ${token} ${said('09121110051')}`);
		assert.equal(at(right, 'valid'), true);
		await Promise.all([one.close(), other.close(), watching.close()]);
	});

	it('takes the code over another connection, when the phone has lost the first one', async () => {
		const lost = await open();
		const token = String(at(await lost.send('call 09121110053'), 'verification'));
		await lost.close();
		const back = await open();
		const right = await back.send(`check ${token} ${said('09121110053')}`);
		assert.equal(at(right, 'valid'), true);
		await back.close();
	});

	it('says how long a number has to wait, and when a phone may ring', async () => {
		const page = await open();
		await page.send('call 09121110054');
		const again = await page.send('call 09121110054');
		assert.equal(at(again, 'mayRing'), false);
		assert.ok(Number(at(again, 'seconds')) > 50);
		simulator.faults.add({
			match: { phoneNumber: '09121110055', operation: 'send' },
			fault: { kind: 'reset-after-placing' },
			times: 1,
		});
		const unknown = await page.send('call 09121110055');
		assert.equal(at(unknown, 'mayRing'), true);
		assert.match(String(at(unknown, 'verification')), /^c1/);
		await page.close();
	});

	it('answers whatever a stranger sends, and shows nothing of the flow', async () => {
		const page = await open();
		for (const text of ['', 'null', '{}', 'call', 'check', 'check  ', 'call $eval("1")', '[1,2]']) {
			const answer = await page.send(text);
			assert.equal(typeof at(answer, 'error') === 'string' || at(answer, 'valid') === false, true);
			assert.doesNotMatch(JSON.stringify(answer), /node_modules|otp9|stack/);
		}
		await page.close();
	});

	it('as imported, with the sandbox: shows a call that rings and is taken', async () => {
		await host.deploy(example);
		const page = await open();
		await page.send('call 09123456789');
		await page.isOver;
		assert.deepEqual(page.statuses, ['queued', 'ringing', 'in-progress', 'completed']);
		await page.close();
	});
});
