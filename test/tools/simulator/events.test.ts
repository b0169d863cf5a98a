import assert from 'node:assert/strict';
import { type Simulator, createManualClock, startSimulator } from '../../../tools/simulator';
import { AUTOCALL_SEND, at, call, get, sendAutocall, waitUntil } from './client';
import SAMPLE_CDR from './fixtures/autocall-cdr.json';
import { type Receiver, startReceiver } from './receiver';

describe('simulator: Autocall events', () => {
	let simulator: Simulator;
	let receiver: Receiver;

	beforeEach(async () => {
		const clock = createManualClock(Date.parse('2023-03-07T10:06:52+07:00'));
		simulator = await startSimulator({ clock });
		receiver = await startReceiver();
	});
	afterEach(async () => {
		await simulator.close();
		await receiver.close();
	});

	const register = (event: string, callback_url = `${receiver.url}/${event}`) =>
		call(simulator.url, 'POST', '/v1/event', { callback_url, event });
	const registerAll = async () => {
		for (const event of ['ringing', 'answered', 'hangup', 'cdr']) await register(event);
	};
	const states = () => receiver.received.map(({ text }) => at(JSON.parse(text), 'state'));
	const list = async () => (await get(simulator.url, '/v1/event')).json;

	describe('registration', () => {
		it('is confirmed, listed with its id and deleted by it', async () => {
			const body = { callback_url: receiver.url, callback_apikey: 'key', event: 'cdr' };
			const created = await call(simulator.url, 'POST', '/v1/event', body);
			assert.deepEqual(created.json, { created: true });
			const listed = await list();
			const id = at(listed, 'data', 0, 'event_domain_uuid');
			assert.deepEqual(listed, {
				data: [
					{
						event_domain_uuid: id,
						event_name: 'cdr',
						callback_url: receiver.url,
						callback_apikey: 'key',
					},
				],
			});
			const deleted = await call(simulator.url, 'DELETE', `/v1/event/${String(id)}`);
			assert.deepEqual(deleted.json, { deleted: true });
			assert.deepEqual(await list(), { data: [] });
		});

		it('is listed in the other documented form when that is set', async () => {
			simulator.change({ eventListForm: 'id' });
			await register('cdr');
			const listed = at(await list(), 'data', 0);
			assert.equal(at(listed, 'event'), 'cdr');
			assert.equal(typeof at(listed, 'id'), 'string');
		});

		it('of the same URL a second time is a second registration', async () => {
			await register('cdr');
			await register('cdr');
			assert.equal(simulator.registrations.length, 2);
		});

		for (const [what, body] of [
			['an event that is not documented', { callback_url: 'http://localhost/', event: 'missed' }],
			['a URL that is none', { callback_url: 'localhost', event: 'cdr' }],
			['a missing URL', { event: 'cdr' }],
			['a field that is not documented', { callback_url: 'http://a/', event: 'cdr', name: 'x' }],
		] as const) {
			it(`is refused for ${what}`, async () => {
				assert.equal((await call(simulator.url, 'POST', '/v1/event', body)).status, 400);
				assert.equal(simulator.registrations.length, 0);
			});
		}

		it('that does not exist cannot be deleted', async () => {
			const answer = await call(simulator.url, 'DELETE', '/v1/event/unknown');
			assert.equal(answer.status, 404);
			assert.deepEqual(answer.json, { error: 'Not Found' });
		});

		it('needs a token', async () => {
			const answer = await call(simulator.url, 'GET', '/v1/event', undefined, { headers: {} });
			assert.equal(answer.status, 401);
		});
	});

	describe('delivery', () => {
		it('happens when the clock passes the time of each event', async () => {
			await registerAll();
			await sendAutocall(simulator.url);
			const seen: unknown[] = [];
			for (const ms of [999, 1, 2_000, 3_000]) {
				await simulator.clock.advance(ms);
				seen.push(states());
			}
			assert.deepEqual(seen, [
				[],
				['ringing'],
				['ringing', 'answered'],
				['ringing', 'answered', 'hangup', 'cdr'],
			]);
		});

		it('of cdr waits until the record can be looked up', async () => {
			simulator.change({ recordDelayMs: 2_000 });
			await registerAll();
			await sendAutocall(simulator.url);
			await simulator.clock.advance(7_999);
			assert.deepEqual(states(), ['ringing', 'answered', 'hangup']);
			await simulator.clock.advance(1);
			assert.equal(states().at(-1), 'cdr');
		});

		it('finds the receiver at the time of the event, record included', async () => {
			const found: unknown[] = [];
			const curious = await startReceiver(200, async () => {
				found.push((await get(simulator.url, '/v3/autocall/log/ABC123/ref_id')).status);
				found.push(simulator.clock.now());
			});
			await register('cdr', curious.url);
			await sendAutocall(simulator.url);
			await simulator.clock.advance(3_600_000);
			assert.deepEqual(found, [200, Date.parse('2023-03-07T10:06:58+07:00')]);
			await curious.close();
		});

		it('carries every documented field and no code', async () => {
			await register('cdr');
			const sent = await sendAutocall(simulator.url);
			await simulator.clock.advance(6_000);
			const text = receiver.received[0]?.text ?? '';
			const body: unknown = JSON.parse(text);
			assert.deepEqual(body, {
				call_id: at(sent.json, 'call_id'),
				sip_call_id: at(body, 'sip_call_id'),
				domain: 'simulator.example',
				direction: 'outbound',
				from_number: '02873003586',
				to_number: AUTOCALL_SEND.phone_number,
				hotline: '02873003586',
				state: 'cdr',
				duration: 5,
				billsec: 3,
				recording_url: '',
				application: 'autocall',
				ref_id: 'ABC123',
				status: 'answered',
				time_started: '2023-03-07 10:06:53',
				time_answered: '2023-03-07 10:06:55',
				time_ended: '2023-03-07 10:06:58',
			});
			assert.ok(!text.includes(AUTOCALL_SEND.code_otp));
		});

		it('leaves out, when that is set, what the older page gives to one event alone', async () => {
			simulator.change({ eventFields: 'sparse' });
			await registerAll();
			await sendAutocall(simulator.url);
			await simulator.clock.advance(6_000);
			const bodies = receiver.received.map(({ text }): unknown => JSON.parse(text));
			assert.deepEqual(
				bodies.map((body) => [at(body, 'duration'), at(body, 'status')]),
				[
					[undefined, undefined],
					[undefined, undefined],
					[5, undefined],
					[undefined, 'answered'],
				],
			);
		});

		it('tells of no ringing and no answer when the line is busy', async () => {
			await registerAll();
			await sendAutocall(simulator.url, { ...AUTOCALL_SEND, phone_number: '0332665701' });
			await simulator.clock.advance(6_000);
			assert.deepEqual(states(), ['hangup', 'cdr']);
		});

		it('reaches a registration that was made while the call was under way', async () => {
			await sendAutocall(simulator.url);
			await simulator.clock.advance(1_500);
			await registerAll();
			await simulator.clock.advance(6_000);
			assert.deepEqual(states(), ['answered', 'hangup', 'cdr']);
		});

		it('does not reach a registration that was deleted', async () => {
			await register('cdr');
			await sendAutocall(simulator.url);
			const id = simulator.registrations[0]?.id ?? '';
			await call(simulator.url, 'DELETE', `/v1/event/${id}`);
			await simulator.clock.advance(6_000);
			assert.deepEqual(states(), []);
		});

		it('is repeated as often as that is set', async () => {
			simulator.change({ deliveryCopies: 3 });
			await register('cdr');
			await sendAutocall(simulator.url);
			await simulator.clock.advance(6_000);
			const texts = receiver.received.map(({ text }) => text);
			assert.equal(texts.length, 3);
			assert.equal(new Set(texts).size, 1);
		});

		it('is repeated on demand', async () => {
			await register('cdr');
			await sendAutocall(simulator.url);
			await simulator.clock.advance(6_000);
			const [delivery] = simulator.deliveries;
			assert.ok(delivery);
			const repeated = await simulator.repeatDelivery(delivery);
			assert.equal(repeated.status, 200);
			assert.equal(receiver.received[1]?.text, receiver.received[0]?.text);
		});

		it('that fails is written down and does not stop the clock', async () => {
			await register('cdr', 'http://127.0.0.1:1/');
			await sendAutocall(simulator.url);
			await simulator.clock.advance(6_000);
			const [delivery] = simulator.deliveries;
			assert.equal(delivery?.status, null);
			assert.match(String(delivery?.error), /ECONNREFUSED/);
		});

		it('happens by itself on a clock that runs by itself', async () => {
			const running = await startSimulator({ queuedMs: 5, ringsMs: 5, talksMs: 5 });
			const other = await startReceiver();
			const body = { callback_url: other.url, event: 'cdr' };
			await call(running.url, 'POST', '/v1/event', body);
			await sendAutocall(running.url);
			await waitUntil(() => other.received.length > 0);
			await running.close();
			await other.close();
		});

		it('is given up when the simulator is closed', async () => {
			const closing = await startSimulator({ clock: createManualClock(), deliveryCopies: 2 });
			const hanging = await startReceiver(200, () => new Promise(() => undefined));
			const body = { callback_url: hanging.url, event: 'cdr' };
			await call(closing.url, 'POST', '/v1/event', body);
			await sendAutocall(closing.url);
			const advanced = closing.clock.advance(6_000);
			await waitUntil(() => hanging.received.length > 0);
			await closing.close();
			await advanced;
			assert.equal(hanging.received.length, 1);
			await hanging.close();
		});
	});

	it("send a campaign's callback URL the whole CDR", async () => {
		simulator.changeCampaign(AUTOCALL_SEND.campaign_uuid, { callback_url: `${receiver.url}/cdr` });
		simulator.plans.forNextCall({
			ringsMs: 5_000,
			talksMs: 1_000,
			ids: {
				callId: SAMPLE_CDR.id,
				sipCallId: SAMPLE_CDR.sip_call_id,
				leadUuid: SAMPLE_CDR.lead_uuid,
			},
		});
		await sendAutocall(simulator.url);
		await simulator.clock.advance(7_000);
		assert.deepEqual(
			receiver.received.map(({ path, text }) => [path, JSON.parse(text) as unknown]),
			[['/cdr', SAMPLE_CDR]],
		);
	});
});
