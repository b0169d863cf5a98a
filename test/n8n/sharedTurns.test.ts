import assert from 'node:assert/strict';

import fc from 'fast-check';

import type { StoredValues } from '../../nodes/stores/seenValues';
import { SharedTurns } from '../../nodes/stores/sharedTurns';

/** A store that has to be read and written as a whole, as n8n's; it answers later. */
class SlowStore implements StoredValues {
	readonly values = new Set<string>();
	readonly questions: string[] = [];
	failure: Error | null = null;
	#isBusy = false;

	async record(values: readonly string[]): Promise<Set<string>> {
		return await this.#alone('record', () => {
			const fresh = new Set(values.filter((value) => !this.values.has(value)));
			for (const value of fresh) this.values.add(value);
			return fresh;
		});
	}

	async remove(values: Iterable<string>): Promise<void> {
		await this.#alone('remove', () => {
			for (const value of values) this.values.delete(value);
		});
	}

	async #alone<T>(question: string, work: () => T): Promise<T> {
		assert.equal(this.#isBusy, false, 'two questions at once overwrite each other');
		this.#isBusy = true;
		this.questions.push(question);
		await new Promise(setImmediate);
		this.#isBusy = false;
		if (this.failure !== null) throw this.failure;
		return work();
	}
}

/** Takes a value and a second one, which it gives back; tells whether the first was free. */
const take =
	(key: string) =>
	async (values: StoredValues): Promise<boolean> => {
		const fresh = await values.record([key, `${key} for a moment`]);
		await values.remove([`${key} for a moment`]);
		return fresh.has(key);
	};

describe('The turns at the store of n8n', () => {
	it('are shared by those who have no key in common: one question for what all of them record', async () => {
		const store = new SlowStore();
		let timesIdle = 0;
		const turns = new SharedTurns(() => {
			timesIdle += 1;
		});
		const keys = Array.from({ length: 14 }, (_, n) => `number ${n}`);
		const taken = await Promise.all(keys.map((key) => turns.run([key], store, take(key))));
		assert.deepEqual(
			taken,
			keys.map(() => true),
		);
		assert.deepEqual(store.questions, ['record', 'remove']);
		assert.deepEqual([...store.values], keys);
		await new Promise(setImmediate);
		assert.equal(timesIdle, 1);
	});

	it('are shared by 14 at most, so that little is forgotten for what is recorded for a moment', async () => {
		const store = new SlowStore();
		const turns = new SharedTurns();
		const keys = Array.from({ length: 33 }, (_, n) => `number ${n}`);
		await Promise.all(keys.map((key) => turns.run([key], store, take(key))));
		assert.equal(store.questions.length, 6);
	});

	it('follow one another for those who have a key in common, in their order', async () => {
		const store = new SlowStore();
		const turns = new SharedTurns();
		const taken = await Promise.all(
			['a', 'b', 'a', 'a'].map((key) => turns.run(['account', key], store, take(key))),
		);
		assert.deepEqual(taken, [true, true, false, false]);
		assert.equal(store.questions.length, 8);
	});

	it('fail together when the store fails, and go on after it', async () => {
		const store = new SlowStore();
		const turns = new SharedTurns();
		store.failure = new Error('no database');
		const both = ['a', 'b'].map((key) => turns.run([key], store, take(key)));
		for (const one of both) await assert.rejects(one, /no database/);
		store.failure = null;
		assert.equal(await turns.run(['a'], store, take('a')), true);
	});

	it('are not held up by a task that fails by itself', async () => {
		const store = new SlowStore();
		const turns = new SharedTurns();
		const failing = turns.run(['a'], store, () => Promise.reject(new Error('its own')));
		const other = turns.run(['b'], store, take('b'));
		await assert.rejects(failing, /its own/);
		assert.equal(await other, true);
	});

	it('give each value to exactly one, whoever asks for it together with whom', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 60 }),
				fc.array(fc.boolean(), { maxLength: 60 }),
				async (numbers, pauses) => {
					const store = new SlowStore();
					const turns = new SharedTurns();
					const asked: Promise<readonly [number, boolean]>[] = [];
					for (const [n, number] of numbers.entries()) {
						const key = String(number);
						asked.push(turns.run([key], store, take(key)).then((is) => [number, is] as const));
						if (pauses[n]) await new Promise(setImmediate);
					}
					const taken = (await Promise.all(asked)).filter(([, is]) => is).map(([number]) => number);
					assert.deepEqual(taken.toSorted(), [...new Set(numbers)].toSorted());
					assert.deepEqual([...store.values].toSorted(), taken.map(String).toSorted());
				},
			),
		);
	});
});
