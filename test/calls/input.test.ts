import assert from 'node:assert/strict';

import fc from 'fast-check';

import { OtpCallError } from '../../calls/errors';
import { checkPhoneNumber, checkProvider, checkSpokenCode, codeHintOf } from '../../calls/input';
import { prepareSend } from '../../calls/send';
import { providers } from '../../providers';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { autocallInput, bitelInput } from './samples';
import { ringo } from '../providers/throwAway';
import { TestHost, throwing } from './testHost';

describe('The provider that a user has chosen', () => {
	it('is found by its name', () => {
		assert.equal(checkProvider('bitel'), bitel);
	});

	it('is refused when it is none, or none that can be used here, with those that can', () => {
		for (const [value, among] of [
			[undefined, [bitel, autocall]],
			['{{ $json.provider }}', [bitel, autocall]],
			['kavenegar', [bitel, autocall]],
		] as const) {
			const error = throwing(() => checkProvider(value, among), 'invalid-input');
			assert.equal(error.facts.field, 'provider');
			assert.match(error.facts.remedy, new RegExp(`^Choose ${bitel.label} or ${autocall.label}, `));
		}
	});
});

describe('The phone number of a send', () => {
	it('may be a JSON number that lost its leading zero', () => {
		assert.equal(checkPhoneNumber(9123456789, bitel).e164, '+989123456789');
		assert.equal(checkPhoneNumber(332665711, autocall).e164, '+84332665711');
		assert.equal(checkPhoneNumber(989123456789, bitel).e164, '+989123456789');
	});

	it('may have spaces and a line end around it', () => {
		assert.equal(checkPhoneNumber(' 09123456789\n', bitel).e164, '+989123456789');
	});

	const bad: readonly (readonly [string, unknown, RegExp])[] = [
		['undefined', undefined, /is empty/],
		['null', null, /is empty/],
		['empty', '', /is empty/],
		['blank', ' \t\n', /is empty/],
		['an object', { number: '09123456789' }, /must be text/],
		['a list', ['09123456789'], /must be text/],
		['true', true, /must be text/],
		['NaN', Number.NaN, /must be text/],
		['infinite', Number.POSITIVE_INFINITY, /must be text/],
		['negative', -9123456789, /must be text/],
		['a fraction', 9123456789.5, /must be text/],
		['too short', '0912345678', /not a possible phone number of Iran/],
		['an emergency number', '110', /not a possible phone number of Iran/],
		['of another country', '+84332665711', /country that Bitel does not call; it calls Iran/],
		['two lines', '0912345\n6789', /line breaks/],
		['cut by a NUL', '0912345\u00006789', /control characters/],
	];
	for (const [what, value, rule] of bad) {
		it(`is refused when it is ${what}`, () => {
			const error = throwing(() => checkPhoneNumber(value, bitel), 'invalid-input');
			assert.match(error.message, /^Phone Number /);
			assert.match(error.message, rule);
			assert.match(error.facts.remedy, /09123456789/);
			assert.equal(error.facts.field, 'phoneNumber');
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
		});
	}

	it('is not repeated in the error', () => {
		const error = throwing(() => checkPhoneNumber('0912 999 88', bitel));
		assert.ok(!JSON.stringify(error.facts).includes('999'));
	});
});

