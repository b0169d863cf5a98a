import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import fc from 'fast-check';

import type { CheckInput } from '../../calls/codeCheck';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { foldCode, sealVerification } from '../../calls/verification';
import { Checker, Marks } from './checks';
import { failing } from './testHost';

describe('A typed code', () => {
	it('is right once', async () => {
		const checker = new Checker();
		const store = new Marks();
		const token = checker.token();
		assert.deepEqual(await checker.check(store, token), {
			valid: true,
			reason: null,
			attemptsLeft: 0,
			provider: 'autocall',
			phoneNumber: '+84332665711',
			purpose: 'login',
		});
		assert.deepEqual(await checker.check(store, token), {
			valid: false,
			reason: 'already-used',
			attemptsLeft: 0,
			provider: 'autocall',
			phoneNumber: '+84332665711',
			purpose: 'login',
		});
		assert.deepEqual(await checker.answer(store, token, '000000'), ['already-used', 0]);
	});

	it('is right once, whatever process checks it', async () => {
		const checker = new Checker();
		const store = new Marks();
		const token = checker.token();
		await checker.check(store, token);
		checker.restart();
		// What is stored can be asked only by claiming it, and nobody claims the use with a wrong code.
		assert.deepEqual(await checker.answer(store, token, '000000'), ['wrong-code', 3]);
		assert.deepEqual(await checker.answer(store, token), ['already-used', 0]);
		assert.deepEqual(await checker.answer(store, token, '000000'), ['already-used', 0]);
	});

	it('may be wrong until its tries are gone', async () => {
		for (const restarts of [false, true]) {
			const checker = new Checker();
			const store = new Marks();
			const token = checker.token();
			for (const left of [4, 3, 2, 1, 0]) {
				assert.deepEqual(await checker.answer(store, token, '000000'), ['wrong-code', left]);
				if (restarts) checker.restart();
			}
			assert.deepEqual(await checker.answer(store, token), ['too-many-attempts', 0]);
			assert.deepEqual(await checker.answer(store, token), ['too-many-attempts', 0]);
		}
	});

	it('may be right at the last try', async () => {
		const checker = new Checker();
		const store = new Marks();
		const token = checker.token();
		for (let n = 0; n < 4; n += 1) await checker.check(store, token, '000000');
		assert.deepEqual(await checker.answer(store, token), ['right', 0]);
	});

	it('of fewer than 6 digits may be tried three times', async () => {
		const checker = new Checker();
		const store = new Marks();
		const token = checker.token({ code: '80417' });
		for (const left of [2, 1, 0]) {
			assert.deepEqual(await checker.answer(store, token, '00000'), ['wrong-code', left]);
		}
		assert.deepEqual(await checker.answer(store, token, '80417'), ['too-many-attempts', 0]);
	});

	it('may be tried less often where the check says so, and never more often', async () => {
		for (const [code, maxAttempts, tries] of [
			['482913', 1, 1],
			['482913', '2', 2],
			['482913', '', 5],
			['482913', 5, 5],
			['80417', 5, 3],
			['80417', 2, 2],
		] as const) {
			const checker = new Checker();
			const store = new Marks();
			const token = checker.token({ code });
			for (let left = tries - 1; left >= 0; left -= 1) {
				const answer = await checker.answer(store, token, '99999', { maxAttempts });
				assert.deepEqual(answer, ['wrong-code', left]);
			}
			assert.deepEqual(await checker.answer(store, token, code, { maxAttempts }), [
				'too-many-attempts',
				0,
			]);
		}
	});

	it('has one count of tries, though two checks allow another number', async () => {
		const checker = new Checker();
		const store = new Marks();
		const token = checker.token();
		for (let n = 0; n < 3; n += 1) await checker.check(store, token, '000000');
		for (const maxAttempts of [1, 3]) {
			const answer = await checker.answer(store, token, '482913', { maxAttempts });
			assert.deepEqual(answer, ['too-many-attempts', 0]);
		}
		assert.deepEqual(await checker.answer(store, token), ['right', 0]);
	});

	it('is right until the last millisecond, and then expired, which asks no store', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 600_000 }), async (lifetime) => {
				const checker = new Checker();
				const store = new Marks();
				const expiresAt = checker.clock.now() + lifetime;
				const late = checker.token({ expiresAt });
				checker.clock.pass(lifetime - 1);
				assert.deepEqual(await checker.answer(store, checker.token({ expiresAt })), ['right', 0]);
				const asked = store.asked.length;
				checker.clock.pass(1);
				assert.deepEqual(await checker.answer(store, late), ['expired', 0]);
				checker.clock.pass(86_400_000);
				assert.deepEqual(await checker.answer(store, late), ['expired', 0]);
				assert.equal(store.asked.length, asked);
			}),
		);
	});

	it('in any writing is the same code', async () => {
		for (const typed of ['۴۸۲۹۱۳', '482 913', '482-913', ' 482913 ', 482913, '\u200f٤٨٢٩١٣']) {
			const checker = new Checker();
			assert.deepEqual(await checker.answer(new Marks(), checker.token(), typed), ['right', 0]);
		}
	});
});

