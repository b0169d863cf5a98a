import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { type Simulator, startSimulator } from '../../../tools/simulator';
import { BITEL_SEND, BITEL_SEND_PATH, HEADERS, sendBitel, waitUntil } from './client';

describe('simulator: listening', () => {
	it('adds the latency that is set to every answer', async () => {
		const simulator = await startSimulator({ latencyMs: 40 });
		const startedAt = Date.now();
		await sendBitel(simulator.url);
		assert.ok(Date.now() - startedAt >= 39);
		await simulator.close();
	});

	it('refuses an option that a setting cannot have', async () => {
		await assert.rejects(startSimulator({ latencyMs: -1 }), TypeError);
	});

	it('fails to start on a port that is taken', async () => {
		const simulator = await startSimulator();
		await assert.rejects(startSimulator({ port: simulator.port }), { code: 'EADDRINUSE' });
		await simulator.close();
	});

	it('places no call for a client that goes away in the middle of its request', async () => {
		const simulator = await startSimulator();
		const socket = connect(simulator.port, '127.0.0.1');
		const head = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
		socket.write(
			`POST ${BITEL_SEND_PATH} HTTP/1.1\r\nhost: x\r\n${head.join('')}content-length: 99\r\n\r\n{"ph`,
		);
		await waitUntil(() => simulator.counters.sends === 1);
		socket.destroy();
		await waitUntil(() => simulator.connections.current === 0);
		assert.equal(simulator.counters.placed, 0);
		await simulator.close();
	});

	it('ends requests that are under way when it is closed, and may be closed twice', async () => {
		const simulator = await startSimulator();
		simulator.faults.add({ fault: { kind: 'never-answer' }, times: 1 });
		simulator.faults.add({ fault: { kind: 'delay', ms: 60_000 } });
		const underWay = [sendBitel(simulator.url), sendBitel(simulator.url)];
		const ended = Promise.allSettled(underWay);
		await waitUntil(() => simulator.counters.faults === 2);
		await simulator.close();
		assert.deepEqual(
			(await ended).map(({ status }) => status),
			['rejected', 'rejected'],
		);
		await simulator.close();
	});

	describe('with TLS', () => {
		const key = readFileSync('test/tools/simulator/fixtures/loopback-key.pem', 'utf8');
		const cert = readFileSync('test/tools/simulator/fixtures/loopback-cert.pem', 'utf8');
		let simulator: Simulator;

		beforeEach(async () => {
			simulator = await startSimulator({ tls: { key, cert } });
		});
		afterEach(() => simulator.close());

		const send = (): Promise<number> =>
			new Promise((resolve, reject) => {
				const options = { method: 'POST', headers: HEADERS, ca: cert, agent: false };
				request(simulator.url + BITEL_SEND_PATH, options, (response) => {
					response.resume().once('end', () => resolve(response.statusCode ?? 0));
				})
					.once('error', reject)
					.end(JSON.stringify(BITEL_SEND));
			});

		it('serves https', async () => {
			assert.match(simulator.url, /^https:/);
			assert.equal(await send(), 200);
			assert.equal(simulator.requests[0]?.connectionId, 1);
		});

		for (const kind of ['refuse', 'reset-before-body', 'reset-after-placing'] as const) {
			it(`resets connections: ${kind}`, async () => {
				simulator.faults.add({ fault: { kind }, times: 1 });
				await assert.rejects(send(), { code: 'ECONNRESET' });
			});
		}
	});

	it('ends the command on an interrupt, and the command says what it accepts', async () => {
		const command = spawn(process.execPath, ['--import', 'tsx', 'tools/simulator/cli.ts'], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let output = '';
		command.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
		await waitUntil(() => output.includes('Ctrl-C'));
		const url = /http:\/\/[\d.:]+/.exec(output)?.[0] ?? '';
		assert.equal((await sendBitel(url)).status, 200);
		assert.ok(output.includes('simulator-token'));
		const ended = new Promise((resolve) => command.once('exit', resolve));
		command.kill('SIGINT');
		assert.equal(await ended, 0);
	});
});