describe('The code of a send', () => {
	it('is trimmed and folded to ASCII digits', () => {
		for (const code of ['1234', ' 1234\n', '۱۲۳۴', '١٢٣٤', '１２３４', 1234]) {
			assert.equal(checkSpokenCode(code, bitel), '1234');
		}
	});

	it('keeps its leading zeros', () => {
		assert.equal(checkSpokenCode('0042', bitel), '0042');
		assert.equal(checkSpokenCode('۰۰۴۲', bitel), '0042');
	});

	it('may have letters, and spaces between them, where the provider reads letters', () => {
		assert.equal(checkSpokenCode('LUAN001', autocall), 'LUAN001');
		assert.equal(checkSpokenCode('1 2 3 4', autocall), '1 2 3 4');
		assert.equal(checkSpokenCode('۱ ۲', autocall), '1 2');
	});

	const bad: readonly (readonly [string, unknown, RegExp])[] = [
		['undefined', undefined, /is empty/],
		['null', null, /is empty/],
		['empty', '', /is empty/],
		['blank', '  ', /is empty/],
		['an object', { code: '48213' }, /must be text/],
		['a list', ['48213'], /must be text/],
		['a function', () => '48213', /must be text/],
		['NaN', Number.NaN, /must be text/],
		['infinite', Number.POSITIVE_INFINITY, /must be text/],
		['negative', -48213, /must be text/],
		['a fraction', 482.13, /must be text/],
		['too large to be exact', 48213e20, /must be text/],
		['true', true, /must be text/],
		['six digits', '482133', /1 to 5 characters for Bitel, this one has 6/],
		['letters', '48a13', /digits only for Bitel/],
		['letters of another script', 'кодкд', /digits only/],
		['two lines', '48\n13', /line breaks/],
		['cut by a NUL', '48\u000013', /control characters/],
		['grouped', '48 13', /digits only/],
		['signed', '+4821', /digits only/],
	];
	for (const [what, value, rule] of bad) {
		it(`is refused when it is ${what}; the error does not show it`, () => {
			const error = throwing(() => checkSpokenCode(value, bitel), 'invalid-input');
			assert.match(error.message, /^Code /);
			assert.match(error.message, rule);
			assert.match(error.facts.remedy, /1 to 5 digits/);
			assert.equal(error.facts.field, 'code');
			assert.doesNotMatch(`${error.stack}${JSON.stringify(error.facts)}`, /482|48a|48 1|кодкд/);
		});
	}

	it('is refused when it is an expression that nobody has worked out, without showing it', () => {
		for (const value of ['{{48}}', '{{ $json.code }}', 'x{{\n482\n}}', { value: '{{482}}' }]) {
			const { facts, message } = throwing(() => checkSpokenCode(value, bitel), 'invalid-input');
			assert.equal(message, 'Code holds {{ … }} as plain text, not as an expression');
			assert.equal(facts.remedy, '‹howToEvaluate›');
		}
		throwing(() => checkSpokenCode('{{48', bitel), 'invalid-input');
	});

	it('is accepted or refused with one of our errors, whatever it is', () => {
		fc.assert(
			fc.property(fc.anything(), fc.constantFrom(...providers, ringo), (value, provider) => {
				try {
					const code = checkSpokenCode(value, provider);
					const { alphabet, spaces, minLength, maxLength } = provider.codeRule;
					assert.ok(code.length >= minLength && code.length <= maxLength);
					assert.match(code, alphabet === 'digits' ? /^[0-9 ]+$/ : /^[0-9A-Za-z ]+$/);
					assert.ok(spaces || !code.includes(' '));
				} catch (error) {
					assert.ok(error instanceof OtpCallError && error.code === 'invalid-input', String(error));
				}
			}),
			{ numRuns: 300 },
		);
	});
});

describe('What a form says of the code', () => {
	it('is how many digits the provider reads out, in each language', () => {
		assert.deepEqual(codeHintOf(bitel), {
			en: '1 to 5 digits for Bitel',
			fa: '۱ تا ۵ رقم',
			vi: '1 đến 5 chữ số',
		});
	});

	it('is that letters may be among them, where it reads letters', () => {
		assert.deepEqual(codeHintOf(ringo), {
			en: '2 to 8 letters and digits for Ringo',
			fa: '۲ تا ۸ حرف و رقم',
			vi: '2 đến 8 chữ và số',
		});
	});

	it('is what to do where its voice reads digits that stand together as one number', () => {
		const { en, fa, vi } = codeHintOf(autocall);
		assert.match(en, / letters and digits for .+\. Put a space between digits .+ 4 8 1 5$/);
		assert.match(fa, / حرف و رقم\. برای خواندن تک‌تک .+ 4 8 1 5$/);
		assert.match(vi, / chữ và số\. Đặt dấu cách .+ 4 8 1 5$/);
	});
});

