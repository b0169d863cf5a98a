import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { type Simulator, startSimulator } from '../../tools/simulator';
import { autocallSend, bitelSend, iranian, vietnamese } from '../n8n/accounts';
import { n8nInQueueMode } from './hosts/hooks';
import type { N8n } from './hosts/n8n';
import { eventually } from './hosts/programs';
import { callEnded, manualTrigger, webhook } from './hosts/workflows';

describe('n8n in queue mode, when a process is killed', () => {
	let n8n: N8n;
	let simulator: Simulator;
	before(async () => {
		n8n = await n8nInQueueMode();
		simulator = await startSimulator({ queuedMs: 100, ringsMs: 100, talksMs: 100 });
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	/** A published workflow that calls a number as soon as its webhook is called. */
	const publishSending = async (phoneNumber: string) => {
		const path = randomUUID();
		const workflow = await n8n.createWorkflow('Send, then be killed', [
			webhook(path, 'onReceived'),
			{ name: 'Call', ...bitelSend(simulator, { phoneNumber, code: '1234' }) },
		]);
		await n8n.publish(workflow);
		return { workflow, path };
	};

	it('sends nothing twice when the worker dies between a send and its answer', async () => {
		const { workflow, path } = await publishSending(iranian(1));
		simulator.faults.add({
			match: { operation: 'send' },
			fault: { kind: 'never-answer', placesCall: true },
		});
		await n8n.callWebhook(path, {});
		await eventually('The send has arrived', () => simulator.counters.placed === 1);
		const [running] = await n8n.executions(workflow);
		const worker = running && n8n.workerOf(running.id);
		assert.ok(worker !== undefined);
		await n8n.kill(worker);
		// n8n sees that nobody works at it any more, while the other worker would be free to.
		const [crashed] = await n8n.allEnded(workflow, 1);
		assert.ok(['crashed', 'error'].includes(crashed?.status ?? ''), crashed?.status);
		await n8n.restart(worker);

		// Whatever was left to be done comes before what is asked for now.
		simulator.faults.clear();
		const next = await publishSending(iranian(2));
		await n8n.callWebhook(next.path, {});
		await n8n.allEnded(next.workflow, 1);
		assert.equal((await n8n.executions(workflow)).length, 1);
		assert.deepEqual(
			[iranian(1), iranian(2)].map((phone) => simulator.counters.placedByNumber.get(phone)),
			[1, 1],
		);
		assert.equal(simulator.counters.sends, 2);
	});

	it('takes up what was asked for while no worker was there', async () => {
		const { workflow, path } = await publishSending(iranian(3));
		await Promise.all(n8n.workers.map((worker) => n8n.kill(worker)));
		await n8n.callWebhook(path, {});
		await Promise.all(n8n.workers.map((worker) => n8n.restart(worker)));
		const [done] = await n8n.allEnded(workflow, 1);
		assert.equal(done?.status, 'success');
		assert.equal(simulator.counters.sends, 1);
	});

	it('takes events at the same address when main and the webhook process are back', async () => {
		const { credentials } = autocallSend(simulator);
		const triggered = await n8n.createWorkflow('Call ended', [callEnded(credentials)]);
		await n8n.publish(triggered);
		const before = [...simulator.registrations];
		await Promise.all([n8n.kill('main'), n8n.kill('webhook')]);
		await n8n.restart('main');
		await n8n.restart('webhook');
		assert.equal(before.length, 1);
		assert.deepEqual(simulator.registrations, before);

		const phone = { phoneNumber: vietnamese(1), code: '1234' };
		const sending = await n8n.createWorkflow('Call', [
			manualTrigger,
			{ name: 'Call', ...autocallSend(simulator, phone) },
		]);
		await n8n.ended(await n8n.runManually(sending, 'Manual'));
		const executions = await n8n.allEnded(triggered, 1);
		assert.deepEqual(
			executions.map(({ status }) => status),
			['success'],
		);
		await n8n.unpublish(triggered);
	});
});
