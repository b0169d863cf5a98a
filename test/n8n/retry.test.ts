import assert from 'node:assert/strict';

import type { IDataObject, INode, INodeType, IRunExecutionData } from 'n8n-workflow';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { sample } from '../fixtures/samples';
import { autocallSend, bitelSend, iranian, phones, sandboxSend, vietnamese } from './accounts';
import { runNode } from './engine';
import type { NodeRun } from './engine';
import { leftBehind } from './secrets';
import { record, shown, text } from './reading';

const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } as const;
const refusal = {
	kind: 'status',
	status: 400,
	body: { result: null, error: 'InvalidServer' },
} as const;

/** What n8n keeps of a failed execution: as text, and to be retried without the run that failed. */
function storedData({ run }: NodeRun): IRunExecutionData {
	const stored = JSON.parse(JSON.stringify(run.data)) as IRunExecutionData;
	delete stored.resultData.error;
	delete stored.resultData.runData['Under Test'];
	return stored;
}

/** A random code in each evaluation, as users make them. */
const randomCode = '={{ String(Math.floor(10000 + Math.random() * 90000)) }}';

describe('Retry On Fail in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	/** No number was called twice. */
	const assertOnce = (numbers: number) => {
		assert.deepEqual([...simulator.counters.placedByNumber.values()], Array(numbers).fill(1));
	};

	it('places no call twice when a later item fails once', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(3) }, times: 1 });
		const run = await runNode({ ...bitelSend(simulator), items: phones(5), settings: retry });
		assert.equal(run.run.status, 'success');
		assertOnce(5);
		assert.deepEqual(
			run.outputs[0]?.map(({ json, pairedItem }) => [json['callId'], pairedItem]),
			phones(5).map(({ phone }, item) => [
				simulator.calls.find((call) => call.phoneNumber === phone)?.callId,
				{ item },
			]),
		);
		assert.match(text(run.tasks[0]?.hints?.[0]?.message), /not placed again/);
	});

	for (const concurrency of [1, 2, 10]) {
		it(`places no call twice over all tries, ${concurrency} at a time`, async () => {
			simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(7) } });
			const run = await runNode({
				...bitelSend(simulator, { options: { concurrency } }),
				items: phones(10),
				settings: retry,
			});
			assert.equal(run.run.status, 'error');
			const placed = [...simulator.counters.placedByNumber.values()];
			assert.ok(
				placed.every((calls) => calls === 1),
				text(placed),
			);
			// Only the number that is refused is asked for again.
			assert.equal(simulator.counters.sends, simulator.counters.placed + 3);
		});
	}

	it('places no call twice when the first item fails and the node continues', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(0) }, times: 2 });
		const run = await runNode({
			...bitelSend(simulator),
			items: phones(4),
			settings: { ...retry, onError: 'continueRegularOutput' },
		});
		assert.equal(run.run.status, 'success');
		assert.equal(
			run.outputs[0]?.every(({ json }) => json['status'] === 'queued'),
			true,
		);
		assertOnce(4);
	});

	it('does not place a call of unknown outcome again, and fails with the same error', async () => {
		simulator.faults.add({
			fault: { kind: 'reset-after-placing' },
			match: { phoneNumber: iranian(1) },
		});
		const run = await runNode({ ...bitelSend(simulator), items: phones(3), settings: retry });
		const error = shown(run.error);
		assert.equal(error.details.kind, 'outcome-unknown');
		assert.match(error.message, /The phone may still ring \[item 1\]/);
		assertOnce(3);
		assert.equal(simulator.counters.sends, 3);
	});

	it('takes the record of a call of unknown outcome when it has turned up since', async () => {
		simulator.change({ queuedMs: 0, ringsMs: 0, talksMs: 0 });
		simulator.faults.add({ fault: refusal, match: { phoneNumber: vietnamese(1) }, times: 1 });
		const node = autocallSend(simulator, { options: { concurrency: 1 } });
		const items = [0, 1].map((index) => ({ phone: vietnamese(index), code: '1' }));
		const first = await runNode({ ...node, items });
		const stored = storedData(first);
		// As it would be remembered had the answer been lost, and no record been there yet.
		const [call] = simulator.calls;
		const facts = {
			kind: 'outcome-unknown',
			message: 'Nobody knows',
			remedy: 'Look it up',
			callMayHaveBeenPlaced: true,
			callId: call !== undefined && 'refId' in call ? call.refId : '',
		};
		const phoneNumber = `+84${vietnamese(0).slice(1)}`;
		const recipient = `autocall ${phoneNumber}`;
		const reference = facts.callId;
		const sent = { phoneNumber, reference, isReferenceNew: true, preparedAt: Date.now() };
		assert.ok(stored.executionData);
		stored.executionData.contextData['node:Under Test'] = {
			otpCalls: { 0: { 0: { is: 'unknown', recipient, sent, codeKey: null, facts } } },
		};
		const second = await runNode({ ...node, continues: stored });
		assert.equal(second.outputs[0]?.[0]?.json['status'], 'completed', leftBehind(second));
		assertOnce(2);
	});

	it('does not take the record of an earlier call under the same reference for it', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: vietnamese(1) }, times: 1 });
		const node = autocallSend(simulator, { options: { concurrency: 1 } });
		const items = [0, 1].map((index) => ({ phone: vietnamese(index), code: '1' }));
		const stored = storedData(await runNode({ ...node, items }));
		const phoneNumber = `+84${vietnamese(0).slice(1)}`;
		const facts = {
			kind: 'outcome-unknown',
			message: 'Nobody knows',
			remedy: 'Look it up',
			callMayHaveBeenPlaced: true,
			callId: 'order-7',
		};
		const sent = {
			phoneNumber,
			reference: 'order-7',
			isReferenceNew: false,
			preparedAt: Date.now(),
		};
		const known = {
			is: 'unknown',
			recipient: `autocall ${phoneNumber}`,
			sent,
			codeKey: null,
			facts,
		};
		assert.ok(stored.executionData);
		stored.executionData.contextData['node:Under Test'] = { otpCalls: { 0: { 0: known } } };
		const old = { ...sample('autocall-cdr'), to_number: vietnamese(0), additional: {} };
		const body = { ...old, ref_id: 'order-7', time_started: '2020-01-01 08:00:00' };
		simulator.faults.add({
			fault: { kind: 'wrong-shape', body },
			match: { operation: 'status' },
		});
		const second = await runNode({ ...node, continues: stored });
		assert.equal(shown(second.error).details.kind, 'outcome-unknown', leftBehind(second));
		assert.match(shown(second.error).message, /^Nobody knows \[item 0\]$/);
		assert.equal(simulator.counters.placedByNumber.get(vietnamese(0)), 1);
	});

	it('takes nothing for a call of an earlier try that is none', async () => {
		const sent = {
			phoneNumber: '+989123000050',
			reference: null,
			isReferenceNew: true,
			preparedAt: 0,
		};
		const recipient = 'bitel +989123000050';
		const call = {
			provider: 'bitel',
			callId: 'b1',
			phoneNumber: '+989123000050',
			status: 'queued',
			final: false,
		};
		const report = { call, raw: {}, unsettled: false };
		const facts = { kind: 'refused', message: 'm', remedy: 'r', callMayHaveBeenPlaced: true };
		const placed = { is: 'placed', recipient, sent, codeKey: null, report };
		const unknown = { is: 'unknown', recipient, sent, codeKey: null, facts };
		const noMemories: readonly unknown[] = [
			null,
			'placed',
			[placed],
			{},
			{ ...placed, recipient: 7 },
			{ ...placed, recipient: 'bitel +989120000000' },
			{ ...placed, codeKey: undefined },
			{ ...placed, sent: null },
			...Object.keys(sent).map((name) => ({ ...placed, sent: { ...sent, [name]: {} } })),
			{ ...placed, report: null },
			...Object.keys(report).map((name) => ({ ...placed, report: { ...report, [name]: 7 } })),
			...Object.keys(call).map((name) => ({
				...placed,
				report: { ...report, call: { ...call, [name]: 7 } },
			})),
			{ ...unknown, facts: null },
			...Object.keys(facts).map((name) => ({ ...unknown, facts: { ...facts, [name]: 7 } })),
		];
		const node = bitelSend(simulator);
		simulator.faults.add({ fault: refusal, times: 1 });
		const failed = storedData(await runNode({ ...node, items: phones(1) }));
		const retried = async (memory: unknown) => {
			const stored = structuredClone(failed);
			assert.ok(stored.executionData);
			stored.executionData.contextData['node:Under Test'] = {
				otpCalls: { 0: { 0: memory } },
			} as IDataObject;
			simulator.reset();
			const run = await runNode({ ...node, continues: stored });
			return [run.run.status, simulator.counters.placed];
		};
		for (const memory of noMemories) {
			assert.deepEqual(await retried(memory), ['success', 1], JSON.stringify(memory));
		}
		assert.deepEqual(await retried(placed), ['success', 0]);
		assert.deepEqual(await retried(unknown), ['error', 0]);
	});

	it('does not ring again for a code that the workflow makes up anew in each try', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(2) }, times: 2 });
		await runNode({
			...bitelSend(simulator, { code: randomCode }),
			items: phones(3),
			settings: retry,
		});
		assertOnce(3);
	});

	it('puts out the generated code that was read out, not one of a later try', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(1) }, times: 1 });
		const run = await runNode({
			...bitelSend(simulator, { generateCode: true, options: { concurrency: 1 } }),
			items: phones(2),
			settings: retry,
		});
		const sent = simulator.requests.find(({ bodyText }) => bodyText.includes(iranian(0)));
		assert.equal(run.outputs[0]?.[0]?.json['code'], record(sent?.json)['text']);
		assertOnce(2);
	});

	it('goes on waiting for a call that an earlier try has placed', async () => {
		simulator.change({ queuedMs: 0, ringsMs: 300, talksMs: 300 });
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(1) }, times: 1 });
		const run = await runNode({
			...bitelSend(simulator, {
				waitForResult: true,
				options: { waitTimeout: 1.5, concurrency: 1, pollInterval: 0.2 },
			}),
			items: phones(2),
			settings: retry,
		});
		assert.equal(run.run.status, 'success', leftBehind(run));
		assert.deepEqual(
			run.outputs[0]?.map(({ json }) => json['status']),
			['completed', 'completed'],
		);
		assertOnce(2);
	});

	it('places none again in an execution that is retried from the list of executions', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(2) }, times: 1 });
		const node = bitelSend(simulator, { options: { concurrency: 1 } });
		const first = await runNode({ ...node, items: phones(3) });
		assert.equal(first.run.status, 'error');
		assert.equal(simulator.counters.placed, 2);
		const second = await runNode({ ...node, continues: storedData(first) });
		assert.equal(second.run.status, 'success', leftBehind(second));
		assertOnce(3);
	});

	it('places the call of another number that has taken the place of the first', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(1) } });
		const node = bitelSend(simulator, { options: { concurrency: 1 } });
		const first = await runNode({ ...node, items: phones(2) });
		const changed = { ...node, parameters: { ...node.parameters, phoneNumber: iranian(9) } };
		await runNode({ ...changed, continues: storedData(first) });
		assert.equal(simulator.counters.placedByNumber.get(iranian(0)), 1);
		assert.equal(simulator.counters.placedByNumber.get(iranian(9)), 2);
	});

	it('calls in each turn of a loop, and in none of them twice', async () => {
		const loop = loopOver(3);
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(1) }, times: 2 });
		const run = await runNode({
			...bitelSend(simulator),
			...loop,
			items: phones(2),
			settings: retry,
		});
		assert.equal(run.run.status, 'success', leftBehind(run));
		assert.equal(run.tasks.length, 3);
		assert.equal(simulator.counters.placedByNumber.get(iranian(0)), 3);
		assert.equal(simulator.counters.placedByNumber.get(iranian(1)), 3);
	});

	it('takes the call of one turn of a loop for none of the next', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(1) } });
		const run = await runNode({
			...bitelSend(simulator),
			...loopOver(3),
			items: phones(2),
			// The failed item keeps what the turn has done from being forgotten.
			settings: { onError: 'continueRegularOutput' },
		});
		assert.equal(run.tasks.length, 3);
		assert.equal(simulator.counters.placedByNumber.get(iranian(0)), 3);
	});

	it('forgets everything once all items are through, so that stored executions stay small', async () => {
		const run = await runNode({ ...sandboxSend(), items: phones(2) });
		assert.deepEqual(run.run.data.executionData?.contextData['node:Under Test'], { otpCalls: {} });
	});

	it('remembers neither token nor code', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(1) } });
		const run = await runNode({
			...bitelSend(simulator, { options: { concurrency: 1 } }),
			items: [
				{ phone: iranian(0), code: '80417' },
				{ phone: iranian(1), code: '80417' },
			],
		});
		const context = JSON.stringify(run.run.data.executionData?.contextData);
		assert.match(context, /"callId"/);
		assert.ok(!context.includes('80417') && !context.includes('simulator-token'));
	});
});

/** Gives its items back so many times, then none: the turns of a loop. */
function again(turns: number): INodeType {
	let turn = 1;
	return {
		description: {
			displayName: 'Again',
			name: 'again',
			group: ['transform'],
			version: 1,
			description: 'The turns of a loop',
			defaults: { name: 'Again' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [],
		},
		async execute() {
			turn += 1;
			return [turn <= turns ? phones(2).map((json) => ({ json })) : []];
		},
	};
}

function loopOver(turns: number) {
	const node: INode = {
		id: 'c',
		name: 'Again',
		type: 'test.again',
		typeVersion: 1,
		position: [400, 0],
		parameters: {},
	};
	return {
		nodes: [node],
		extraTypes: { 'test.again': again(turns) },
		connections: {
			'Under Test': { main: [[{ node: 'Again', type: 'main' as const, index: 0 }]] },
			Again: { main: [[{ node: 'Under Test', type: 'main' as const, index: 0 }]] },
		},
	};
}
