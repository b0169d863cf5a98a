import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { sandboxSend } from '../n8n/accounts';
import { n8nInQueueMode } from './hosts/hooks';
import type { N8n } from './hosts/n8n';
import { eventually, say } from './hosts/programs';
import { type FlowNode, noOperation, webhook } from './hosts/workflows';

/** How many executions a round takes, and how many webhooks are called at a time. */
const round = { executions: 100, atOnce: 10 };

const rounds = 3;

const medianOf = (values: readonly number[]): number =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

// A figure to look at: machines are noisy, so none is demanded.
describe('How many executions a second n8n runs in queue mode', () => {
	let n8n: N8n;
	before(async () => {
		n8n = await n8nInQueueMode();
	});

	const finishedOf = async (workflow: string): Promise<number> => {
		const sql = `select count(*) from execution_entity where status = 'success' and "workflowId" = '${workflow}'`;
		return Number((await n8n.database.query(sql))[0]?.[0]);
	};

	const publish = async (node: FlowNode) => {
		const path = randomUUID();
		const nodes = [webhook(path, 'onReceived'), node];
		const workflow = await n8n.createWorkflow(`Throughput: ${node.name}`, nodes);
		await n8n.publish(workflow);
		const run = async (executions: number): Promise<number> => {
			const before = await finishedOf(workflow);
			const start = performance.now();
			let left = executions;
			const callAll = async () => {
				while (left-- > 0)
					assert.equal(
						(await n8n.callWebhook(path, { phone: '09123456789', key: randomUUID() })).status,
						200,
					);
			};
			await Promise.all(Array.from({ length: round.atOnce }, callAll));
			await eventually(
				'All have succeeded',
				async () => (await finishedOf(workflow)) === before + executions,
			);
			return executions / ((performance.now() - start) / 1000);
		};
		return { name: node.name, run, figures: Array<number>() };
	};

	it('is shown with our node beside one that does nothing', async () => {
		const send = sandboxSend({ phoneNumber: '={{ $json.body.phone }}', code: '1234' });
		const withKey = sandboxSend({
			...send.parameters,
			options: { idempotencyKey: '={{ $json.body.key }}' },
		});
		const cases = [
			await publish(noOperation),
			await publish({ name: 'Send OTP Call', ...send }),
			await publish({ name: 'Send OTP Call with an Idempotency Key', ...withKey }),
		];
		for (const { run } of cases) await run(30);
		for (let count = 0; count < rounds; count += 1)
			for (const { run, figures } of cases) figures.push(await run(round.executions));
		for (const { name, figures } of cases)
			say(
				`${name}: ${medianOf(figures).toFixed(1)} executions/s (${figures.map((figure) => figure.toFixed(1)).join(', ')})`,
			);
	});
});
