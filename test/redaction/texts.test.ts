import assert from 'node:assert/strict';

import fc from 'fast-check';

import { maskPhoneNumber, maskPhoneNumbersIn, redactor } from '../../redaction/texts';
import { readingsOf, writings } from '../fixtures/encodings';

const hidden = (credentials: string[], codes: string[] = []) => redactor({ credentials, codes });

const token =
	'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI/Pz4+In0.' + 'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c/+=';

describe('A token in a text', () => {
	for (const [name, write] of Object.entries(writings)) {
		for (const around of ['', 'x', 'xy', 'user:']) {
			it(`is taken out ${name} (beside ${JSON.stringify(around)})`, () => {
				const text = `before ${write(token, around)} after`;
				const redacted = hidden([token])(text);
				assert.notEqual(redacted, text);
				assert.ok(!readingsOf(redacted).includes(token), redacted);
				assert.match(redacted, /before .*•••/s);
			});
		}
	}

	it('is taken out wherever it stands, as often as it stands there', () => {
		assert.equal(hidden([token])(`${token}${token} ${token}`), '•••••• •••');
	});

	it('is taken out when another secret stands in it', () => {
		const redacted = hidden(['abcdef-123456', 'abcdef-123456-long'])('abcdef-123456-long');
		assert.equal(redacted, '•••');
	});

	it('is taken out of HTML when it has a character that HTML escapes', () => {
		for (const secret of [' <       !', 'a"b&c\'d>e<f']) {
			const text = writings['in HTML']?.(secret, '') ?? '';
			assert.equal(hidden([secret])(`<b>${text}</b>`), '<b>•••</b>');
		}
	});

	it('is taken out of a form, which writes a space as a plus sign', () => {
		assert.equal(hidden(['pass phrase 42'])('key=pass+phrase+42&x=1'), 'key=•••&x=1');
	});

	it('is taken out whatever characters it has', () => {
		const secrets = fc.oneof(
			fc.string({ minLength: 8, maxLength: 60 }),
			fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme' }),
			fc.base64String({ minLength: 12, maxLength: 60 }),
			fc.stringMatching(/^[A-Za-z0-9._-]{8,60}$/),
		);
		const way = fc.constantFrom(...Object.keys(writings));
		const surroundings = fc.string({ maxLength: 7 });
		fc.assert(
			fc.property(secrets, way, surroundings, (secret, name, around) => {
				fc.pre(secret.trim().length >= 8 && !/\p{Cs}/u.test(secret));
				const text = writings[name]?.(secret, around) ?? '';
				const redacted = hidden([secret])(`<${text}>`);
				assert.ok(!readingsOf(redacted).includes(secret), `${name}: ${redacted}`);
				assert.ok(!redacted.includes(text), `${name}: ${redacted}`);
			}),
			{ numRuns: 200 },
		);
	});

	it('leaves a text without it as it was', () => {
		const words = fc.string({ maxLength: 200 });
		fc.assert(
			fc.property(words, (text) => {
				fc.pre(!text.toLowerCase().includes('c0ffee'));
				assert.equal(hidden(['c0ffee-c0ffee-c0ffee'])(text), text);
			}),
			{ numRuns: 100 },
		);
		assert.equal(hidden([], [])('as it was'), 'as it was');
		assert.equal(hidden([''], [''])('as it was'), 'as it was');
	});

	it('costs no more than linear time, whatever the text', () => {
		const long = [
			'\\'.repeat(200_000),
			'%25'.repeat(70_000),
			'&#00000'.repeat(30_000),
			token.slice(0, -1).repeat(2_000),
			'1 '.repeat(100_000),
			'1'.repeat(200_000),
			'- '.repeat(100_000),
		];
		const redact = hidden([token], ['1111111111111112', '1234']);
		const start = performance.now();
		for (const text of long) redact(text);
		assert.ok(performance.now() - start < 3_000);
	});
});

