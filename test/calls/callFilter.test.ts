import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { readCallFilter, readLimit } from '../../calls/callFilter';
import { autocall } from '../../providers/autocall/adapter';
import { calls } from '../../providers/autocall/lists';
import { throwing } from './testHost';

const read = (values: Readonly<Record<string, unknown>>) => readCallFilter(values, calls, autocall);

describe('What narrows a list of calls', () => {
	it('is nothing where nothing is filled in', () => {
		for (const empty of [undefined, null, '']) {
			const filter = read({ from: empty, to: empty, phoneNumber: empty, status: empty });
			const { fields, ...rest } = filter;
			assert.deepEqual(rest, {});
			assert.deepEqual(
				calls.filters.map((field) => fields.text(field)),
				[undefined, undefined],
			);
		}
	});

	it('is days, as text and as a date picker gives them', () => {
		for (const day of ['2026-03-07', ' 2026-03-07 ', '2026-03-07T00:00:00', '2026-03-07 10:00']) {
			assert.deepEqual(
				[read({ from: day }).from, read({ to: day }).to],
				['2026-03-07', '2026-03-07'],
			);
		}
	});

	it('is a phone number in any writing', () => {
		const { phoneNumber } = read({ phoneNumber: '+84 332 665 711' });
		assert.equal(phoneNumber?.national, '0332665711');
	});

	it('is the provider’s own filters, as text and as they are picked from a list', () => {
		const request = (values: Readonly<Record<string, unknown>>) =>
			calls.request(read(values), { limit: 1, offset: 0 }).query;
		const picked = { __rl: true, mode: 'list', value: 'c-1' };
		assert.equal(request({ campaign: picked, status: 'busy' })?.['campaign_uuid'], 'c-1');
		assert.equal(request({ campaign: 'c-1', status: 'busy' })?.['status'], 'busy');
	});

	for (const day of [
		'07.03.2026',
		'2026-3-7',
		'2026-02-30',
		'2026-13-01',
		'soon',
		'2026',
		20260307,
	]) {
		it(`is refused as a day: ${inspect(day)}`, () => {
			const from = throwing(() => read({ from: day }), 'invalid-input');
			assert.equal(from.message, 'From must be a date such as 2026-03-07');
			assert.equal(throwing(() => read({ to: day })).facts.field, 'to');
		});
	}

	it('is refused as a day that is no line of text, with the reason', () => {
		const messageOf = (from: unknown) => throwing(() => read({ from }), 'invalid-input').message;
		assert.equal(messageOf({}), 'From must be text');
		assert.equal(messageOf('2'.repeat(201)), 'From must be one line of at most 200 characters');
	});

	it('is refused where it holds an expression that nobody has worked out', () => {
		for (const name of ['from', 'to', 'campaign', 'phoneNumber']) {
			const { facts } = throwing(() => read({ [name]: '{{ $json.x }}' }), 'invalid-input');
			assert.deepEqual([facts.field, facts.remedy], [name, '‹howToEvaluate›']);
		}
	});

	it('is refused when it ends before it begins, but not when both are one day', () => {
		const error = throwing(() => read({ from: '2026-03-08', to: '2026-03-07' }), 'invalid-input');
		assert.equal(error.message, 'To must not be before From');
		assert.equal(error.facts.field, 'to');
		assert.equal(read({ from: '2026-03-07', to: '2026-03-07' }).to, '2026-03-07');
	});

	it('is refused when it holds what no call can have', () => {
		const cases: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
			[{ phoneNumber: '+989123456789' }, 'phoneNumber'],
			[{ campaign: 'a\nb' }, 'campaign'],
			[{ status: {} }, 'status'],
			[{ from: 'x'.repeat(300) }, 'from'],
		];
		for (const [values, field] of cases) {
			assert.equal(throwing(() => read(values), 'invalid-input').facts.field, field);
		}
	});
});

describe('How many calls are listed', () => {
	it('is what is filled in, fifty where nothing is, or all', () => {
		assert.equal(readLimit(false, 7), 7);
		assert.equal(readLimit(undefined, '۷'), 7);
		for (const empty of ['', undefined, null]) assert.equal(readLimit(false, empty), 50);
		assert.equal(readLimit(true, 'whatever'), Number.POSITIVE_INFINITY);
	});

	for (const limit of [0, -1, 1.5, 'many', {}, true]) {
		it(`is refused: ${inspect(limit)}`, () => {
			const error = throwing(() => readLimit(false, limit), 'invalid-input');
			assert.equal(error.message, 'Limit must be a whole number, 1 or more');
		});
	}
});
