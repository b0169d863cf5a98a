import assert from 'node:assert/strict';

import fc from 'fast-check';

import { mayBeWayBack, openWayBack, sealWayBack, wayBackKey } from '../../calls/wayBack';

const open = (reference: string, secret: string) => openWayBack(reference, wayBackKey(secret));
const secret = 'the-token-of-the-account';
const ofN8n = `12345?signature=${'0a1b2c3d4e5f6789'.repeat(4)}`;

describe('The way back to what waits for a call', () => {
	it('comes out of the reference as it went in, whatever it is', () => {
		const texts = fc.oneof(
			fc.string({ minLength: 1, unit: 'grapheme' }),
			fc.stringMatching(/^[0-9]{1,9}\?signature=[0-9a-f]{64}$/),
			fc.stringMatching(/^[0-9a-fA-F]{60,70}$/),
			fc.stringMatching(/^[0-9a-f]{64}\n?$/),
		);
		fc.assert(
			fc.property(texts, fc.string(), (wayBack, other) => {
				assert.equal(open(sealWayBack(wayBack, other), other), wayBack);
			}),
		);
	});

	it('of the version before is opened: an execution may be parked over an update', () => {
		const reference =
			'w1i64qRIB4GxpNHL1u304ponlEsWcQL4JIdvZ_HpWUlZUz1Kl8aFC0YTj_i0Kgvkqr9OKxfrhjiQc51qpGjw4-1xsBzv4dWtEVf3UYDtQ';
		assert.equal(open(reference, secret), ofN8n);
	});

	it('can be told from most other references without a key', () => {
		assert.ok(mayBeWayBack(sealWayBack(ofN8n, secret)));
		for (const other of ['', 'order-7', 'ABC123']) assert.ok(!mayBeWayBack(other));
	});

	it('is short, of characters that a reference can have', () => {
		for (const id of ['1', '12345', '1234567890']) {
			const reference = sealWayBack(`${id}?signature=${'f'.repeat(64)}`, secret);
			assert.match(reference, /^w1[A-Za-z0-9_-]+$/);
			assert.ok(reference.length < 120, String(reference.length));
		}
	});

	it('is another text each time, and shows nothing of what it holds', () => {
		const made = new Set(Array.from({ length: 50 }, () => sealWayBack(ofN8n, secret)));
		assert.equal(made.size, 50);
		for (const reference of made) {
			const bytes = Buffer.from(reference.slice(2), 'base64url');
			assert.ok(!bytes.includes('12345') && !bytes.includes('signature'));
			assert.ok(!bytes.includes(Buffer.from('0a1b2c3d', 'hex')));
		}
	});

	it('is none for another account', () => {
		const reference = sealWayBack(ofN8n, secret);
		for (const other of ['', 'another', `${secret} `, secret.slice(1)]) {
			assert.equal(open(reference, other), null);
		}
	});

	it('is none when a single bit is altered, or a character added or taken', () => {
		for (const wayBack of [ofN8n, 'a', 'ab', 'abc']) {
			const reference = sealWayBack(wayBack, secret);
			for (let at = 0; at < reference.length; at += 1) {
				for (let bit = 0; bit < 8; bit += 1) {
					const altered = Buffer.from(reference, 'latin1');
					altered.writeUInt8(altered.readUInt8(at) ^ (1 << bit), at);
					assert.equal(open(altered.toString('latin1'), secret), null, `${at}.${bit}`);
				}
				assert.equal(open(reference.slice(0, at), secret), null);
				assert.equal(open(reference.slice(at + 1), secret), null);
			}
			for (const more of ['A', '=', '-', ' ', '\n']) {
				assert.equal(open(`${reference}${more}`, secret), null);
				assert.equal(open(`${more}${reference}`, secret), null);
			}
		}
	});

	it('is none in any other reference', () => {
		const others = ['', 'w1', 'w1AAAA', 'ABC123', `w1${'A'.repeat(38)}`, `w1${'A'.repeat(102)}`];
		for (const other of others) assert.equal(open(other, secret), null);
		fc.assert(
			fc.property(fc.string(), (text) => {
				assert.equal(open(text, secret), null);
				assert.equal(open(`w1${text}`, secret), null);
			}),
		);
	});
});
