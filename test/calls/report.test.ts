import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { timeoutField, waitTimeoutField } from '../../calls/fields';
import { reportOf, withoutCode } from '../../calls/report';
import { readSeconds } from '../../calls/seconds';
import { autocall } from '../../providers/autocall/adapter';
import type { JsonObject } from '../../providers/reading/json';
import { ofCdr } from '../providers/autocall/samples';
import { throwing } from './testHost';

describe('What may be known of a call', () => {
	const report = (record: JsonObject, codes: readonly string[] = []) =>
		reportOf(autocall, { call: ofCdr, record, unsettled: true }, { codes });

	it('is the record without what stands under the provider’s keys of codes', () => {
		const { raw } = report({ additional: { code_otp: 'LUAN001' }, note: 'LUAN001', app: 'x' });
		assert.deepEqual(raw, { additional: { code_otp: '•••' }, note: '•••', app: 'x' });
	});

	it('is without the codes that were sent, under whatever key', () => {
		assert.deepEqual(report({ said: 'L-U-A-N-0-0-1', n: 1 }, ['LUAN001']).raw['n'], 1);
		assert.doesNotMatch(JSON.stringify(report({ note: 'is LUAN001' }, ['LUAN001']).raw), /LUAN/);
	});

	it('is without a code that only its reader knows', () => {
		const first = report({ note: 'is LUAN001', code_otp: 'OTHER22' });
		assert.match(JSON.stringify(first.raw), /LUAN001/);
		const { raw, call, unsettled } = withoutCode(first, 'LUAN001');
		assert.deepEqual(raw, { note: 'is •••', code_otp: '•••' });
		assert.deepEqual([call, unsettled], [ofCdr, true]);
	});

	it('is not unsettled where nobody says so', () => {
		assert.equal(reportOf(autocall, { call: ofCdr, record: {} }).unsettled, false);
	});
});

describe('Seconds as a user fills them in', () => {
	it('are read as milliseconds, and none where the field is empty', () => {
		assert.deepEqual(
			[0.1, '2.5', ' 3 ', 600].map((value) => readSeconds(value, timeoutField)),
			[100, 2_500, 3_000, 600_000],
		);
		for (const empty of [undefined, null, '']) {
			assert.equal(readSeconds(empty, timeoutField), undefined);
		}
	});

	for (const value of [0, 0.09, 601, -1, 'soon', ' ', true, {}, [5], Number.NaN, Infinity]) {
		it(`are refused: ${inspect(value)}`, () => {
			const error = throwing(() => readSeconds(value, timeoutField), 'invalid-input');
			assert.equal(error.message, 'Timeout must be a number of seconds from 0.1 to 600');
			assert.equal(error.facts.field, 'timeout');
		});
	}

	it('are refused where they are blank, also in a field in which 0 would do', () => {
		throwing(() => readSeconds(' ', { ...timeoutField, least: 0 }), 'invalid-input');
	});

	it('have limits of their own in each field', () => {
		assert.equal(readSeconds(86_400, waitTimeoutField), 86_400_000);
	});
});
