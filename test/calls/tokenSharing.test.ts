import assert from 'node:assert/strict';

import { answered } from './testHost';
import type { Reply } from './testHost';
import { flat, sourceOf, waiting } from './tokenSource';

describe('A token that several wait for', () => {
	/** Replies that come when a test says so. */
	const held = () => {
		const replies: ((reply: ReturnType<typeof flat>) => void)[] = [];
		const reply: Reply = () => new Promise((resolve) => replies.push(resolve));
		return { replies, reply };
	};
	const turn = () => new Promise(setImmediate);

	it('still comes to the others when one of them goes', async () => {
		const { replies, reply } = held();
		const { host, source } = sourceOf([reply]);
		const leaving = new AbortController();
		source.current(leaving.signal).catch(() => undefined);
		const staying = source.current(waiting);
		await turn();
		leaving.abort();
		assert.equal(host.requests[0]?.signal?.aborted, false);
		const joining = source.current(waiting);
		replies[0]?.(flat('t1'));
		assert.deepEqual(await Promise.all([staying, joining]), ['t1', 't1']);
		assert.equal(host.requests.length, 1);
	});

	it('that was given up ends nothing of the next one when it comes after all', async () => {
		const { replies, reply } = held();
		const { host, source } = sourceOf([reply]);
		const leaving = new AbortController();
		source.current(leaving.signal).catch(() => undefined);
		await turn();
		leaving.abort();
		const next = source.current(waiting);
		await turn();
		replies[0]?.(answered(503));
		await turn();
		await turn();
		const joining = source.current(waiting);
		await turn();
		assert.equal(host.requests.length, 2);
		replies[1]?.(flat('t2'));
		assert.deepEqual(await Promise.all([next, joining]), ['t2', 't2']);
	});

	it('is joined by all that come while it is renewed, whoever has waited for the last one', async () => {
		const { replies, reply } = held();
		const { host, source } = sourceOf([flat('t1'), reply]);
		const earlier = new AbortController();
		await source.current(earlier.signal);
		const first = source.fresh('t1', waiting);
		await turn();
		earlier.abort();
		const second = source.fresh('t1', waiting);
		await turn();
		assert.equal(host.requests.length, 2);
		assert.equal(host.requests[1]?.signal?.aborted, false);
		replies[0]?.(flat('t2'));
		assert.deepEqual(await Promise.all([first, second]), ['t2', 't2']);
	});

	it('is given up when nobody waits for it any more, and then asked for anew', async () => {
		const never = new Promise<never>(() => undefined);
		const { host, source } = sourceOf([() => never, flat('t1')]);
		const leaving = new AbortController();
		const given = source.current(leaving.signal).catch(() => 'given up');
		await new Promise(setImmediate);
		leaving.abort();
		assert.equal(host.requests[0]?.signal?.aborted, true);
		assert.equal(await source.current(waiting), 't1');
		assert.equal(await Promise.race([given, Promise.resolve('open')]), 'open');
	});
});
