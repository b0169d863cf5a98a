import assert from 'node:assert/strict';

import fc from 'fast-check';

import type { JsonObject } from '../../providers/reading/json';
import { mask, maskCodes } from '../../redaction/records';
import { readingsOf } from '../fixtures/encodings';
import { carrying, objectIn, objectOf, sample } from '../fixtures/samples';

const keys = ['code_otp'];

const masked = (record: JsonObject, known: readonly string[] = []): JsonObject =>
	maskCodes(record, keys, known);

describe('A provider’s record without codes', () => {
	it('has a mask where the code was, and nothing else changed', () => {
		const cdr = sample('autocall-cdr');
		const additional = { ...objectOf(cdr, 'additional'), code_otp: mask };
		assert.deepEqual(masked(cdr), { ...cdr, additional });
	});

	it('has no code under its key, however deep and in whatever case', () => {
		const record = { a: [{ b: { Code_OTP: 'LUAN001' } }], CODE_OTP: 482_131 };
		assert.deepEqual(masked(record), { a: [{ b: { Code_OTP: mask } }], CODE_OTP: mask });
	});

	it('has no code under the key of a form', () => {
		const form = { 'additional[code_otp]': '48213', 'additional[ref_id]': 'A1' };
		assert.deepEqual(masked(form), { 'additional[code_otp]': mask, 'additional[ref_id]': 'A1' });
	});

	it('has no code in a record that stands in it as JSON text', () => {
		const inner = JSON.stringify({ code_otp: 'LUAN001', template: 'otp' });
		const twice = JSON.stringify({ additional: inner });
		for (const text of [inner, twice]) {
			const shown = JSON.stringify(masked({ additional: text, note: 'said LUAN001' }));
			assert.ok(!shown.includes('LUAN001'), shown);
			assert.ok(shown.includes('otp'));
		}
	});

	it('has no code that stands under another key too', () => {
		const record = { code_otp: 'LUAN001', note: 'code LUAN001.', digits: 'luan001' };
		assert.deepEqual(masked(record), { code_otp: mask, note: `code ${mask}.`, digits: mask });
	});

	it('has no code that holds an object', () => {
		const record = { code_otp: { value: '48213' }, note: '48213' };
		assert.deepEqual(masked(record), { code_otp: mask, note: mask });
	});

	it('keeps an empty code empty', () => {
		const record = { code_otp: '', other: { code_otp: null } };
		assert.deepEqual(masked(record), record);
	});

	const writings: readonly (readonly [string, string])[] = [
		['alone', '4821'],
		['in a sentence', 'the code is 4821.'],
		['after a word', 'otp4821'],
		['read digit by digit', 'say 4 8 2 1'],
		['with commas', '4, 8, 2, 1'],
		['in Persian digits', 'کد ۴۸۲۱'],
		['in a URL', 'https://cdn.example/otp.wav?code=4821&x=1'],
		['in base64', Buffer.from('code=4821').toString('base64')],
		['in hex', 'x 34383231'],
		['percent-encoded', '%34%38%32%31'],
	];
	for (const [how, text] of writings) {
		it(`has no code that was sent, ${how}`, () => {
			const note = JSON.stringify(masked({ note: text }, ['4821'])['note']);
			assert.match(note, /•••/);
			assert.ok(!readingsOf(note).includes('4821'), note);
		});
	}

	it('has no code that was sent with spaces and comes back without', () => {
		assert.deepEqual(masked({ note: '4821' }, ['4 8 2 1']), { note: mask });
	});

	it('has no code that was sent as a number or a key', () => {
		assert.deepEqual(masked({ digits: 4821, '4821': true }, ['4821']), {
			digits: mask,
			[mask]: true,
		});
	});

	it('has no code of signs that are escaped elsewhere', () => {
		const record = { code_otp: 'A%B&C\\12', note: 'is A%B&C\\12, or A%25B%26C%5C12' };
		assert.equal(maskCodes(record, ['code_otp'])['note'], `is ${mask}, or ${mask}`);
	});

	it('has no code of a list of codes, and keeps everything around them', () => {
		const record = { code_otp: ['QXZV7394', 'K48217'], said: 'first QXZV7394, then K48217!' };
		assert.deepEqual(maskCodes(record, ['code_otp']), {
			code_otp: mask,
			said: `first ${mask}, then ${mask}!`,
		});
		assert.equal(
			maskCodes({ note: 'is Q-X-Z-V-7-3-9-4.' }, [], ['QXZV7394'])['note'],
			`is ${mask}.`,
		);
	});

	const unharmed: readonly (readonly [string, unknown])[] = [
		['a phone number', '09124821789'],
		['a time', '2023-03-07 10:06:53'],
		['an epoch', 1_564_821_000],
		['a UUID', 'f77dfcf4-4821-4179-93cb-741f481a776e'],
		['an identity', '69b9e312e3b648214880760639f5dfda'],
		['a longer number', '148215'],
		['a duration', 5],
		['true', true],
		['null', null],
	];
	for (const [what, value] of unharmed) {
		it(`leaves ${what} as it is, though a code is like a part of it`, () => {
			const record = carrying(value);
			assert.deepEqual(masked(record, ['4821', '1006', '5', '0307']), record);
		});
	}

	it('keeps keys that are names of an object’s own machinery', () => {
		const record = objectIn('{"__proto__": {"code_otp": "4821"}, "constructor": "x"}');
		const shown = masked(record);
		assert.equal(JSON.stringify(shown), `{"__proto__":{"code_otp":"${mask}"},"constructor":"x"}`);
		assert.equal(Object.getPrototypeOf(shown), Object.prototype);
	});

	it('shows no code, whatever record it stands in', () => {
		const code = fc.stringMatching(/^[A-Z]{2,5}[0-9]{3,6}$/);
		const places = fc.constantFrom<(text: string, rest: JsonObject) => JsonObject>(
			(text, rest) => ({ ...rest, additional: { code_otp: text } }),
			(text, rest) => ({ ...rest, additional: JSON.stringify({ code_otp: text }), note: text }),
			(text, rest) => ({ list: [rest, { code_otp: text, url: `https://x.example/?c=${text}` }] }),
			(text, rest) => ({ ...rest, 'additional[code_otp]': text, digits: ` ${text} ` }),
		);
		const rest = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null)));
		fc.assert(
			fc.property(code, places, rest, (secret, place, other) => {
				const shown = JSON.stringify(masked(place(secret, other)));
				assert.ok(!shown.includes(secret), shown);
			}),
			{ numRuns: 200 },
		);
	});

	it('of a record with more codes than any call has are not looked for: nothing of it comes out', () => {
		const calls = Array.from({ length: 5_000 }, (_, index) => ({
			code_otp: String(100_000 + index),
			said: `your%20code: ${100_000 + index}`,
		}));
		assert.deepEqual(maskCodes({ calls, total: 5_000 }, ['code_otp']), {
			calls: mask,
			total: mask,
		});
		const few = Array.from({ length: 8 }, (_, index) => ({ code_otp: String(100_000 + index) }));
		assert.deepEqual(maskCodes({ few, total: 8 }, ['code_otp']).total, 8);
	});

	it('are masked beside other secrets, in whatever way the answer had escaped them', () => {
		const redact = (text: string) => text.replaceAll('to/ken+secret', mask);
		const record = objectIn('{"echo":"to\\/ken\\u002bsecret","code_otp":"1234","text":"1234"}');
		assert.deepEqual(maskCodes(record, ['code_otp'], [], redact), {
			echo: mask,
			code_otp: mask,
			text: mask,
		});
	});
});
