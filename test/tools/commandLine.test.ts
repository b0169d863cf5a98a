import assert from 'node:assert/strict';

import { UsageError, readNumber, readOptions } from '../../tools/commandLine';

const refusal = (name: string, text: string, range: Parameters<typeof readNumber>[2]): string => {
	try {
		return `taken as ${readNumber(name, text, range)}`;
	} catch (error) {
		assert.ok(error instanceof UsageError);
		return error.message;
	}
};

describe('the numbers on the command line of a tool', () => {
	it('are read where they are in range', () => {
		assert.equal(readNumber('rounds', '5', { least: 1, whole: true }), 5);
		assert.equal(readNumber('minutes', '0.5', { least: 0.1 }), 0.5);
		assert.equal(readNumber('faults', '1', { least: 0, most: 1 }), 1);
	});

	it('are refused by the name of their option where they are none', () => {
		for (const text of ['x', '', ' ', '5 rounds', 'NaN', 'Infinity', '0', '-1', '1.5']) {
			assert.equal(
				refusal('rounds', text, { least: 1, whole: true }),
				`--rounds must be a whole number, 1 or more, not "${text}"`,
			);
		}
		assert.equal(
			refusal('minutes', 'x', { least: 0.1 }),
			'--minutes must be a number, 0.1 or more, not "x"',
		);
		assert.equal(
			refusal('faults', '2', { least: 0, most: 1 }),
			'--faults must be a number, from 0 to 1, not "2"',
		);
	});
});

describe('the options on the command line of a tool', () => {
	const options = { write: { type: 'boolean', default: true } } as const;

	it('can be switched off', () => {
		assert.equal(readOptions(options, ['--no-write']).write, false);
		assert.equal(readOptions(options, []).write, true);
	});

	it('are refused where they are not known', () => {
		for (const args of [['--wriet'], ['more'], ['--write=5']]) {
			assert.throws(() => readOptions(options, args), UsageError, args.join(' '));
		}
	});
});