describe('A check for a number', () => {
	it('takes every writing of the number, and any number where none is asked for', async () => {
		for (const phoneNumber of ['+84332665711', '0332-665-711', '۰۳۳۲۶۶۵۷۱۱', undefined]) {
			const checker = new Checker();
			const answer = await checker.answer(new Marks(), checker.token(), '482913', { phoneNumber });
			assert.deepEqual(answer, ['right', 0]);
		}
	});

	it('of another one, or of none that it is, is wrong and costs a try', async () => {
		for (const phoneNumber of ['0332665712', '', null, 'me', {}, [], 0.5, true, '0332665711\n1']) {
			const checker = new Checker();
			const store = new Marks();
			const token = checker.token();
			for (const left of [4, 3, 2, 1, 0]) {
				// Whether the code is right is not told.
				const code = left % 2 === 0 ? '482913' : '000000';
				const answer = await checker.answer(store, token, code, { phoneNumber });
				assert.deepEqual(answer, ['wrong-number', left], inspect(phoneNumber));
			}
			assert.deepEqual(await checker.answer(store, token), ['too-many-attempts', 0]);
		}
	});
});

describe('A check for a purpose', () => {
	it('takes the purpose of the send, composed in either way, with spaces around it', async () => {
		for (const [sent, asked] of [
			['', undefined],
			['', ' '],
			['login', ' login '],
			['7', 7],
			['đăng nhập'.normalize('NFC'), 'đăng nhập'.normalize('NFD')],
		] as const) {
			const checker = new Checker();
			const token = checker.token({ purpose: sent });
			const answer = await checker.answer(new Marks(), token, '482913', { purpose: asked });
			assert.deepEqual(answer, ['right', 0]);
		}
	});

	it('other than that of the send, or none, is wrong and costs a try', async () => {
		for (const [sent, asked] of [
			['login', 'payment'],
			['login', 'Login'],
			['login', ''],
			['login', undefined],
			['', 'login'],
		] as const) {
			const checker = new Checker();
			const store = new Marks();
			const token = checker.token({ purpose: sent });
			for (const left of [4, 3, 2, 1, 0]) {
				const code = left % 2 === 0 ? '482913' : '000000';
				const answer = await checker.answer(store, token, code, { purpose: asked });
				assert.deepEqual(answer, ['wrong-purpose', left]);
			}
			const answer = await checker.answer(store, token, '482913', { purpose: sent });
			assert.deepEqual(answer, ['too-many-attempts', 0]);
		}
	});

	it('says wrong number first: what a stranger types tells nothing of the rest', async () => {
		const checker = new Checker();
		const wrong = { phoneNumber: '0332665712', purpose: 'payment' };
		const answer = await checker.answer(new Marks(), checker.token(), '000000', wrong);
		assert.deepEqual(answer, ['wrong-number', 4]);
	});
});

describe('A verification that is none of this account', () => {
	it('is not issued here, whatever is typed, and asks no store', async () => {
		const checker = new Checker();
		const store = new Marks();
		const foreign = { provider: autocall, lastingSecret: 'another' };
		const others = [
			sealVerification(foreign, checker.kept),
			sealVerification({ ...checker.account, provider: bitel }, checker.kept),
			`${checker.token()}A`,
			checker.token().slice(0, -1),
			'c1',
			'null',
			7,
			'x'.repeat(100_000),
		];
		for (const token of others) {
			assert.deepEqual(await checker.check(store, token, '482913', { phoneNumber: '0332665711' }), {
				valid: false,
				reason: 'not-issued-here',
				attemptsLeft: 0,
				provider: 'autocall',
				phoneNumber: null,
				purpose: null,
			});
		}
		assert.deepEqual(store.asked, []);
	});

	it('may have spaces around it: people copy it', async () => {
		const checker = new Checker();
		const answer = await checker.answer(new Marks(), ` ${checker.token()}\n`);
		assert.deepEqual(answer, ['right', 0]);
	});
});

