import assert from 'node:assert/strict';
import { createManualClock, createRealTimeClock } from '../../../tools/simulator';

describe('simulator: clock', () => {
	it('stands still until it is advanced', async () => {
		const clock = createManualClock(1_000);
		assert.equal(clock.now(), 1_000);
		await clock.advance(500);
		assert.equal(clock.now(), 1_500);
	});

	it('runs what is due in the order of its time, at exactly that time', async () => {
		const clock = createManualClock(0);
		const seen: unknown[] = [];
		for (const at of [30, 10, 50, 20, 10]) {
			clock.schedule(at, async () => void seen.push([at, clock.now()]));
		}
		await clock.advance(40);
		assert.deepEqual(seen, [
			[10, 10],
			[10, 10],
			[20, 20],
			[30, 30],
		]);
		assert.equal(clock.now(), 40);
	});

	it('waits for what became due before it moves on', async () => {
		const clock = createManualClock(0);
		const seen: string[] = [];
		clock.schedule(10, async () => {
			await Promise.resolve();
			seen.push(`first at ${String(clock.now())}`);
		});
		clock.schedule(20, async () => void seen.push('second'));
		await clock.advance(100);
		assert.deepEqual(seen, ['first at 10', 'second']);
	});

	it('runs what was scheduled on the way, too', async () => {
		const clock = createManualClock(0);
		const seen: number[] = [];
		clock.schedule(10, async () => clock.schedule(20, async () => void seen.push(clock.now())));
		await clock.advance(30);
		assert.deepEqual(seen, [20]);
	});

	it('moves by both when it is advanced twice at once', async () => {
		const clock = createManualClock(0);
		await Promise.all([clock.advance(10), clock.advance(5)]);
		assert.equal(clock.now(), 15);
	});

	it('cannot be turned back', () => {
		const clock = createManualClock(0);
		assert.throws(() => clock.advance(-1), RangeError);
		assert.throws(() => clock.advance(Number.NaN), RangeError);
	});

	it('follows real time, and can be advanced beyond it', async () => {
		const clock = createRealTimeClock();
		const before = Date.now();
		await clock.advance(60_000);
		assert.ok(clock.now() >= before + 60_000);
		assert.ok(clock.now() <= Date.now() + 60_000);
		clock.stop();
	});

	it('runs what is due by itself when it follows real time', async () => {
		const clock = createRealTimeClock();
		const order: string[] = [];
		await new Promise<void>((resolve) => {
			clock.schedule(clock.now() + 10, async () => {
				order.push('second');
				resolve();
			});
			clock.schedule(clock.now() + 1, async () => void order.push('first'));
		});
		assert.deepEqual(order, ['first', 'second']);
		clock.stop();
	});
});
