import assert from 'node:assert/strict';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { bitelSend, bitelStatus, iranian, phones } from './accounts';
import { runNode } from './engine';
import { leftBehind } from './secrets';
import { record, shown, text } from './reading';

const refusal = {
	kind: 'status',
	status: 400,
	body: { result: null, error: 'InvalidServer' },
} as const;

describe('errors in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const failAt = (index: number) =>
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(index) } });

	it('puts out an error item with message and details on the regular output, linked to its item', async () => {
		failAt(1);
		const run = await runNode({
			...bitelSend(simulator),
			items: phones(3),
			settings: { onError: 'continueRegularOutput' },
		});
		assert.equal(run.run.status, 'success');
		const [output = []] = run.outputs;
		assert.deepEqual(
			output.map(({ pairedItem }) => pairedItem),
			[{ item: 0 }, { item: 1 }, { item: 2 }],
		);
		assert.deepEqual(output[1], {
			json: {
				error: 'Bitel does not know this server ID (HTTP 400): “InvalidServer”',
				details: {
					phoneNumber: `+98${iranian(1).slice(1)}`,
					kind: 'refused',
					remedy:
						'Copy the server ID from your Bitel panel into Server ID, or leave it empty to use the default',
					providerCode: 'InvalidServer',
					httpStatus: 400,
					callMayHaveBeenPlaced: false,
				},
			},
			pairedItem: { item: 1 },
		});
	});

	it('sends failed items to the error output, with the json that came in and the details', async () => {
		failAt(0);
		const run = await runNode({
			...bitelSend(simulator),
			items: phones(2).map((item, order) => ({ ...item, order })),
			settings: { onError: 'continueErrorOutput' },
		});
		const [good = [], failed = []] = run.outputs;
		assert.deepEqual(
			good.map(({ pairedItem }) => pairedItem),
			[{ item: 1 }],
		);
		assert.equal(failed.length, 1);
		assert.equal(failed[0]?.json['order'], 0);
		assert.equal(failed[0]?.json['phone'], iranian(0));
		assert.match(text(failed[0]?.json['error']), /does not know this server ID/);
		assert.equal(record(failed[0]?.json['details']).kind, 'refused');
	});

	it('stops with an error that names the item, the remedy and who has been called', async () => {
		failAt(2);
		const run = await runNode({
			...bitelSend(simulator, { options: { concurrency: 1 } }),
			items: phones(5),
		});
		assert.equal(run.run.status, 'error');
		const error = shown(run.error);
		assert.equal(
			error.message,
			'Bitel does not know this server ID (HTTP 400): “InvalidServer” [item 2]',
		);
		assert.equal(
			error.description,
			'Copy the server ID from your Bitel panel into Server ID, or leave it empty to use the default. ' +
				'Calls were placed for items 0–1 of 5. Retry On Fail does not place them again, a new execution does',
		);
		assert.equal(error.context.itemIndex, 2);
		assert.equal(error.details.kind, 'refused');
		assert.equal(record(run.error).httpCode, '400');
		assert.equal(simulator.counters.placed, 2);
		assert.equal(simulator.counters.sends, 3);
	});

	it('starts no new call after a failure, and awaits those that are under way', async () => {
		failAt(1);
		for (const index of [0, 2, 3]) {
			const match = { phoneNumber: iranian(index) };
			simulator.faults.add({ fault: { kind: 'delay', ms: 300 }, match });
		}
		const run = await runNode({
			...bitelSend(simulator, { options: { concurrency: 4 } }),
			items: phones(20),
		});
		assert.equal(run.run.status, 'error');
		assert.equal(simulator.counters.sends, 4);
		assert.equal(simulator.counters.placed, 3);
		assert.match(shown(run.error).description, /Calls were placed for items 0, 2–3 of 20/);
	});

	it('names the first failing item when several fail', async () => {
		for (const index of [1, 2]) failAt(index);
		const run = await runNode({ ...bitelSend(simulator), items: phones(3) });
		assert.equal(shown(run.error).context.itemIndex, 1);
	});

	it('keeps its own words where n8n would put others, as for ECONNREFUSED', async () => {
		const node = bitelStatus(simulator);
		const account = { ...node.credentials['bitelApi'], baseUrl: 'http://127.0.0.1:9' };
		const run = await runNode({
			...node,
			credentials: { bitelApi: account },
			items: [{ callId: 'abc' }],
		});
		const error = shown(run.error);
		assert.equal(
			error.message,
			'Bitel cannot be reached: nothing answers at that address (ECONNREFUSED)',
		);
		assert.match(error.description, /^Check Base URL/);
	});

	it('says of a send of unknown outcome that the phone may ring', async () => {
		simulator.faults.add({ fault: { kind: 'reset-after-placing' } });
		const run = await runNode({ ...bitelSend(simulator), items: phones(1) });
		const error = shown(run.error);
		assert.equal(error.details.kind, 'outcome-unknown');
		assert.equal(error.details.callMayHaveBeenPlaced, true);
		assert.match(error.message, /The phone may still ring/);
		assert.match(error.description, /^Do not send again at once/);
		// There is one item: nothing is said of others, nor which one it was.
		assert.doesNotMatch(`${error.message} ${error.description}`, /item/);
		assert.equal(simulator.counters.sends, 1);
	});

	it('shows no token and no code, however the provider echoes them', async () => {
		const [token, code] = ['tok-5f2c9a7714', '48213'];
		const echo = [token, code, btoa(`x:${token}`), encodeURIComponent(token), [...code].join(' ')];
		simulator.faults.add({
			fault: { kind: 'status', status: 400, body: { result: null, error: echo.join(' | ') } },
		});
		const node = bitelSend(simulator);
		for (const onError of ['stopWorkflow', 'continueErrorOutput'] as const) {
			const run = await runNode({
				...node,
				credentials: { bitelApi: { ...node.credentials['bitelApi'], token } },
				items: [{ phone: iranian(1), code, keep: true }],
				settings: { onError },
			});
			// The error output repeats the item that came in; that is the workflow's own data.
			const said = leftBehind(run).replaceAll(`"code":"${code}"`, '');
			for (const secret of echo) assert.ok(!said.includes(secret), `${secret} in ${said}`);
		}
	});

	it('shows no code that stands in the parameters of the node', async () => {
		failAt(1);
		const run = await runNode({
			...bitelSend(simulator, { phoneNumber: iranian(1), code: '48213' }),
			items: [{}],
		});
		assert.equal(run.run.status, 'error');
		assert.ok(!leftBehind(run).includes('48213'), leftBehind(run));
	});
});
