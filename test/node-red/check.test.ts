import assert from 'node:assert/strict';
import { once } from 'node:events';

import { limits } from '../../calls/limits';
import { clock } from '../../node-red/host/clock';
import { SIMULATOR_TOKEN, createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { readingsOf } from '../fixtures/encodings';
import { RunningFlow, at, hosts, namesIn, passTimeWith, until } from './runningFlow';
import type { Fields, FlowNode, Message } from './runningFlow';

const otherToken = 'another-token-of-another-account';
const check = {
	type: 'check-otp-code',
	verification: 'payload.verification',
	verificationType: 'msg',
	code: 'payload.code',
	codeType: 'msg',
};
const send = {
	id: 'send',
	type: 'send-otp-call',
	account: 'account',
	phoneNumber: 'payload.phoneNumber',
	phoneNumberType: 'msg',
	code: 'payload.code',
	codeType: 'msg',
	keepForCheck: true,
	z: 'tab',
	x: 0,
	y: 0,
	wires: [['sent']],
};
const person = { phoneNumber: '09123456789', code: '80417' };
const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

for (const host of hosts) {
	describe(`check-otp-code in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;
		let time: ReturnType<typeof passTimeWith>;
		let sent: Message[];

		beforeEach(async () => {
			simulator = await startSimulator({
				clock: createManualClock(),
				tokens: [SIMULATOR_TOKEN, otherToken],
			});
			time = passTimeWith(simulator);
			const passing = { ...clock };
			clock.sleep = async (milliseconds, signal) => {
				// The limit of a check is no pause: it is there to be called off.
				if (milliseconds !== limits.check) await passing.sleep(milliseconds, signal);
				else if (signal !== undefined) await once(signal, 'abort');
			};
			sent = [];
		});
		afterEach(async () => {
			time.restore();
			await flow.stop();
			await simulator.close();
		});

		/** A check node, and a send node before it. */
		const start = async (own: Fields = {}, sending: Fields = {}, account: Fields = {}) => {
			const other = { id: 'other-account', type: 'otp-call-account', provider: 'bitel' };
			const more: readonly FlowNode[] = [
				{ ...other, baseUrl: simulator.url },
				{ ...send, ...sending },
				{ id: 'sent', type: 'helper', z: 'tab', x: 0, y: 0 },
			];
			flow = await RunningFlow.start(
				host,
				{ ...check, ...own },
				{ provider: 'bitel', baseUrl: simulator.url, ...account },
				{ token: SIMULATOR_TOKEN },
				more,
				{ 'other-account': { token: otherToken } },
			);
			flow.helper.getNode('sent').on('input', (message) => sent.push(message));
		};
		/** Sends, and waits for the result or the error. */
		const sending = async (message: Fields = {}): Promise<Message> => {
			const failures = () =>
				flow.caught.filter(({ error }) => at(error, 'source', 'id') === 'send');
			const count = () => sent.length + failures().length;
			const before = [sent.length, count()];
			flow.helper.getNode('send').receive({ payload: { ...person, ...message } });
			await until(() => count() > Number(before[1]), 'an answer of the send node');
			return (sent.length > Number(before[0]) ? sent : failures()).at(-1) ?? {};
		};
		const tokenOf = async (message: Fields = {}): Promise<unknown> =>
			at(await sending(message), 'payload', 'verification');
		/** What comes out for a typed code, and where. */
		const typed = async (
			verification: unknown,
			code: unknown,
			more: Fields = {},
		): Promise<{ readonly right: boolean; readonly result: Record<string, unknown> }> => {
			const { caught, messages, others } = await flow.answer({
				topic: 'kept',
				...more,
				payload: { verification, code },
			});
			assert.equal(caught, undefined, JSON.stringify(caught?.['error']));
			assert.equal(messages.length + others.length, 1);
			const [message] = [...messages, ...others];
			const result = message?.['payload'];
			assert.ok(isObject(result));
			assert.equal(message?.['topic'], 'kept');
			assert.equal(messages.length === 1, result['valid']);
			return { right: messages.length === 1, result };
		};
		const reasonOf = async (...given: Parameters<typeof typed>): Promise<unknown> =>
			(await typed(...given)).result['reason'];
		const stored = (): unknown => flow.helper.getNode('node').context().global.get('otpCallChecks');

		it('says right once, by its first output', async () => {
			await start({ purpose: 'login' }, { purpose: 'login' });
			const token = await tokenOf();
			assert.deepEqual(await typed(token, '80417'), {
				right: true,
				result: {
					valid: true,
					reason: null,
					attemptsLeft: 0,
					provider: 'bitel',
					phoneNumber: '+989123456789',
					purpose: 'login',
				},
			});
			assert.deepEqual(flow.words().slice(-2), ['checking', 'right •••6789']);
			assert.equal(flow.statuses().at(-1)?.fill, 'green');
			assert.equal(await reasonOf(token, '80417'), 'already-used');
			assert.equal(flow.words().at(-1), 'already used');
		});

		it('says by its second output how often a wrong code can still be tried', async () => {
			await start();
			const token = await tokenOf();
			const { right, result } = await typed(token, '80418');
			assert.equal(right, false);
			assert.deepEqual([result['reason'], result['attemptsLeft']], ['wrong-code', 2]);
			assert.equal(flow.words().at(-1), 'wrong, 2 left');
			assert.equal(flow.statuses().at(-1)?.fill, 'yellow');
			await typed(token, 'x');
			assert.equal((await typed(token, '80419')).result['attemptsLeft'], 0);
			assert.equal(await reasonOf(token, '80417'), 'too-many-attempts');
			assert.equal(flow.words().at(-1), 'too many attempts');
		});

		for (const code of ['۸۰۴۱۷', '٨٠٤١٧', ' 804 17 ', '80-417', '۸۰–۴۱۷', 80_417]) {
			it(`takes a code however it is typed: ${String(code)}`, async () => {
				await start();
				assert.equal((await typed(await tokenOf(), code)).right, true);
			});
		}

		it('takes no code after its lifetime, to the millisecond', async () => {
			await start({}, { codeLifetime: '60' });
			const [first, second] = [await tokenOf(), await tokenOf()];
			await simulator.clock.advance(59_999);
			assert.equal((await typed(first, '80417')).right, true);
			await simulator.clock.advance(1);
			assert.equal(await reasonOf(second, '80417'), 'expired');
			assert.equal(flow.words().at(-1), 'expired •••6789');
		});

		it('takes tokens of the account that placed the call only', async () => {
			await start({}, { account: 'other-account' });
			const token = await tokenOf();
			assert.equal(typeof token, 'string');
			const { result } = await typed(token, '80417');
			assert.deepEqual(
				[result['reason'], result['phoneNumber'], result['purpose']],
				['not-issued-here', null, null],
			);
			assert.equal(flow.words().at(-1), 'not issued here');
		});

		for (const [purposes, reason] of [
			[['login', ''], 'wrong-purpose'],
			[['', 'login'], 'wrong-purpose'],
			[['login', 'payment'], 'wrong-purpose'],
			[['payment 7', 'payment 7'], null],
		] as const) {
			const [sealed, asked] = purposes;
			it(`compares purposes: "${sealed}" for "${asked}"`, async () => {
				await start({ purpose: asked, purposeType: 'str' }, { purpose: sealed });
				assert.equal(await reasonOf(await tokenOf(), '80417'), reason);
			});
		}

		it('takes a purpose from the message, in both nodes', async () => {
			const purpose = { purpose: 'payload.order', purposeType: 'msg' };
			await start({ purpose: 'order', purposeType: 'msg' }, purpose);
			const token = await tokenOf({ order: 'order-7' });
			assert.equal(await reasonOf(token, '80417', { order: 'order-8' }), 'wrong-purpose');
			assert.equal(await reasonOf(token, '80417', { order: 'order-7' }), null);
		});

		it('compares the number where it is given, and takes a missing one for another', async () => {
			await start({ phoneNumber: 'phone', phoneNumberType: 'msg', maxAttempts: '3' });
			const token = await tokenOf();
			assert.equal(await reasonOf(token, '80417', { phone: '09123456780' }), 'wrong-number');
			assert.equal(await reasonOf(token, '80417'), 'wrong-number');
			assert.equal(await reasonOf(token, '80417', { phone: '+98 912 345 6789' }), null);
		});

		it('takes any number where the field is empty', async () => {
			await start({ phoneNumber: ' ', phoneNumberType: 'msg' });
			assert.equal((await typed(await tokenOf(), '80417')).right, true);
		});

		it('allows fewer tries where it is told so', async () => {
			await start({ maxAttempts: '1' });
			const token = await tokenOf();
			assert.equal((await typed(token, '1')).result['attemptsLeft'], 0);
			assert.equal(await reasonOf(token, '80417'), 'too-many-attempts');
		});

		it('lets messages at the same moment not mix', async () => {
			await start({}, { code: 'payload.code' });
			const codes = ['80417', '27182', '31415'];
			const tokens = [];
			for (const code of codes) tokens.push(await tokenOf({ code }));
			const own = await Promise.all(
				tokens.map((token, index) => typed(token, codes[(index + 1) % 3])),
			);
			assert.deepEqual(
				own.map(({ right }) => right),
				[false, false, false],
			);
			const right = await Promise.all(tokens.map((token, index) => typed(token, codes[index])));
			assert.deepEqual(
				right.map((each) => each.right),
				[true, true, true],
			);
		});

		it('is right once, and tries no more than it allows, when 20 messages come at once', async () => {
			await start();
			const race = async (codes: readonly string[]): Promise<readonly unknown[]> => {
				const token = await tokenOf();
				return await Promise.all(codes.map((code) => reasonOf(token, code)));
			};
			const count = (reasons: readonly unknown[], reason: string | null) =>
				reasons.filter((each) => each === reason).length;
			const right = await race(Array.from({ length: 20 }, () => '80417'));
			assert.deepEqual([count(right, null), count(right, 'already-used')], [1, 19]);
			const wrong = await race(Array.from({ length: 20 }, (_, index) => String(index)));
			assert.deepEqual([count(wrong, 'wrong-code'), count(wrong, 'too-many-attempts')], [3, 17]);
			const mixed = await race(Array.from({ length: 20 }, (_, at) => (at < 3 ? '1' : '80417')));
			assert.equal(count(mixed, null), 0);
		});

		it('leaves the code in nothing that comes out, is stored, shown or logged', async () => {
			await start(
				{},
				{ waitForResult: true, emitChanges: true, simplify: false, code: '80417', codeType: 'str' },
			);
			await sending({ code: undefined });
			await until(
				() => sent.some((message) => at(message, 'payload', 'final') === true),
				'the end',
			);
			assert.ok(sent.length > 1);
			const tokens = sent.map((message) => at(message, 'payload', 'verification'));
			assert.equal(new Set(tokens).size, 1);
			await typed(tokens[0], '11111');
			await typed(tokens[0], '80417');
			const { global } = flow.helper.getNode('node').context();
			const results = [...flow.out, ...flow.other].map(({ payload }) => payload);
			const all = [
				sent.map(({ payload }) => payload),
				results,
				flow.statuses(),
				flow.helper.getNode('send').status.args,
				flow.logged(),
				[global.get('otpCallChecks'), global.get('otpCallClaims')],
			];
			const alone = /(?<![0-9a-f])80417(?![0-9a-f])/;
			for (const each of all) {
				const text = readingsOf(JSON.stringify(each));
				assert.doesNotMatch(text, alone);
				assert.doesNotMatch(text, /8 ?0 ?4 ?1 ?7(?!\d)(?<!\d80417)/);
			}
			const marks = JSON.stringify(stored());
			assert.match(marks, /"u[0-9a-f]{32}":/);
			for (const known of ['9123456789', String(tokens[0])]) assert.ok(!marks.includes(known));
		});

		it('has the token in the errors after which the phone may ring', async () => {
			await start();
			simulator.faults.add({ fault: { kind: 'reset-after-placing' }, times: 1 });
			const { error } = await sending();
			assert.equal(at(error, 'code'), 'outcome-unknown');
			const token = at(error, 'cause', 'verification');
			assert.equal((await typed(token, '80417')).right, true);
			simulator.faults.add({ fault: { kind: 'status', status: 401 }, times: 1 });
			const { error: refused } = await sending();
			assert.equal(at(refused, 'code'), 'not-authorized');
			assert.equal(at(refused, 'cause', 'verification'), undefined);
		});

		it('has the token in the error of a wait that took too long', async () => {
			await start({}, { waitForResult: true, waitTimeout: '0.1' });
			const { error } = await sending();
			assert.equal(at(error, 'code'), 'wait-timeout');
			assert.equal((await typed(at(error, 'cause', 'verification'), '80417')).right, true);
		});

		it('puts out the code that the node made where it is not kept, and none where it is', async () => {
			await start({}, { generateCode: true, keepForCheck: false });
			const open = at(await sending(), 'payload');
			assert.match(String(at(open, 'code')), /^\d{5}$/);
			assert.equal(at(open, 'verification'), undefined);
			await flow.stop();
			await start({}, { generateCode: true });
			const kept = at(await sending(), 'payload');
			assert.ok(!namesIn(kept).includes('code'));
			const code = at(simulator.requests.at(-1)?.json, 'text');
			assert.equal((await typed(at(kept, 'verification'), code)).right, true);
		});

		it('shares the tries of a call between all that were sent under its key', async () => {
			await start({}, { idempotencyKey: 'payload.order', idempotencyKeyType: 'msg' });
			const first = await tokenOf({ order: 'order-1' });
			await simulator.clock.advance(60_000);
			const second = await tokenOf({ order: 'order-1' });
			assert.equal(simulator.counters.sends, 1);
			for (const token of [first, second, first]) {
				assert.equal(await reasonOf(token, '1'), 'wrong-code');
			}
			assert.equal(await reasonOf(second, '80417'), 'too-many-attempts');
		});

		it('checks codes of the sandbox, and not those of another provider', async () => {
			await start({}, {}, { provider: 'sandbox' });
			assert.equal((await typed(await tokenOf(), '80417')).right, true);
			await flow.stop();
			sent = [];
			await start({}, { account: 'other-account' }, { provider: 'sandbox' });
			assert.equal(await reasonOf(await tokenOf(), '80417'), 'not-issued-here');
		});

		for (const [what, payload, message] of [
			['no code', { verification: 'x' }, /^Code is empty\. .*the person has typed/],
			['no token', { code: '80417' }, /^Verification is empty\. Use the field verification/],
			['an object for a code', { verification: 'x', code: {} }, /^Code must be text/],
		] as const) {
			it(`says in an error what it lacks: ${what}`, async () => {
				await start();
				const error = await flow.failure({ payload });
				assert.equal(error.code, 'invalid-input');
				assert.match(error.message, message);
				assert.equal(flow.words().at(-1), 'invalid input');
			});
		}

		it('refuses numbers of tries that it does not allow', async () => {
			await start({ maxAttempts: '6' });
			const error = await flow.failure({ payload: { verification: 'x', code: '1' } });
			assert.match(error.message, /^Max Attempts must be a whole number/);
			assert.equal(error.cause['field'], 'maxAttempts');
		});

		for (const [sendFields, message] of [
			[{ codeLifetime: '601' }, /^Code Lifetime must be/],
			[{ purpose: 'x'.repeat(81) }, /^Purpose /],
			[
				{ code: '123', codeType: 'str' },
				/^Code must have at least 4 characters with Keep for Check/,
			],
		] as const) {
			it(`calls nobody when the code cannot be kept: ${JSON.stringify(sendFields)}`, async () => {
				await start({}, sendFields);
				const { error } = await sending();
				assert.equal(at(error, 'code'), 'invalid-input');
				assert.match(String(at(error, 'message')), message);
				assert.equal(simulator.counters.sends, 0);
			});
		}

		it('forgets the tries of codes that are long over', async () => {
			await start();
			const { global } = flow.helper.getNode('node').context();
			const old = Object.fromEntries(
				Array.from({ length: 2_000 }, (_, index) => [`a${index}`, clock.now() - 1]),
			);
			global.set('otpCallChecks', old);
			for (let count = 0; count < 300; count += 1) {
				const token = await tokenOf();
				assert.equal((await typed(token, '80417')).right, true);
			}
			assert.ok(namesIn(stored()).length <= 600, String(namesIn(stored()).length));
		}).timeout(60_000);

		it('warns at its start where tries would be forgotten, but not of an account for trying', async () => {
			await start();
			const warned = () => flow.logged().filter((line) => line.includes('log.forgotten')).length;
			assert.equal(warned(), 1);
			await flow.stop();
			await start({}, {}, { provider: 'sandbox' });
			assert.equal(warned(), 0);
		});
	});
}
