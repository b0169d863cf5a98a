import assert from 'node:assert/strict';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import {
	type Fault,
	type Simulator,
	createManualClock,
	startSimulator,
} from '../../../tools/simulator';
import {
	AUTOCALL_SEND,
	BITEL_SEND,
	BITEL_SEND_PATH,
	HEADERS,
	call,
	get,
	sendAutocall,
	sendBitel,
} from './client';

describe('simulator: faults', () => {
	let simulator: Simulator;

	beforeEach(async () => {
		simulator = await startSimulator({ clock: createManualClock() });
	});
	afterEach(() => simulator.close());

	const sendWith = (options: RequestOptions) =>
		call(simulator.url, 'POST', BITEL_SEND_PATH, BITEL_SEND, options);

	describe('of the connection', () => {
		const resets: readonly (readonly [Fault, number, number])[] = [
			[{ kind: 'refuse' }, 0, 0],
			[{ kind: 'reset-before-body' }, 1, 0],
			[{ kind: 'reset-before-placing' }, 1, 0],
			[{ kind: 'reset-after-placing' }, 1, 1],
		];
		for (const [fault, arrived, placed] of resets) {
			it(`${fault.kind}: the client sees ECONNRESET, ${placed} calls are placed`, async () => {
				simulator.faults.add({ fault });
				await assert.rejects(sendBitel(simulator.url), { code: 'ECONNRESET' });
				assert.equal(simulator.counters.sends, arrived);
				assert.equal(simulator.counters.placed, placed);
			});
		}

		it('reset-before-body does not record a body, reset-before-placing does', async () => {
			simulator.faults.add({ fault: { kind: 'reset-before-body' }, times: 1 });
			simulator.faults.add({ fault: { kind: 'reset-before-placing' } });
			await assert.rejects(sendBitel(simulator.url));
			await assert.rejects(sendBitel(simulator.url));
			const bodies = simulator.requests.map(({ bodyText }) => bodyText);
			assert.deepEqual(bodies, ['', JSON.stringify(BITEL_SEND)]);
		});

		it('a closed port refuses connections, and serves again when it is opened', async () => {
			await simulator.closePort();
			await assert.rejects(sendBitel(simulator.url), { code: 'ECONNREFUSED' });
			await simulator.openPort();
			assert.equal((await sendBitel(simulator.url)).status, 200);
		});

		it('never-answer: the request arrives, the client gives up, and no call is placed', async () => {
			simulator.faults.add({ fault: { kind: 'never-answer' } });
			await assert.rejects(sendWith({ signal: AbortSignal.timeout(50) }), { name: 'AbortError' });
			assert.equal(simulator.counters.sends, 1);
			assert.equal(simulator.counters.placed, 0);
		});
	});

	describe('of the answer', () => {
		it('cut-off: fewer bytes than announced, and the call is placed', async () => {
			simulator.faults.add({ fault: { kind: 'cut-off' } });
			await assert.rejects(sendBitel(simulator.url), { code: 'ECONNRESET', message: 'aborted' });
			assert.equal(simulator.counters.placed, 1);
		});

		it("delay: the API's own answer, later", async () => {
			simulator.faults.add({ fault: { kind: 'delay', ms: 40 } });
			const startedAt = Date.now();
			assert.equal((await sendBitel(simulator.url)).status, 200);
			assert.ok(Date.now() - startedAt >= 39);
		});

		it('delay: the call is placed although the client does not wait', async () => {
			simulator.faults.add({ fault: { kind: 'delay', ms: 10_000 } });
			await assert.rejects(sendWith({ signal: AbortSignal.timeout(50) }));
			assert.equal(simulator.counters.placed, 1);
		});

		it("slow-drip: the API's own answer, a few bytes at a time", async () => {
			simulator.faults.add({ fault: { kind: 'slow-drip', bytes: 50, everyMs: 1 } });
			const answer = await sendBitel(simulator.url);
			assert.equal(answer.status, 200);
			assert.notEqual(answer.json, undefined);
		});

		it('endless: the body goes on until the client gives up', async () => {
			simulator.faults.add({ fault: { kind: 'endless' } });
			const response = await new Promise<IncomingMessage>((resolve, reject) => {
				const options = { method: 'POST', agent: false };
				request(simulator.url + BITEL_SEND_PATH, options, resolve)
					.once('error', reject)
					.end();
			});
			let bytes = 0;
			for await (const chunk of response) {
				bytes += Buffer.byteLength(String(chunk));
				if (bytes > 1024 * 1024) break;
			}
			assert.ok(bytes > 1024 * 1024);
		});

		for (const status of [401, 403, 429, 500, 502, 503]) {
			it(`status ${status}: no call is placed unless that is asked for`, async () => {
				simulator.faults.add({ fault: { kind: 'status', status }, times: 1 });
				simulator.faults.add({ fault: { kind: 'status', status, placesCall: true } });
				assert.equal((await sendBitel(simulator.url)).status, status);
				assert.equal(simulator.counters.placed, 0);
				assert.equal((await sendBitel(simulator.url)).status, status);
				assert.equal(simulator.counters.placed, 1);
			});
		}

		it('status 429 carries the Retry-After that was set', async () => {
			simulator.faults.add({ fault: { kind: 'status', status: 429, retryAfter: 7 } });
			assert.equal((await sendBitel(simulator.url)).headers['retry-after'], '7');
		});

		it('status carries the body that was set', async () => {
			const body = { messsage: 'Error', data: { error: 'text' } };
			simulator.faults.add({ fault: { kind: 'status', status: 400, body } });
			assert.deepEqual((await sendAutocall(simulator.url)).json, body);
		});

		it('html: 200 and a page', async () => {
			simulator.faults.add({ fault: { kind: 'html' } });
			const answer = await sendBitel(simulator.url);
			assert.equal(answer.status, 200);
			assert.match(String(answer.headers['content-type']), /^text\/html/);
		});

		it('unparsable: 200 and a body that is not the JSON it says it is', async () => {
			simulator.faults.add({ fault: { kind: 'unparsable', placesCall: true } });
			const answer = await sendBitel(simulator.url);
			assert.equal(answer.status, 200);
			assert.equal(answer.headers['content-type'], 'application/json');
			assert.equal(answer.json, undefined);
			assert.equal(simulator.counters.placed, 1);
		});

		it('wrong-shape: 200 and valid JSON that nobody expects', async () => {
			const body = { result: null, error: 'InvalidServer' };
			simulator.faults.add({ fault: { kind: 'wrong-shape' }, times: 1 });
			simulator.faults.add({ fault: { kind: 'wrong-shape', body } });
			assert.deepEqual((await sendBitel(simulator.url)).json, [42, 'wrong shape']);
			assert.deepEqual((await sendBitel(simulator.url)).json, body);
		});

		for (const status of [302, 307] as const) {
			it(`redirect ${status}: to the location that was set`, async () => {
				const location = `${simulator.url}${BITEL_SEND_PATH}`;
				simulator.faults.add({ fault: { kind: 'redirect', status, location } });
				const answer = await sendBitel(simulator.url);
				assert.equal(answer.status, status);
				assert.equal(answer.headers.location, location);
				assert.equal(simulator.counters.placed, 0);
			});
		}

		it('other-answer: the answer to the call before, and this one is placed', async () => {
			const first = await sendBitel(simulator.url);
			simulator.faults.add({ fault: { kind: 'other-answer' } });
			const second = await sendBitel(simulator.url);
			assert.deepEqual(second.json, first.json);
			assert.equal(simulator.counters.placed, 2);
		});

		it('second-answer: what comes next on a connection that is kept alive', async () => {
			await sendBitel(simulator.url);
			simulator.faults.add({ fault: { kind: 'second-answer' }, times: 1 });
			const { hostname, port } = new URL(simulator.url);
			const socket = connect(Number(port), hostname);
			const body = JSON.stringify(BITEL_SEND);
			const headers = Object.entries({ ...HEADERS, 'content-length': String(body.length) });
			const head = headers.map(([name, value]) => `${name}: ${value}`).join('\r\n');
			socket.write(`POST ${BITEL_SEND_PATH} HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n${body}`);
			let received = '';
			for await (const chunk of socket) {
				received += String(chunk);
				if (received.split('HTTP/1.1 200').length === 3) break;
			}
			const ids = [...received.matchAll(/"id":"(\w+)"/g)].map(([, id]) => id);
			assert.equal(new Set(ids).size, 2);
			assert.equal(simulator.counters.placed, 2);
		});

		it('late-record: the CDR of that call shows later than usual', async () => {
			simulator.faults.add({ fault: { kind: 'late-record', ms: 60_000 }, times: 1 });
			await sendAutocall(simulator.url);
			await simulator.clock.advance(65_999);
			assert.equal((await get(simulator.url, '/v3/autocall/log/ABC123/ref_id')).status, 404);
			await simulator.clock.advance(1);
			assert.equal((await get(simulator.url, '/v3/autocall/log/ABC123/ref_id')).status, 200);
		});
	});

	describe('strike only what they match', () => {
		const unavailable: Fault = { kind: 'status', status: 503 };

		it('as often as they were told to', async () => {
			const added = simulator.faults.add({ fault: unavailable, times: 2 });
			const statuses: number[] = [];
			for (let n = 0; n < 3; n++) statuses.push((await sendBitel(simulator.url)).status);
			assert.deepEqual(statuses, [503, 503, 200]);
			assert.equal(added.struck, 2);
		});

		it('by method and path', async () => {
			simulator.faults.add({ fault: unavailable, match: { method: 'GET', path: /^\/v3\//g } });
			assert.equal((await sendAutocall(simulator.url)).status, 200);
			assert.equal((await get(simulator.url, '/v3/cdr/1')).status, 503);
			assert.equal((await get(simulator.url, '/v3/cdr/1')).status, 503);
		});

		it('by provider and operation', async () => {
			simulator.faults.add({
				fault: unavailable,
				match: { provider: 'autocall', operation: 'send' },
			});
			assert.equal((await sendBitel(simulator.url)).status, 200);
			assert.equal((await sendAutocall(simulator.url)).status, 503);
		});

		it('by phone number, also when the call to it is looked up', async () => {
			const match = { phoneNumber: AUTOCALL_SEND.phone_number };
			await sendAutocall(simulator.url);
			simulator.faults.add({ fault: unavailable, match });
			const other = { ...AUTOCALL_SEND, phone_number: '0332665712', ref_id: 'other' };
			assert.equal((await sendAutocall(simulator.url, other)).status, 200);
			assert.equal((await sendAutocall(simulator.url)).status, 503);
			assert.equal((await get(simulator.url, '/v3/autocall/log/ABC123/ref_id')).status, 503);
			assert.equal((await get(simulator.url, '/v3/autocall/log/other/ref_id')).status, 404);
		});

		it('with the probability that was set', async () => {
			const chances = [0.04, 0.05, 0.9];
			const lucky = await startSimulator({ random: () => chances.shift() ?? 1 });
			lucky.faults.add({ fault: unavailable, probability: 0.05 });
			const statuses: number[] = [];
			for (let n = 0; n < 3; n++) statuses.push((await sendBitel(lucky.url)).status);
			assert.deepEqual(statuses, [503, 200, 200]);
			await lucky.close();
		});

		it('until they are removed or cleared', async () => {
			const added = simulator.faults.add({ fault: unavailable });
			added.remove();
			assert.equal((await sendBitel(simulator.url)).status, 200);
			simulator.faults.add({ fault: unavailable });
			simulator.faults.clear();
			assert.equal((await sendBitel(simulator.url)).status, 200);
		});

		it('and a fault that comes before the number is known cannot be tied to a number', () => {
			const fault: Fault = { kind: 'reset-before-body' };
			const match = { phoneNumber: BITEL_SEND.phoneNumber };
			assert.throws(() => simulator.faults.add({ fault, match }), TypeError);
		});
	});

	it('are written down with the request that they struck', async () => {
		simulator.faults.add({ fault: { kind: 'html' }, times: 1 });
		await call(simulator.url, 'POST', BITEL_SEND_PATH, BITEL_SEND, { headers: HEADERS });
		await sendBitel(simulator.url);
		assert.deepEqual(
			simulator.requests.map(({ fault }) => fault),
			['html', null],
		);
		assert.equal(simulator.counters.faults, 1);
	});
});
