import assert from 'node:assert/strict';

import {
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	SIMULATOR_TOKEN,
	createManualClock,
	startSimulator,
} from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { RunningFlow, at, hosts, passTimeWith, until } from './runningFlow';
import type { Fields } from './runningFlow';

const send = {
	type: 'send-otp-call',
	phoneNumber: 'phoneNumber',
	phoneNumberType: 'msg',
	code: 'otp',
	codeType: 'msg',
	idempotencyKey: 'order',
	idempotencyKeyType: 'msg',
};
const person = { phoneNumber: '09123456789', otp: '80417', order: 'order-1' };
const refusal = {
	kind: 'status',
	status: 400,
	body: { result: null, error: 'InvalidServer' },
} as const;

for (const host of hosts) {
	describe(`The identity of a call in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;
		let time: ReturnType<typeof passTimeWith> | undefined;

		beforeEach(async () => {
			simulator = await startSimulator({ clock: createManualClock() });
			time = passTimeWith(simulator);
		});
		afterEach(async () => {
			time?.restore();
			await flow.stop();
			await simulator.close();
		});

		const start = async (node: Fields = {}, account: Fields = {}): Promise<void> => {
			flow = await RunningFlow.start(
				host,
				{ ...send, ...node },
				{ provider: 'bitel', baseUrl: simulator.url, ...account },
				{ token: SIMULATOR_TOKEN },
			);
		};
		const autocall = {
			provider: 'autocall',
			authentication: 'token',
			campaign: SEED_CAMPAIGN_UUID,
		};
		const stored = (name: string) => flow.helper.getNode('node').context().global.get(name);

		it('places one call for a key, and puts out the first one for every other message', async () => {
			await start();
			const first = await flow.result(person);
			await simulator.clock.advance(60_000);
			const second = await flow.result({ ...person, phoneNumber: '+98 912 345 6789' });
			assert.equal(first['alreadyPlaced'], undefined);
			assert.equal(second['alreadyPlaced'], true);
			assert.equal(second['callId'], first['callId']);
			assert.equal(second['status'], 'completed');
			assert.equal(simulator.counters.sends, 1);
			await flow.result({ ...person, order: 'order-2' });
			assert.equal(simulator.counters.sends, 2);
		});

		it('places one call for two messages at the same moment', async () => {
			await start();
			const keys = [flow.give(person), flow.give(person), flow.give(person)];
			await Promise.all(keys.map((key) => flow.outcome(key)));
			assert.equal(simulator.counters.sends, 1);
		});

		it('keeps a key to its number and its code, and gives it back when no call was placed', async () => {
			await start();
			simulator.faults.add({ fault: refusal, times: 1 });
			assert.equal((await flow.failure(person)).code, 'refused');
			assert.deepEqual(stored('otpCallClaims'), {});
			await flow.result(person);
			const otherNumber = await flow.failure({ ...person, phoneNumber: '09123456780' });
			assert.match(otherNumber.message, /^Idempotency Key was used for another phone number/);
			const otherCode = await flow.failure({ ...person, otp: '80418' });
			assert.match(otherCode.message, /^Idempotency Key was used for another code/);
			assert.equal(simulator.counters.sends, 2);
		});

		it('is over after a day, and stores neither number nor code nor key', async () => {
			await start();
			await flow.result(person);
			const text = JSON.stringify(stored('otpCallClaims'));
			for (const secret of ['9123456789', '80417', 'order-1']) assert.ok(!text.includes(secret));
			await simulator.clock.advance(24 * 3_600_000);
			assert.equal((await flow.result(person))['alreadyPlaced'], undefined);
			assert.equal(simulator.counters.sends, 2);
		});

		it('finds the call by its key when the store has forgotten it', async () => {
			await start({ template: SEED_TEMPLATE_NAME, templateType: 'str' }, autocall);
			const message = { ...person, phoneNumber: '0332665711' };
			const first = await flow.result(message);
			await simulator.clock.advance(60_000);
			flow.helper.getNode('node').context().global.set('otpCallClaims', undefined);
			const second = await flow.result(message);
			assert.equal(second['alreadyPlaced'], true);
			assert.equal(second['callId'], first['callId']);
			assert.equal(simulator.counters.sends, 1);
		});

		it('makes the same code again for the same key', async () => {
			await start({ generateCode: true });
			const first = await flow.result(person);
			const second = await flow.result(person);
			assert.match(String(first['code']), /^\d{5}$/);
			assert.equal(second['code'], first['code']);
			assert.equal(simulator.counters.sends, 1);
		});

		it('bounds the calls of an account in an hour and in a day', async () => {
			await start({ maxCallsPerHourAll: '2', maxCallsPerDayAll: '3' });
			// The hour that passes below lies within a day, whenever this runs.
			const day = 24 * 3_600_000;
			await simulator.clock.advance(day - (simulator.clock.now() % day));
			const call = (index: number) => ({
				phoneNumber: `0912345670${index}`,
				otp: '1',
				order: '',
			});
			await flow.result(call(1));
			await flow.result(call(2));
			const error = await flow.failure(call(3));
			assert.equal(error.code, 'refused-by-rule');
			assert.match(error.message, /Max Calls per Hour, All Numbers is 2/);
			await simulator.clock.advance(3_600_000);
			await flow.result(call(4));
			assert.match(
				(await flow.failure(call(5))).message,
				/Max Calls per Day, All Numbers is 3|Max Calls per Hour/,
			);
			assert.equal(simulator.counters.sends, 3);
		});

		it('says the ID of every call that was placed in the log, and no whole number', async () => {
			await start();
			const { callId } = await flow.result(person);
			const lines = flow.logged().filter((line) => line.includes(String(callId)));
			assert.equal(lines.length, 1);
			assert.match(String(lines[0]), /\+98912•••6789/);
			assert.ok(!flow.logged().some((line) => line.includes('9123456789')));
		});
	});

	describe(`Answers that nobody has asked for in ${host}`, () => {
		it('give no message the call of another one, on connections that are kept alive', async () => {
			// The second answer comes while the next request waits for its own.
			const simulator = await startSimulator({ latencyMs: 10 });
			const flow = await RunningFlow.start(
				host,
				{ ...send, idempotencyKey: '' },
				{ provider: 'bitel', baseUrl: simulator.url, maxInFlight: '3' },
				{ token: SIMULATOR_TOKEN },
			);
			simulator.faults.add({ fault: { kind: 'second-answer' } });
			const numbers = Array.from(
				{ length: 60 },
				(_, index) => `09121${String(200_050 + index * 100)}`,
			);
			const keys = numbers.map((phoneNumber) => flow.give({ ...person, phoneNumber }));
			const outcomes = await Promise.all(keys.map((key) => flow.outcome(key)));
			const byId = new Map(
				simulator.calls.map((call) => [String(Reflect.get(call, 'callId')), call.phoneNumber]),
			);
			await flow.stop();
			await simulator.close();
			let told = 0;
			for (const [index, { messages, caught }] of outcomes.entries()) {
				const callId = at(messages[0], 'payload', 'callId');
				if (callId === undefined) assert.equal(at(caught, 'error', 'code'), 'outcome-unknown');
				else {
					told += 1;
					assert.equal(byId.get(typeof callId === 'string' ? callId : ''), numbers[index]);
				}
			}
			assert.ok(told > 0);
			for (const number of numbers) {
				assert.ok((simulator.counters.placedByNumber.get(number) ?? 0) <= 1);
			}
		});
	});

	describe(`Messages that cannot take a result in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;
		beforeEach(async () => {
			simulator = await startSimulator();
			flow = await RunningFlow.start(
				host,
				send,
				{ provider: 'bitel', baseUrl: simulator.url },
				{ token: SIMULATOR_TOKEN },
			);
		});
		afterEach(async () => {
			await flow.stop();
			await simulator.close();
		});

		const receive = (message: object) => {
			flow.helper.getNode('node').emit(
				'input',
				message,
				(out: object) => {
					flow.out.push({ ...out });
				},
				(error?: Error) => {
					flow.ends.push(error ?? null);
				},
			);
		};

		for (const [what, message] of [
			['frozen', Object.freeze({ ...person, payload: 'mine' })],
			['read-only', Object.defineProperty({ ...person }, 'payload', { value: 'mine' })],
		] as const) {
			it(`are refused before a phone rings: ${what}`, async () => {
				receive(message);
				await until(() => flow.ends.length === 1, 'an end');
				assert.match(String(flow.ends[0]?.message), /^msg\.payload is read-only or frozen/);
				assert.deepEqual([flow.out.length, simulator.counters.sends], [0, 0]);
			});
		}

		it('are ended by one error when a property of theirs throws', async () => {
			const message = {
				otp: '1',
				get phoneNumber(): string {
					throw new Error('no');
				},
			};
			receive(message);
			await until(() => flow.ends.length === 1, 'an end');
			assert.match(String(flow.ends[0]?.message), /^Phone Number cannot be read/);
			assert.equal(simulator.counters.sends, 0);
		});
	});

	describe(`A call that may have been placed in ${host}`, () => {
		it('stands in the log when Node-RED stops, whatever Catch nodes there are', async () => {
			const simulator = await startSimulator();
			const flow = await RunningFlow.start(
				host,
				send,
				{ provider: 'bitel', baseUrl: simulator.url },
				{ token: SIMULATOR_TOKEN },
			);
			simulator.faults.add({ fault: { kind: 'never-answer', placesCall: true } });
			flow.give(person);
			await until(() => simulator.counters.sends === 1, 'a request');
			const lines: string[] = [];
			flow.helper.getNode('node').warn = (text) => void lines.push(text);
			await flow.stop();
			assert.equal(
				lines.filter((line) => /^\+98912•••6789 .*The phone may still ring/.test(line)).length,
				1,
			);
			await simulator.close();
		});
	});
}
