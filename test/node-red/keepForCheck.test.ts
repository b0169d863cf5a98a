import assert from 'node:assert/strict';

import { readingsOf } from '../fixtures/encodings';
import { CheckFlow } from './checkFlow';
import { at, hosts, namesIn, until } from './runningFlow';

for (const host of hosts) {
	describe(`Keep for Check of send-otp-call in ${host}`, () => {
		let checks: CheckFlow;
		afterEach(() => checks.stop());

		it('leaves the code in nothing that comes out, is stored, shown or logged', async () => {
			checks = await CheckFlow.start(
				host,
				{},
				{ waitForResult: true, emitChanges: true, simplify: false, code: '80417', codeType: 'str' },
			);
			await checks.sending({ code: undefined });
			await until(
				() => checks.sent.some((message) => at(message, 'payload', 'final') === true),
				'the end',
			);
			assert.ok(checks.sent.length > 1);
			const tokens = checks.sent.map((message) => at(message, 'payload', 'verification'));
			assert.equal(new Set(tokens).size, 1);
			await checks.typed(tokens[0], '11111');
			await checks.typed(tokens[0], '80417');
			const { global } = checks.flow.helper.getNode('node').context();
			const results = [...checks.flow.out, ...checks.flow.other].map(({ payload }) => payload);
			const all = [
				checks.sent.map(({ payload }) => payload),
				results,
				checks.flow.statuses(),
				checks.flow.helper.getNode('send').status.args,
				checks.flow.logged(),
				[global.get('otpCallChecks'), global.get('otpCallClaims')],
			];
			const alone = /(?<![0-9a-f])80417(?![0-9a-f])/;
			for (const each of all) {
				const text = readingsOf(JSON.stringify(each));
				assert.doesNotMatch(text, alone);
				assert.doesNotMatch(text, /8 0 4 1 7/);
			}
			const marks = JSON.stringify(checks.stored());
			assert.match(marks, /"u[0-9a-f]{32}":/);
			for (const known of ['9123456789', String(tokens[0])]) assert.ok(!marks.includes(known));
		});

		it('has the token in the errors after which the phone may ring', async () => {
			checks = await CheckFlow.start(host);
			checks.simulator.faults.add({ fault: { kind: 'reset-after-placing' }, times: 1 });
			const { error } = await checks.sending();
			assert.equal(at(error, 'code'), 'outcome-unknown');
			const token = at(error, 'cause', 'verification');
			assert.equal((await checks.typed(token, '80417')).right, true);
			checks.simulator.faults.add({ fault: { kind: 'status', status: 401 }, times: 1 });
			const { error: refused } = await checks.sending();
			assert.equal(at(refused, 'code'), 'not-authorized');
			assert.equal(at(refused, 'cause', 'verification'), undefined);
		});

		it('has the token in the error of a wait that took too long', async () => {
			checks = await CheckFlow.start(host, {}, { waitForResult: true, waitTimeout: '0.1' });
			const { error } = await checks.sending();
			assert.equal(at(error, 'code'), 'wait-timeout');
			assert.equal((await checks.typed(at(error, 'cause', 'verification'), '80417')).right, true);
		});

		it('puts out the code that the node made where it is not kept, and none where it is', async () => {
			checks = await CheckFlow.start(host, {}, { generateCode: true, keepForCheck: false });
			const open = at(await checks.sending(), 'payload');
			assert.match(String(at(open, 'code')), /^\d{5}$/);
			assert.equal(at(open, 'verification'), undefined);
			await checks.stop();
			checks = await CheckFlow.start(host, {}, { generateCode: true });
			const kept = at(await checks.sending(), 'payload');
			assert.ok(!namesIn(kept).includes('code'));
			const code = at(checks.simulator.requests.at(-1)?.json, 'text');
			assert.equal((await checks.typed(at(kept, 'verification'), code)).right, true);
		});

		it('shares the tries of a call between all that were sent under its key', async () => {
			checks = await CheckFlow.start(
				host,
				{},
				{ idempotencyKey: 'payload.order', idempotencyKeyType: 'msg' },
			);
			const first = await checks.tokenOf({ order: 'order-1' });
			await checks.simulator.clock.advance(60_000);
			const second = await checks.tokenOf({ order: 'order-1' });
			assert.equal(checks.simulator.counters.sends, 1);
			for (const token of [first, second, first]) {
				assert.equal(await checks.reasonOf(token, '1'), 'wrong-code');
			}
			assert.equal(await checks.reasonOf(second, '80417'), 'too-many-attempts');
		});

		for (const [sendFields, message] of [
			[{ codeLifetime: '601' }, /^Code Lifetime must be/],
			[{ purpose: 'x'.repeat(81) }, /^Purpose /],
			[
				{ code: '123', codeType: 'str' },
				/^Code must have at least 4 characters with Keep for Check/,
			],
		] as const) {
			it(`calls nobody when the code cannot be kept: ${JSON.stringify(sendFields)}`, async () => {
				checks = await CheckFlow.start(host, {}, sendFields);
				const { error } = await checks.sending();
				assert.equal(at(error, 'code'), 'invalid-input');
				assert.match(String(at(error, 'message')), message);
				assert.equal(checks.simulator.counters.sends, 0);
			});
		}
	});
}
