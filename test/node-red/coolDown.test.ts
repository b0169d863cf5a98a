import assert from 'node:assert/strict';

import { SIMULATOR_TOKEN, createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { RunningFlow, hosts, namesIn, passTimeWith, until } from './runningFlow';
import type { Fields } from './runningFlow';

const send = {
	type: 'send-otp-call',
	phoneNumber: 'phoneNumber',
	phoneNumberType: 'msg',
	code: '80417',
	codeType: 'str',
};
const person = { phoneNumber: '09123456789' };
const sameInOtherWords = { phoneNumber: '+98 912 345 6789' };
const other = { phoneNumber: '09123456780' };

for (const host of hosts) {
	describe(`The cool-down in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;
		let time: ReturnType<typeof passTimeWith>;

		beforeEach(async () => {
			simulator = await startSimulator({ clock: createManualClock() });
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
		const stored = () => flow.helper.getNode('node').context().global.get('otpCallCoolDown');

		it('is off unless it is asked for, and then keeps nothing', async () => {
			await start({});
			await flow.result(person);
			await flow.result(person);
			assert.equal(simulator.calls.length, 2);
			assert.equal(stored(), undefined);
		});

		it('refuses a second call to a number, says how long, and lets others through', async () => {
			await start({ coolDownSeconds: '60' });
			await flow.result(person);
			await simulator.clock.advance(20_000);
			const error = await flow.failure(sameInOtherWords);
			assert.equal(error.code, 'cooling-down');
			assert.equal(error.cause['retryAfterSeconds'], 40);
			assert.equal(error.cause['callMayHaveBeenPlaced'], false);
			assert.match(error.message, /\+98912•••6789/);
			await flow.result(other);
			await simulator.clock.advance(40_000);
			await flow.result(person);
			assert.equal(simulator.calls.length, 3);
		});

		it('lets one of many messages for a number through when they come together', async () => {
			await start({ coolDownSeconds: '60' });
			const outcomes = await Promise.all(
				Array.from({ length: 20 }, () => flow.answer({ ...person })),
			);
			assert.equal(outcomes.filter(({ caught }) => caught === undefined).length, 1);
			assert.equal(simulator.calls.length, 1);
		});

		it('allows so many calls within an hour', async () => {
			await start({ maxCallsPerHour: '2' });
			await flow.result(person);
			await simulator.clock.advance(600_000);
			await flow.result(person);
			const error = await flow.failure(person);
			assert.equal(error.cause['retryAfterSeconds'], 3_000);
			await simulator.clock.advance(3_000_000);
			await flow.result(person);
		});

		it('does not count a call that was refused, but counts one of unknown outcome', async () => {
			await start({ coolDownSeconds: '60' });
			simulator.faults.add({ fault: { kind: 'status', status: 401 }, times: 1 });
			assert.equal((await flow.failure(person)).code, 'not-authorized');
			simulator.faults.add({ fault: { kind: 'reset-after-placing' }, times: 1 });
			assert.equal((await flow.failure(person)).code, 'outcome-unknown');
			assert.equal((await flow.failure(person)).code, 'cooling-down');
			assert.equal(simulator.calls.length, 1);
		});

		it('stores neither the number nor the code nor the token', async () => {
			await start({ coolDownSeconds: '60' });
			await flow.result(person);
			const text = JSON.stringify(stored());
			for (const secret of ['9123456789', '80417', SIMULATOR_TOKEN]) {
				assert.ok(!text.includes(secret), secret);
			}
			assert.equal(namesIn(stored()).length, 1);
		});

		it('forgets numbers that have rested', async () => {
			await start({ coolDownSeconds: '1' });
			const giveFrom = async (first: number): Promise<void> => {
				for (let number = first; number < first + 300; number += 1) {
					flow.give({ phoneNumber: `0912${String(1_000_010 + number)}` });
				}
				await until(() => flow.ends.length === first + 300, 'all answered');
			};
			await giveFrom(0);
			await simulator.clock.advance(5_000);
			await giveFrom(300);
			assert.ok(namesIn(stored()).length < 400);
		});
	});
}
