import assert from 'node:assert/strict';

import { deadlineIn } from '../../nodes/http/time';

const timers = (): number =>
	process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The test's own timer is set once it has begun to wait. */
const timerOfTheTest = tick;

describe('The time limits of requests', () => {
	/** Deadlines under names, and the names of those whose time is over, in that order. */
	function deadlines() {
		const over: string[] = [];
		const set = (name: string, milliseconds: number, before?: AbortSignal) => {
			const deadline = deadlineIn(milliseconds, before);
			const ended = deadline.ended.catch(() => over.push(name));
			return { ...deadline, whenEnded: ended };
		};
		return { over, set };
	}

	it('end each by itself, however late a shorter one is set', async () => {
		const { over, set } = deadlines();
		const all = [set('long', 120), set('short', 30), set('middle', 70), set('short, too', 30)];
		await Promise.all(all.map(({ whenEnded }) => whenEnded));
		assert.deepEqual(over, ['short', 'short, too', 'middle', 'long']);
		assert.ok(all.every(({ isOver, signal }) => isOver() && signal.aborted));
	});

	it('do not end before their time, though the one that the timer was set for is gone', async () => {
		const { over, set } = deadlines();
		const first = set('first', 20);
		const start = performance.now();
		const second = set('second', 60);
		first.release();
		await second.whenEnded;
		// A timer of Node.js may be early by a part of a millisecond.
		assert.ok(performance.now() - start >= 59);
		assert.deepEqual(over, ['second']);
		assert.equal(first.isOver(), false);
		assert.equal(first.signal.aborted, false);
	});

	it('still end those that are set after all before were released', async () => {
		const { over, set } = deadlines();
		for (let time = 0; time < 20; time += 1) set('released', 5).release();
		await set('kept', 20).whenEnded;
		assert.deepEqual(over, ['kept']);
	});

	it('take one timer for a hundred, and none when all are released', async () => {
		const { set } = deadlines();
		await timerOfTheTest();
		const before = timers();
		const all = Array.from({ length: 100 }, (_, n) => set('a request', 60_000 + n));
		assert.equal(timers() - before, 1);
		for (const { release } of all.slice(1)) release();
		assert.equal(timers() - before, 1);
		all[0]?.release();
		await tick();
		assert.equal(timers() - before, 0);
	});

	it('end with the signal before them, which is not their time', async () => {
		const { over, set } = deadlines();
		const ending = new AbortController();
		await timerOfTheTest();
		const before = timers();
		const all = [set('one', 60_000, ending.signal), set('two', 60_000, ending.signal)];
		const other = set('another execution', 60_000);
		ending.abort();
		await Promise.all(all.map(({ whenEnded }) => whenEnded));
		assert.deepEqual(over, ['one', 'two']);
		assert.ok(all.every(({ isOver, signal }) => !isOver() && signal.aborted));
		assert.equal(other.signal.aborted, false);
		for (const { release } of [...all, other]) release();
		await tick();
		assert.equal(timers() - before, 0);
	});

	it('are not heard by a signal that outlives them', async () => {
		const ending = new AbortController();
		const deadline = deadlineIn(60_000, ending.signal);
		deadline.release();
		ending.abort();
		await tick();
		assert.equal(deadline.signal.aborted, false);
	});
});
