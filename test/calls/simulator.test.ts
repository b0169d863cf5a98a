import assert from 'node:assert/strict';

import type { CallContext } from '../../calls/context';
import { readDelivery } from '../../calls/events';
import { listCalls, listChoices } from '../../calls/lists';
import { isRegistered, register, unregister } from '../../calls/registrations';
import { getOtpCallStatus } from '../../calls/status';
import { authorized, exchangedToken, fixedToken } from '../../calls/tokens';
import type { TokenSource } from '../../calls/tokens';
import { waitUntilEnded } from '../../calls/wait';
import { autocall } from '../../providers/autocall/adapter';
import { events } from '../../providers/autocall/events';
import { calls } from '../../providers/autocall/lists';
import { tokens } from '../../providers/autocall/tokens';
import { bitel } from '../../providers/bitel/adapter';
import type { Provider } from '../../providers/contract';
import {
	BITEL_SERVER_ID,
	SIMULATOR_API_KEY,
	SIMULATOR_TOKEN,
	createManualClock,
	startSimulator,
} from '../../tools/simulator';
import type { Fault, Simulator } from '../../tools/simulator';
import { sample } from '../fixtures/samples';
import { allCalls, autocallInput, bitelInput, sendOtpCall } from './samples';
import { filledIn } from '../providers/answers';
import { failing } from './testHost';
import { clockOf, wallClock, wire } from './wire';

