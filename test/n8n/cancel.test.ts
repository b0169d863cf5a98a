import assert from 'node:assert/strict';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { bitelSend, bitelStatus, phones } from './accounts';
import { runNode } from './engine';
import { processedValues } from './processedValues';
import type { NodeRun, RunOptions } from './engine';
import { record } from './reading';

/** What keeps this process from ending, as far as requests and pauses go. */
const open = () =>
	process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocketWrap|TLSWrap/.test(name));

describe('stopping an execution of n8n', () => {
	let simulator: Simulator;
	const rejections: unknown[] = [];
	const remember = (reason: unknown) => rejections.push(reason);

	before(async () => {
		simulator = await startSimulator();
		process.on('unhandledRejection', remember);
	});
	beforeEach(() => {
		simulator.reset();
		processedValues.clear();
	});
	afterEach(() => assert.deepEqual(rejections, []));
	after(async () => {
		process.off('unhandledRejection', remember);
		await simulator.close();
	});

	/** Runs the node, stops the execution as soon as something has come about, and sees it end at once. */
	async function stop(options: RunOptions, hasComeAbout: () => boolean) {
		let stoppedAt = 0;
		const run: NodeRun = await runNode({
			...options,
			during: (execution) => {
				const watch = setInterval(() => {
					if (!hasComeAbout()) return;
					clearInterval(watch);
					stoppedAt = performance.now();
					execution.cancel();
				}, 10);
			},
		});
		const took = performance.now() - stoppedAt;
		assert.ok(stoppedAt > 0, 'It ended before it was stopped');
		// A busy machine takes its time; waits and requests would take ten seconds and more.
		assert.ok(took < 3_000, `It took ${took} ms to end`);
		return run;
	}

	/** What the simulator has answered is not yet what n8n has read. */
	const lastingly = (hasComeAbout: () => boolean) => {
		let since = Infinity;
		return () => {
			if (hasComeAbout()) since = Math.min(since, performance.now());
			return performance.now() - since > 500;
		};
	};

	const haveBeenSent = (sends: number) => () => simulator.counters.sends >= sends;

	const failures = ({ outputs }: NodeRun) =>
		(outputs[0] ?? []).map(({ json }) => {
			const details = record(json['details']);
			return [details.kind, details.callMayHaveBeenPlaced];
		});

	const continuing = { settings: { onError: 'continueRegularOutput' } } as const;

	it('reports a send that is under way as unknown, and starts no other', async () => {
		simulator.faults.add({ fault: { kind: 'never-answer', placesCall: true } });
		const run = await stop(
			{
				...bitelSend(simulator, { options: { concurrency: 2 } }),
				items: phones(4),
				...continuing,
			},
			haveBeenSent(2),
		);
		assert.deepEqual(failures(run), [
			['outcome-unknown', true],
			['outcome-unknown', true],
			['canceled', false],
			['canceled', false],
		]);
		assert.equal(simulator.counters.sends, 2);
	});

	it('ends at once when the node stops at errors, too', async () => {
		simulator.faults.add({ fault: { kind: 'never-answer' } });
		const run = await stop({ ...bitelSend(simulator), items: phones(20) }, haveBeenSent(10));
		assert.equal(run.run.status, 'canceled');
		assert.equal(simulator.counters.sends, 10);
	});

	it('ends a pause before a repeat, without the repeat', async () => {
		simulator.faults.add({ fault: { kind: 'status', status: 429, retryAfter: 8 } });
		const run = await stop(
			{ ...bitelSend(simulator), items: phones(1), ...continuing },
			lastingly(() => simulator.counters.answers.get(429) === 1),
		);
		assert.deepEqual(failures(run), [['canceled', false]]);
		assert.equal(simulator.counters.sends, 1);
	});

	it('ends a body that drips', async () => {
		simulator.faults.add({ fault: { kind: 'slow-drip', everyMs: 100 } });
		const run = await stop(
			{ ...bitelSend(simulator), items: phones(1), ...continuing },
			() => simulator.counters.faults === 1,
		);
		assert.deepEqual(failures(run), [['outcome-unknown', true]]);
	});

	it('ends the waits for results at once', async () => {
		simulator.change({ ringsMs: 60_000 });
		const run = await stop(
			{ ...bitelSend(simulator, { waitForResult: true }), items: phones(12), ...continuing },
			lastingly(() => simulator.counters.answers.get(200) === 12),
		);
		assert.deepEqual(failures(run), Array(12).fill(['canceled', true]));
		assert.equal(simulator.counters.sends, 12);
	});

	it('ends look-ups and their waits at once', async () => {
		simulator.change({ ringsMs: 60_000 });
		await runNode({ ...bitelSend(simulator), items: phones(3) });
		const items = simulator.calls.map(({ callId }) => ({ callId }));
		const node = bitelStatus(simulator, { waitUntilEnded: true });
		const run = await stop(
			{ ...node, items, ...continuing },
			() => simulator.counters.statuses >= 3,
		);
		assert.equal(
			failures(run).every(([kind]) => kind === 'canceled'),
			true,
		);
	});

	it('sends nothing when it was stopped while the token was fetched', async () => {
		simulator.faults.add({ fault: { kind: 'never-answer' }, match: { path: /auth/ } });
		const run = await stop(
			{
				type: 'sendOtpCall',
				credentials: {
					autocallApi: {
						authentication: 'apiKey',
						apiKey: 'simulator-api-key',
						baseUrl: simulator.url,
					},
				},
				parameters: {
					provider: 'autocall',
					phoneNumber: '0332665711',
					code: '1',
					campaign: { __rl: true, mode: 'id', value: 'f77dfcf4-0759-4179-93cb-741f481a776e' },
					template: { __rl: true, mode: 'name', value: 'otp_script_01' },
				},
				items: [{}],
				...continuing,
			},
			() => simulator.counters.requests === 1,
		);
		assert.equal(failures(run).length, 1);
		assert.equal(simulator.counters.sends, 0);
	});

	it('keeps the key of a call that may have been placed, and gives back that of one that was not', async () => {
		const keyed = (idempotencyKey: string) => ({
			...bitelSend(simulator, { options: { idempotencyKey } }),
			items: phones(1),
			...continuing,
		});
		simulator.faults.add({ fault: { kind: 'never-answer', placesCall: true } });
		const unknown = await stop(keyed('order-1'), haveBeenSent(1));
		assert.deepEqual(failures(unknown), [['outcome-unknown', true]]);
		simulator.faults.clear();
		assert.deepEqual(failures(await runNode(keyed('order-1'))), [['already-placed', true]]);

		simulator.faults.add({ fault: { kind: 'status', status: 429, retryAfter: 8 } });
		const declined = await stop(
			keyed('order-2'),
			lastingly(() => simulator.counters.answers.get(429) === 1),
		);
		assert.deepEqual(failures(declined), [['canceled', false]]);
		simulator.faults.clear();
		assert.equal((await runNode(keyed('order-2'))).outputs[0]?.[0]?.json['status'], 'queued');
		assert.deepEqual([...simulator.counters.placedByNumber.values()], [2]);
	});

	it('leaves no timer and no connection behind', async () => {
		simulator.change({ ringsMs: 60_000 });
		const before = open().length;
		await stop(
			{ ...bitelSend(simulator, { waitForResult: true }), items: phones(30), ...continuing },
			haveBeenSent(30),
		);
		simulator.reset();
		await new Promise((resolve) => setTimeout(resolve, 200));
		// The server in this process keeps a timer for the date in its answers, and mocha one for this test.
		assert.ok(open().length <= before + 2, open().join());
		assert.equal(simulator.connections.current, 0);
	});
});
