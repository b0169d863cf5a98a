import assert from 'node:assert/strict';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { bitelSend, bitelStatus, phones } from './accounts';
import { runNode } from './engine';
import { text } from './reading';

describe('many items in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	it('sends ten at a time unless told otherwise, and every call exactly once', async () => {
		simulator.change({ latencyMs: 20 });
		const run = await runNode({ ...bitelSend(simulator), items: phones(60) });
		assert.equal(run.run.status, 'success');
		assert.equal(simulator.connections.peak, 10);
		assert.equal(simulator.counters.placedByNumber.size, 60);
		assert.equal(simulator.counters.placed, 60);
	});

	it('sends as many at a time as it is told', async () => {
		simulator.change({ latencyMs: 20 });
		for (const concurrency of [1, 3, 25]) {
			simulator.reset();
			simulator.change({ latencyMs: 20 });
			const node = bitelSend(simulator, { options: { concurrency } });
			await runNode({ ...node, items: phones(50) });
			assert.equal(simulator.connections.peak, concurrency);
		}
	});

	it('reads the credential once, however many items there are', async () => {
		const run = await runNode({ ...bitelSend(simulator), items: phones(30) });
		assert.equal(run.credentialsHelper.reads, 1);
	});

	it('waits for more calls than it sends at a time, with no more requests at a time', async () => {
		simulator.change({ queuedMs: 0, ringsMs: 400, talksMs: 400, latencyMs: 5 });
		const start = Date.now();
		const run = await runNode({
			...bitelSend(simulator, {
				waitForResult: true,
				options: { concurrency: 5, waitTimeout: 1 },
			}),
			items: phones(40),
		});
		assert.equal(run.run.status, 'success');
		assert.ok(run.outputs[0]?.every(({ json }) => json['status'] === 'completed'));
		assert.ok(simulator.connections.peak <= 5, text(simulator.connections.peak));
		// One after another, five at a time, they would take eight seconds.
		assert.ok(Date.now() - start < 4_000, `${Date.now() - start} ms`);
	});

	it('looks up as many at a time as it is told', async () => {
		await runNode({ ...bitelSend(simulator), items: phones(30) });
		const items = simulator.calls.map(({ callId }) => ({ callId }));
		simulator.change({ latencyMs: 20 });
		const node = bitelStatus(simulator, { options: { concurrency: 4 } });
		const run = await runNode({ ...node, items });
		assert.deepEqual(
			run.outputs[0]?.map(({ json }) => json['callId']),
			items.map(({ callId }) => callId),
		);
		assert.equal(simulator.counters.statuses, 30);
	});

	it('lets the host do other things between items that need no network', async () => {
		let longest = 0;
		let last = performance.now();
		const watch = setInterval(() => {
			longest = Math.max(longest, performance.now() - last);
			last = performance.now();
		}, 1);
		const items = Array.from({ length: 2_000 }, () => ({ phone: '110', code: '1' }));
		await runNode({ ...bitelSend(simulator), items, settings: { onError: 'continueErrorOutput' } });
		clearInterval(watch);
		assert.ok(longest < 1_000, `${longest} ms`);
	});
});
