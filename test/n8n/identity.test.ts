import assert from 'node:assert/strict';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { autocallSend, bitelSend, iranian, phones, vietnamese } from './accounts';
import { runNode } from './engine';
import type { NodeRun } from './engine';
import { processedValues } from './processedValues';
import { record, shown, text } from './reading';

const continuing = { settings: { onError: 'continueRegularOutput' } } as const;
const refusal = {
	kind: 'status',
	status: 400,
	body: { result: null, error: 'InvalidServer' },
} as const;
const short = { queuedMs: 0, ringsMs: 0, talksMs: 0 };

describe('the identity of a call in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => {
		simulator.reset();
		processedValues.clear();
	});
	after(() => simulator.close());

	const json = ({ outputs }: NodeRun): Record<string, unknown> => record(outputs[0]?.[0]?.json);
	const kind = (run: NodeRun): unknown => record(json(run)['details']).kind ?? 'placed';

	/** Runs a new execution of one call with an Idempotency Key. */
	const bitel = (idempotencyKey: string, item: { phone?: string; code?: string } = {}) =>
		runNode({
			...bitelSend(simulator, { options: { idempotencyKey } }),
			items: [{ phone: iranian(1), code: '1234', ...item }],
			...continuing,
		});
	const autocall = (idempotencyKey: string, parameters = {}) =>
		runNode({
			...autocallSend(simulator, { options: { idempotencyKey }, ...parameters }),
			items: [{ phone: vietnamese(1), code: '1234' }],
			...continuing,
		});

	it('places one call for a key, and puts out the first one in every other execution', async () => {
		simulator.change(short);
		const first = json(await autocall('order-1'));
		const second = json(await autocall('order-1'));
		assert.equal(first['alreadyPlaced'], undefined);
		assert.equal(second['alreadyPlaced'], true);
		assert.equal(second['callId'], first['callId']);
		assert.equal(second['answered'], true);
		assert.equal(simulator.counters.sends, 1);
		assert.equal(kind(await autocall('order-2')), 'placed');
		assert.equal(simulator.counters.sends, 2);
	});

	it('finds the call by its key even when the store is lost', async () => {
		simulator.change(short);
		const first = json(await autocall('order-1'));
		processedValues.clear();
		const second = json(await autocall('order-1'));
		assert.equal(second['callId'], first['callId']);
		assert.equal(second['alreadyPlaced'], true);
		assert.equal(simulator.counters.sends, 1);
	});

	it('says that a call was placed already where the provider has no reference of ours', async () => {
		await bitel('order-1');
		const second = await bitel('order-1');
		assert.equal(kind(second), 'already-placed');
		const details = record(json(second)['details']);
		assert.equal(details.callMayHaveBeenPlaced, true);
		assert.match(text(details.remedy), /panel.*another Idempotency Key/);
		assert.equal(simulator.counters.sends, 1);
	});

	it('keeps a key to its number and its code', async () => {
		await bitel('order-1');
		for (const [item, rule] of [
			[{ phone: iranian(2) }, /another phone number/],
			[{ code: '4321' }, /another code/],
		] as const) {
			const run = await bitel('order-1', item);
			assert.equal(kind(run), 'invalid-input');
			assert.match(text(json(run)['error']), rule);
		}
		assert.equal(simulator.counters.sends, 1);
	});

	it('gives the key back when no call was placed, and keeps it when nobody knows', async () => {
		simulator.faults.add({ fault: refusal, times: 1 });
		assert.equal(kind(await bitel('order-1')), 'refused');
		assert.deepEqual(processedValues.all(), []);
		assert.equal(kind(await bitel('order-1')), 'placed');
		simulator.faults.add({ fault: { kind: 'reset-before-placing' }, times: 1 });
		assert.equal(kind(await bitel('order-2')), 'outcome-unknown');
		assert.equal(kind(await bitel('order-2')), 'already-placed');
		assert.equal(simulator.counters.sends, 3);
	});

	it('places nothing when its store cannot be used', async () => {
		processedValues.breakWith(new Error('no database'));
		const run = await bitel('order-1');
		processedValues.breakWith(null);
		assert.match(
			text(json(run)['error']),
			/^Idempotency Key cannot be checked, so no call is placed/,
		);
		assert.equal(simulator.counters.sends, 0);
	});

	it('makes the same code again for the same key, and stores it nowhere', async () => {
		simulator.change(short);
		const generate = { generateCode: true };
		const first = await autocall('order-1', generate);
		const second = await autocall('order-1', generate);
		const code = text(json(first)['code']);
		assert.match(code, /^\d{6}$/);
		assert.equal(json(second)['code'], code);
		assert.ok(!JSON.stringify(processedValues.all()).includes(code));
		const context: unknown = first.run.data.executionData?.contextData;
		assert.ok(!JSON.stringify(context ?? {}).includes(code));
	});

	it('does not hold for two keys, or without one', async () => {
		for (const key of ['', '', 'a', 'b']) assert.equal(kind(await bitel(key)), 'placed');
		assert.equal(simulator.counters.sends, 4);
	});

	it('refuses a Reference ID of the user’s own that belongs to a call already', async () => {
		simulator.change(short);
		const send = (phone: string) =>
			runNode({
				...autocallSend(simulator, { refId: 'order-77', waitForResult: true }),
				items: [{ phone, code: '1234' }],
				...continuing,
			});
		assert.equal(kind(await send(vietnamese(1))), 'placed');
		const again = await send(vietnamese(2));
		assert.equal(kind(again), 'invalid-input');
		assert.match(text(json(again)['error']), /^Reference ID belongs to another call already/);
		assert.equal(simulator.counters.sends, 1);
	});
});

