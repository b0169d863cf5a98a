import assert from 'node:assert/strict';

import { providers } from '../../providers';
import { SIMULATOR_TOKEN, createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import {
	AUTOCALL_SEND,
	at,
	AUTOCALL_SEND_PATH,
	BITEL_SEND,
	BITEL_SEND_PATH,
	call,
} from '../tools/simulator/client';
import { EventHost, flowOf, secret, until } from './eventFlow';

const ended = {
	call_id: 'call-1',
	state: 'cdr',
	status: 'answered',
	ref_id: 'order-1',
	to_number: '0332665711',
	time_ended: '2023-03-07 10:07:20',
	duration: 20,
	billsec: 12,
};

describe('Node-RED: otp-call-event', () => {
	let simulator: Simulator;
	let host: EventHost;

	beforeEach(async () => {
		simulator = await startSimulator({ clock: createManualClock() });
		host = await EventHost.start();
	});
	afterEach(async () => {
		await host.halt();
		await host.close();
		await simulator.close();
	});

	const autocall = (fields: Record<string, unknown> = {}, account: Record<string, unknown> = {}) =>
		flowOf(
			{ publicUrl: host.url, ...fields },
			{ provider: 'autocall', baseUrl: simulator.url, ...account },
		);
	const bitel = (fields: Record<string, unknown> = {}) =>
		flowOf(fields, { provider: 'bitel', baseUrl: simulator.url });
	const address = (): string => `${host.url}/hook?secret=${secret}`;
	const payloads = () => host.messages.map(({ payload }) => payload);

	describe('a delivery', () => {
		it('becomes a message with the call and its occasion', async () => {
			await host.boot(autocall());
			assert.equal(await host.deliver(ended), 200);
			const [message] = host.messages;
			assert.equal(message?.['topic'], 'ended');
			assert.deepEqual(message?.['payload'], {
				provider: 'autocall',
				callId: 'order-1',
				phoneNumber: '+84332665711',
				status: 'completed',
				reason: null,
				final: true,
				answered: true,
				requestedAt: null,
				answeredAt: null,
				endedAt: '2023-03-07T10:07:20+07:00',
				durationSeconds: 20,
				billedSeconds: 12,
				cost: null,
			});
		});

		it('holds the record without its code when it is not simplified', async () => {
			await host.boot(autocall({ simplify: false }));
			const additional = { code_otp: '4821', ref_id: 'order-1' };
			await host.deliver({ ...ended, additional });
			const text = JSON.stringify(payloads());
			assert.match(text, /"raw"/);
			assert.doesNotMatch(text, /4821/);
		});

		it('of the simulator arrives for each occasion of a real call', async () => {
			await host.boot(autocall({ triggerOn: ['ringing', 'answered', 'ended'] }));
			await host.untilStatus('registered');
			await call(simulator.url, 'POST', AUTOCALL_SEND_PATH, AUTOCALL_SEND);
			await simulator.clock.advance(10_000);
			assert.deepEqual(
				host.messages.map(({ topic }) => topic),
				['ringing', 'answered', 'ended'],
			);
			assert.deepEqual(
				simulator.deliveries.map(({ status }) => status),
				[200, 200, 200],
			);
		});

		it('of an occasion that is not chosen is accepted and dropped', async () => {
			await host.boot(autocall());
			assert.equal(await host.deliver({ ...ended, state: 'ringing' }), 200);
			assert.deepEqual(payloads(), []);
		});

		it('that is repeated is accepted and dropped', async () => {
			await host.boot(autocall());
			assert.equal(await host.deliver(ended), 200);
			assert.equal(await host.deliver(ended), 200);
			await until(() => payloads().length === 1, 'a message');
		});

		it('without the secret, or with another, is answered 401', async () => {
			await host.boot(autocall());
			assert.equal(await host.deliver(ended, { query: '' }), 401);
			assert.equal(await host.deliver(ended, { query: '?secret=' }), 401);
			assert.equal(await host.deliver(ended, { query: `?secret=${secret}0` }), 401);
			assert.equal(await host.deliver(ended, { query: `?secret[]=${secret}` }), 401);
			assert.deepEqual(payloads(), []);
		});

		it('that is no event is answered 400, and its content is not logged', async () => {
			await host.boot(autocall());
			for (const body of ['', 'null', '[]', '{', '{"state":"cdr"}', '{"private":"words"}']) {
				assert.equal(await host.deliver(body), 400, body);
			}
			assert.deepEqual(payloads(), []);
			assert.doesNotMatch(JSON.stringify(host.errors()), /words/);
		});

		it('that is not UTF-8 is answered 400', async () => {
			await host.boot(autocall());
			const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]);
			const sent = await fetch(address(), { method: 'POST', body });
			assert.equal(sent.status, 400);
		});

		it('of more than 64 KiB is answered 413, announced or not', async () => {
			await host.boot(autocall());
			const long = JSON.stringify({ ...ended, note: 'x'.repeat(64 * 1024) });
			assert.equal(await host.deliver(long), 413);
			const body = new Blob([long]).stream();
			// The types of fetch do not know it yet.
			const streaming = { duplex: 'half' };
			const sent = await fetch(address(), { method: 'POST', body, ...streaming });
			assert.equal(sent.status, 413);
			assert.deepEqual(payloads(), []);
		});

		it('that was read by the editor before is understood as well', async () => {
			await host.boot(autocall(), {
				httpNodeMiddleware: (
					request: { on(event: string, listener: (piece?: Buffer) => void): void; body: unknown },
					_response: unknown,
					next: () => void,
				) => {
					let text = '';
					request.on('data', (piece) => (text += String(piece)));
					request.on('end', () => {
						request.body = JSON.parse(text);
						setImmediate(next);
					});
				},
			});
			assert.equal(await host.deliver(ended), 200);
			await until(() => payloads().length === 1, 'a message');
		});

		it('passes what the settings put before every path of a flow', async () => {
			const refuse = (_: unknown, response: { status(code: number): { end(): void } }) => {
				response.status(418).end();
			};
			await host.boot(autocall(), { httpNodeMiddleware: refuse });
			assert.equal(await host.deliver(ended), 418);
		});

		it('finds nobody when the node is gone', async () => {
			await host.boot(autocall());
			await host.untilStatus('registered');
			await host.deploy(autocall().filter(({ id }) => id !== 'event'));
			assert.equal(await host.deliver(ended), 404);
		});
	});

	describe('from a provider that takes no registration', () => {
		const report = {
			requestId: 'b1',
			cause: 'NORMAL',
			billSec: 9,
			number: '09121234567',
			balanceSubtracted: 34.2,
			requestDate: 1_678_160_000,
		};

		it('is waited for at once, and nothing is asked of the provider', async () => {
			await host.boot(bitel());
			assert.deepEqual(host.statuses(), ['listening']);
			assert.equal(simulator.counters.requests, 0);
		});

		it('is read as JSON and as a form, with names and with numbers', async () => {
			await host.boot(bitel());
			const form = (fields: Record<string, unknown>) =>
				host.deliver(
					new URLSearchParams(
						Object.entries(fields).map(([name, value]) => [name, String(value)]),
					).toString(),
					{
						type: 'application/x-www-form-urlencoded',
					},
				);
			assert.equal(await host.deliver(report), 200);
			assert.equal(await host.deliver({ ...report, requestId: 'b2', cause: 3, billSec: 0 }), 200);
			assert.equal(await form({ ...report, requestId: 'b3' }), 200);
			assert.equal(await form({ ...report, requestId: 'b4', cause: 2, billSec: 0 }), 200);
			assert.deepEqual(
				payloads().map((payload) => at(payload, 'status')),
				['completed', 'busy', 'completed', 'no-answer'],
			);
		});
	});

	describe('with confirmation', () => {
		it('passes on what the provider says, not what was delivered', async () => {
			await host.boot(autocall({ confirmStatus: true }));
			await call(simulator.url, 'POST', AUTOCALL_SEND_PATH, {
				...AUTOCALL_SEND,
				phone_number: '0332665701',
			});
			await simulator.clock.advance(10_000);
			const { ref_id } = AUTOCALL_SEND;
			assert.equal(await host.deliver({ ...ended, ref_id, to_number: '0332665701' }), 200);
			assert.equal(at(payloads()[0], 'status'), 'busy');
		});

		it('drops the end of a call that the provider does not know, until it does', async () => {
			await host.boot(bitel({ confirmStatus: true }));
			const report = { requestId: 'b1', cause: 'NORMAL', billSec: 9, number: '09121234567' };
			assert.equal(await host.deliver(report), 503);
			simulator.plans.forNextCall({ ids: { callId: 'b1' } });
			await call(simulator.url, 'POST', BITEL_SEND_PATH, BITEL_SEND);
			await simulator.clock.advance(10_000);
			assert.equal(await host.deliver(report), 200);
			await until(() => payloads().length === 1, 'a message');
		});

		it('looks a call without our reference up by the ID of its record', async () => {
			await host.boot(autocall({ confirmStatus: true }));
			const placed = await call(simulator.url, 'POST', AUTOCALL_SEND_PATH, AUTOCALL_SEND);
			await simulator.clock.advance(10_000);
			const call_id = at(placed.json, 'call_id');
			assert.equal(await host.deliver({ call_id, state: 'cdr', status: 'answered' }), 200);
			await until(() => payloads().length === 1, 'a message');
		});
	});

	describe('that is not filled in', () => {
		const cases: readonly [string, Record<string, unknown>, RegExp][] = [
			['without an account', { account: '' }, /Account is not chosen/],
			['without an occasion', { triggerOn: [] }, /Trigger On is empty/],
			['without a path', { path: '/' }, /Path is empty/],
			['with a pattern for a path', { path: 'a/:b' }, /Path holds characters/],
			['with a path out of its place', { path: '../admin' }, /Path holds characters/],
			['without a public URL', { publicUrl: '' }, /Public URL is empty/],
			['with a public URL that is none', { publicUrl: 'flows' }, /Public URL is not a web address/],
		];
		for (const [what, fields, message] of cases) {
			it(`${what} says what is missing, and listens nowhere`, async () => {
				await host.boot(autocall(fields));
				assert.match(String(host.errors()[0]?.message), message);
				assert.equal(await host.deliver(ended), 404);
				assert.equal(simulator.counters.requests, 0);
			});
		}

		it('without a secret asks for the form to be opened', async () => {
			await host.boot(
				autocall().map((node) => (node.id === 'event' ? { ...node, id: 'bare' } : node)),
			);
			assert.match(String(host.errors('bare')[0]?.message), /Secret is missing/);
		});

		it('with a provider that delivers no events says so', async () => {
			const { label = '', name } = providers.find(({ events }) => events === undefined) ?? {};
			await host.boot(flowOf({}, { provider: name, token: 'x', apiKey: 'x' }));
			assert.ok(String(host.errors()[0]?.message).includes(`${label}, which delivers no events`));
		});

		it('with a path that another node has refuses it', async () => {
			const [tab, account, event, out] = bitel();
			assert.ok(tab && account && event && out);
			await host.boot([tab, account, event, { ...event, id: 'second' }, out]);
			assert.match(String(host.errors('second')[0]?.message), /is used by another node/);
			assert.equal(host.errors().length, 0);
		});

		it('on a Node-RED without paths for flows says so', async () => {
			await host.boot(bitel(), { httpNodeRoot: false });
			assert.match(String(host.errors()[0]?.message), /httpNodeRoot/);
		});
	});

	it('shows and logs neither the token nor the secret', async () => {
		simulator.faults.add({
			match: { method: 'POST', path: /event/ },
			fault: { kind: 'status', status: 400, body: { error: `no ${SIMULATOR_TOKEN}` } },
		});
		await host.boot(autocall());
		await host.untilStatus('refused');
		const shown = JSON.stringify([host.statuses(), host.errors().map(String)]);
		assert.doesNotMatch(shown, new RegExp(`${SIMULATOR_TOKEN}|${secret}`));
	});
});
