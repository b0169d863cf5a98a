import assert from 'node:assert/strict';

import { confirmEnd } from '../../calls/confirmation';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { freshCdr } from './samples';
import { TestHost, answered, failing, notSent } from './testHost';

const noRecord = answered(404, { error: 'Not Found' });

describe('An end that an unsigned event tells of', () => {
	it('is confirmed by the provider’s own record', async () => {
		const host = new TestHost(autocall, [answered(200, freshCdr())]);
		const report = await confirmEnd(host.context, 'ABC123');
		assert.equal(report?.call.status, 'completed');
		assert.equal(host.requests.length, 1);
	});

	it('is looked up under the provider’s ID too, when there is no such reference', async () => {
		const host = new TestHost(autocall, [noRecord, answered(200, freshCdr())]);
		assert.equal((await confirmEnd(host.context, 'd6142fb6'))?.call.callId, 'ABC123');
		assert.ok(host.requests[1]?.url.endsWith('/v3/cdr/d6142fb6'));
	});

	it('is not confirmed when there is no such call, or the call goes on', async () => {
		const unknown = new TestHost(autocall, [noRecord]);
		assert.equal(await confirmEnd(unknown.context, 'ABC123'), null);
		const waiting = new TestHost(bitel, [answered(200, { id: 'b1', status: 'WAITING' })]);
		assert.equal(await confirmEnd(waiting.context, 'b1'), null);
	});

	it('is neither confirmed nor denied when the provider cannot be asked', async () => {
		const host = new TestHost(bitel, [notSent()]);
		await failing(confirmEnd(host.context, 'b1'), 'unreachable');
	});
});
