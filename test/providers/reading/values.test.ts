import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import fc from 'fast-check';

import { isInvalid } from '../../../providers/fields';
import type { Field } from '../../../providers/fields';
import {
	foldDigits,
	isShown,
	picked,
	readCount,
	readFields,
	readLine,
	readReference,
} from '../../../providers/reading/values';
import { callIdField } from '../../../providers/sharedFields';
import { pause, ringo, template, tries } from '../throwAway';

const { fields } = ringo;

const read = (values: Readonly<Record<string, unknown>>) => {
	const checked = readFields(fields, values);
	assert.ok(!isInvalid(checked), JSON.stringify(checked));
	return checked;
};

const refused = (values: Readonly<Record<string, unknown>>) => {
	const problem = readFields(fields, values);
	assert.ok(isInvalid(problem), 'it was taken');
	return problem;
};

describe('The fields of a form', () => {
	it('are read by their names and kinds, whatever else was filled in', () => {
		const values = read({ template: ' T1 ', tries: '۳', other: 'x', voice: { value: 'Nima' } });
		assert.equal(values.text(template), 'T1');
		assert.equal(values.count(tries), 3);
	});

	it('are not set where they are empty', () => {
		for (const empty of [undefined, null, '', '  ']) {
			assert.equal(read({ template: 'T1', tries: empty }).count(tries), undefined);
		}
	});

	it('are never an object’s own machinery', () => {
		const odd: Field = { ...template, name: 'constructor', required: false };
		const values = readFields([odd], {});
		assert.ok(!isInvalid(values));
		assert.equal(values.text({ ...template, name: 'constructor' }), undefined);
	});

	it('are refused one by one, in the order of the form', () => {
		assert.equal(refused({ template: 'x', tries: 9 }).field.name, 'template');
		assert.equal(refused({ template: 'T1', tries: 9 }).field.name, 'tries');
	});

	it('say what to fill in, with an example and where a default may stand', () => {
		const { rule, remedy } = refused({});
		assert.equal(rule, 'is empty');
		assert.match(
			remedy,
			/^Fill in ‹Text Template\|.*›, such as T1, or set a default in the ‹account›$/,
		);
		const shown = refused({ template: 'T1', speed: 'own' });
		assert.match(shown.remedy, /^Fill in ‹Pause\|[^›]*›$/);
	});

	it('are needed only while the form shows them', () => {
		assert.equal(refused({ template: 'T1', speed: 'own' }).field.name, 'pause');
		for (const speed of ['usual', '', undefined, { value: 'usual' }]) {
			assert.equal(read({ template: 'T1', speed, pause: 3 }).count(pause), undefined);
			assert.equal(read({ template: 'T1', speed, pause: 'a leftover' }).count(pause), undefined);
		}
		assert.equal(read({ template: 'T1', speed: { value: 'own' }, pause: 3 }).count(pause), 3);
	});

	it('are shown by the usual value of the field that decides, where nobody has chosen', () => {
		const usual = fields.map((field) =>
			field.kind === 'choice' ? { ...field, usual: 'own' } : field,
		);
		assert.equal(isShown(usual, pause, {}), true);
		assert.equal(isShown(fields, pause, {}), false);
		assert.equal(isShown(fields, template, {}), true);
		assert.equal(isShown([pause], pause, {}), false);
	});

	it('are read or refused, whatever they hold', () => {
		const names = fc.constantFrom(...fields.map(({ name }) => name));
		fc.assert(
			fc.property(fc.dictionary(names, fc.anything()), (values) => {
				const checked = readFields(fields, { template: 'T1', ...values });
				if (isInvalid(checked)) assert.notEqual(checked.rule, '');
			}),
		);
	});
});

describe('A whole number', () => {
	it('is taken within its limits, the limits included', () => {
		assert.deepEqual(
			[1, 9, '1', ' 9 ', '٩', '９'].map((value) => readCount(value, pause)),
			[1, 9, 1, 9, 9, 9],
		);
	});

	for (const value of [
		0,
		10,
		1.5,
		'1.5',
		'1e1',
		'-1',
		'+1',
		'0x1',
		true,
		{},
		[],
		Number.NaN,
		1e21,
	]) {
		it(`is refused, with what is allowed: ${inspect(value)}`, () => {
			const problem = readCount(value, pause);
			assert.ok(isInvalid(problem));
			assert.equal(problem.rule, 'must be a whole number, 1 to 9');
			assert.match(problem.remedy, /to 1 to 9, or leave it empty$/);
		});
	}
});

describe('A line of text', () => {
	it('has the length that its field allows, in characters', () => {
		const short = { ...template, longest: 3, form: { pattern: /./, rule: '' } };
		assert.equal(readLine('abc', short), 'abc');
		const problem = readLine('abcd', short);
		assert.ok(isInvalid(problem));
		assert.equal(problem.rule, 'must be one line of at most 3 characters');
		assert.equal(readLine('x'.repeat(200), callIdField), 'x'.repeat(200));
		assert.ok(isInvalid(readLine('x'.repeat(201), callIdField)));
	});

	it('breaks the rule of its form without being shown', () => {
		const problem = readLine('something-private', template);
		assert.ok(isInvalid(problem));
		assert.equal(problem.rule, 'must be the letter T and a number, such as T1');
		assert.ok(!JSON.stringify(problem).includes('private'));
	});
});

describe('A reference of a call', () => {
	it('stands in a path as it is, or is refused', () => {
		for (const good of ['order-1042', '1.2', '...', 'a b', 'é']) {
			assert.equal(readReference(good, callIdField), good);
		}
		for (const bad of ['a/b', 'a\\b', '.', '..', 'a?b', 'a#b', '%2e', 'a\nb']) {
			assert.ok(isInvalid(readReference(bad, callIdField)), bad);
		}
	});
});

describe('What hosts hand over', () => {
	it('is what was picked from a list, or typed', () => {
		assert.equal(picked({ __rl: true, mode: 'list', value: 'v' }), 'v');
		for (const plain of ['v', 7, null, undefined]) assert.equal(picked(plain), plain);
		const other = { name: 'v' };
		assert.equal(picked(other), other);
	});

	it('has digits of any of the scripts, and no other character is changed', () => {
		assert.equal(foldDigits('۰۱۲٣٤٥６７８９ ab½²'), '0123456789 ab½²');
	});
});
