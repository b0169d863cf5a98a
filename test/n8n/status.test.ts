import assert from 'node:assert/strict';

import { SEED_CAMPAIGN_UUID, createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { sample } from '../fixtures/samples';
import { autocallSend, autocallStatus, bitelSend, bitelStatus, sandboxSend } from './accounts';
import { runNode } from './engine';
import type { NodeRun } from './engine';
import { record, shown, text } from './reading';

const results = ({ outputs, error }: NodeRun) => {
	assert.equal(error, undefined);
	return (outputs[0] ?? []).map(({ json }) => json);
};

describe('Get OTP Call Status in n8n', () => {
	let simulator: Simulator;
	const clock = createManualClock(Date.parse('2026-03-07T03:06:53Z'));
	before(async () => {
		simulator = await startSimulator({ clock });
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const sendBitel = async (phone = '09123456789') => {
		await runNode({ ...bitelSend(simulator), items: [{ phone, code: '1234' }] });
		const callId = simulator.calls.at(-1)?.callId ?? '';
		return { callId };
	};

	const sendAutocall = async (refId: string, phone = '0332665711') => {
		const node = autocallSend(simulator, { refId });
		await runNode({ ...node, items: [{ phone, code: 'KX80417' }] });
	};

	it('asks Bitel by the documented path and puts out the call field by field', async () => {
		const item = await sendBitel();
		await clock.advance(10_000);
		const run = await runNode({ ...bitelStatus(simulator), items: [item] });
		assert.equal(simulator.requests.at(-1)?.method, 'GET');
		assert.equal(simulator.requests.at(-1)?.url, `/api/v2/voice/status/${item.callId}`);
		const [result] = results(run);
		assert.deepEqual(result, {
			provider: 'bitel',
			callId: item.callId,
			phoneNumber: '+989123456789',
			status: 'completed',
			reason: null,
			final: true,
			answered: true,
			requestedAt: '2026-03-07T03:06:53.000Z',
			answeredAt: null,
			endedAt: null,
			durationSeconds: null,
			billedSeconds: 3,
			cost: result?.['cost'],
		});
		assert.equal(record(result?.['cost']).currency, 'IRT');
	});

	it('asks Autocall by the reference and puts out the CDR of its document, in our words', async () => {
		await sendAutocall('ABC123');
		simulator.plans.clear();
		await clock.advance(10_000);
		const run = await runNode({ ...autocallStatus(simulator), items: [{ callId: 'ABC123' }] });
		assert.equal(simulator.requests.at(-1)?.url, '/v3/autocall/log/ABC123/ref_id');
		const [result] = results(run);
		assert.deepEqual(
			[result?.['callId'], result?.['status'], result?.['answered'], result?.['phoneNumber']],
			['ABC123', 'completed', true, '+84332665711'],
		);
		assert.match(text(result?.['endedAt']), /^2026-03-07T10:\d\d:\d\d\+07:00$/);
	});

	for (const [typeVersion, parameters] of [
		[1.1, { options: { lookUpBy: 'record' } }],
		[1, { lookUpBy: 'record' }],
	] as const) {
		it(`asks Autocall by the ID of a record, in version ${typeVersion}`, async () => {
			await sendAutocall('ABC123');
			await clock.advance(10_000);
			const record = simulator.calls[0]?.callId;
			const node = autocallStatus(simulator, parameters);
			const items = [{ callId: record }];
			const run = await runNode({ ...node, settings: { typeVersion }, items });
			assert.equal(simulator.requests.at(-1)?.url, `/v3/cdr/${record}`);
			assert.equal(results(run)[0]?.['status'], 'completed');
		});
	}

	it('takes the call of the item before it where nobody has filled in another', async () => {
		const { callId } = await sendBitel();
		const { parameters, ...node } = bitelStatus(simulator);
		const { callId: _, ...others } = parameters;
		const run = await runNode({ ...node, parameters: others, items: [{ callId }] });
		assert.equal(results(run)[0]?.['callId'], callId);
	});

	it('says which field and which switch, when an expression was typed as plain text', async () => {
		const node = bitelStatus(simulator, { callId: '{{ $json.callId }}' });
		const { description, message } = shown((await runNode({ ...node, items: [{}] })).error);
		assert.match(message, /^Call ID holds \{\{ … \}\} as plain text/);
		assert.match(description, /^Switch this field to Expression/);
		assert.equal(simulator.requests.length, 0);
	});

	it('names the provider of a call that another one has placed, and where to choose it', async () => {
		const sent = await runNode({ ...sandboxSend(), items: [{ phone: '09123456701', code: '1' }] });
		const node = bitelStatus(simulator);
		const run = await runNode({ ...node, items: [{ callId: results(sent)[0]?.['callId'] }] });
		const { description, message } = shown(run.error);
		assert.equal(message, 'Call ID is one of Sandbox, not of Bitel');
		assert.match(description, /^Choose Sandbox under Provider/);
	});

	it('has no list of calls where the provider has none, and says who has', async () => {
		const node = bitelStatus(simulator, { operation: 'getAll' });
		const { details, description, message } = shown(
			(await runNode({ ...node, items: [{}] })).error,
		);
		assert.equal(details.field, 'operation');
		assert.match(message, /^Operation cannot be Get Many: Bitel offers no list of past calls/);
		assert.match(description, /choose TEL4VN Autocall/);
	});

	it('names the call in an error item', async () => {
		const node = bitelStatus(simulator);
		const settings = { onError: 'continueRegularOutput' } as const;
		const account = { ...node.credentials['bitelApi'], token: 'wrong' };
		const credentials = { bitelApi: account };
		const run = await runNode({ ...node, settings, credentials, items: [{ callId: 'abc' }] });
		const details = record(results(run)[0]?.['details']);
		assert.deepEqual([details.kind, details.callId], ['not-authorized', 'abc']);
	});

	it('adds the CDR without the code when it is not to simplify', async () => {
		await sendAutocall('ABC123');
		await clock.advance(10_000);
		const node = autocallStatus(simulator, { simplify: false });
		const run = await runNode({ ...node, items: [{ callId: 'ABC123' }] });
		const raw = record(results(run)[0]?.['raw']);
		assert.deepEqual(Object.keys(raw).sort(), Object.keys(sample('autocall-cdr')).sort());
		assert.equal(record(raw.additional).code_otp, '•••');
		assert.ok(!JSON.stringify(run.run).includes('KX80417'));
	});

	it('says that there is no record yet, and what to do', async () => {
		const run = await runNode({
			...autocallStatus(simulator),
			items: [{ callId: 'nobody-knows-it' }],
			settings: { onError: 'continueErrorOutput' },
		});
		const details = record(run.outputs[1]?.[0]?.json['details']);
		assert.equal(details.kind, 'not-found');
		assert.match(text(details.remedy), /turn on Wait Until Ended/);
	});

	for (const provider of ['bitel', 'autocall'] as const) {
		it(`waits for the end of a call of ${provider}`, async () => {
			const callId =
				provider === 'bitel' ? (await sendBitel()).callId : (await sendAutocall('R1'), 'R1');
			const options = { pollInterval: 0.1 };
			const node = (provider === 'bitel' ? bitelStatus : autocallStatus)(simulator, {
				waitUntilEnded: true,
				options,
			});
			const ended = runNode({ ...node, items: [{ callId }] });
			while (simulator.counters.statuses < 2) await new Promise((go) => setTimeout(go, 5));
			await clock.advance(10_000);
			assert.equal(results(await ended)[0]?.['status'], 'completed');
			assert.ok(simulator.counters.statuses >= 3);
		});
	}

	it('gives up a wait with what is known of the call', async () => {
		const item = await sendBitel();
		const node = bitelStatus(simulator, { waitUntilEnded: true, options: { waitTimeout: 0.2 } });
		const run = await runNode({ ...node, items: [item] });
		const error = shown(run.error);
		assert.equal(error.details.kind, 'wait-timeout');
		assert.equal(record(error.details.call).status, 'queued');
		assert.match(error.message, /had not ended after 0 seconds|had not ended after/);
	});

	it('follows a call of the sandbox, by its ID alone', async () => {
		const sent = await runNode({ ...sandboxSend(), items: [{ phone: '09123456701', code: '1' }] });
		const callId = results(sent)[0]?.['callId'];
		const run = await runNode({
			type: 'getOtpCallStatus',
			parameters: {
				provider: 'sandbox',
				callId: text(callId),
				waitUntilEnded: true,
				options: { pollInterval: 0.5 },
			},
		});
		assert.deepEqual([results(run)[0]?.['status'], results(run)[0]?.['answered']], ['busy', false]);
	});

	describe('many calls', () => {
		const list = (parameters = {}) =>
			autocallStatus(simulator, { operation: 'getAll', callId: '', ...parameters });

		const placeMany = async (count: number) => {
			const items = Array.from({ length: count }, (_, index) => ({
				phone: `0332${text(100_000 + index * 100 + 50)}`,
				code: '1',
			}));
			await runNode({ ...autocallSend(simulator), items });
			await clock.advance(60_000);
		};

		it('lists so many of them, each linked to the item that asked', async () => {
			await placeMany(7);
			const run = await runNode({ ...list({ limit: 5 }), items: [{}] });
			assert.equal(results(run).length, 5);
			assert.deepEqual(run.outputs[0]?.[4]?.pairedItem, { item: 0 });
			assert.equal(run.outputs[0]?.[0]?.json['provider'], 'autocall');
		});

		it('lists all of them, over more than one page', async () => {
			await placeMany(120);
			const run = await runNode({ ...list({ returnAll: true }), items: [{}] });
			const numbers = results(run).map(({ phoneNumber }) => phoneNumber);
			assert.equal(new Set(numbers).size, 120);
		});

		it('narrows them by number, campaign, status and days', async () => {
			await placeMany(3);
			await sendAutocall('BUSY', '0332665701');
			await clock.advance(60_000);
			const filters = {
				phoneNumber: '+84 332 665 701',
				campaign: { __rl: true, mode: 'list', value: SEED_CAMPAIGN_UUID },
				status: 'busy',
				from: '2026-03-07T00:00:00',
				to: '2027-03-08T00:00:00',
			};
			const run = await runNode({ ...list({ filters }), items: [{}] });
			assert.deepEqual(
				results(run).map(({ phoneNumber, status }) => [phoneNumber, status]),
				[['+84332665701', 'busy']],
			);
			const [query] = simulator.requests.filter(({ url }) => url.startsWith('/v3/cdr?'));
			const asked = Object.fromEntries(new URLSearchParams(query?.url.split('?')[1]));
			assert.deepEqual(asked, {
				limit: '50',
				offset: '0',
				start_date: '2026-03-07 00:00:00',
				end_date: '2027-03-08 23:59:59',
				status: 'busy',
				phone: '0332665701',
				campaign_uuid: SEED_CAMPAIGN_UUID,
			});
		});

		for (const [filters, field] of [
			[{ from: 'yesterday' }, 'from'],
			[{ to: '2026-02-30' }, 'to'],
			[{ from: '2026-03-08', to: '2026-03-07' }, 'to'],
			[{ phoneNumber: '110' }, 'phoneNumber'],
		] as const) {
			it(`refuses ${JSON.stringify(filters)}, naming ${field}`, async () => {
				const run = await runNode({ ...list({ filters }), items: [{}] });
				const { details: data } = shown(run.error);
				assert.deepEqual([data.kind, data.field], ['invalid-input', field]);
			});
		}
	});
});
