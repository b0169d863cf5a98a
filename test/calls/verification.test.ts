import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';

import fc from 'fast-check';

import { purposeField } from '../../calls/fields';
import { seal, unseal } from '../../calls/sealing';
import {
	foldCode,
	longestVerification,
	openVerification,
	sealVerification,
} from '../../calls/verification';
import type { KeptCode } from '../../calls/verification';
import { sealWayBack } from '../../calls/wayBack';
import { providers } from '../../providers';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { readingsOf } from '../fixtures/encodings';

const account = { provider: autocall, lastingSecret: 'the-api-key-of-the-account' };

const kept: KeptCode = {
	code: '482913',
	phoneNumber: '+84332665711',
	purpose: 'login',
	expiresAt: Date.parse('2025-06-01T08:05:00Z'),
	callId: 'ABC123',
};

const opened = (token: string, by = account) => openVerification(by, token) ?? assert.fail();

const codes = fc.oneof(
	fc.stringMatching(/^[0-9]{4,8}$/),
	fc.stringMatching(/^[A-Za-z0-9]{4,32}$/),
	fc.stringMatching(/^[0-9]( [0-9]){3,7}$/),
);
const secrets = fc.stringMatching(/^[\x21-\x7e]{1,80}$/);
const purposes = fc
	.string({ unit: 'grapheme', maxLength: 80 })
	.filter((text) => text.length <= 80 && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text));
const keptCodes = fc.record({
	code: codes,
	phoneNumber: fc.stringMatching(/^\+[1-9][0-9]{6,14}$/),
	purpose: purposes,
	expiresAt: fc.integer({ min: 0, max: 4_102_444_800_000 }),
	callId: fc.option(fc.string({ minLength: 1 })),
});
const anyProvider = fc.constantFrom(...providers);

