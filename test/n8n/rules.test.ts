import assert from 'node:assert/strict';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { autocallSend, bitelSend, iranian, phones, vietnamese } from './accounts';
import { runNode } from './engine';
import type { NodeRun } from './engine';
import { processedValues } from './processedValues';
import { record, shown, text } from './reading';

const continuing = { settings: { onError: 'continueErrorOutput' } } as const;

/** A time of the day, so many hours from now. */
const timeIn = (hours: number, timeZone = 'Asia/Tehran'): string =>
	new Intl.DateTimeFormat('en-GB', {
		timeZone,
		hourCycle: 'h23',
		hour: '2-digit',
		minute: '2-digit',
	}).format(Date.now() + hours * 3_600_000);

const closed = `${timeIn(2)}-${timeIn(4)}`;
const open = `${timeIn(-2)}-${timeIn(2)}`;

describe('the rules of a send in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => {
		simulator.reset();
		processedValues.clear();
	});
	after(() => simulator.close());

	const send = (options: INodeParameters, items: IDataObject[] = phones(1), goOn = true) =>
		runNode({
			...bitelSend(simulator, { options }),
			items,
			...(goOn && continuing),
		});
	const failed = ({ outputs }: NodeRun): readonly Record<string, unknown>[] =>
		(outputs[1] ?? []).map(({ json }) => record(json['details']));
	const kinds = (run: NodeRun): readonly unknown[] => failed(run).map(({ kind }) => kind);

	it('refuse a call outside the Calling Hours, as data with the time to wait, and take nothing for it', async () => {
		const limits = { coolDownSeconds: 60, maxCallsPerHourAll: 5, idempotencyKey: 'order-1' };
		const run = await send({ callingHours: closed, ...limits });
		const [details] = failed(run);
		assert.equal(details?.['kind'], 'refused-by-rule');
		assert.equal(details['field'], 'callingHours');
		assert.equal(details['callMayHaveBeenPlaced'], false);
		const seconds = Number(details['retryAfterSeconds']);
		assert.ok(seconds > 7_100 && seconds <= 7_200, String(seconds));
		assert.match(
			text(run.outputs[1]?.[0]?.json['error']),
			/^\+98912•••\d+ is not called now: it is \d\d:\d\d in Iran, and Calling Hours are /,
		);
		assert.equal(simulator.requests.length, 0);
		assert.deepEqual(processedValues.all(), []);
		assert.deepEqual(kinds(await send({ callingHours: open, ...limits })), []);
		assert.equal(simulator.counters.sends, 1);
	});

	it('refuse a number of the Do-Not-Call List, as text or from an expression', async () => {
		const items = phones(2).map((item) => ({ ...item, list: [Number(iranian(1))], hole: [null] }));
		for (const doNotCall of [`+98${iranian(1).slice(1)}\n`, '={{ $json.list }}']) {
			const run = await send({ doNotCall }, items);
			assert.deepEqual(kinds(run), ['refused-by-rule']);
			assert.equal(run.outputs[0]?.length, 1);
		}
		assert.equal(simulator.counters.placedByNumber.get(iranian(1)), undefined);
	});

	it('call nobody while the list cannot be read, or does not come', async () => {
		const items = phones(1).map((item) => ({ ...item, list: ['09123456789', null] }));
		for (const [doNotCall, rule] of [
			['={{ $json.list }}', /entry 2 is no phone number/],
			['={{ $json.nothing }}', /holds no numbers/],
			['{{ $json.list }}', /holds \{\{ … \}\} as plain text/],
			['09123456789, Ali', /entry 2 is no phone number/],
		] as const) {
			const run = await send({ doNotCall }, items);
			assert.deepEqual(kinds(run), ['invalid-input'], doNotCall);
			assert.match(text(run.outputs[1]?.[0]?.json['error']), rule);
		}
		assert.deepEqual(kinds(await send({ doNotCall: '', callingHours: '' })), []);
		assert.equal(simulator.counters.sends, 1);
	});

	it('are checked for a whole batch before the first phone rings', async () => {
		for (const options of [{ callingHours: closed }, { doNotCall: iranian(2) }]) {
			const run = await send(options, phones(3), false);
			const { description, details } = shown(run.error);
			assert.equal(details['kind'], 'refused-by-rule');
			assert.match(description, /No call was placed for any item/);
		}
		assert.equal(simulator.requests.length, 0);
	});

	it('are in no way of a repeat under an Idempotency Key: it places nothing, and puts the first call out', async () => {
		simulator.change({ queuedMs: 0, ringsMs: 0, talksMs: 0 });
		// Stopping at errors, so that the batch is checked first.
		const autocall = (idempotencyKey: string, rule = {}) =>
			runNode({
				...autocallSend(simulator, { options: { idempotencyKey, ...rule } }),
				items: [{ phone: vietnamese(1), code: '1234' }],
			});
		const first = await autocall('order-1');
		const zone = 'Asia/Ho_Chi_Minh';
		for (const rule of [
			{ callingHours: `${timeIn(2, zone)}-${timeIn(4, zone)}` },
			{ doNotCall: vietnamese(1) },
		]) {
			const json = record((await autocall('order-1', rule)).outputs[0]?.[0]?.json);
			assert.equal(json['alreadyPlaced'], true);
			assert.equal(json['callId'], first.outputs[0]?.[0]?.json['callId']);
			const other = await autocall('order-2', rule);
			assert.equal(shown(other.error).details['kind'], 'refused-by-rule');
		}
		assert.equal(simulator.counters.sends, 1);
	});

	it('do not stop what an earlier try of the execution has placed from being put out', async () => {
		const refusal = { kind: 'status', status: 400, body: { result: null, error: 'no' } } as const;
		simulator.faults.add({ fault: refusal, match: { phoneNumber: iranian(1) } });
		const { now } = Date;
		const nightfall = setInterval(() => {
			// The first item is placed, the second one is refused, and then it is night.
			if (simulator.counters.sends === 2) Date.now = () => now() + 4 * 3_600_000;
		}, 2);
		try {
			const run = await runNode({
				...bitelSend(simulator, { options: { callingHours: open, concurrency: 1 } }),
				items: phones(2),
				settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 300 },
			});
			const { context, description, details } = shown(run.error);
			assert.deepEqual([details['kind'], context['itemIndex']], ['refused-by-rule', 1]);
			assert.match(description, /Calls were placed for item 0 of 2/);
		} finally {
			clearInterval(nightfall);
			Date.now = now;
		}
		assert.deepEqual([...simulator.counters.placedByNumber.values()], [1]);
	});

	it('refuse a number of another country, and tell it from what is no number', async () => {
		const run = await send({}, [
			{ phone: '+84332665711', code: '1234' },
			{ phone: '0912345', code: '1234' },
		]);
		assert.deepEqual(kinds(run), ['refused-by-rule', 'invalid-input']);
		assert.equal(simulator.requests.length, 0);
	});
});
