import assert from 'node:assert/strict';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { autocallSend, bitelSend, iranian, phones, vietnamese } from './accounts';
import { logger, runNode } from './engine';
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

	it('takes a code that the node makes and one that is given for two', async () => {
		simulator.change(short);
		await autocall('order-1', { generateCode: true });
		const given = await autocall('order-1');
		assert.equal(kind(given), 'invalid-input');
		assert.match(text(json(given)['error']), /another code/);
		await autocall('order-2');
		// It would put out a code that nobody has read out.
		assert.equal(kind(await autocall('order-2', { generateCode: true })), 'invalid-input');
		assert.equal(simulator.counters.sends, 2);
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

	it('has each call in n8n’s log: its ID where it has one, its number masked, and no code', async () => {
		const lines: string[] = [];
		logger.info = (line: string) => void lines.push(line);
		try {
			const callId = text(json(await autocall('order-1'))['callId']);
			simulator.faults.add({ fault: { kind: 'reset-after-placing' }, times: 1 });
			await bitel('order-2', { code: '80417' });
			await bitel('order-2', { code: '80417' });
			simulator.faults.add({ fault: refusal, times: 1 });
			await bitel('order-3');
			assert.deepEqual(
				lines.filter((line) => line.includes(': a call of ')),
				[
					`Under Test: a call of TEL4VN Autocall to +8433•••0150 was placed (call ID ${callId})`,
					'Under Test: a call of Bitel to +98912•••0150 may have been placed (it has no call ID)',
					'Under Test: a call of Bitel to +98912•••0150 may have been placed (it has no call ID)',
				],
			);
			assert.ok(!lines.join().includes('80417'));
		} finally {
			// The method of its class again.
			Reflect.deleteProperty(logger, 'info');
		}
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
		assert.match(description, /No call was placed for any item\. Item 400: Phone Number is not/);
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

describe('Send OTP Call as the tool of an AI agent', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => {
		simulator.reset();
		processedValues.clear();
	});
	after(() => simulator.close());

	const call = (type: string, options = {}, parameters = {}) =>
		runNode({
			...bitelSend(simulator, { generateCode: true, options, ...parameters }),
			type,
			items: phones(1),
		});
	const outcome = ({ outputs }: NodeRun) => record(outputs[0]?.[0]?.json);
	const kind = (run: NodeRun) => record(outcome(run)['details']).kind ?? 'placed';

	it('puts out no code that it has made: a model reads what it puts out', async () => {
		const tool = await call('sendOtpCallTool', {}, { simplify: false });
		const node = await call('sendOtpCall', {}, { simplify: false });
		assert.deepEqual([kind(tool), kind(node)], ['placed', 'placed']);
		const [first, second] = simulator.requests.map(({ json }) => text(record(json)['text']));
		assert.match(first ?? '', /^[0-9]{5}$/);
		assert.equal('code' in outcome(tool), false);
		assert.ok(!JSON.stringify(tool.outputs).includes(first ?? ''));
		// The same node in a workflow puts it out, for the workflow to check.
		assert.equal(outcome(node)['code'], second);
	});

	it('calls a number once a minute where nobody has chosen a cool-down', async () => {
		assert.equal(kind(await call('sendOtpCallTool')), 'placed');
		const again = await call('sendOtpCallTool');
		assert.equal(kind(again), 'cooling-down');
		const seconds = Number(record(outcome(again)['details']).retryAfterSeconds);
		assert.ok(seconds > 50 && seconds <= 63, String(seconds));
		assert.equal(simulator.counters.sends, 1);
		// In a workflow there is none unless somebody has chosen one.
		processedValues.clear();
		for (const _ of [1, 2]) assert.equal(kind(await call('sendOtpCall')), 'placed');
	});

	it('keeps to the cool-down that somebody has chosen, none included', async () => {
		for (const _ of [1, 2]) {
			assert.equal(kind(await call('sendOtpCallTool', { coolDownSeconds: 0 })), 'placed');
		}
		processedValues.clear();
		await call('sendOtpCallTool', { coolDownSeconds: 600 });
		const again = await call('sendOtpCallTool', { coolDownSeconds: 600 });
		assert.ok(Number(record(outcome(again)['details']).retryAfterSeconds) > 500);
	});

	it('does not park: an agent waits for the answer of its tool', async () => {
		simulator.change(short);
		const run = await runNode({
			...autocallSend(simulator, {
				waitForResult: true,
				options: { waitFor: 'event', pollInterval: 0.2 },
			}),
			type: 'sendOtpCallTool',
			items: [{ phone: vietnamese(1), code: '1234' }],
		});
		assert.equal(run.run.data.waitTill, undefined);
		assert.equal(outcome(run)['status'], 'completed');
	});
});