describe('A verification', () => {
	it('opens as it was sealed, for the account that sealed it', () => {
		fc.assert(
			fc.property(keptCodes, secrets, anyProvider, (code, lastingSecret, provider) => {
				const own = { provider, lastingSecret };
				const { isCode, ...token } =
					openVerification(own, sealVerification(own, code)) ?? assert.fail();
				assert.ok(isCode(code.code));
				assert.match(token.id, /^[0-9a-f]{32}$/);
				assert.deepEqual(token, {
					id: token.id,
					phoneNumber: code.phoneNumber,
					purpose: code.purpose,
					expiresAt: code.expiresAt,
					attempts: /^[0-9]{1,5}$/.test(code.code.replaceAll(' ', '')) ? 3 : 5,
				});
			}),
		);
	});

	it('can stand in a URL, and has fewer than 512 characters whatever its purpose', () => {
		const longest = purposeField.longest ?? assert.fail();
		for (const provider of providers) {
			for (const purpose of [
				'',
				'質'.repeat(longest),
				'😀'.repeat(longest / 2),
				'ệ'.repeat(longest),
			]) {
				const phoneNumber = `+${'9'.repeat(15)}`;
				const token = sealVerification({ ...account, provider }, { ...kept, phoneNumber, purpose });
				assert.match(token, /^c1[A-Za-z0-9_-]+$/);
				assert.ok(token.length <= longestVerification, `${provider.name}: ${token.length}`);
				assert.equal(opened(token, { ...account, provider }).purpose, purpose);
			}
		}
		assert.equal(longestVerification, 510);
	});

	it('is none when it is longer than that, though it is ours', () => {
		const sealed = (length: number) =>
			sealVerification(account, { ...kept, purpose: 'x'.repeat(length) });
		const lengths = Array.from({ length: 400 }, (_, length) => length);
		const longest = lengths.findLast((length) => sealed(length).length <= longestVerification) ?? 0;
		assert.equal(sealed(longest).length, longestVerification);
		assert.ok(opened(sealed(longest)));
		assert.equal(openVerification(account, sealed(longest + 1)), null);
	});

	it('is another text each time', () => {
		assert.equal(
			new Set(Array.from({ length: 50 }, () => sealVerification(account, kept))).size,
			50,
		);
	});

	it('is none when a single bit is altered, or a character added or taken', () => {
		for (const purpose of ['', 'a', 'login']) {
			const token = sealVerification(account, { ...kept, purpose });
			for (let at = 0; at < token.length; at += 1) {
				for (let bit = 0; bit < 8; bit += 1) {
					const altered = Buffer.from(token, 'latin1');
					altered.writeUInt8(altered.readUInt8(at) ^ (1 << bit), at);
					assert.equal(openVerification(account, altered.toString('latin1')), null, `${at}.${bit}`);
				}
				assert.equal(openVerification(account, token.slice(0, at)), null);
				assert.equal(openVerification(account, token.slice(at + 1)), null);
			}
			for (const more of ['A', '=', '-', ' ', '\n']) {
				assert.equal(openVerification(account, `${token}${more}`), null);
				assert.equal(openVerification(account, `${more}${token}`), null);
			}
		}
	});

	it('is none of another account, another provider, another version or another kind', () => {
		const token = sealVerification(account, kept);
		for (const lastingSecret of ['', 'another', `${account.lastingSecret} `]) {
			assert.equal(openVerification({ ...account, lastingSecret }, token), null);
		}
		assert.equal(openVerification({ ...account, provider: bitel }, token), null);
		assert.equal(openVerification(account, `c2${token.slice(2)}`), null);
		const content = unseal({ mark: 'c1', label: 'verification 1' }, token, account.lastingSecret);
		assert.ok(content !== null);
		const next = seal({ mark: 'c1', label: 'verification 2' }, content, account.lastingSecret);
		assert.equal(openVerification(account, next), null);
		assert.equal(openVerification(account, sealWayBack('12345', account.lastingSecret)), null);
		for (const other of ['', 'c1', 'c1AAAA', `c1${'A'.repeat(160)}`]) {
			assert.equal(openVerification(account, other), null);
		}
	});

	it('of an account without a secret is none: anybody could make it', () => {
		const nobody = { ...account, lastingSecret: '' };
		assert.equal(openVerification(nobody, sealVerification(nobody, kept)), null);
	});

	it('has one ID for one call, whatever its purpose and lifetime, and no other has it', () => {
		const idOf = (changes: Partial<KeptCode>, by = account) =>
			opened(sealVerification(by, { ...kept, ...changes }), by).id;
		const id = idOf({});
		assert.equal(idOf({ purpose: '', expiresAt: 0, code: '4 8 2 9 1 3' }), id);
		const others = [
			idOf({ callId: 'ABC124' }),
			idOf({ phoneNumber: '+84332665712' }),
			idOf({ code: '482914' }),
			idOf({}, { ...account, lastingSecret: 'another' }),
			idOf({}, { ...account, provider: bitel }),
			...Array.from({ length: 20 }, () => idOf({ callId: null })),
		];
		assert.equal(new Set([id, ...others]).size, 26);
	});

	it('may be tried three times for a code of fewer than 6 digits, else five times', () => {
		const attempts = (code: string) =>
			opened(sealVerification(account, { ...kept, code })).attempts;
		for (const code of ['1', '1234', '12345', '1 2 3 4 5']) assert.equal(attempts(code), 3, code);
		for (const code of ['123456', '1 2 3 4 5 6', 'A234', 'LUAN001']) {
			assert.equal(attempts(code), 5, code);
		}
	});

	it('that would have expired before 1970 has expired', () => {
		const token = sealVerification(account, { ...kept, expiresAt: -1 });
		assert.equal(opened(token).expiresAt, 0);
		assert.equal(opened(sealVerification(account, { ...kept, expiresAt: 1.6 })).expiresAt, 2);
	});
});

