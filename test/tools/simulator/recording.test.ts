import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { type Simulator, createManualClock, startSimulator } from '../../../tools/simulator';
import {
	AUTOCALL_SEND,
	BITEL_SEND,
	BITEL_SEND_PATH,
	HEADERS,
	at,
	call,
	get,
	sendAutocall,
	sendBitel,
} from './client';

describe('simulator: recording', () => {
	let simulator: Simulator;

	beforeEach(async () => {
		simulator = await startSimulator({ clock: createManualClock() });
	});
	afterEach(() => simulator.close());

	it('keeps each request as it arrived', async () => {
		const text = JSON.stringify(BITEL_SEND, null, '\t');
		const before = Date.now();
		const answer = await call(simulator.url, 'POST', BITEL_SEND_PATH, text, {
			headers: { ...HEADERS, 'X-Mixed-Case': 'kept' },
		});
		const [request] = simulator.requests;
		assert.equal(request?.method, 'POST');
		assert.equal(request.url, BITEL_SEND_PATH);
		assert.equal(request.headers.authorization, HEADERS.authorization);
		assert.ok(request.rawHeaders.includes('X-Mixed-Case'));
		assert.equal(request.bodyText, text);
		assert.deepEqual(request.json, BITEL_SEND);
		assert.equal(request.connectionId, 1);
		assert.equal(request.status, 200);
		assert.equal(request.fault, null);
		assert.equal(request.placedCallId, at(answer.json, 'result', 'id'));
		assert.ok(request.receivedAt >= before && request.receivedAt <= Date.now());
	});

	it('keeps path and query exactly as they were on the wire', async () => {
		const url = '/v3/autocall/log/../%2e%2E/a%2Fb;c/ref_id?x=%00&&y=a+b%';
		await get(simulator.url, url);
		assert.equal(simulator.requests[0]?.url, url);
	});

	it('keeps a body that is not JSON as text', async () => {
		await sendBitel(simulator.url, '{"phoneNumber":');
		assert.equal(simulator.requests[0]?.bodyText, '{"phoneNumber":');
		assert.equal(simulator.requests[0].json, undefined);
		assert.equal(simulator.requests[0].placedCallId, null);
	});

	it('lists the calls that were placed', async () => {
		await sendBitel(simulator.url);
		await sendBitel(simulator.url, { ...BITEL_SEND, text: '123456' });
		await sendAutocall(simulator.url);
		assert.deepEqual(
			simulator.calls.map(({ provider, phoneNumber, code }) => [provider, phoneNumber, code]),
			[
				['bitel', BITEL_SEND.phoneNumber, BITEL_SEND.text],
				['autocall', AUTOCALL_SEND.phone_number, AUTOCALL_SEND.code_otp],
			],
		);
	});

	it('tells where a call stands', async () => {
		await sendAutocall(simulator.url);
		const [placed] = simulator.calls;
		assert.ok(placed);
		const stages: string[] = [];
		for (const ms of [0, 1_000, 2_000, 3_000]) {
			await simulator.clock.advance(ms);
			stages.push(simulator.stageOf(placed));
		}
		assert.deepEqual(stages, ['queued', 'ringing', 'talking', 'ended']);
	});

	it('counts sends, calls, look-ups, answers and calls to each number', async () => {
		await sendBitel(simulator.url);
		await sendBitel(simulator.url);
		await sendBitel(simulator.url, {});
		await sendAutocall(simulator.url);
		await get(simulator.url, '/v3/autocall/log/ABC123/ref_id');
		await get(simulator.url, '/v1/event');
		const { counters } = simulator;
		assert.equal(counters.requests, 6);
		assert.equal(counters.sends, 4);
		assert.equal(counters.placed, 3);
		assert.equal(counters.statuses, 1);
		assert.deepEqual(
			[...counters.answers],
			[
				[200, 4],
				[400, 1],
				[404, 1],
			],
		);
		assert.deepEqual(
			[...counters.placedByNumber],
			[
				[BITEL_SEND.phoneNumber, 2],
				[AUTOCALL_SEND.phone_number, 1],
			],
		);
	});

	it('keeps only the latest requests and calls when that is bounded, and still counts', async () => {
		const bounded = await startSimulator({ recordLimit: 2, callLimit: 2 });
		for (const text of ['1', '2', '3', '4', '5'])
			await sendBitel(bounded.url, { ...BITEL_SEND, text });
		assert.deepEqual(
			bounded.requests.map(({ json }) => at(json, 'text')),
			['4', '5'],
		);
		assert.deepEqual(
			bounded.calls.map(({ code }) => code),
			['4', '5'],
		);
		assert.equal(bounded.counters.placed, 5);
		await bounded.close();
	});

	it('keeps nothing when the limit is 0, and still counts', async () => {
		const counting = await startSimulator({ recordLimit: 0 });
		await sendBitel(counting.url);
		assert.deepEqual(counting.requests, []);
		assert.equal(counting.counters.placed, 1);
		await counting.close();
	});

	it('counts connections: those that are open, the most at a time, and all', async () => {
		const agent = new Agent({ keepAlive: true });
		const send = () => call(simulator.url, 'POST', BITEL_SEND_PATH, BITEL_SEND, { agent });
		await send();
		await Promise.all([send(), send(), send()]);
		const { current, peak, total } = simulator.connections;
		assert.deepEqual({ current, peak, total }, { current: 3, peak: 3, total: 3 });
		assert.equal(new Set(simulator.requests.map(({ connectionId }) => connectionId)).size, 3);
		agent.destroy();
	});

	it('is forgotten by a reset, with calls, plans, faults and changed settings', async () => {
		simulator.change({ latencyMs: 5 });
		simulator.faults.add({ fault: { kind: 'html' } });
		simulator.plans.forNumber(BITEL_SEND.phoneNumber, { outcome: 'busy' });
		await sendBitel(simulator.url);
		simulator.reset();
		assert.deepEqual(simulator.requests, []);
		assert.equal(simulator.counters.requests, 0);
		assert.equal(simulator.settings.latencyMs, 0);
		await sendBitel(simulator.url);
		assert.equal(simulator.calls[0]?.attempts[0]?.outcome, 'answered');
	});
});
