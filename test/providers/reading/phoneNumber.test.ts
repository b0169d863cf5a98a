import assert from 'node:assert/strict';

import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/metadata.min.json';

import {
	iran,
	isOfAnotherCountry,
	readPhoneNumber,
	readProviderNumber,
	vietnam,
} from '../../../providers/reading/phoneNumber';

const e164 = (text: string, ...countries: [typeof iran, ...(typeof iran)[]]): string | null =>
	readPhoneNumber(text, countries)?.e164 ?? null;

const inOtherDigits = (text: string, zero: number): string =>
	text.replace(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)));

describe('A phone number of Iran', () => {
	const writings = [
		'09123456789',
		'9123456789',
		'989123456789',
		'+989123456789',
		'00989123456789',
		'0912 345 6789',
		'0912-345-6789',
		'0912.345.6789',
		'(0912) 345 6789',
		'+98 912 345 6789',
		'+98-912-345-6789',
		'(+98) 912 345 6789',
		'+98 (0) 912 345 6789',
		'+98 0912 345 6789',
		'0098 912 345 6789',
		'۰۹۱۲۳۴۵۶۷۸۹',
		'٠٩١٢٣٤٥٦٧٨٩',
		'۰۹۱۲ ۳۴۵ ۶۷۸۹',
		'+۹۸۹۱۲۳۴۵۶۷۸۹',
		'０９１２３４５６７８９',
		'＋98 912 345 6789',
		'\u202a+98 912 345 6789\u202c',
		'\u200e09123456789',
		'0912\u00a0345\u00a06789',
		'0912\u202f345\u20096789',
		'0912\u2011345\u20136789',
		'\ufeff09123456789',
		'tel:+989123456789',
	];
	for (const text of writings) {
		it(`is read from ${JSON.stringify(text)}`, () => {
			assert.deepEqual(readPhoneNumber(text, [iran]), {
				e164: '+989123456789',
				national: '09123456789',
				country: iran,
			});
		});
	}

	it('may be a landline', () => {
		assert.equal(e164('021 8888 7777', iran), '+982188887777');
		assert.equal(readPhoneNumber('02188887777', [iran])?.national, '02188887777');
	});

	const impossible = [
		'',
		' ',
		'110',
		'115',
		'0912345678',
		'091234567890',
		'912345678',
		'0012345',
		'96123',
		'+98912345678',
		'+98',
		'+',
		'0',
		'00000000000',
		'0912345678a',
		'0912x3456789',
		'09123456789 ext 5',
		'09123456789,09123456780',
		'09123456789;ext=5',
		'+98+9123456789',
		'0912\u00003456789',
		'٪۰۹۱۲',
		'1'.repeat(100_000),
		'NaN',
		'undefined',
		'null',
		'[object Object]',
		'1e10',
		'0x1234567890',
		'-9123456789',
	];
	for (const text of impossible) {
		it(`is not read from ${JSON.stringify(text.slice(0, 40))}`, () => {
			assert.equal(readPhoneNumber(text, [iran]), null);
		});
	}

	it('is never one of another country', () => {
		const foreign = [
			'+84332665711',
			'0084332665711',
			// As many digits as a landline of Iran has.
			'+842873003586',
			'+1 202 555 0123',
			'+44 20 7946 0958',
		];
		for (const text of foreign) {
			assert.equal(readPhoneNumber(text, [iran]), null, text);
			assert.equal(isOfAnotherCountry(text, [iran]), true, text);
		}
		assert.equal(isOfAnotherCountry('+989123456789', [iran]), false);
		assert.equal(isOfAnotherCountry('(+84) 332 665 711', [iran]), true);
		assert.equal(isOfAnotherCountry('110', [iran]), false);
	});
});

describe('A phone number of Vietnam', () => {
	const writings = [
		'0332665711',
		'0332-665-711',
		'0332 665 711',
		'332665711',
		'84332665711',
		'+84332665711',
		'0084332665711',
		'+84 (0)332 665 711',
		'(+84) 332.665.711',
	];
	for (const text of writings) {
		it(`is read from ${text}`, () => {
			assert.deepEqual(readPhoneNumber(text, [vietnam]), {
				e164: '+84332665711',
				national: '0332665711',
				country: vietnam,
			});
		});
	}

	it('may be a landline', () => {
		assert.equal(e164('028 7300 3586', vietnam), '+842873003586');
	});

	it('is not a service, toll-free or premium number', () => {
		const numbers = [
			'113',
			'19001234',
			'1900 545 436',
			'1800 1091',
			'01900545436',
			'+841900545436',
		];
		for (const text of numbers) assert.equal(readPhoneNumber(text, [vietnam]), null, text);
	});

	it('is not one of the eleven digits that mobiles had until 2018', () => {
		assert.equal(readPhoneNumber('01234567890', [vietnam]), null);
	});

	it('is never one of Iran', () => {
		for (const text of ['09123456789', '+989123456789', '989123456789']) {
			assert.equal(readPhoneNumber(text, [vietnam]), null, text);
		}
	});
});