describe('A check that cannot be one', () => {
	const cases: readonly (readonly [string, Partial<CheckInput>, string, RegExp, RegExp])[] = [
		...[undefined, null, '', '  '].map(
			(none) =>
				[
					`without a verification (${inspect(none)})`,
					{ verification: none },
					'verification',
					/^Verification is empty$/,
					/what Send OTP Call put out, and turn Keep for Check on there/,
				] as const,
		),
		['with an object', { verification: {} }, 'verification', /must be text/, /Send OTP Call/],
		...[undefined, null, '', ' \t'].map(
			(none) =>
				[
					`without a code (${inspect(none)})`,
					{ code: none },
					'code',
					/^Code is empty$/,
					/Give Code the text that the person has typed/,
				] as const,
		),
		['with a code in a list', { code: ['482913'] }, 'code', /^Code must be text$/, /Give Code/],
		['with a fraction', { code: 0.5 }, 'code', /must be text/, /Give Code/],
		['with no tries', { maxAttempts: 0 }, 'maxAttempts', /number, 1 to 5$/, /1 to 5/],
		['with many tries', { maxAttempts: 6 }, 'maxAttempts', /number, 1 to 5$/, /1 to 5/],
		['with odd tries', { maxAttempts: 'all' }, 'maxAttempts', /number, 1 to 5$/, /1 to 5/],
		['with a long purpose', { purpose: 'x'.repeat(81) }, 'purpose', /at most 80/, /Shorten/],
		['with a purpose of lines', { purpose: 'a\nb' }, 'purpose', /one line/, /Shorten/],
	];
	for (const [what, input, field, rule, remedy] of cases) {
		it(`is an error that costs no try: ${what}`, async () => {
			const checker = new Checker();
			const store = new Marks();
			const error = await failing(
				checker.check(store, checker.token(), checker.kept.code, input),
				'invalid-input',
			);
			assert.match(error.message, rule);
			assert.match(
				error.facts.remedy
					.replaceAll(/‹([^|›]*)[^›]*›/g, '$1')
					.replace('sendNode', 'Send OTP Call'),
				remedy,
			);
			assert.deepEqual([error.facts.field, error.facts.callMayHaveBeenPlaced], [field, false]);
			assert.doesNotMatch(JSON.stringify(error.facts), /482913/);
			assert.deepEqual(store.asked, []);
		});
	}

	it('takes a purpose of 80 characters', async () => {
		const checker = new Checker();
		const purpose = 'x'.repeat(80);
		const token = checker.token({ purpose });
		assert.deepEqual(await checker.answer(new Marks(), token, '482913', { purpose }), ['right', 0]);
	});
});

describe('No other token, code, number, purpose or account', () => {
	const code = fc.stringMatching(/^[0-9]{4,8}$/);
	const number = fc.stringMatching(/^\+8433266[0-9]{4}$/);
	const purpose = fc.constantFrom('', 'login', 'payment', 'Login');
	const account = fc.constantFrom('one-account', 'another-account');
	const side = fc.record({ code, number, purpose, account });

	it('is ever right', async () => {
		await fc.assert(
			fc.asyncProperty(
				side,
				side,
				fc.subarray(['code', 'number', 'purpose', 'account'] as const),
				async (sent, other, same) => {
					const asked = { ...other, ...Object.fromEntries(same.map((name) => [name, sent[name]])) };
					const checker = new Checker(asked.account);
					const kept = {
						...checker.kept,
						code: sent.code,
						phoneNumber: sent.number,
						purpose: sent.purpose,
					};
					const token = sealVerification({ provider: autocall, lastingSecret: sent.account }, kept);
					const { valid } = await checker.check(new Marks(), token, asked.code, {
						phoneNumber: asked.number,
						purpose: asked.purpose,
					});
					const isSame =
						foldCode(asked.code) === foldCode(sent.code) &&
						asked.number === sent.number &&
						asked.purpose === sent.purpose &&
						asked.account === sent.account;
					assert.equal(valid, isSame);
				},
			),
			{ numRuns: 300 },
		);
	});

	it('takes the tries of a token away: who has no token locks nobody out', async () => {
		const checker = new Checker();
		const store = new Marks();
		const token = checker.token();
		for (let n = 0; n < 50; n += 1) {
			await checker.check(store, checker.token(), '000000', { phoneNumber: '0332665711' });
			await checker.check(store, `${token}x`, '000000');
		}
		assert.deepEqual(await checker.answer(store, token), ['right', 0]);
	});
});