describe('A code in a text', () => {
	const writingsOfCode: readonly (readonly [string, string])[] = [
		['as it is', 'your code 48213 is wrong'],
		['within a word', 'otp48213x'],
		['with spaces', 'say 4 8 2 1 3'],
		['with commas', 'say 4, 8, 2, 1, 3'],
		['with dashes', '4-8-2-1-3'],
		['with line breaks', '4\n8\n2\n1\n3'],
		['with zero-width spaces', '4\u200b8\u200b2\u200b1\u200b3'],
		['in groups', '48 213'],
		['in a URL', '/otp?code=4%208%202%201%203'],
		['in a form', 'text=4+8+2+1+3'],
		['in HTML', '4<br>8<br>2<br>1<br>3 &nbsp;'],
		['in Persian digits', 'کد ۴۸۲۱۳'],
		['in Arabic digits', '٤٨٢١٣'],
		['in full width digits', '４８２１３'],
		['in mixed digits', '۴8２١3'],
		['in JSON', '{"text":"48213"}'],
		['as a JSON number', '{"text":48213}'],
		['in hex', '3438323133'],
		['in base64', Buffer.from('48213').toString('base64')],
		['in base64 of a record', Buffer.from('{"text":"48213"}').toString('base64')],
	];
	for (const [what, text] of writingsOfCode) {
		it(`is taken out ${what}`, () => {
			const redacted = hidden([], ['48213'])(text);
			assert.match(redacted, /•••/);
			assert.ok(
				!readingsOf(redacted)
					.replace(/[^0-9]/g, '')
					.includes('48213'),
				redacted,
			);
		});
	}

	it('is taken out when the sender wrote it with spaces and the provider does not', () => {
		const redact = hidden([], ['4 8 2 1 3']);
		assert.equal(redact('code 48213'), 'code •••');
		assert.equal(redact('code 4 8 2 1 3'), 'code •••');
		assert.ok(!redact(Buffer.from('4 8 2 1 3').toString('base64')).includes('NCA4'));
	});

	it('is taken out in either case of its letters', () => {
		assert.equal(hidden([], ['LUAN001'])('luan001 L U A N 0 0 1'), '••• •••');
	});

	it('is taken out when it is as short as one character', () => {
		assert.equal(hidden([], ['7'])('code 7'), 'code •••');
		assert.equal(hidden([], ['07'])('code 0 7, ۰۷'), 'code •••, •••');
	});

	it('is taken out in every writing, for every code', () => {
		const codes = fc.stringMatching(/^[0-9]{4,8}$|^[A-Z0-9]{4,10}$/);
		const way = fc.constantFrom(...Object.keys(writings));
		fc.assert(
			fc.property(codes, way, fc.string({ maxLength: 5 }), (code, name, around) => {
				const redacted = hidden([], [code])(writings[name]?.(code, around) ?? '');
				assert.ok(!readingsOf(redacted).includes(code), `${name}: ${redacted}`);
			}),
			{ numRuns: 120 },
		);
	});
});

describe('A code of few characters in a text', () => {
	it('is taken out in its encodings from three characters on', () => {
		const hex = Buffer.from('K48').toString('hex');
		assert.equal(hidden([], ['K48'])(`in hex ${hex}.`), 'in hex •••.');
		assert.equal(hidden([], ['K4'])('K4 and 4b34'), '••• and 4b34');
	});

	it('is taken out as it was sent, without the space around it', () => {
		const base64 = Buffer.from('12 34').toString('base64');
		assert.match(hidden([], [' 12 34 '])(`in base64 ${base64}.`), /^in base64 •••/);
	});
});

describe('A phone number in a text that may be logged', () => {
	it('is masked but for what tells one from another', () => {
		assert.equal(maskPhoneNumber('+989123456789'), '+98912•••6789');
		assert.equal(maskPhoneNumber('+84332665711'), '+84332•••5711'.replace('332', '33'));
		assert.equal(maskPhoneNumber('110'), '•••');
		assert.equal(maskPhoneNumber('+1234567'), '•••');
		assert.equal(maskPhoneNumber('+12345678'), '+1•••5678');
		assert.equal(maskPhoneNumber(''), '•••');
	});

	const numbers = [
		'09123456789',
		'+98 912 345 6789',
		'0098912-345-6789',
		'0332665711',
		'84332665711',
		'9123456789',
		'(0332) 665 711',
		'۰۹۱۲۳۴۵۶۷۸۹',
	];
	for (const number of numbers) {
		it(`is found as ${number}`, () => {
			const masked = maskPhoneNumbersIn(`number ${number} is blocked`);
			assert.match(masked, /^number \(?[+\p{Nd}]+•••[\p{Nd}]{4} is blocked$/u);
		});
	}

	it('is not seen where there is none', () => {
		const texts = [
			'campaign f77dfcf4-0759-4179-93cb-741f481a776e is stopped',
			'2023-03-07 10:06:53',
			'HTTP 500, try 3 of 10',
			'69b9e312e3b64b3880760639f5dfdffa',
		];
		for (const text of texts) assert.equal(maskPhoneNumbersIn(text), text);
	});
});
