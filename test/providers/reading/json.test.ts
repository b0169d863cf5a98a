import assert from 'node:assert/strict';

import fc from 'fast-check';

import {
	field,
	jsonOf,
	numberField,
	parseJson,
	secondsField,
	textField,
} from '../../../providers/reading/json';
import { carrying, objectIn } from '../../fixtures/samples';

describe('JSON from outside', () => {
	it('is read', () => {
		assert.deepEqual(parseJson(' {"a":[1,"x",null,true]} '), { a: [1, 'x', null, true] });
		assert.equal(parseJson('null'), null);
	});

	it('is undefined when it is none', () => {
		for (const text of ['', ' ', '{', '{"a":1', "{'a':1}", 'undefined', 'NaN', '\ufeff1', '[1,]']) {
			assert.equal(parseJson(text), undefined, text);
		}
	});

	it('is undefined when it nests deeper than any real answer', () => {
		const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
		assert.ok(parseJson(nested(64)));
		assert.equal(parseJson(nested(65)), undefined);
		assert.equal(parseJson('{"a":'.repeat(100_000)), undefined);
		assert.equal(parseJson('['.repeat(1_000_000)), undefined);
	});

	it('is parsed once for an answer, however many ask, and anew for another answer', () => {
		const text = '{"a":[1]}';
		const answer = { text };
		const json = jsonOf(answer);
		assert.deepEqual(json, { a: [1] });
		assert.equal(jsonOf(answer), json);
		assert.notEqual(jsonOf({ text }), json);
		const none = { text: 'none' };
		assert.deepEqual([jsonOf(none), jsonOf(none)], [undefined, undefined]);
	});

	it('may hold brackets in texts', () => {
		const text = JSON.stringify({ a: `${'['.repeat(1_000)}"\\${'{'.repeat(1_000)}` });
		assert.ok(parseJson(text));
	});

	it('is the same as JSON.parse makes of it, for everything that is not deep', () => {
		fc.assert(
			fc.property(fc.json({ maxDepth: 10 }), (text) => {
				assert.deepEqual(parseJson(text), JSON.parse(text));
			}),
			{ numRuns: 200 },
		);
	});
});

describe('A field of an object', () => {
	const record = objectIn('{"__proto__":"own","constructor":"mine","n":1}');

	it('is its own, never one that all objects have', () => {
		assert.equal(field(record, '__proto__'), 'own');
		assert.equal(field(record, 'constructor'), 'mine');
		assert.equal(field({}, 'constructor'), undefined);
		assert.equal(field({}, '__proto__'), undefined);
		assert.equal(field({}, 'toString'), undefined);
	});

	it('is text, trimmed, or a number as text', () => {
		const text = (value: unknown) => textField(carrying(value), 'value');
		assert.equal(text(' a '), 'a');
		assert.equal(text(12), '12');
		assert.equal(text(-1.5), '-1.5');
		for (const none of ['', ' \n', null, true, [], {}, ['a'], 2 ** 60, 1e300]) {
			assert.equal(text(none), null, JSON.stringify(none));
		}
	});

	it('is a number, or text that holds one', () => {
		const number = (value: unknown) => numberField(carrying(value), 'value');
		assert.equal(number(1.5), 1.5);
		assert.equal(number(' -34.2 '), -34.2);
		assert.equal(number('+7'), 7);
		const none = [
			'',
			'x',
			'1e3',
			'0x10',
			'1,5',
			'Infinity',
			'NaN',
			'9'.repeat(400),
			null,
			[],
			{},
			true,
		];
		for (const value of none) assert.equal(number(value), null, JSON.stringify(value));
	});

	it('is a duration when it is not negative', () => {
		assert.equal(secondsField({ a: 0 }, 'a'), 0);
		assert.equal(secondsField({ a: -1 }, 'a'), null);
	});
});
