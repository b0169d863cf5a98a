import assert from 'node:assert/strict';

import { OtpCallError, errorDetails, errorKinds } from '../../calls/errors';
import { outputOf } from '../../calls/output';
import { plainWords } from '../../calls/words';
import { callStatuses } from '../../providers/call';
import { getOtpCallStatus } from '../../calls/status';
import { bitel } from '../../providers/bitel/adapter';
import { objectOf } from '../fixtures/samples';
import { bitelAccepts } from './samples';
import { TestHost, answered } from './testHost';

const report = async () => {
	const host = new TestHost(bitel, [answered(200, bitelAccepts)]);
	return await getOtpCallStatus(host.context, objectOf(bitelAccepts, 'result')['id']);
};

describe('What a node puts out', () => {
	const fields = [
		'status',
		'answered',
		'reason',
		'phoneNumber',
		'callId',
		'provider',
		'final',
		'requestedAt',
		'answeredAt',
		'endedAt',
		'durationSeconds',
		'billedSeconds',
		'cost',
	];

	it('is the fields of the contract, in their order', async () => {
		const output = outputOf(await report(), { simplify: true });
		assert.deepEqual(Object.keys(output), fields);
	});

	it('has the provider’s own record when it is wanted', async () => {
		const output = outputOf(await report(), { simplify: false });
		assert.deepEqual(Object.keys(output), [...fields, 'raw']);
		assert.deepEqual(output['raw'], bitelAccepts['result']);
	});

	it('has a cost with its currency where there is one, and null where not', async () => {
		const known = await report();
		const cost = { amount: 120, currency: 'IRT' };
		const withCost = { ...known, call: { ...known.call, cost } };
		assert.deepEqual(outputOf(withCost, { simplify: true })['cost'], cost);
		assert.equal(outputOf(known, { simplify: true })['cost'], null);
	});

	it('says that a call was placed before only when it was', async () => {
		const known = await report();
		const alreadyPlaced = (is: boolean) =>
			outputOf(known, { simplify: true, alreadyPlaced: is })['alreadyPlaced'];
		assert.deepEqual([alreadyPlaced(true), alreadyPlaced(false)], [true, undefined]);
	});

	it('has a code only when the node has made it', async () => {
		const output = outputOf(await report(), { simplify: true, generatedCode: '0042' });
		assert.equal(output['code'], '0042');
		assert.equal('code' in outputOf(await report(), { simplify: true }), false);
	});
});

describe('The words of the contract', () => {
	it('are Twilio’s for a call', () => {
		assert.deepEqual(callStatuses, [
			'queued',
			'ringing',
			'in-progress',
			'completed',
			'busy',
			'no-answer',
			'canceled',
			'failed',
			'unknown',
		]);
	});

	it('are these for errors', () => {
		assert.deepEqual([...errorKinds].sort(), [
			'already-placed',
			'bad-response',
			'canceled',
			'cooling-down',
			'invalid-input',
			'not-authorized',
			'not-found',
			'outcome-unknown',
			'rate-limited',
			'refused',
			'refused-by-rule',
			'unreachable',
			'wait-timeout',
		]);
	});
});

describe('An error', () => {
	const facts = {
		kind: 'refused',
		message: 'It was refused',
		remedy: 'Do this',
		callMayHaveBeenPlaced: false,
		httpStatus: 400,
	} as const;

	it('has its kind as its code, and no cause', () => {
		const error = new OtpCallError(facts);
		assert.equal(error.code, 'refused');
		assert.equal(error.message, 'It was refused');
		assert.equal(error.name, 'OtpCallError');
		assert.equal('cause' in error, false);
	});

	it('has as its details all that is known beside its message', () => {
		const { message: _message, ...rest } = facts;
		assert.deepEqual(errorDetails(new OtpCallError(facts), plainWords), rest);
	});
});