describe('a batch in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	it('is checked before the first phone rings: one bad item of 500, and nobody is called', async () => {
		const items = phones(500).map((item, index) =>
			index === 250 || index === 400 ? { ...item, phone: 'none' } : item,
		);
		const run = await runNode({ ...bitelSend(simulator), items });
		const { context, description, details, message } = shown(run.error);
		assert.match(message, /^Phone Number is not a possible phone number of Iran \[item 250\]$/);
		assert.match(description, /Nothing was sent for any item\. Item 400: Phone Number is not/);
		assert.equal(context['itemIndex'], 250);
		assert.deepEqual(
			Array.isArray(details['badItems']) ? details['badItems'].map((bad) => record(bad).item) : [],
			[250, 400],
		);
		assert.equal(simulator.counters.sends, 0);
	});

	it('names the calls that were placed before the provider refused one', async () => {
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(2) } });
		const node = bitelSend(simulator, { options: { concurrency: 1 } });
		const run = await runNode({ ...node, items: phones(4) });
		const placed = shown(run.error).details['placed'];
		assert.deepEqual(
			(Array.isArray(placed) ? placed : []).map((each) => record(each).item),
			[0, 1],
		);
		for (const each of Array.isArray(placed) ? placed : []) {
			assert.match(text(record(each).callId), /^[0-9a-f]{32}$/);
		}
		assert.equal(simulator.counters.sends, 3);
	});
});

describe('the limits of calls in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => {
		simulator.reset();
		processedValues.clear();
	});
	after(() => simulator.close());

	const kinds = ({ outputs }: NodeRun) =>
		(outputs[0] ?? []).map(({ json }) => record(json['details']).kind ?? 'placed');
	const call = (options: Record<string, number>, count = 1, type = 'sendOtpCall') =>
		runNode({
			...bitelSend(simulator, { options: { concurrency: 1, ...options } }),
			type,
			items: phones(count),
			...continuing,
		});

	it('are seen by nodes with other seconds', async () => {
		for (const seconds of [1, 60, 600, 3_600, 86_400]) {
			processedValues.clear();
			assert.deepEqual(kinds(await call({ coolDownSeconds: seconds })), ['placed']);
			assert.deepEqual(kinds(await call({ coolDownSeconds: 300 })), ['cooling-down']);
			assert.deepEqual(kinds(await call({ coolDownSeconds: 86_400 })), ['cooling-down']);
		}
	});

	it('give back what a first rule took when a second one fails', async () => {
		assert.deepEqual(kinds(await call({ maxCallsPerHour: 1 })), ['placed']);
		const left = processedValues.all();
		assert.deepEqual(kinds(await call({ coolDownSeconds: 600, maxCallsPerHour: 1 })), [
			'cooling-down',
		]);
		assert.deepEqual(processedValues.all(), left);
	});

	it('hold a budget for all numbers together, in an hour and in a day', async () => {
		const hourly = await call({ maxCallsPerHourAll: 3 }, 5);
		assert.equal(kinds(hourly).filter((kind) => kind === 'placed').length, 3);
		assert.equal(kinds(hourly).filter((kind) => kind === 'refused-by-rule').length, 2);
		const error = hourly.outputs[0]?.find(({ json }) => json['error'] !== undefined)?.json['error'];
		assert.match(text(error), /Max Calls per Hour, All Numbers is 3/);
		assert.equal(simulator.counters.sends, 3);
		processedValues.clear();
		assert.equal(kinds(await call({ maxCallsPerDayAll: 40 }, 41)).at(-1), 'refused-by-rule');
		assert.equal(simulator.counters.sends, 43);
	});

	it('give a place of the budget back when no call was placed', async () => {
		simulator.faults.add({ fault: refusal, times: 1 });
		assert.deepEqual(kinds(await call({ maxCallsPerHourAll: 1 })), ['refused']);
		assert.deepEqual(kinds(await call({ maxCallsPerHourAll: 1 })), ['placed']);
		assert.deepEqual(kinds(await call({ maxCallsPerHourAll: 1 })), ['refused-by-rule']);
	});
});
