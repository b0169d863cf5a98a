import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { type Simulator, startSimulator } from '../../tools/simulator';
import { autocallSend, bitelSend, iranian, sandboxSend, vietnamese } from '../n8n/accounts';
import { n8nInQueueMode } from './hosts/hooks';
import type { N8n } from './hosts/n8n';
import { at, textAt } from './hosts/n8nApi';
import { eventually, say } from './hosts/programs';
import {
	callEnded,
	calledByWorkflow,
	executeForEachItem,
	manualTrigger,
	splitOut,
	theseItems,
	webhook,
} from './hosts/workflows';

/** What a webhook of these tests is called with lies in the body. */
const fromBody = { phoneNumber: '={{ $json.body.phone }}', code: '={{ $json.body.code }}' };

const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, index) => make(index));

describe('n8n in queue mode, with two workers', () => {
	let n8n: N8n;
	let simulator: Simulator;
	before(async () => {
		n8n = await n8nInQueueMode();
		simulator = await startSimulator({ queuedMs: 100, ringsMs: 100, talksMs: 100 });
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	/** A published workflow that calls what its webhook is given. @returns its ID, and its webhook's path */
	const publishSending = async (
		provider: string,
		send: ReturnType<typeof sandboxSend>,
		responseMode?: 'onReceived' | 'lastNode',
	) => {
		const path = randomUUID();
		const nodes = [webhook(path, responseMode), { name: 'Call', ...send }];
		const workflow = await n8n.createWorkflow(`Webhook and ${provider}`, nodes);
		await n8n.publish(workflow);
		return { workflow, path };
	};

	it('answers each of many webhooks with the call that it has asked for', async () => {
		const kinds = {
			sandbox: { send: sandboxSend(fromBody), phone: iranian },
			bitel: { send: bitelSend(simulator, fromBody), phone: iranian },
			autocall: { send: autocallSend(simulator, fromBody), phone: vietnamese },
		};
		const busy = new Set<string | undefined>();
		for (const [provider, { send, phone }] of Object.entries(kinds)) {
			const { workflow, path } = await publishSending(provider, send);
			const answers = await Promise.all(
				times(8, async (index) => {
					const answer = await n8n.callWebhook(path, { phone: phone(index), code: '1234' });
					assert.equal(answer.status, 200, JSON.stringify(answer.body));
					assert.equal(at(answer.body, 0, 'provider'), provider);
					const called = textAt(answer.body, 0, 'phoneNumber');
					assert.equal(called.slice(-9), phone(index).slice(-9));
					return textAt(answer.body, 0, 'callId');
				}),
			);
			assert.equal(new Set(answers).size, 8);
			const executions = await n8n.allEnded(workflow, 8);
			for (const { id, status } of executions) {
				assert.equal(status, 'success');
				busy.add(n8n.workerOf(id));
			}
		}
		assert.equal(simulator.counters.placed, 16);
		assert.deepEqual([...busy].sort(), ['worker1', 'worker2']);
	});

	it('calls a number at most once in each worker while it cools down', async () => {
		const parameters = {
			phoneNumber: "={{ $json['body.phones'] }}",
			code: '1234',
			options: { coolDownSeconds: 60 },
		};
		const path = randomUUID();
		const workflow = await n8n.createWorkflow('Cool-down', [
			webhook(path, 'onReceived'),
			splitOut('body.phones'),
			{
				name: 'Call',
				...bitelSend(simulator, parameters),
				settings: { onError: 'continueRegularOutput' },
			},
		]);
		await n8n.publish(workflow);
		const [atOnce, itemsEach] = [8, 5];
		const numbers = times(4, (index) => iranian(100 + index));
		for (const [index, phone] of numbers.entries()) {
			const body = { phones: times(itemsEach, () => phone) };
			await Promise.all(times(atOnce, () => n8n.callWebhook(path, body)));
			await n8n.allEnded(workflow, atOnce * (index + 1));
		}
		const placed = numbers.map((phone) => simulator.counters.placedByNumber.get(phone) ?? 0);
		say(`calls to a number that ${atOnce} executions call at once: ${placed.join(', ')}`);
		// n8n's store has no lock that holds over processes: each worker may call once.
		for (const count of placed) assert.ok(count >= 1 && count <= n8n.workers.length);
		const executions = await n8n.executions(workflow);
		const items = executions.flatMap((execution) => execution.outputsOf('Call')[0] ?? []);
		const refused = items.filter((item) => at(item, 'error') !== undefined);
		assert.equal(items.length, numbers.length * atOnce * itemsEach);
		assert.equal(items.length - refused.length, simulator.counters.placed);
		for (const item of refused) assert.match(textAt(item, 'error'), /cool/i);
	});

	it('starts one execution for one event, while the trigger is published', async () => {
		const { credentials } = autocallSend(simulator);
		const triggered = await n8n.createWorkflow('Call ended', [callEnded(credentials)]);
		assert.equal(simulator.registrations.length, 0);
		await n8n.publish(triggered);
		assert.deepEqual(
			simulator.registrations.map(({ event }) => event),
			['cdr'],
		);
		assert.ok(simulator.registrations[0]?.callbackUrl.startsWith(n8n.urlOf('webhook')));

		const phone = { phoneNumber: vietnamese(200), code: '1234' };
		const sending = await n8n.createWorkflow('Call', [
			manualTrigger,
			{ name: 'Call', ...autocallSend(simulator, phone) },
		]);
		const sent = await n8n.ended(await n8n.runManually(sending, 'Manual'));
		const callId = textAt(sent.outputsOf('Call'), 0, 0, 'callId');
		const [started] = await n8n.allEnded(triggered, 1);
		assert.equal(started?.status, 'success');
		assert.equal(at(started.outputsOf('Call Ended'), 0, 0, 'callId'), callId);
		assert.equal(at(started.outputsOf('Call Ended'), 0, 0, 'status'), 'completed');

		const [delivery] = simulator.deliveries;
		assert.ok(delivery !== undefined);
		await simulator.repeatDelivery(delivery);
		await n8n.unpublish(triggered);
		await eventually('The registration is gone', () => simulator.registrations.length === 0);
		assert.equal((await n8n.executions(triggered)).length, 1);
	});

	it('runs a workflow that is started by hand in a worker', async () => {
		const phone = { phoneNumber: iranian(300), code: '1234', waitForResult: true };
		const workflow = await n8n.createWorkflow('By hand', [
			manualTrigger,
			{ name: 'Call', ...bitelSend(simulator, phone) },
		]);
		const execution = await n8n.ended(await n8n.runManually(workflow, 'Manual'));
		assert.equal(execution.status, 'success');
		assert.equal(execution.mode, 'manual');
		assert.equal(at(execution.outputsOf('Call'), 0, 0, 'answered'), true);
		assert.ok(n8n.workerOf(execution.id) !== undefined);
		assert.equal(simulator.counters.placed, 1);
	});

	it('calls once for each item that a sub-workflow is run for', async () => {
		const calling = await n8n.createWorkflow('Call one', [
			calledByWorkflow,
			{ name: 'Call', ...bitelSend(simulator) },
		]);
		await n8n.publish(calling);
		const people = times(3, (index) => ({ phone: iranian(400 + index), code: `123${index}` }));
		const parent = await n8n.createWorkflow('Call each', [
			manualTrigger,
			theseItems(people),
			executeForEachItem(calling),
		]);
		const execution = await n8n.ended(await n8n.runManually(parent, 'Manual'));
		assert.equal(execution.status, 'success', JSON.stringify(execution.error));
		const [items = []] = execution.outputsOf('For Each Item');
		assert.deepEqual(
			items.map((item) => textAt(item, 'phoneNumber').replace('+98', '0')),
			people.map(({ phone }) => phone),
		);
		assert.equal((await n8n.allEnded(calling, 3)).length, 3);
		assert.equal(simulator.counters.sends, 3);
	});
});