describe('The code of a verification', () => {
	const { isCode } = opened(sealVerification(account, kept));

	it('is right in every usual writing', () => {
		for (const typed of [
			'482913',
			' 482913\n',
			'482 913',
			'4 8 2 9 1 3',
			'482-913',
			'482\u2013913',
			'482\u2212913',
			'4\u00a08\u202f2913',
			'۴۸۲۹۱۳',
			'٤٨٢٩١٣',
			'４８２９１３',
			'\u200f482913\u200e',
			'482\u200c913',
			'482\u00ad913',
		]) {
			assert.ok(isCode(typed), JSON.stringify(typed));
		}
		const withLetters = opened(sealVerification(account, { ...kept, code: 'luAn 001' }));
		for (const typed of ['LUAN001', 'luan001', 'luan-۰۰۱', 'L U A N 0 0 1']) {
			assert.ok(withLetters.isCode(typed), typed);
		}
	});

	it('is wrong in every other text, of whatever length and shape', () => {
		const others = [
			'',
			' ',
			'-',
			'0',
			'48291',
			'4829130',
			'0482913',
			'482914',
			'382913',
			'482.913',
			'482_913',
			'+482913',
			'482913\0',
			'\u0661',
			'undefined',
			'[object Object]',
			'482913'.repeat(100_000),
		];
		for (const typed of others) assert.equal(isCode(typed), false, typed.slice(0, 20));
		assert.equal(
			opened(sealVerification(account, { ...kept, code: 'LUAN001' })).isCode('lıan001'),
			false,
		);
	});

	it('is never another one', () => {
		fc.assert(
			fc.property(
				codes,
				fc.oneof(codes, fc.string(), fc.string({ unit: 'binary' })),
				(code, typed) => {
					const token = opened(sealVerification(account, { ...kept, code }));
					assert.equal(token.isCode(typed), foldCode(typed) === foldCode(code));
				},
			),
		);
	});

	it('is never one of the other 9,999', () => {
		const token = opened(sealVerification(account, { ...kept, code: '0417' }));
		const right = Array.from({ length: 10_000 }, (_, n) => String(n).padStart(4, '0')).filter(
			(typed) => token.isCode(typed),
		);
		assert.deepEqual(right, ['0417']);
	});
});

describe('Nobody without the account’s secret', () => {
	const code = '80417';
	const secret = account.lastingSecret;
	const tokens = Array.from({ length: 20 }, () => sealVerification(account, { ...kept, code }));

	it('reads code, number, purpose or provider out of a verification', () => {
		for (const token of tokens) {
			const seen = readingsOf(token);
			for (const hidden of [code, kept.phoneNumber, '332665711', 'login', 'autocall', 'ABC123']) {
				assert.ok(!seen.includes(hidden), hidden);
			}
		}
	});

	it('can try codes on it: no hash of the code, with all that is public, is in it', () => {
		const { id } = opened(tokens[0] ?? '');
		const known = ['', id, kept.phoneNumber, kept.purpose, 'ABC123', 'autocall', 'otp-call'];
		const texts = known.flatMap((one) => [
			`${one}${code}`,
			`${code}${one}`,
			`${one}:${code}`,
			`${one}\n${code}`,
		]);
		const hashes = ['md5', 'sha1', 'sha256'].flatMap((name) => [
			...texts.map((text) => createHash(name).update(text).digest()),
			...known.map((key) => createHmac(name, key).update(code).digest()),
			...known.map((text) => createHmac(name, code).update(text).digest()),
		]);
		for (const token of tokens) {
			const bytes = Buffer.from(token.slice(2), 'base64url');
			for (const hash of hashes) {
				assert.ok(!bytes.includes(hash.subarray(0, 8)));
				assert.ok(!id.includes(hash.toString('hex').slice(0, 12)));
			}
			for (const key of [code, ...known]) {
				assert.equal(openVerification({ ...account, lastingSecret: key }, token), null);
			}
		}
	});

	it('can try codes on its ID, which all tokens of a call share', () => {
		const ids = new Set(
			tokens.map((token) => openVerification(account, token)?.id).filter((id) => id !== undefined),
		);
		assert.equal(ids.size, 1);
		const other = opened(
			sealVerification({ ...account, lastingSecret: `${secret}.` }, { ...kept, code }),
			{ ...account, lastingSecret: `${secret}.` },
		);
		assert.ok(!ids.has(other.id));
	});
});
