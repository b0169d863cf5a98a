import assert from 'node:assert/strict';

import { openWayBack } from '../../calls/wayBack';
import { SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { autocallSend, vietnamese } from './accounts';
import { runNode } from './engine';
import { record, shown, text } from './reading';

describe('Waiting by event in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const items = (count: number) =>
		Array.from({ length: count }, (_, index) => ({ phone: vietnamese(index), code: '1234' }));
	const parked = (count: number, options = {}) =>
		runNode({
			...autocallSend(simulator, {
				waitForResult: true,
				options: { waitFor: 'event', waitTimeout: 300, ...options },
			}),
			items: items(count),
		});

	it('parks the execution after the call has been placed, until the limit', async () => {
		const before = Date.now();
		const run = await parked(1);
		const until = run.run.data.waitTill ?? run.run.waitTill;
		assert.ok(until instanceof Date);
		assert.ok(until.getTime() >= before + 300_000 && until.getTime() < Date.now() + 301_000);
		assert.equal(simulator.counters.sends, 1);
		// No look-up: the event says when to look.
		assert.equal(simulator.requests.length, 1);
	});

	it('carries the way back in the reference, sealed for this account', async () => {
		await parked(1);
		const [request] = simulator.requests;
		const reference = text(record(request?.json)['ref_id']);
		assert.match(reference, /^w1[\w-]{40,120}$/);
		assert.notEqual(openWayBack(reference, SIMULATOR_TOKEN), null);
		assert.equal(openWayBack(reference, 'another token'), null);
	});

	it('is never shorter than n8n can keep', async () => {
		const run = await parked(1, { waitTimeout: 5 });
		const until = run.run.data.waitTill ?? run.run.waitTill;
		assert.ok(until instanceof Date && until.getTime() > Date.now() + 60_000);
	});

	it('takes one call per execution, and says so before any call', async () => {
		const run = await parked(2);
		assert.match(shown(run.error).message, /^Wait For can be the event for one call per execution/);
		assert.match(shown(run.error).description, /Execute Sub-workflow/);
		assert.equal(simulator.counters.sends, 0);
	});

	it('does not park for a call that was refused', async () => {
		simulator.faults.add({ fault: { kind: 'status', status: 400, body: { error: 'no' } } });
		const run = await parked(1);
		assert.equal(shown(run.error).details.kind, 'refused');
		assert.equal(run.run.data.waitTill, undefined);
	});
});