describe('Where two countries are called', () => {
	it('each number is one of the country that it fits', () => {
		const both = [iran, vietnam] as const;
		assert.equal(e164('09123456789', ...both), '+989123456789');
		assert.equal(e164('0332665711', ...both), '+84332665711');
		assert.equal(e164('332665711', ...both), '+84332665711');
		assert.equal(e164('84332665711', ...both), '+84332665711');
		assert.equal(e164('989123456789', ...both), '+989123456789');
	});
});

describe('Every number of a country', () => {
	const separators = fc.constantFrom('', ' ', '-', '.', '\u00a0', '\u200c');
	const zeros = fc.constantFrom(0x30, 0x660, 0x6f0, 0xff10);
	const mobiles = [
		[iran, fc.stringMatching(/^9[0-9]{9}$/)],
		[vietnam, fc.stringMatching(/^[35789][0-9]{8}$/)],
	] as const;
	for (const [country, numbers] of mobiles) {
		it(`is the same in every writing (${country.name})`, () => {
			const prefixes = fc.constantFrom(
				'0',
				'',
				country.callingCode,
				`+${country.callingCode}`,
				`00${country.callingCode}`,
				`+${country.callingCode}0`,
			);
			fc.assert(
				fc.property(numbers, prefixes, separators, zeros, (digits, prefix, separator, zero) => {
					const groups = [prefix, ...(digits.match(/\d{1,3}/g) ?? [])].filter((group) => group);
					const written = groups.join(separator);
					const number = readPhoneNumber(inOtherDigits(written, zero), [country]);
					assert.deepEqual(number, {
						e164: `+${country.callingCode}${digits}`,
						national: `0${digits}`,
						country,
					});
				}),
				{ numRuns: 300 },
			);
		});
	}

	for (const [country, numbers] of [
		[iran, fc.stringMatching(/^(0|\+98)[1-9][0-9]{9}$/)],
		[vietnam, fc.stringMatching(/^(0|\+84)([35789][0-9]{8}|2[0-9]{9})$/)],
	] as const) {
		it(`is read as libphonenumber reads it (${country.name})`, () => {
			fc.assert(
				fc.property(numbers, (text) => {
					const parsed = parsePhoneNumberFromString(text, country.code, metadata);
					assert.ok(parsed?.isValid() === true);
					assert.deepEqual(readPhoneNumber(text, [country]), {
						e164: parsed.number,
						national: `0${parsed.nationalNumber}`,
						country,
					});
				}),
				{ numRuns: 2_000 },
			);
		});
	}

	it('is null or well formed, whatever text it is read from', () => {
		const texts = fc.oneof(
			fc.string({ maxLength: 40 }),
			fc.stringMatching(/^[+0-9 ().-]{0,25}$/),
			fc.integer().map(String),
			fc.double().map(String),
		);
		fc.assert(
			fc.property(texts, (text) => {
				const number = readPhoneNumber(text, [iran, vietnam]);
				if (number === null) return;
				assert.match(number.e164, /^\+(98[1-9]\d{9}|84([35789]\d{8}|2\d{9}))$/);
				assert.match(number.national, /^0[1-9]\d{8,9}$/);
				assert.ok(number.e164.endsWith(number.national.slice(1)));
				assert.equal(readPhoneNumber(number.e164, [iran, vietnam])?.e164, number.e164);
				const [country] = [iran, vietnam].filter(({ code }) => code === number.country.code);
				assert.ok(country);
				assert.equal(readPhoneNumber(number.national, [country])?.e164, number.e164);
			}),
			{ numRuns: 300 },
		);
	});
});

describe('A number in a provider’s record', () => {
	it('is E.164 when it can be read', () => {
		assert.equal(readProviderNumber('09123456789', iran), '+989123456789');
		assert.equal(readProviderNumber('84332665711', vietnam), '+84332665711');
	});

	it('is E.164 with its mask when the provider masks its end', () => {
		assert.equal(readProviderNumber('0912*******', iran), '+98912*******');
		assert.equal(readProviderNumber('0912***6789', iran), '+98912***6789');
	});

	it('is as it is when it is none', () => {
		assert.equal(readProviderNumber('anonymous', iran), 'anonymous');
		assert.equal(readProviderNumber(null, iran), '');
	});
});