describe('Against a server that is as strict as the documents', () => {
	let simulator: Simulator;

	before(async () => {
		simulator = await startSimulator({ clock: createManualClock() });
	});
	beforeEach(() => {
		simulator.reset();
	});
	after(async () => {
		await simulator.close();
	});

	const account = (provider: Provider, source: TokenSource = fixedToken(SIMULATOR_TOKEN)) => {
		const context: CallContext = {
			provider,
			baseUrl: simulator.url,
			transport: authorized(provider, wire, source, wallClock),
			clock: clockOf(simulator),
			credentials: () => source.secrets(),
			lastingSecret: 'the-token-of-the-account',
			timeout: 500,
		};
		return context;
	};

	describe('a send', () => {
		it('is, on the wire, what Bitel documents', async () => {
			const { call } = await sendOtpCall(account(bitel), bitelInput);
			const [request] = simulator.requests;
			assert.equal(`${request?.method} ${request?.url}`, 'POST /api/v2/voice/otp');
			assert.equal(request?.headers['authorization'], `Bearer ${SIMULATOR_TOKEN}`);
			assert.equal(request?.headers['content-type'], 'application/json');
			assert.deepEqual(request?.json, sample('bitel-send.request'));
			assert.equal(request?.placedCallId, call.callId);
		});

		it('is, on the wire, what Autocall documents', async () => {
			const { call } = await sendOtpCall(account(autocall), autocallInput);
			const [request] = simulator.requests;
			assert.equal(`${request?.method} ${request?.url}`, 'POST /v3/autocall/otp');
			assert.deepEqual(request?.json, sample('autocall-send.request'));
			assert.equal(call.callId, 'ABC123');
		});

		it('is accepted with every field, and with every kind of number and code', async () => {
			const fields = { repeatCount: 2, retryCount: 0, serverId: BITEL_SERVER_ID, voiceId: 'v' };
			for (const phoneNumber of ['+98 912 345 6789', 9123456789, '02188887777', '۰۹۱۲۳۴۵۶۷۸۹']) {
				await sendOtpCall(account(bitel), { phoneNumber, code: '۰۰۴۲۱', fields });
			}
			const { campaign, template } = autocallInput.fields;
			for (const phoneNumber of ['84332665711', 332665711, '028 7300 3586']) {
				const own = { campaign, template };
				await sendOtpCall(account(autocall), { phoneNumber, code: '1 2 3 4', fields: own });
			}
			assert.equal(simulator.counters.placed, 7);
		});

		it('is refused in the provider’s words', async () => {
			const serverId = 'nobody';
			const bad = sendOtpCall(account(bitel), { ...bitelInput, fields: { serverId } });
			const error = await failing(bad, 'refused');
			assert.match(error.message, /does not know this server ID/);
			assert.equal(error.facts.providerCode, 'InvalidServer');
			const fields = { ...autocallInput.fields, template: 'nothing' };
			const other = sendOtpCall(account(autocall), { ...autocallInput, fields });
			assert.match((await failing(other, 'refused')).message, /“template not found”/);
			assert.equal(simulator.counters.placed, 0);
		});

		const unknown: readonly Fault[] = [
			{ kind: 'reset-after-placing' },
			{ kind: 'never-answer', placesCall: true },
			{ kind: 'cut-off' },
			{ kind: 'slow-drip', everyMs: 200, bytes: 1 },
			{ kind: 'endless', placesCall: true },
			{ kind: 'status', status: 500, placesCall: true },
			{ kind: 'status', status: 503, retryAfter: 1, placesCall: true },
			{ kind: 'html', placesCall: true },
			{ kind: 'unparsable', placesCall: true },
			{ kind: 'wrong-shape', placesCall: true },
			{ kind: 'redirect', location: '/elsewhere', placesCall: true },
		];
		for (const fault of unknown) {
			it(`places one call and no second when ${JSON.stringify(fault)} befalls it`, async () => {
				simulator.faults.add({ fault, match: { operation: 'send' } });
				const error = await failing(sendOtpCall(account(bitel), bitelInput), 'outcome-unknown');
				assert.equal(error.facts.callMayHaveBeenPlaced, true);
				assert.equal(simulator.counters.sends, 1);

				// Its record turns up, and decides.
				const { call } = await sendOtpCall(account(autocall), autocallInput);
				assert.equal(call.callId, 'ABC123');
				assert.equal(call.phoneNumber, '+84332665711');
				assert.equal(simulator.counters.sends, 2);
				assert.equal(simulator.counters.placed, 2);
			});
		}

		const declined: readonly (readonly [Fault, string])[] = [
			[{ kind: 'status', status: 400 }, 'refused'],
			[{ kind: 'status', status: 403 }, 'not-authorized'],
			[{ kind: 'status', status: 429 }, 'rate-limited'],
			[{ kind: 'status', status: 429, retryAfter: 60 }, 'rate-limited'],
			[{ kind: 'redirect', location: '/elsewhere', status: 307 }, 'bad-response'],
		];
		for (const [fault, kind] of declined) {
			it(`is ${kind}, once, when ${JSON.stringify(fault)} befalls it`, async () => {
				simulator.faults.add({ fault, match: { operation: 'send' } });
				for (const [provider, input] of [
					[bitel, bitelInput],
					[autocall, autocallInput],
				] as const) {
					const error = await failing(sendOtpCall(account(provider), input));
					assert.equal(error.code, kind);
					assert.equal(error.facts.callMayHaveBeenPlaced, false);
				}
				assert.equal(simulator.counters.sends, 2);
				assert.equal(simulator.counters.placed, 0);
			});
		}

		it('is repeated when it was rate limited for some seconds', async () => {
			const fault = { kind: 'status', status: 429, retryAfter: 2 } as const;
			simulator.faults.add({ fault, match: { operation: 'send' }, times: 2 });
			await sendOtpCall(account(bitel), bitelInput);
			assert.equal(simulator.counters.sends, 3);
			assert.equal(simulator.counters.placed, 1);
		});

		it('is repeated when nothing listened, and then something does', async () => {
			await simulator.closePort();
			const clock = clockOf(simulator);
			const context: CallContext = {
				...account(bitel),
				clock: {
					...clock,
					sleep: async (milliseconds) => {
						await clock.sleep(milliseconds);
						await simulator.openPort();
					},
				},
			};
			await sendOtpCall(context, bitelInput);
			assert.equal(simulator.counters.placed, 1);
		});

		it('is unreachable when nothing listens', async () => {
			await simulator.closePort();
			const sending = sendOtpCall(account(bitel), bitelInput);
			const error = await failing(sending, 'unreachable');
			await simulator.openPort();
			assert.equal(error.facts.networkCode, 'ECONNREFUSED');
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
		});

		it('is not authorized with a wrong token', async () => {
			for (const [provider, input] of [
				[bitel, bitelInput],
				[autocall, autocallInput],
			] as const) {
				const sending = sendOtpCall(account(provider, fixedToken('wrong-token-123')), input);
				const error = await failing(sending, 'not-authorized');
				assert.doesNotMatch(JSON.stringify(error.facts), /wrong-token/);
			}
			assert.equal(simulator.counters.sends, 2);
		});
	});

	describe('a call', () => {
		const follow = async (provider: Provider, phoneNumber: string) => {
			const context = account(provider);
			const input = provider === bitel ? bitelInput : autocallInput;
			const known = await sendOtpCall(context, { ...input, phoneNumber });
			const seen: string[] = [known.call.status];
			const { call, raw } = await waitUntilEnded(context, known.call.callId, {
				firstLookAfter: 1_000,
				known,
				onChange: (report) => seen.push(report.call.status),
			});
			return { call, raw, seen };
		};

		const endings: readonly (readonly [string, string, string | null])[] = [
			['89', 'completed', null],
			['01', 'busy', null],
			['02', 'no-answer', null],
			['06', 'failed', 'provider-error'],
		];
		for (const [digits, status, reason] of endings) {
			it(`is followed to its end: ${digits} is ${status}`, async () => {
				const first = await follow(bitel, `091234567${digits}`);
				assert.deepEqual([first.call.status, first.call.reason], [status, reason]);
				const second = await follow(autocall, `03326657${digits}`);
				assert.deepEqual([second.call.status, second.call.reason], [status, reason]);
				assert.doesNotMatch(JSON.stringify(second.raw), /LUAN001/);
				assert.ok(second.call.durationSeconds !== null && second.call.endedAt !== null);
			});
		}

		for (const form of ['not-found', 'not-found-200', 'empty', 'object', 'null'] as const) {
			it(`is followed though its record is late, and is missing as ${form}`, async () => {
				simulator.change({ noRecordForm: form, recordDelayMs: 20_000 });
				assert.equal((await follow(autocall, '0332665711')).call.status, 'completed');
			});
		}

		it('that is busy at first, and answered by a later try, is completed', async () => {
			simulator.change({ bitelShowsRetries: true });
			simulator.plans.forNextCall({ outcome: ['busy', 'answered'] });
			const { call, seen } = await follow(bitel, '09123456789');
			assert.equal(call.status, 'completed');
			assert.equal(call.answered, true);
			assert.ok(call.cost !== null && call.cost.amount > 0);
			assert.ok(seen.includes('completed'));
		});

		it('is the same with and without Bitel’s envelope', async () => {
			const { call } = await sendOtpCall(account(bitel), bitelInput);
			const wrapped = await getOtpCallStatus(account(bitel), call.callId);
			simulator.change({ bitelStatusEnvelope: false });
			assert.deepEqual(await getOtpCallStatus(account(bitel), call.callId), wrapped);
		});

		it('that nobody has placed is not found', async () => {
			for (const provider of [bitel, autocall]) {
				await failing(getOtpCallStatus(account(provider), 'no-such-call'), 'not-found');
			}
		});

		it('is found by the provider’s own ID too', async () => {
			const { call } = await follow(autocall, '0332665711');
			const callId = simulator.calls.at(-1)?.callId;
			const found = await getOtpCallStatus(account(autocall), callId, 'record');
			assert.deepEqual(found.call, call);
		});
	});

	describe('a token', () => {
		const withKey = (key: string) => {
			const open: CallContext = { ...account(autocall), transport: wire };
			return exchangedToken(open, tokens, key);
		};

		for (const tokenForm of ['flat', 'wrapped'] as const) {
			it(`is fetched, kept, and fetched anew when it is refused (${tokenForm})`, async () => {
				simulator.change({ tokenForm });
				const context = account(autocall, withKey(SIMULATOR_API_KEY));
				const input = { ...autocallInput, reference: undefined };
				await Promise.all(Array.from({ length: 10 }, () => sendOtpCall(context, input)));
				simulator.revokeIssuedTokens();
				await sendOtpCall(context, input);
				const fetched = simulator.requests.filter(({ url }) => url === '/v3/auth/token');
				assert.equal(fetched.length, 2);
				assert.equal(simulator.counters.placed, 11);
				assert.equal(simulator.counters.sends, 12);
			});

			it(`is not had with a wrong key (${tokenForm})`, async () => {
				simulator.change({ tokenForm });
				const context = account(autocall, withKey('a-wrong-key'));
				const error = await failing(sendOtpCall(context, autocallInput), 'not-authorized');
				assert.match(error.message, /API Key/);
				assert.equal(simulator.counters.sends, 0);
			});
		}
	});

	describe('a list', () => {
		it('of campaigns and of templates is read to its end', async () => {
			for (const field of ['campaign', 'template']) {
				let offset: number | null = 0;
				const values: string[] = [];
				while (offset !== null) {
					const page = await listChoices(account(autocall), field, '', offset);
					values.push(...page.choices.map(({ value }) => value));
					offset = page.nextOffset;
				}
				assert.ok(values.length > 0);
				assert.equal(new Set(values).size, values.length);
			}
		});

		it('of calls is read to its end, and filtered', async () => {
			const { campaign, template } = autocallInput.fields;
			for (let n = 0; n < 60; n += 1) {
				const phoneNumber = n % 2 === 0 ? '0332665711' : '0332665701';
				const fields = { campaign, template };
				await sendOtpCall(account(autocall), { phoneNumber, code: 'LUAN001', fields });
			}
			await simulator.clock.advance(60_000);
			const context = account(autocall);
			const all = await listCalls(context, calls, allCalls, Number.POSITIVE_INFINITY);
			assert.equal(all.length, 60);
			assert.doesNotMatch(JSON.stringify(all), /LUAN001/);
			const busy = await listCalls(
				context,
				calls,
				{ fields: filledIn(calls.filters, { status: 'busy' }) },
				10,
			);
			assert.equal(busy.length, 10);
			assert.ok(busy.every(({ call }) => call.status === 'busy'));
		});
	});

	it('events are registered once, recognised, and removed', async () => {
		const context = account(autocall);
		const url = 'http://127.0.0.1:9/otp-call?secret=s3cret-s3cret';
		for (const eventListForm of ['event_domain_uuid', 'id'] as const) {
			simulator.change({ eventListForm });
			await register(context, events.registration, ['ended', 'ringing'], url);
			await register(context, events.registration, ['ended'], url);
			assert.equal(await isRegistered(context, events.registration, ['ended'], url), true);
			assert.equal(await isRegistered(context, events.registration, ['ringing'], url), false);
			await unregister(context, events.registration, url);
			assert.equal(await isRegistered(context, events.registration, ['ended'], url), false);
		}
	});

	it('a delivery of an unknown form is none', () => {
		assert.equal(readDelivery(autocall, JSON.stringify({ hello: 'world' })), null);
	});
});
