import assert from 'node:assert/strict';

import { clock } from '../../node-red/host/clock';
import { CheckFlow } from './checkFlow';
import { hosts, namesIn } from './runningFlow';

for (const host of hosts) {
	describe(`check-otp-code in ${host}`, () => {
		let checks: CheckFlow;
		afterEach(() => checks.stop());

		it('says right once, by its first output', async () => {
			checks = await CheckFlow.start(host, { purpose: 'login' }, { purpose: 'login' });
			const token = await checks.tokenOf();
			assert.deepEqual(await checks.typed(token, '80417'), {
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
			assert.deepEqual(checks.flow.words().slice(-2), ['checking', 'right •••6789']);
			assert.equal(checks.flow.statuses().at(-1)?.fill, 'green');
			assert.equal(await checks.reasonOf(token, '80417'), 'already-used');
			assert.equal(checks.flow.words().at(-1), 'already used');
		});

		it('says by its second output how often a wrong code can still be tried', async () => {
			checks = await CheckFlow.start(host);
			const token = await checks.tokenOf();
			const { right, result } = await checks.typed(token, '80418');
			assert.equal(right, false);
			assert.deepEqual([result['reason'], result['attemptsLeft']], ['wrong-code', 2]);
			assert.equal(checks.flow.words().at(-1), 'wrong, 2 left');
			assert.equal(checks.flow.statuses().at(-1)?.fill, 'yellow');
			await checks.typed(token, 'x');
			assert.equal((await checks.typed(token, '80419')).result['attemptsLeft'], 0);
			assert.equal(await checks.reasonOf(token, '80417'), 'too-many-attempts');
			assert.equal(checks.flow.words().at(-1), 'too many attempts');
		});

		for (const code of ['۸۰۴۱۷', '٨٠٤١٧', ' 804 17 ', '80-417', '۸۰–۴۱۷', 80_417]) {
			it(`takes a code however it is typed: ${String(code)}`, async () => {
				checks = await CheckFlow.start(host);
				assert.equal((await checks.typed(await checks.tokenOf(), code)).right, true);
			});
		}

		it('takes no code after its lifetime, to the millisecond', async () => {
			checks = await CheckFlow.start(host, {}, { codeLifetime: '60' });
			const [first, second] = [await checks.tokenOf(), await checks.tokenOf()];
			await checks.simulator.clock.advance(59_999);
			assert.equal((await checks.typed(first, '80417')).right, true);
			await checks.simulator.clock.advance(1);
			assert.equal(await checks.reasonOf(second, '80417'), 'expired');
			assert.equal(checks.flow.words().at(-1), 'expired •••6789');
		});

		it('takes tokens of the account that placed the call only', async () => {
			checks = await CheckFlow.start(host, {}, { account: 'other-account' });
			const token = await checks.tokenOf();
			assert.equal(typeof token, 'string');
			const { result } = await checks.typed(token, '80417');
			assert.deepEqual(
				[result['reason'], result['phoneNumber'], result['purpose']],
				['not-issued-here', null, null],
			);
			assert.equal(checks.flow.words().at(-1), 'not issued here');
		});

		for (const [purposes, reason] of [
			[['login', ''], 'wrong-purpose'],
			[['', 'login'], 'wrong-purpose'],
			[['login', 'payment'], 'wrong-purpose'],
			[['payment 7', 'payment 7'], null],
		] as const) {
			const [sealed, asked] = purposes;
			it(`compares purposes: "${sealed}" for "${asked}"`, async () => {
				checks = await CheckFlow.start(
					host,
					{ purpose: asked, purposeType: 'str' },
					{ purpose: sealed },
				);
				assert.equal(await checks.reasonOf(await checks.tokenOf(), '80417'), reason);
			});
		}

		it('takes a purpose from the message, in both nodes', async () => {
			const purpose = { purpose: 'payload.order', purposeType: 'msg' };
			checks = await CheckFlow.start(host, { purpose: 'order', purposeType: 'msg' }, purpose);
			const token = await checks.tokenOf({ order: 'order-7' });
			assert.equal(await checks.reasonOf(token, '80417', { order: 'order-8' }), 'wrong-purpose');
			assert.equal(await checks.reasonOf(token, '80417', { order: 'order-7' }), null);
		});

		it('compares the number where it is given, and takes a missing one for another', async () => {
			checks = await CheckFlow.start(host, {
				phoneNumber: 'phone',
				phoneNumberType: 'msg',
				maxAttempts: '3',
			});
			const token = await checks.tokenOf();
			assert.equal(await checks.reasonOf(token, '80417', { phone: '09123456780' }), 'wrong-number');
			assert.equal(await checks.reasonOf(token, '80417'), 'wrong-number');
			assert.equal(await checks.reasonOf(token, '80417', { phone: '+98 912 345 6789' }), null);
		});

		it('takes any number where the field is empty', async () => {
			checks = await CheckFlow.start(host, { phoneNumber: ' ', phoneNumberType: 'msg' });
			assert.equal((await checks.typed(await checks.tokenOf(), '80417')).right, true);
		});

		it('allows fewer tries where it is told so', async () => {
			checks = await CheckFlow.start(host, { maxAttempts: '1' });
			const token = await checks.tokenOf();
			assert.equal((await checks.typed(token, '1')).result['attemptsLeft'], 0);
			assert.equal(await checks.reasonOf(token, '80417'), 'too-many-attempts');
		});

		it('lets messages at the same moment not mix', async () => {
			checks = await CheckFlow.start(host, {}, { code: 'payload.code' });
			const codes = ['80417', '27182', '31415'];
			const tokens = [];
			for (const code of codes) tokens.push(await checks.tokenOf({ code }));
			const own = await Promise.all(
				tokens.map((token, index) => checks.typed(token, codes[(index + 1) % 3])),
			);
			assert.deepEqual(
				own.map(({ right }) => right),
				[false, false, false],
			);
			const right = await Promise.all(
				tokens.map((token, index) => checks.typed(token, codes[index])),
			);
			assert.deepEqual(
				right.map((each) => each.right),
				[true, true, true],
			);
		});

		it('is right once, and tries no more than it allows, when 20 messages come at once', async () => {
			checks = await CheckFlow.start(host);
			const race = async (codes: readonly string[]): Promise<readonly unknown[]> => {
				const token = await checks.tokenOf();
				return await Promise.all(codes.map((code) => checks.reasonOf(token, code)));
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

		it('checks codes of the sandbox, and not those of another provider', async () => {
			checks = await CheckFlow.start(host, {}, {}, { provider: 'sandbox' });
			assert.equal((await checks.typed(await checks.tokenOf(), '80417')).right, true);
			await checks.stop();
			checks = await CheckFlow.start(
				host,
				{},
				{ account: 'other-account' },
				{ provider: 'sandbox' },
			);
			assert.equal(await checks.reasonOf(await checks.tokenOf(), '80417'), 'not-issued-here');
		});

		for (const [what, payload, message] of [
			['no code', { verification: 'x' }, /^Code is empty .*\. .*the person has typed/],
			['no token', { code: '80417' }, /^Verification is empty .*\. Use the field verification/],
			['an object for a code', { verification: 'x', code: {} }, /^Code must be text/],
		] as const) {
			it(`says in an error what it lacks: ${what}`, async () => {
				checks = await CheckFlow.start(host);
				const error = await checks.flow.failure({ payload });
				assert.equal(error.code, 'invalid-input');
				assert.match(error.message, message);
				assert.equal(checks.flow.words().at(-1), 'invalid input');
			});
		}

		it('refuses numbers of tries that it does not allow', async () => {
			checks = await CheckFlow.start(host, { maxAttempts: '6' });
			const error = await checks.flow.failure({ payload: { verification: 'x', code: '1' } });
			assert.match(error.message, /^Max Attempts must be a whole number/);
			assert.equal(error.cause['field'], 'maxAttempts');
		});

		it('forgets the tries of codes that are long over', async () => {
			checks = await CheckFlow.start(host);
			const { global } = checks.flow.helper.getNode('node').context();
			const old = Object.fromEntries(
				Array.from({ length: 2_000 }, (_, index) => [`a${index}`, clock.now() - 1]),
			);
			global.set('otpCallChecks', old);
			for (let count = 0; count < 300; count += 1) {
				const token = await checks.tokenOf();
				assert.equal((await checks.typed(token, '80417')).right, true);
			}
			assert.ok(namesIn(checks.stored()).length <= 600, String(namesIn(checks.stored()).length));
		}).timeout(60_000);

		it('warns at its start where tries would be forgotten, but not of an account for trying', async () => {
			checks = await CheckFlow.start(host);
			const warned = () =>
				checks.flow.logged().filter((line) => line.includes('log.forgotten')).length;
			assert.equal(warned(), 1);
			await checks.stop();
			checks = await CheckFlow.start(host, {}, {}, { provider: 'sandbox' });
			assert.equal(warned(), 0);
		});
	});
}
