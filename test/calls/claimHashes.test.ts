import assert from 'node:assert/strict';

import fc from 'fast-check';

import { claimOf, drawFor, referenceFor } from '../../calls/claims';
import type { Claim } from '../../calls/claims';
import { prepareSend } from '../../calls/send';
import type { SendInput } from '../../calls/send';
import { autocall } from '../../providers/autocall/adapter';
import { autocallInput } from './samples';
import { TestHost } from './testHost';

const secret = 'the-token-of-the-account';
const key = 'order-7 first try';

describe('What a store sees of a claim', () => {
	const claimFor = (input: Partial<SendInput>, of = key, by = secret, host = 'host'): Claim => {
		const { context } = new TestHost(autocall);
		return claimOf(of, prepareSend(context, { ...autocallInput, ...input }), by, host);
	};

	it('is hashes: no key, no number, no code', () => {
		const claim = claimFor({});
		for (const value of Object.values(claim)) assert.match(String(value), /^[0-9a-f]{32}$/);
		assert.deepEqual(Object.keys(claim), ['key', 'person', 'recipient', 'code']);
		assert.equal(new Set(Object.values(claim)).size, 4);
	});

	it('is the same for the same send, and tells key, number and code apart', () => {
		const claim = claimFor({});
		assert.deepEqual(claimFor({ reference: 'ANOTHER' }), claim);
		const number = claimFor({ phoneNumber: '0332665712' });
		assert.deepEqual([number.key, number.code], [claim.key, claim.code]);
		assert.notEqual(number.recipient, claim.recipient);
		const code = claimFor({ code: 'LUAN002' });
		assert.deepEqual(
			[code.key, code.recipient, code.person],
			[claim.key, claim.recipient, claim.person],
		);
		assert.notEqual(code.code, claim.code);
	});

	it('names the person for all accounts of a host, and for no other host, key or number', () => {
		const { person } = claimFor({});
		assert.equal(claimFor({}, key, 'another account').person, person);
		const others = [
			claimFor({}, key, secret, 'another host'),
			claimFor({}, 'order-8'),
			claimFor({ phoneNumber: '0332665712' }),
		];
		assert.equal(new Set([person, ...others.map((claim) => claim.person)]).size, 4);
	});

	it('has nothing else in common with that of another key, or of another account', () => {
		const values = [claimFor({}), claimFor({}, 'order-8'), claimFor({}, key, 'another')];
		assert.equal(
			new Set(values.flatMap(({ code, key: hashed, recipient }) => [code, hashed, recipient])).size,
			9,
		);
	});
});

describe('The reference that follows from a key', () => {
	it('is the same each time, of 24 characters that a path can hold', () => {
		const reference = referenceFor(key, secret);
		assert.match(reference, /^k-[A-Za-z0-9]{22}$/);
		assert.equal(referenceFor(key, secret), reference);
	});

	it('is another one for another key or another account', () => {
		const made = new Set<string>();
		for (let n = 0; n < 500; n += 1) {
			made.add(referenceFor(`order-${n}`, secret));
			made.add(referenceFor(`order-${n}`, 'another'));
		}
		assert.equal(made.size, 1_000);
	});

	it('is taken as it is by a provider', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 1 }), (any) => {
				const reference = referenceFor(any, secret);
				assert.match(reference, /^k-[A-Za-z0-9]{22}$/);
				const { context } = new TestHost(autocall);
				const { planned } = prepareSend(context, { ...autocallInput, reference });
				assert.equal(planned.reference, reference);
			}),
		);
	});
});

describe('The numbers that follow from a key', () => {
	const drawn = (of: string, by: string, below: number, count = 40) => {
		const draw = drawFor(of, by);
		return Array.from({ length: count }, () => draw(below));
	};

	it('are the same each time, and others for another key or another account', () => {
		const first = drawn(key, secret, 10);
		assert.deepEqual(drawn(key, secret, 10), first);
		assert.notDeepEqual(drawn('order-8', secret, 10), first);
		assert.notDeepEqual(drawn(key, 'another', 10), first);
	});

	it('are those of the version before: a key stands for its call over an update', () => {
		assert.equal(drawn(key, secret, 10).join(''), '8920960453732462206810965701798698941888');
		assert.equal(referenceFor(key, secret), 'k-83EpTWIbK09kWqLT7Nzgj1');
	});

	it('are whole numbers below the limit, and go on without an end or a period', () => {
		const values = drawn(key, secret, 256, 3_200);
		assert.ok(values.every((value) => Number.isInteger(value) && value >= 0 && value < 256));
		assert.notDeepEqual(values.slice(0, 32), values.slice(32, 64));
		assert.notDeepEqual(values.slice(32, 64), values.slice(64, 96));
		assert.ok(drawn(key, secret, 1).every((value) => value === 0));
	});

	it('are each as likely as the other', () => {
		for (const below of [2, 10, 32, 36, 129]) {
			const counts = new Array<number>(below).fill(0);
			for (const value of drawn(key, secret, below, below * 1_000)) {
				counts[value] = (counts[value] ?? 0) + 1;
			}
			// Chi-squared: its mean is the degrees of freedom, its variance twice that. Six deviations.
			const chi = counts.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
			const freedom = below - 1;
			assert.ok(chi < freedom + 6 * Math.sqrt(2 * freedom) + 6, `${below}: ${chi}`);
		}
	});
});
