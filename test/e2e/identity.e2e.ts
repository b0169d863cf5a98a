import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { type Simulator, startSimulator } from '../../tools/simulator';
import { autocallSend, bitelSend, iranian, vietnamese } from '../n8n/accounts';
import { n8nInQueueMode, n8nInRegularMode } from './hosts/hooks';
import type { Execution, N8n } from './hosts/n8n';
import { eventually, say } from './hosts/programs';
import { webhook } from './hosts/workflows';

const outcomeOf = ({ errorOf, mode, status }: Execution): string =>
	[mode, status, errorOf('Call') ?? ''].join(' ').trim();

const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, index) => make(index));

describe('n8n in queue mode, with an Idempotency Key', () => {
	let n8n: N8n;
	let simulator: Simulator;
	before(async () => {
		n8n = await n8nInQueueMode();
		simulator = await startSimulator({ queuedMs: 100, ringsMs: 100, talksMs: 100 });
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const fromBody = {
		phoneNumber: '={{ $json.body.phone }}',
		code: '={{ $json.body.code }}',
		options: { idempotencyKey: '={{ $json.body.key }}' },
	};
	const publishSending = async (send: ReturnType<typeof bitelSend>) => {
		const path = randomUUID();
		const nodes = [webhook(path, 'onReceived'), { name: 'Call', ...send }];
		const workflow = await n8n.createWorkflow('Call with a key', nodes);
		await n8n.publish(workflow);
		return { workflow, path };
	};
	const placedFor = (phone: string): number => simulator.counters.placedByNumber.get(phone) ?? 0;

	/** Kills the worker that runs the only execution of a workflow, and waits until n8n misses it. */
	const killBusyWorker = async (workflow: string): Promise<void> => {
		const running = (await n8n.executions(workflow)).find(({ status }) => status === 'running');
		const worker = running && n8n.workerOf(running.id);
		assert.ok(running !== undefined && worker !== undefined);
		await n8n.kill(worker);
		await n8n.allEnded(workflow, 1);
		await n8n.restart(worker);
	};

	for (const [when, fault] of [
		['before the send arrives', { kind: 'reset-before-placing' }],
		['between the send and its answer', { kind: 'never-answer', placesCall: true }],
	] as const) {
		it(`places one call though a worker is killed ${when}, and the flow runs anew`, async () => {
			const { workflow, path } = await publishSending(autocallSend(simulator, fromBody));
			const body = { phone: vietnamese(1), code: '1234', key: randomUUID() };
			simulator.faults.add({ match: { operation: 'send' }, fault, times: 1 });
			if (fault.kind === 'reset-before-placing') {
				// The look-ups for the lost answer keep it busy while it is killed.
				simulator.faults.add({ match: { operation: 'status' }, fault: { kind: 'never-answer' } });
			}
			await n8n.callWebhook(path, body);
			await eventually('The send has left', () => simulator.counters.sends === 1);
			await killBusyWorker(workflow);
			simulator.faults.clear();
			await n8n.callWebhook(path, body);
			const outcomes = (await n8n.allEnded(workflow, 2)).map(outcomeOf);
			say(`${when}: ${placedFor(body.phone)} call; ${outcomes.join(' | ')}`);
			assert.ok(placedFor(body.phone) <= 1);
			assert.equal(simulator.counters.sends, 1);
		});
	}

	it('places one call though a worker is killed after the answer, and the flow runs anew', async () => {
		const { workflow, path } = await publishSending(
			autocallSend(simulator, { ...fromBody, waitForResult: true }),
		);
		simulator.change({ talksMs: 30_000 });
		const body = { phone: vietnamese(2), code: '1234', key: randomUUID() };
		await n8n.callWebhook(path, body);
		await eventually('The call is placed', () => placedFor(body.phone) === 1);
		await killBusyWorker(workflow);
		await n8n.callWebhook(path, body);
		await n8n.allEnded(workflow, 2);
		assert.equal(placedFor(body.phone), 1);
		assert.equal(simulator.counters.sends, 1);
	});

	it('places at most one call in each worker for a key that many executions use at once', async () => {
		const { workflow, path } = await publishSending(bitelSend(simulator, fromBody));
		const keys = times(5, () => randomUUID());
		for (const [index, key] of keys.entries()) {
			const body = { phone: iranian(500 + index), code: '1234', key };
			await Promise.all(times(8, () => n8n.callWebhook(path, body)));
			await n8n.allEnded(workflow, 8 * (index + 1));
		}
		const placed = keys.map((_, index) => placedFor(iranian(500 + index)));
		say(`calls for a key that 8 executions use at once over 2 workers: ${placed.join(', ')}`);
		for (const count of placed) assert.ok(count >= 1 && count <= n8n.workers.length);
	});
});

// In queue mode a retry of such an execution fails before it comes to any node: n8n takes over the old error.
describe('n8n in one process, retried from the list of executions after a kill', () => {
	let n8n: N8n;
	let simulator: Simulator;
	before(async () => {
		n8n = await n8nInRegularMode();
		simulator = await startSimulator();
	});
	beforeEach(() => {
		simulator.reset();
		simulator.change({ queuedMs: 100, ringsMs: 100, talksMs: 30_000 });
	});
	after(() => simulator.close());

	for (const [what, provider, key, calls] of [
		['places no second call with an Idempotency Key', 'bitel', randomUUID(), 1],
		['places no second call with an Idempotency Key', 'autocall', randomUUID(), 1],
		['places a second one without', 'bitel', '', 2],
	] as const) {
		it(`${what}, when it was killed after the answer (${provider})`, async () => {
			const phone = provider === 'bitel' ? iranian(1) : vietnamese(1);
			const parameters = {
				phoneNumber: '={{ $json.body.phone }}',
				code: '1234',
				waitForResult: true,
				options: { idempotencyKey: '={{ $json.body.key }}' },
			};
			const send = provider === 'bitel' ? bitelSend : autocallSend;
			const path = randomUUID();
			const nodes = [webhook(path, 'onReceived'), { name: 'Call', ...send(simulator, parameters) }];
			const workflow = await n8n.createWorkflow('Call and wait', nodes);
			await n8n.publish(workflow);
			await n8n.callWebhook(path, { phone, key });
			await eventually('The call is placed', () => simulator.counters.placed === 1);
			await n8n.kill('main');
			await n8n.restart('main');
			const [crashed] = await n8n.allEnded(workflow, 1);
			assert.equal(crashed?.status, 'crashed');
			simulator.change({ talksMs: 100 });
			await n8n.retry(crashed.id);
			const outcomes = (await n8n.allEnded(workflow, 2)).map(outcomeOf);
			say(`${String(simulator.counters.placed)} calls; ${outcomes.join(' | ')}`);
			assert.ok(outcomes.some((outcome) => outcome.startsWith('retry ')));
			assert.equal(simulator.counters.sends, calls);
			await n8n.unpublish(workflow);
		});
	}
});
