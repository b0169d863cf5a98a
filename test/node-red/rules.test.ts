import assert from 'node:assert/strict';

import { SIMULATOR_TOKEN, createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { RunningFlow, hosts, passTimeWith } from './runningFlow';
import type { Fields } from './runningFlow';

const send = {
	type: 'send-otp-call',
	phoneNumber: 'phoneNumber',
	phoneNumberType: 'msg',
	code: '80417',
	codeType: 'str',
	idempotencyKey: 'order',
	idempotencyKeyType: 'msg',
};
const person = { phoneNumber: '09123456789' };
const other = { phoneNumber: '09123456780' };

for (const host of hosts) {
	describe(`The rules of a send in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;
		let time: ReturnType<typeof passTimeWith>;

		beforeEach(async () => {
			// 23:15 in Iran.
			const clock = createManualClock(Date.parse('2026-03-01T23:15:00+03:30'));
			simulator = await startSimulator({ clock });
			time = passTimeWith(simulator);
		});
		afterEach(async () => {
			time.restore();
			await flow.stop();
			await simulator.close();
		});

		const start = async (node: Fields): Promise<void> => {
			flow = await RunningFlow.start(
				host,
				{ ...send, ...node },
				{ provider: 'bitel', baseUrl: simulator.url },
				{ token: SIMULATOR_TOKEN },
			);
		};
		const stored = (name: string) => flow.helper.getNode('node').context().global.get(name);

		it('refuse a call outside the Calling Hours until they begin, and take nothing for it', async () => {
			const limits = { coolDownSeconds: '60', maxCallsPerHourAll: '5' };
			await start({ callingHours: '08:00-21:00', ...limits });
			const error = await flow.failure({ ...person, order: 'order-1' });
			assert.equal(error.code, 'refused-by-rule');
			assert.match(error.message, /it is 23:15 in Iran, and Calling Hours are 08:00–21:00/);
			assert.equal(error.cause['callMayHaveBeenPlaced'], false);
			assert.equal(error.cause['retryAfterSeconds'], 31_500);
			for (const name of ['otpCallClaims', 'otpCallCoolDown', 'otpCallBudget']) {
				assert.equal(stored(name), undefined, name);
			}
			assert.equal(simulator.requests.length, 0);
			await simulator.clock.advance(31_500_000);
			await flow.result({ ...person, order: 'order-1' });
			assert.equal(simulator.counters.sends, 1);
		});

		it('are in no way of a repeat under an Idempotency Key: it puts the first call out', async () => {
			await start({ callingHours: '23:00-23:30' });
			const first = await flow.result({ ...person, order: 'order-1' });
			await simulator.clock.advance(3_600_000);
			const second = await flow.result({ ...person, order: 'order-1' });
			assert.deepEqual([second['callId'], second['alreadyPlaced']], [first['callId'], true]);
			const another = await flow.failure({ ...person, order: 'order-2' });
			assert.equal(another.code, 'refused-by-rule');
			assert.equal(simulator.counters.sends, 1);
		});

		it('refuse a number of the Do-Not-Call List that the message brings', async () => {
			await start({ doNotCall: 'list', doNotCallType: 'msg' });
			for (const list of ['+98 912 345 6789', ['02188887777', 9123456789]]) {
				const error = await flow.failure({ ...person, list });
				assert.equal(error.code, 'refused-by-rule');
				assert.match(error.message, /is on the Do-Not-Call List/);
				await flow.result({ ...other, list });
			}
			assert.equal(simulator.counters.placedByNumber.get(person.phoneNumber), undefined);
			assert.equal(simulator.counters.sends, 2);
		});

		it('call nobody while the list cannot be read, or the message brings none', async () => {
			await start({ doNotCall: 'list', doNotCallType: 'msg' });
			for (const [list, rule] of [
				['02188887777\nAli', /entry 2 is no phone number/],
				[[null], /entry 1 is no phone number/],
				[undefined, /holds no numbers/],
			] as const) {
				const error = await flow.failure({ ...person, list });
				assert.equal(error.code, 'invalid-input');
				assert.match(error.message, rule);
			}
			assert.equal(simulator.requests.length, 0);
			await flow.result({ ...person, list: [] });
		});

		it('take the list as it is typed', async () => {
			await start({ doNotCall: '0912 345 6789, 02188887777', doNotCallType: 'str' });
			assert.equal((await flow.failure(person)).code, 'refused-by-rule');
			await flow.result(other);
		});

		it('refuse hours that are none, before anything is sent', async () => {
			await start({ callingHours: 'by day' });
			const error = await flow.failure(person);
			assert.equal(error.code, 'invalid-input');
			assert.match(error.message, /^Calling Hours must be two times of the day/);
			assert.equal(simulator.requests.length, 0);
		});
	});
}