describe('The provider’s own fields of a send', () => {
	const bitelHost = new TestHost(bitel);
	const autocallHost = new TestHost(autocall);

	for (const value of [0, -1, 1.5, 'abc', '0', '-1', '1.5', '1e3', true, [], {}, Number.NaN]) {
		it(`are refused: repeatCount ${JSON.stringify(value)}`, () => {
			const input = { ...bitelInput, fields: { repeatCount: value } };
			const error = throwing(() => prepareSend(bitelHost.context, input), 'invalid-input');
			assert.equal(error.message, 'Repeat Count must be a whole number, 1 or more');
			assert.equal(error.facts.field, 'repeatCount');
		});
	}

	for (const value of [-1, 0.5, 'none', false]) {
		it(`are refused: retryCount ${JSON.stringify(value)}`, () => {
			const input = { ...bitelInput, fields: { retryCount: value } };
			const error = throwing(() => prepareSend(bitelHost.context, input), 'invalid-input');
			assert.equal(error.facts.field, 'retryCount');
		});
	}

	it('are refused when they are not lines of text', () => {
		for (const field of ['serverId', 'voiceId']) {
			for (const value of [{}, [], true, Number.NaN, 1.5, 'a\nb', 'a\0b', 'x'.repeat(201)]) {
				const input = { ...bitelInput, fields: { [field]: value } };
				const error = throwing(() => prepareSend(bitelHost.context, input), 'invalid-input');
				assert.equal(error.facts.field, field);
			}
		}
	});

	it('are left to the provider when they are empty', () => {
		for (const empty of ['', null, undefined, '  ']) {
			const fields = { repeatCount: empty, retryCount: empty, serverId: empty, voiceId: empty };
			const { planned } = prepareSend(bitelHost.context, { ...bitelInput, fields });
			assert.deepEqual(Object.keys(planned.request.body ?? {}), ['phoneNumber', 'text']);
		}
	});

	const campaigns = [
		undefined,
		'',
		'VoiceOTP',
		'f77dfcf4',
		{},
		'f77dfcf4-0759-4179-93cb-741f481a776e/',
	];
	for (const value of campaigns) {
		it(`are refused: campaign ${JSON.stringify(value)}`, () => {
			const fields = { ...autocallInput.fields, campaign: value };
			const input = { ...autocallInput, fields };
			const error = throwing(() => prepareSend(autocallHost.context, input), 'invalid-input');
			assert.equal(error.facts.field, 'campaign');
			assert.match(error.message, /^Campaign /);
		});
	}

	for (const value of ['a/b', '..', 'a?b', 'a%00b', 'a\nb', 'x'.repeat(10_000), {}, Number.NaN]) {
		it(`are refused: refId ${JSON.stringify(value).slice(0, 20)}`, () => {
			const input = { ...autocallInput, fields: { ...autocallInput.fields, refId: value } };
			const error = throwing(() => prepareSend(autocallHost.context, input), 'invalid-input');
			assert.equal(error.facts.field, 'refId');
		});
	}

	it('are refused when the reference is the code, which then would stand in outputs', () => {
		for (const refId of ['LUAN001', 'otp-LUAN001', 'luan001']) {
			const input = { ...autocallInput, fields: { ...autocallInput.fields, refId } };
			const error = throwing(() => prepareSend(autocallHost.context, input), 'invalid-input');
			assert.equal(error.message, 'Reference ID must not contain the code');
		}
	});

	it('are not refused because an order number happens to contain the digits of the code', () => {
		const input = {
			...autocallInput,
			code: '2345',
			fields: { ...autocallInput.fields, refId: '1234567' },
		};
		assert.equal(prepareSend(autocallHost.context, input).planned.reference, '1234567');
	});

	it('never make anything but one of our errors, whatever they are', () => {
		const names = [
			'repeatCount',
			'retryCount',
			'serverId',
			'voiceId',
			'campaign',
			'template',
			'refId',
		];
		fc.assert(
			fc.property(fc.constantFrom(...names), fc.anything(), (name, value) => {
				for (const [host, input] of [
					[bitelHost, bitelInput],
					[autocallHost, autocallInput],
				] as const) {
					try {
						prepareSend(host.context, { ...input, fields: { ...input.fields, [name]: value } });
					} catch (error) {
						assert.ok(error instanceof OtpCallError, String(error));
						assert.equal(error.facts.field, name);
					}
				}
			}),
			{ numRuns: 300 },
		);
	});
});
