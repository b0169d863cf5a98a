import assert from 'node:assert/strict';

import { startSimulator } from '../../tools/simulator';
import type { Fault, Simulator } from '../../tools/simulator';
import { bitelSend, phones } from './accounts';
import { runNode } from './engine';
import { record } from './reading';

describe('the transport over the request helper of n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	async function send(fault: Fault, timeout: number) {
		simulator.faults.add({ fault });
		const start = performance.now();
		const run = await runNode({
			...bitelSend(simulator, { options: { timeout } }),
			items: phones(1),
			settings: { onError: 'continueRegularOutput' },
		});
		const { kind, networkCode } = record(run.outputs[0]?.[0]?.json['details']);
		const took = performance.now() - start;
		assert.equal(simulator.counters.sends, 1);
		return { kind, networkCode, took };
	}

	/** Nothing of the request is left, long before the server would have ended it. */
	async function assertClosed() {
		for (let waits = 0; waits < 20 && simulator.connections.current > 0; waits += 1) {
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		assert.equal(simulator.connections.current, 0);
	}

	it('gives up an answer without end at its length, and closes the connection', async () => {
		const { kind, networkCode, took } = await send({ kind: 'endless' }, 60);
		assert.deepEqual([kind, networkCode], ['outcome-unknown', 'ANSWER_TOO_LONG']);
		assert.ok(took < 10_000, `${took} ms`);
		await assertClosed();
	});

	for (const fault of [
		{ kind: 'never-answer' },
		{ kind: 'slow-drip', everyMs: 50 },
		{ kind: 'delay', ms: 5_000 },
	] as const) {
		it(`ends a request at its time limit (${fault.kind}), and closes the connection`, async () => {
			const { kind, networkCode, took } = await send(fault, 0.4);
			assert.deepEqual([kind, networkCode], ['outcome-unknown', 'ECONNABORTED']);
			assert.ok(took > 390 && took < 2_000, `${took} ms`);
			await assertClosed();
		});
	}
});
