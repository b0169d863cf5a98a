import assert from 'node:assert/strict';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { bitelSend, iranian, phones, sandboxSend } from './accounts';
import { runNode } from './engine';
import type { NodeRun } from './engine';
import { processedValues } from './processedValues';
import { record, text } from './reading';

const continuing = { settings: { onError: 'continueRegularOutput' } } as const;
const refusal = {
	kind: 'status',
	status: 400,
	body: { result: null, error: 'InvalidServer' },
} as const;

describe('the cool-down in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => {
		simulator.reset();
		processedValues.clear();
	});
	after(() => simulator.close());

	/** Runs a new execution that calls this number so many times. */
	const call = (options: { coolDownSeconds?: number; maxCallsPerHour?: number }, times = 1) =>
		runNode({
			...bitelSend(simulator, { options }),
			items: Array.from({ length: times }, () => ({ phone: iranian(1), code: '1' })),
			...continuing,
		});

	const kinds = ({ outputs }: NodeRun) =>
		(outputs[0] ?? []).map(({ json }) => record(json['details']).kind ?? 'placed');

	it('is off unless it is turned on', async () => {
		assert.deepEqual(kinds(await call({}, 3)), ['placed', 'placed', 'placed']);
		assert.deepEqual(processedValues.all(), []);
	});

	it('refuses a second call to the same number in the same execution, and places nothing for it', async () => {
		const run = await call({ coolDownSeconds: 60 }, 3);
		assert.deepEqual(kinds(run).sort(), ['cooling-down', 'cooling-down', 'placed']);
		assert.equal(simulator.counters.sends, 1);
		const refused = run.outputs[0]?.find(({ json }) => json['error'] !== undefined);
		const details = record(refused?.json['details']);
		assert.match(text(refused?.json['error']), /^\+98912•••1?\d+ has been called too recently/);
		const seconds = Number(details.retryAfterSeconds);
		assert.ok(seconds > 50 && seconds <= 65, String(seconds));
		assert.equal(details.callMayHaveBeenPlaced, false);
	});

	it('holds in the next execution', async () => {
		await call({ coolDownSeconds: 60 });
		assert.deepEqual(kinds(await call({ coolDownSeconds: 60 })), ['cooling-down']);
		assert.equal(simulator.counters.sends, 1);
	});

	it('does not hold for another number', async () => {
		await call({ coolDownSeconds: 60 });
		const run = await runNode({
			...bitelSend(simulator, { options: { coolDownSeconds: 60 } }),
			items: [{ phone: iranian(2), code: '1' }],
		});
		assert.equal(run.run.status, 'success');
	});

	it('is over when its seconds are over', async () => {
		await call({ coolDownSeconds: 1 });
		assert.deepEqual(kinds(await call({ coolDownSeconds: 1 })), ['cooling-down']);
		await new Promise((resolve) => setTimeout(resolve, 1_500));
		assert.deepEqual(kinds(await call({ coolDownSeconds: 1 })), ['placed']);
	});

	it('is no shorter and not much longer than its seconds, however often it is asked meanwhile', async () => {
		await call({ coolDownSeconds: 1 });
		const start = Date.now();
		let last = kinds(await call({ coolDownSeconds: 1 }));
		while (last[0] === 'cooling-down') last = kinds(await call({ coolDownSeconds: 1 }));
		const took = Date.now() - start;
		assert.ok(took > 900 && took < 1_900, `${took} ms`);
		assert.equal(simulator.counters.sends, 2);
	});

	it('allows so many calls in an hour, and no more', async () => {
		const run = await call({ maxCallsPerHour: 3 }, 5);
		assert.equal(kinds(run).filter((kind) => kind === 'placed').length, 3);
		assert.deepEqual(kinds(await call({ maxCallsPerHour: 3 })), ['cooling-down']);
		assert.equal(simulator.counters.sends, 3);
	});

	it('keeps both rules at once, and a call that one refuses does not count for the other', async () => {
		const rule = { coolDownSeconds: 1, maxCallsPerHour: 2 };
		assert.deepEqual(kinds(await call(rule)), ['placed']);
		assert.deepEqual(kinds(await call(rule)), ['cooling-down']);
		await new Promise((resolve) => setTimeout(resolve, 1_500));
		assert.deepEqual(kinds(await call(rule)), ['placed']);
		await new Promise((resolve) => setTimeout(resolve, 1_500));
		const run = await call(rule);
		assert.deepEqual(kinds(run), ['cooling-down']);
		const { retryAfterSeconds } = record(run.outputs[0]?.[0]?.json['details']);
		assert.ok(Number(retryAfterSeconds) > 3_000, text(retryAfterSeconds));
	});

	it('gives the place back when the call was provably not placed', async () => {
		simulator.faults.add({ fault: refusal, times: 1 });
		const rule = { coolDownSeconds: 60, maxCallsPerHour: 1 };
		assert.deepEqual(kinds(await call(rule)), ['refused']);
		assert.deepEqual(processedValues.all(), []);
		assert.deepEqual(kinds(await call(rule)), ['placed']);
	});

	it('keeps the place of a call of unknown outcome', async () => {
		simulator.faults.add({ fault: { kind: 'reset-before-placing' }, times: 1 });
		assert.deepEqual(kinds(await call({ coolDownSeconds: 60 })), ['outcome-unknown']);
		assert.deepEqual(kinds(await call({ coolDownSeconds: 60 })), ['cooling-down']);
	});

	it('does not stand in the way of a retry that reuses the call', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(2) }, times: 1 });
		const run = await runNode({
			...bitelSend(simulator, { options: { coolDownSeconds: 60, concurrency: 1 } }),
			items: [1, 2].map((index) => ({ phone: iranian(index), code: '1' })),
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		assert.equal(run.run.status, 'success');
		assert.equal(simulator.counters.placed, 2);
	});

	it('stores no number in clear', async () => {
		await call({ coolDownSeconds: 60, maxCallsPerHour: 2 });
		const stored = processedValues.all().join();
		assert.notEqual(stored, '');
		assert.ok(!stored.includes('912'.concat(iranian(1).slice(4, 9))), stored);
		assert.ok(!stored.includes('simulator-token'));
	});

	it('places no call when its store cannot be used', async () => {
		processedValues.breakWith(new Error('no such table'));
		try {
			const run = await call({ coolDownSeconds: 60 });
			assert.deepEqual(kinds(run), ['invalid-input']);
			assert.match(text(run.outputs[0]?.[0]?.json['error']), /no call is placed: no such table/);
			assert.equal(simulator.counters.sends, 0);
		} finally {
			processedValues.breakWith(null);
		}
	});

	for (const [database, words] of [
		[
			'PostgreSQL',
			'duplicate key value violates unique constraint "PK_ca04b9d8dc72de268fe07a65773"',
		],
		['SQLite', 'SQLITE_CONSTRAINT: UNIQUE constraint failed: processed_data.workflowId'],
		['MySQL', "ER_DUP_ENTRY: Duplicate entry 'workflow-' for key 'processed_data.PRIMARY'"],
	] as const)
		it(`asks ${database} again when another worker has made the row of the workflow meanwhile`, async () => {
			processedValues.breakOnceWith(new Error(words));
			assert.deepEqual(kinds(await call({ coolDownSeconds: 60 })), ['placed']);
			assert.deepEqual(kinds(await call({ coolDownSeconds: 60 })), ['cooling-down']);
			processedValues.breakWith(new Error(words));
			try {
				assert.deepEqual(kinds(await call({ coolDownSeconds: 60 })), ['invalid-input']);
			} finally {
				processedValues.breakWith(null);
			}
			processedValues.breakOnceWith(new Error('Connection terminated unexpectedly'));
			assert.deepEqual(kinds(await call({ coolDownSeconds: 60 })), ['invalid-input']);
			assert.equal(simulator.counters.sends, 1);
		});

	it('ends by a limit when its store never answers, and holds up nobody afterwards', async () => {
		processedValues.isSilent = true;
		const hanging = call({ coolDownSeconds: 60 }, 2);
		const withoutRule = await call({});
		assert.deepEqual(kinds(withoutRule), ['placed']);
		const run = await hanging.finally(() => {
			processedValues.isSilent = false;
		});
		assert.deepEqual(kinds(run), ['invalid-input', 'invalid-input']);
		assert.match(text(run.outputs[0]?.[0]?.json['error']), /database does not answer/);
		assert.equal(simulator.counters.sends, 1);
		assert.deepEqual(kinds(await call({ coolDownSeconds: 60 })), ['placed']);
	}).timeout(40_000);

	it('remembers the 1,600 latest calls of a workflow, and not 1,700: n8n keeps 10,000 values', async () => {
		const others = (count: number, from: number) =>
			runNode({
				...bitelSend(simulator, { options: { coolDownSeconds: 600, concurrency: 100 } }),
				items: phones(count, from),
				...continuing,
			});
		await call({ coolDownSeconds: 600 });
		await others(1_600, 10);
		assert.deepEqual(kinds(await call({ coolDownSeconds: 600 })), ['cooling-down']);
		await others(100, 2_000);
		assert.deepEqual(kinds(await call({ coolDownSeconds: 600 })), ['placed']);
	}).timeout(120_000);

	it('works for the sandbox, which has no token to hash with', async () => {
		const run = await runNode({
			...sandboxSend({ options: { coolDownSeconds: 60 } }),
			items: [1, 2].map(() => ({ phone: iranian(1), code: '1' })),
			...continuing,
		});
		assert.deepEqual(kinds(run).sort(), ['cooling-down', 'placed']);
	});
});
