import assert from 'node:assert/strict';

import type { Exchange, OutgoingRequest } from '../../calls/transport';
import { Turns, withAtMost } from '../../calls/turns';
import { answered } from './testHost';

/** Work that ends when it is told to. */
function held<T>() {
	let end: (value: T) => void = () => undefined;
	let fail: (error: Error) => void = () => undefined;
	const work = new Promise<T>((resolve, reject) => {
		end = resolve;
		fail = reject;
	});
	return { work, end: (value: T) => end(value), fail: (error: Error) => fail(error) };
}

const settled = async () => await new Promise(setImmediate);

describe('Tasks that take turns', () => {
	it('begin one after another, in the order in which they came', async () => {
		const turns = new Turns();
		const begun: string[] = [];
		const first = held<string>();
		const one = turns.run('a', async () => {
			begun.push('one');
			return await first.work;
		});
		const two = turns.run('a', async () => {
			begun.push('two');
			return 2;
		});
		await settled();
		assert.deepEqual(begun, ['one']);
		first.end('done');
		assert.deepEqual([await one, await two], ['done', 2]);
		assert.deepEqual(begun, ['one', 'two']);
	});

	it('do not wait for those of another key', async () => {
		const turns = new Turns();
		const first = held<void>();
		const one = turns.run('a', async () => await first.work);
		assert.equal(await turns.run('b', async () => 'b'), 'b');
		first.end();
		await one;
	});

	it('go on after one that has failed, and fail only themselves', async () => {
		const turns = new Turns();
		const failing = turns.run('a', async () => {
			throw new Error('the first');
		});
		const next = turns.run('a', async () => 'next');
		await assert.rejects(failing, /the first/);
		assert.equal(await next, 'next');
		assert.equal(await turns.run('a', async () => 'later'), 'later');
	});

	it('begin at once when nobody is before them, or nobody any more', async () => {
		const turns = new Turns();
		for (const run of [1, 2]) {
			let hasBegun = false;
			const task = turns.run('a', async () => {
				hasBegun = true;
			});
			assert.equal(hasBegun, true, String(run));
			await task;
		}
	});

	it('wait for all that came before them, also when the first of these has ended', async () => {
		const turns = new Turns();
		const second = held<void>();
		const one = turns.run('a', async () => 'one');
		const two = turns.run('a', async () => await second.work);
		await one;
		await settled();
		let hasBegun = false;
		const three = turns.run('a', async () => {
			hasBegun = true;
		});
		await settled();
		assert.equal(hasBegun, false);
		second.end();
		await Promise.all([two, three]);
		assert.equal(hasBegun, true);
	});
});

describe('A transport with at most so many requests under way', () => {
	const request: OutgoingRequest = {
		method: 'GET',
		url: 'https://api.example.com/',
		headers: {},
		body: null,
		timeout: 1,
		longestAnswer: 1,
		signal: undefined,
	};

	it('keeps to the number, first come, first served, and loses none', async () => {
		const waiting: { url: string; end: (exchange: Exchange) => void }[] = [];
		const transport = withAtMost(2, async ({ url }) => {
			const one = held<Exchange>();
			waiting.push({ url, end: one.end });
			return await one.work;
		});
		const urls = ['a', 'b', 'c', 'd', 'e'];
		const all = urls.map(async (url) => await transport({ ...request, url }));
		for (let done = 0; done < urls.length; done += 1) {
			await settled();
			assert.equal(waiting.length, Math.min(urls.length, done + 2));
			waiting[done]?.end(answered(200, urls[done]));
		}
		const texts = (await Promise.all(all)).map((sent) => (sent.is === 'answered' ? sent.text : ''));
		assert.deepEqual(texts, urls);
		assert.deepEqual(
			waiting.map(({ url }) => url),
			urls,
		);
	});

	it('hands on the place of one that fails', async () => {
		let count = 0;
		const transport = withAtMost(1, async () => {
			count += 1;
			if (count === 1) throw new Error('the host’s own');
			return answered(200);
		});
		const [first, second, third] = await Promise.allSettled(
			[1, 2, 3].map(() => transport(request)),
		);
		assert.deepEqual(
			[first?.status, second?.status, third?.status],
			['rejected', 'fulfilled', 'fulfilled'],
		);
		assert.equal((await transport(request)).is, 'answered');
	});
});
