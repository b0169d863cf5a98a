import assert from 'node:assert/strict';

import { Slots } from '../../node-red/host/slots';

/** Tasks that end when they are told to. */
class Tasks {
	readonly started: string[] = [];
	readonly #ends = new Map<string, (error?: Error) => void>();

	readonly named = (name: string) => (): Promise<string> => {
		this.started.push(name);
		return new Promise((resolve, reject) => {
			this.#ends.set(name, (error) => {
				if (error) reject(error);
				else resolve(name);
			});
		});
	};

	end(name: string, error?: Error): void {
		this.#ends.get(name)?.(error);
	}
}

/** Lets everything run that is ready to. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('The places in line of an account', () => {
	const { signal } = new AbortController();

	it('are taken by so many at a time, the others follow in their order', async () => {
		const slots = new Slots(2);
		const tasks = new Tasks();
		const results = ['a', 'b', 'c', 'd'].map((name) => slots.run(signal, tasks.named(name)));
		await settle();
		assert.deepEqual(tasks.started, ['a', 'b']);
		tasks.end('b');
		await settle();
		assert.deepEqual(tasks.started, ['a', 'b', 'c']);
		tasks.end('a');
		await settle();
		tasks.end('c');
		tasks.end('d');
		assert.deepEqual(await Promise.all(results), ['a', 'b', 'c', 'd']);
	});

	it('are given on by a task that fails', async () => {
		const slots = new Slots(1);
		const tasks = new Tasks();
		const failing = slots.run(signal, tasks.named('a'));
		const next = slots.run(signal, tasks.named('b'));
		tasks.end('a', new Error('no'));
		await assert.rejects(failing, /no/);
		await settle();
		tasks.end('b');
		assert.equal(await next, 'b');
	});

	it('are not kept for those who have left the line', async () => {
		const slots = new Slots(1);
		const tasks = new Tasks();
		const leaving = new AbortController();
		const first = slots.run(signal, tasks.named('a'));
		const gone = [
			slots.run(leaving.signal, tasks.named('b')),
			slots.run(leaving.signal, tasks.named('c')),
		];
		const last = slots.run(signal, tasks.named('d'));
		leaving.abort();
		assert.deepEqual(await Promise.all(gone), [null, null]);
		tasks.end('a');
		await first;
		await settle();
		assert.deepEqual(tasks.started, ['a', 'd']);
		tasks.end('d');
		assert.equal(await last, 'd');
		const afterwards = slots.run(signal, tasks.named('e'));
		await settle();
		tasks.end('e');
		assert.equal(await afterwards, 'e');
	});

	it('are not given to anybody after the end', async () => {
		const ended = AbortSignal.abort();
		assert.equal(await new Slots(1).run(ended, async () => 'task'), null);
	});

	it('keep the order of a line that is longer than what is tidied at once', async () => {
		const slots = new Slots(1);
		const order: number[] = [];
		await Promise.all(
			Array.from({ length: 5_000 }, (_, index) =>
				slots.run(signal, async () => {
					order.push(index);
				}),
			),
		);
		assert.deepEqual(
			order,
			Array.from({ length: 5_000 }, (_, index) => index),
		);
	});
});
