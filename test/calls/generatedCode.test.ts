import assert from 'node:assert/strict';

import {
	generateCode,
	longestCodeLength,
	spokenCode,
	usualCodeLength,
} from '../../calls/generatedCode';
import { checkSpokenCode } from '../../calls/input';
import { providers } from '../../providers';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { sandbox } from '../../providers/sandbox/adapter';
import { ringo } from '../providers/throwAway';
import { throwing } from './testHost';

const usual = { length: undefined, alphabet: undefined };

describe('A generated code', () => {
	it('has six digits, or as many as the provider can read', () => {
		assert.match(generateCode(autocall, usual), /^\d{6}$/);
		assert.match(generateCode(sandbox, usual), /^\d{6}$/);
		assert.match(generateCode(bitel, usual), /^\d{5}$/);
	});

	it('has the length and the alphabet that are wanted', () => {
		assert.match(generateCode(bitel, { length: '4', alphabet: 'digits' }), /^\d{4}$/);
		const letters = { length: 10, alphabet: 'letters-and-digits' };
		assert.match(generateCode(autocall, letters), /^[2-9A-HJ-NP-Z]{10}$/);
	});

	it('is one that the provider accepts', () => {
		for (const provider of [...providers, ringo]) {
			for (
				let length = provider.codeRule.minLength;
				length <= longestCodeLength(provider);
				length += 1
			) {
				const alphabet = provider.codeRule.alphabet;
				const code = generateCode(provider, { length, alphabet });
				assert.equal(code.length, length);
				assert.equal(checkSpokenCode(code, provider), code);
				const spoken = spokenCode(code, provider);
				assert.equal(checkSpokenCode(spoken, provider), spoken);
			}
		}
	});

	it('is sent with spaces where the voice would read its digits as one number, and as it is elsewhere', () => {
		assert.equal(spokenCode('048150', autocall), '0 4 8 1 5 0');
		assert.equal(spokenCode('04815', bitel), '04815');
	});

	it('is as long as a field shows that nobody has set', () => {
		for (const provider of [...providers, ringo]) {
			const code = generateCode(provider, { length: undefined, alphabet: undefined });
			assert.equal(code.length, usualCodeLength(provider));
		}
		assert.deepEqual([usualCodeLength(bitel), usualCodeLength(autocall)], [5, 6]);
	});

	it('is as long as what can be read out with a space between each two characters', () => {
		for (const [maxLength, longest] of [
			[7, 4],
			[8, 4],
			[9, 5],
		] as const) {
			const codeRule = { ...autocall.codeRule, readsNumbers: true, maxLength };
			const provider = { ...autocall, codeRule };
			assert.equal(longestCodeLength(provider), longest);
			const code = generateCode(provider, { length: longest, alphabet: 'digits' });
			const spoken = spokenCode(code, provider);
			assert.equal(checkSpokenCode(spoken, provider), spoken);
		}
	});

	// With a fair source each of these three tests fails once in more than a billion runs.
	it('has every digit equally often at every place, leading zeros included', () => {
		const runs = 20_000;
		const counts = Array.from({ length: 4 }, () => Array<number>(10).fill(0));
		for (let run = 0; run < runs; run += 1) {
			[...generateCode(bitel, { length: 4, alphabet: 'digits' })].forEach((digit, place) => {
				const row = counts[place] ?? [];
				row[Number(digit)] = (row[Number(digit)] ?? 0) + 1;
			});
		}
		for (const row of counts) {
			const chiSquare = row.reduce((sum, n) => sum + (n - runs / 10) ** 2 / (runs / 10), 0);
			assert.ok(chiSquare < 65, `chi-square ${chiSquare} with 9 degrees of freedom: ${row.join()}`);
		}
	});

	it('has no digit only a little more often than another, as the remainder of a byte has', () => {
		const counts = Array<number>(10).fill(0);
		const codes = 100_000;
		for (let run = 0; run < codes; run += 1) {
			for (const digit of generateCode(bitel, { length: 5, alphabet: 'digits' })) {
				counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1;
			}
		}
		const expected = codes / 2;
		const chiSquare = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
		assert.ok(
			chiSquare < 65,
			`chi-square ${chiSquare} with 9 degrees of freedom: ${counts.join()}`,
		);
	});

	it('has every character of its alphabet equally often', () => {
		const counts = new Map<string, number>();
		const length = 32;
		const runs = 1_000;
		for (let run = 0; run < runs; run += 1) {
			for (const character of generateCode(sandbox, { length, alphabet: 'letters-and-digits' })) {
				counts.set(character, (counts.get(character) ?? 0) + 1);
			}
		}
		assert.equal(counts.size, 32);
		const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - runs) ** 2 / runs, 0);
		assert.ok(chiSquare < 110, `chi-square ${chiSquare} with 31 degrees of freedom`);
	});

	for (const length of [0, -1, 1.5, 6, 'x', {}, true]) {
		it(`is refused for Bitel with the length ${JSON.stringify(length)}`, () => {
			const work = () => generateCode(bitel, { length, alphabet: 'digits' });
			const error = throwing(work, 'invalid-input');
			assert.equal(error.facts.field, 'codeLength');
			assert.match(error.message, /^Code Length /);
		});
	}

	for (const alphabet of ['letters-and-digits', 'letters', 'constructor', {}, 7]) {
		it(`is refused for Bitel with the alphabet ${JSON.stringify(alphabet)}`, () => {
			const error = throwing(() => generateCode(bitel, { length: 4, alphabet }), 'invalid-input');
			assert.equal(error.facts.field, 'codeAlphabet');
		});
	}
});
