import assert from 'node:assert/strict';

import {
	SEED_CAMPAIGN_UUID,
	SIMULATOR_TOKEN,
	createManualClock,
	startSimulator,
} from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { AUTOCALL_SEND, sendAutocall, sendBitel } from '../tools/simulator/client';
import { RunningFlow, at, hosts, passTimeWith } from './runningFlow';
import type { Fields } from './runningFlow';

const ofMessage = { type: 'get-otp-call-status', callId: 'payload.callId', callIdType: 'msg' };

for (const host of hosts) {
	describe(`get-otp-call-status in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;

		beforeEach(async () => {
			simulator = await startSimulator({ clock: createManualClock(1_700_000_000_000) });
		});
		afterEach(async () => {
			await flow.stop();
			await simulator.close();
		});

		const start = async (provider: string, node: Fields = {}): Promise<void> => {
			flow = await RunningFlow.start(
				host,
				{ ...ofMessage, ...node },
				{ provider, baseUrl: simulator.url, authentication: 'token' },
				{ token: SIMULATOR_TOKEN },
			);
		};
		const placeBitel = async (): Promise<string> => {
			await sendBitel(simulator.url);
			const [call] = simulator.calls;
			assert.ok(call);
			const id = simulator.requests.find(({ placedCallId }) => placedCallId !== null)?.placedCallId;
			return id ?? '';
		};

		it('puts out a call that has ended, field by field', async () => {
			const callId = await placeBitel();
			await simulator.clock.advance(60_000);
			await start('bitel');
			const result = await flow.result({ payload: { callId }, topic: 'kept' });
			assert.deepEqual(
				{ ...result, cost: null, billedSeconds: null },
				{
					provider: 'bitel',
					callId,
					phoneNumber: '+989121234567',
					status: 'completed',
					reason: null,
					final: true,
					answered: true,
					requestedAt: '2023-11-14T22:13:20.000Z',
					answeredAt: null,
					endedAt: null,
					durationSeconds: null,
					billedSeconds: null,
					cost: null,
				},
			);
			assert.equal(flow.out[0]?.['topic'], 'kept');
			assert.deepEqual(flow.statuses().at(-1), {
				fill: 'green',
				shape: 'dot',
				text: 'completed •••4567',
			});
			const asked = simulator.requests.at(-1);
			assert.equal(`${asked?.method} ${asked?.url}`, `GET /api/v2/voice/status/${callId}`);
		});

		it('says that there is no such call', async () => {
			await start('bitel');
			const error = await flow.failure({ payload: { callId: '0'.repeat(32) } });
			assert.equal(error.code, 'not-found');
			assert.equal(error.cause['callId'], '0'.repeat(32));
		});

		it('waits through the time in which there is no record yet', async () => {
			await sendAutocall(simulator.url);
			await start('autocall', { waitUntilEnded: true });
			const time = passTimeWith(simulator);
			try {
				const result = await flow.result({ payload: { callId: AUTOCALL_SEND.ref_id } });
				assert.deepEqual([result['status'], result['answered']], ['completed', true]);
				assert.ok(simulator.counters.statuses > 1);
			} finally {
				time.restore();
			}
		});

		it('sends the changes on the way and the end once', async () => {
			const callId = await placeBitel();
			await start('bitel', { waitUntilEnded: true, emitChanges: true });
			const time = passTimeWith(simulator);
			try {
				const { messages, completed } = await flow.answer({ payload: { callId } });
				const seen = messages.map(({ payload }) => at(payload, 'final'));
				assert.deepEqual(seen, [false, true]);
				assert.equal(completed, 1);
			} finally {
				time.restore();
			}
		});

		it('looks a call up by the ID of its record', async () => {
			simulator.plans.forNextCall({ ids: { callId: 'record-1' } });
			await sendAutocall(simulator.url);
			await simulator.clock.advance(60_000);
			await start('autocall', { lookUpBy: 'record' });
			const result = await flow.result({ payload: { callId: 'record-1' } });
			assert.equal(simulator.requests.at(-1)?.url, '/v3/cdr/record-1');
			assert.equal(result['status'], 'completed');
		});

		it('waits for the end of a call by the ID of its record', async () => {
			simulator.plans.forNextCall({ ids: { callId: 'record-1' } });
			await sendAutocall(simulator.url);
			await start('autocall', { lookUpBy: 'record', waitUntilEnded: true });
			const time = passTimeWith(simulator);
			try {
				const result = await flow.result({ payload: { callId: 'record-1' } });
				assert.equal(result['final'], true);
				assert.equal(simulator.requests.at(-1)?.url, '/v3/cdr/record-1');
			} finally {
				time.restore();
			}
		});

		it('lists calls, page by page, by what the fields say', async () => {
			for (let number = 0; number < 60; number += 1) {
				await sendAutocall(simulator.url, { ...AUTOCALL_SEND, ref_id: `order-${number}` });
			}
			await simulator.clock.advance(60_000);
			await start('autocall', {
				operation: 'getAll',
				returnAll: true,
				filterFrom: '2023-11-14',
				filterTo: '$substring("2023-11-15 long", 0, 10)',
				filterToType: 'jsonata',
				filterPhoneNumber: '+84 332 665 711',
				filterCampaign: SEED_CAMPAIGN_UUID,
				filterStatus: 'answered',
			});
			const { messages } = await flow.answer({ payload: {} });
			const calls: unknown = messages[0]?.['payload'];
			assert.ok(Array.isArray(calls));
			assert.equal(calls.length, 60);
			const pages = simulator.requests.filter(({ url }) => url.startsWith('/v3/cdr?'));
			assert.equal(pages.length, 2);
			const query = new URLSearchParams(pages[1]?.url.split('?')[1]);
			assert.deepEqual(Object.fromEntries(query), {
				limit: '50',
				offset: '50',
				start_date: '2023-11-14 00:00:00',
				end_date: '2023-11-15 23:59:59',
				status: 'answered',
				phone: '0332665711',
				campaign_uuid: SEED_CAMPAIGN_UUID,
			});
			assert.ok(!JSON.stringify(calls).includes(AUTOCALL_SEND.code_otp));
		});

		it('lists at most as many as are wanted', async () => {
			for (const number of [1, 2, 3]) {
				await sendAutocall(simulator.url, { ...AUTOCALL_SEND, ref_id: `order-${number}` });
			}
			await simulator.clock.advance(60_000);
			await start('autocall', { operation: 'getAll', limit: '2' });
			const { messages } = await flow.answer({});
			assert.equal(at(messages[0]?.['payload'], 'length'), 2);
		});

		it('refuses a date that is none, and a list where there is none', async () => {
			await start('autocall', { operation: 'getAll', filterFrom: '2026-02-30' });
			const date = await flow.failure({});
			assert.deepEqual([date.code, date.cause['field']], ['invalid-input', 'filterFrom']);
			await flow.stop();
			await start('bitel', { operation: 'getAll' });
			const list = await flow.failure({});
			assert.deepEqual([list.code, list.cause['field']], ['invalid-input', 'operation']);
			assert.equal(simulator.counters.requests, 0);
		});
	});
}
