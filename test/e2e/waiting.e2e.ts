import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { type Simulator, startSimulator } from '../../tools/simulator';
import { autocallSend, vietnamese } from '../n8n/accounts';
import { n8nInQueueMode } from './hosts/hooks';
import type { N8n } from './hosts/n8n';
import { at } from './hosts/n8nApi';
import { eventually, say } from './hosts/programs';
import {
	calledByWorkflow,
	callEnded,
	executeForEachItem,
	manualTrigger,
	theseItems,
	webhook,
} from './hosts/workflows';

const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, index) => make(index));

const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10;

describe('n8n in queue mode, waiting for the provider’s event', () => {
	let n8n: N8n;
	let simulator: Simulator;
	let trigger: string;
	before(async () => {
		n8n = await n8nInQueueMode();
		simulator = await startSimulator({ queuedMs: 500, ringsMs: 500, talksMs: 2_000 });
		trigger = await n8n.createWorkflow('Call ended, wake', [
			callEnded(autocallSend(simulator).credentials),
		]);
		await n8n.publish(trigger);
	});
	after(async () => {
		await n8n.unpublish(trigger);
		await simulator.close();
	});

	const sending = (waitFor: 'event' | 'polling', parameters = {}) => ({
		name: 'Call',
		...autocallSend(simulator, {
			waitForResult: true,
			options: { waitFor, waitTimeout: 300 },
			...parameters,
		}),
	});
	const fromBody = { phoneNumber: '={{ $json.body.phone }}', code: '={{ $json.body.code }}' };

	const publishSending = async (waitFor: 'event' | 'polling') => {
		const path = randomUUID();
		const workflow = await n8n.createWorkflow(`Call and wait (${waitFor})`, [
			webhook(path, 'onReceived'),
			sending(waitFor, fromBody),
		]);
		await n8n.publish(workflow);
		return { workflow, path };
	};
	const isParked = async (workflow: string, count: number): Promise<boolean> => {
		const executions = await n8n.executions(workflow);
		return executions.filter(({ status }) => status === 'waiting').length === count;
	};
	const placed = () => simulator.counters.placed;

	it('is woken by the event, and puts out how the call ended, each one its own', async () => {
		const { workflow, path } = await publishSending('event');
		const before = placed();
		await Promise.all(
			times(6, (index) => n8n.callWebhook(path, { phone: vietnamese(index), code: '1234' })),
		);
		const executions = await n8n.allEnded(workflow, 6);
		const numbers = executions.map(({ outputsOf, status }) => {
			assert.equal(status, 'success');
			const [output] = outputsOf('Call')[0] ?? [];
			assert.equal(at(output, 'answered'), true);
			assert.equal(at(output, 'final'), true);
			return at(output, 'phoneNumber');
		});
		assert.equal(new Set(numbers).size, 6);
		assert.equal(placed() - before, 6);
	});

	it('holds no worker meanwhile, and outlives the death of every process', async () => {
		simulator.change({ talksMs: 40_000 });
		const { workflow, path } = await publishSending('event');
		const before = placed();
		const start = performance.now();
		await Promise.all(
			times(20, (index) => n8n.callWebhook(path, { phone: vietnamese(100 + index), code: '1' })),
		);
		await eventually('All are parked', () => isParked(workflow, 20), 30_000);
		await Promise.all([
			n8n.kill('main'),
			n8n.kill('webhook'),
			...n8n.workers.map((worker) => n8n.kill(worker)),
		]);
		await n8n.restart('main');
		await Promise.all(['webhook' as const, ...n8n.workers].map((name) => n8n.restart(name)));
		say(`20 parked, everything killed and back after ${seconds(start)} s`);
		const executions = await n8n.allEnded(workflow, 20);
		const ends = executions.map(({ outputsOf }) => at(outputsOf('Call')[0]?.[0], 'status'));
		say(`20 resumed after ${seconds(start)} s, ${placed() - before} sends`);
		assert.deepEqual(new Set(ends), new Set(['completed']));
		assert.equal(placed() - before, 20);
		simulator.change({ talksMs: 2_000 });
	});

	it('is woken once by two events at the same moment, and by no forged one before the end', async () => {
		simulator.change({ talksMs: 6_000 });
		const { workflow, path } = await publishSending('event');
		await n8n.callWebhook(path, { phone: vietnamese(200), code: '1234' });
		await eventually('It is parked', () => isParked(workflow, 1), 30_000);
		const send = simulator.requests.findLast(({ url }) => url.endsWith('/autocall/otp'));
		const reference = at(send?.json, 'ref_id');
		const [registration] = simulator.registrations;
		assert.ok(typeof reference === 'string' && registration !== undefined);
		const forged = {
			id: randomUUID(),
			status: 'answered',
			to_number: vietnamese(200),
			additional: { ref_id: reference },
		};
		const deliver = () =>
			fetch(registration.callbackUrl, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ ...forged, id: randomUUID() }),
			});
		const answers = await Promise.all([deliver(), deliver()]);
		assert.deepEqual(
			answers.map(({ status }) => status),
			[200, 200],
		);
		await new Promise((resolve) => setTimeout(resolve, 2_000));
		assert.ok(await isParked(workflow, 1), 'A forged event has woken it before the call ended');
		const [ended] = await n8n.allEnded(workflow, 1);
		assert.equal(at(ended?.outputsOf('Call')[0]?.[0], 'status'), 'completed');
		assert.equal((await n8n.executions(workflow)).length, 1);
		simulator.change({ talksMs: 2_000 });
	});

	it('works in a workflow that is started by hand, and in a sub-workflow for each item', async () => {
		const calling = await n8n.createWorkflow('Call one and wait', [
			calledByWorkflow,
			sending('event', { phoneNumber: '={{ $json.phone }}', code: '={{ $json.code }}' }),
		]);
		await n8n.publish(calling);
		const people = times(3, (index) => ({ phone: vietnamese(300 + index), code: '1234' }));
		const parent = await n8n.createWorkflow('Call each and wait', [
			manualTrigger,
			theseItems(people),
			executeForEachItem(calling),
		]);
		const before = placed();
		const execution = await n8n.ended(await n8n.runManually(parent, 'Manual'));
		assert.equal(execution.status, 'success', JSON.stringify(execution.error));
		const called = await n8n.allEnded(calling, 3);
		for (const { outputsOf } of called) {
			assert.equal(at(outputsOf('Call')[0]?.[0], 'answered'), true);
		}
		assert.equal(placed() - before, 3);
	});

	for (const waitFor of ['polling', 'event'] as const) {
		it(`says how long a burst of calls takes with one worker, by ${waitFor}`, async () => {
			simulator.change({ talksMs: 29_000 });
			const [, second] = n8n.workers;
			assert.ok(second !== undefined);
			const { workflow, path } = await publishSending(waitFor);
			await n8n.stop(second);
			const start = performance.now();
			await Promise.all(
				times(60, (index) => n8n.callWebhook(path, { phone: vietnamese(400 + index), code: '1' })),
			);
			await eventually(
				'All are through',
				async () => {
					const sql = `select count(*) from execution_entity where status = 'success' and "workflowId" = '${workflow}'`;
					return Number((await n8n.database.query(sql))[0]?.[0]) === 60;
				},
				280_000,
			);
			say(`60 calls of 30 s, one worker of 10 slots, ${waitFor}: ${seconds(start)} s`);
			await n8n.restart(second);
			simulator.change({ talksMs: 2_000 });
		});
	}
});
