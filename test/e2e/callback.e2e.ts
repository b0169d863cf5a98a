import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { SIMULATOR_TOKEN, type Simulator, startSimulator } from '../../tools/simulator';
import { vietnamese } from '../n8n/accounts';
import { n8nInQueueMode } from './hosts/hooks';
import type { N8n } from './hosts/n8n';
import { at } from './hosts/n8nApi';
import { eventually } from './hosts/programs';
import { webhook } from './hosts/workflows';

describe('n8n in queue mode, woken at the address of each call', () => {
	let n8n: N8n;
	let simulator: Simulator;
	before(async () => {
		n8n = await n8nInQueueMode();
		simulator = await startSimulator({ queuedMs: 500, ringsMs: 500, talksMs: 4_000 });
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const publish = async () => {
		const path = randomUUID();
		const workflow = await n8n.createWorkflow('Call and wait at its address', [
			webhook(path, 'onReceived'),
			{
				name: 'Call',
				type: 'sendOtpCall',
				credentials: {
					esmsApi: {
						apiKey: SIMULATOR_TOKEN,
						secretKey: SIMULATOR_TOKEN,
						baseUrl: simulator.url,
					},
				},
				parameters: {
					provider: 'esms',
					phoneNumber: '={{ $json.body.phone }}',
					code: '={{ $json.body.code }}',
					waitForResult: true,
					options: { waitFor: 'event', waitTimeout: 300 },
				},
			},
		]);
		await n8n.publish(workflow);
		return { workflow, path };
	};
	const start = (path: string, index: number) =>
		n8n.callWebhook(path, { phone: vietnamese(index), code: '1234' });
	const isParked = async (workflow: string): Promise<boolean> => {
		const executions = await n8n.executions(workflow);
		return executions.length > 0 && executions.every(({ status }) => status === 'waiting');
	};

	for (const esmsCallbackQuery of ['joined', 'appended'] as const) {
		it(`goes on with its own call, without a trigger (parameters ${esmsCallbackQuery})`, async () => {
			simulator.change({ esmsCallbackQuery });
			const { workflow, path } = await publish();
			await Promise.all([1, 2, 3, 4].map((index) => start(path, index)));
			const executions = await n8n.allEnded(workflow, 4);
			const numbers = executions.map(({ outputsOf, status }) => {
				assert.equal(status, 'success');
				const [output] = outputsOf('Call')[0] ?? [];
				assert.deepEqual([at(output, 'status'), at(output, 'answered')], ['completed', null]);
				return at(output, 'phoneNumber');
			});
			assert.equal(new Set(numbers).size, 4);
			assert.equal(simulator.counters.placed, 4);
			assert.ok(simulator.deliveries.every(({ method }) => method === 'GET'));
		});
	}

	it('is found by its event when the answer to its send was lost, and was placed once', async () => {
		simulator.faults.add({ fault: { kind: 'reset-after-placing' }, times: 1 });
		const { workflow, path } = await publish();
		await start(path, 9);
		const [execution] = await n8n.allEnded(workflow, 1);
		const output = execution?.outputsOf('Call')[0]?.[0];
		assert.equal(at(output, 'status'), 'completed');
		assert.equal(at(output, 'callId'), simulator.calls[0]?.callId);
		assert.equal(simulator.counters.sends, 2);
		assert.equal(simulator.counters.placed, 1);
	});

	it('stays parked at a forged GET, and answers another signature 401', async () => {
		simulator.change({ talksMs: 12_000 });
		const { workflow, path } = await publish();
		await start(path, 10);
		await eventually('It is parked', () => isParked(workflow), 30_000);
		const address = String(at(simulator.requests[0]?.json, 'CallbackUrl'));
		const before = simulator.requests.length;
		const forged = `${address}&SMSID=x&SendStatus=5&SendSuccess=1&SendFailed=0`;
		assert.equal((await fetch(forged)).status, 200);
		assert.equal(simulator.requests.length, before + 1);
		assert.ok(await isParked(workflow), 'A forged event has woken it before the call ended');
		const wrong = address.replace(/signature=..../, 'signature=0000');
		assert.equal((await fetch(wrong)).status, 401);
		const [ended] = await n8n.allEnded(workflow, 1);
		assert.equal(at(ended?.outputsOf('Call')[0]?.[0], 'status'), 'completed');
	});
});
