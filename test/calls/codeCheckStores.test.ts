import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';

import fc from 'fast-check';

import { CheckMemory } from '../../calls/codeCheck';
import type { MarkStore } from '../../calls/codeCheck';
import { OtpCallError, errorDetails } from '../../calls/errors';
import { invalidInput } from '../../calls/failures';
import { limits } from '../../calls/limits';
import { plainWords } from '../../calls/words';
import { openVerification } from '../../calls/verification';
import { invalid } from '../../providers/fields';
import { codeField } from '../../providers/sharedFields';
import { readingsOf } from '../fixtures/encodings';
import { Checker, Marks, right, settled, wrong } from './checks';
import { failing } from './testHost';

describe('A store', () => {
	it('that forgets everything gives no try back, and no second use, within the process', async () => {
		const checker = new Checker();
		const store = new Marks();
		const token = checker.token();
		for (const left of [4, 3, 2, 1, 0]) {
			store.all.clear();
			assert.deepEqual(await checker.answer(store, token, wrong), ['wrong-code', left]);
		}
		store.all.clear();
		assert.deepEqual(await checker.answer(store, token), ['too-many-attempts', 0]);
		const used = checker.token();
		await checker.check(store, used);
		store.all.clear();
		assert.deepEqual(await checker.answer(store, used), ['already-used', 0]);
	});

	it('that forgets everything and a process that restarts give tries back: the limit of what is promised', async () => {
		const checker = new Checker();
		const store = new Marks();
		const token = checker.token();
		for (let n = 0; n < 5; n += 1) await checker.check(store, token, wrong);
		store.all.clear();
		checker.restart();
		assert.deepEqual(await checker.answer(store, token, wrong), ['wrong-code', 4]);
	});

	it('is told to remember for longer than any token of the call can live', async () => {
		const checker = new Checker();
		const store = new Marks();
		await checker.check(store, checker.token());
		for (const until of store.all.values()) {
			assert.ok(until >= checker.kept.expiresAt + 600_000);
			assert.ok(until <= checker.kept.expiresAt + 3_600_000);
		}
		assert.equal(store.all.size, 2);
	});

	it('counts the tries of all tokens of one call together, and one use', async () => {
		const checker = new Checker();
		const store = new Marks();
		const token = () => checker.token({ callId: 'ABC123', purpose: 'login' });
		await checker.check(store, token(), wrong);
		checker.restart();
		assert.deepEqual(await checker.answer(store, token(), wrong), ['wrong-code', 3]);
		assert.deepEqual(await checker.answer(store, token()), ['right', 0]);
		assert.deepEqual(await checker.answer(store, token()), ['already-used', 0]);
	});

	it('that fails is an error with a remedy, costs no try, and tells nothing of why', async () => {
		const checker = new Checker();
		const marks = new Marks();
		const token = checker.token();
		const why = new Error(`no table at ${right}`);
		const stores: readonly MarkStore[] = [
			{ claim: () => Promise.reject(why) },
			{
				claim: () => {
					throw why;
				},
			},
		];
		for (const store of stores) {
			const error = await failing(checker.check(store, token), 'unreachable');
			assert.match(error.message, /^The code was not compared, because .* fails$/);
			assert.match(error.facts.remedy, /host can write to its database or context store/);
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
			assert.doesNotMatch(`${error.stack} ${inspect(error)}`, /482913|no table/);
		}
		assert.deepEqual(await checker.answer(marks, token, wrong), ['wrong-code', 4]);
	});

	it('that fails in the host’s own words is that error', async () => {
		const checker = new Checker();
		const own = invalidInput(invalid(codeField, 'cannot be counted', 'Save the workflow'));
		const store = { claim: () => Promise.reject(own) };
		assert.equal(await failing(checker.check(store, checker.token())), own);
	});

	it('that hangs is an error when the time of the check is over, and not before', async () => {
		const checker = new Checker();
		const token = checker.token();
		const store: MarkStore = { claim: () => new Promise(() => undefined) };
		let isOver = false;
		const checking = failing(checker.check(store, token), 'unreachable').finally(() => {
			isOver = true;
		});
		await settled();
		checker.clock.pass(limits.check - 1);
		await settled();
		assert.equal(isOver, false);
		checker.clock.pass(1);
		assert.match((await checking).message, /does not answer$/);
		assert.equal(checker.clock.asleep, 0);
		assert.deepEqual(await checker.answer(new Marks(), token, wrong), ['wrong-code', 4]);
	});

	it('that hangs holds nobody longer than the time of a check, however many there are', async () => {
		const checker = new Checker();
		const token = checker.token();
		let asked = 0;
		const store: MarkStore = {
			claim: () => {
				asked += 1;
				return new Promise(() => undefined);
			},
		};
		const waiting = Array.from({ length: 100 }, () =>
			failing(checker.check(store, token), 'unreachable'),
		);
		await settled();
		checker.clock.pass(limits.check);
		await Promise.all(waiting);
		assert.equal(asked, 1);
	});

	it('that answers too late gives nothing', async () => {
		const checker = new Checker();
		const token = checker.token();
		const marks = new Marks();
		const late: (() => void)[] = [];
		const store: MarkStore = {
			claim: async (mark, until) => {
				await new Promise<void>((resolve) => late.push(resolve));
				return marks.add(mark, until);
			},
		};
		const first = failing(checker.check(store, token, right), 'unreachable');
		await settled();
		checker.clock.pass(limits.check);
		await first;
		for (const answer of late) answer();
		await settled();
		assert.deepEqual(await checker.answer(marks, token, wrong), ['wrong-code', 3]);
	});

	it('leaves nothing asleep and nobody listening when it has answered', async () => {
		const checker = new Checker();
		await checker.check(new Marks(), checker.token());
		await settled();
		assert.equal(checker.clock.asleep, 0);
		assert.equal(getEventListeners(checker.stop.signal, 'abort').length, 0);
	});
});

describe('A check that is stopped', () => {
	it('ends at once, with nothing asleep', async () => {
		const checker = new Checker();
		const store: MarkStore = { claim: () => new Promise(() => undefined) };
		const checking = failing(checker.check(store, checker.token()), 'canceled');
		await settled();
		checker.stop.abort();
		const { facts, message } = await checking;
		assert.match(message, /canceled because the flow was stopped/);
		assert.match(facts.remedy, /this try may have been counted/);
		assert.equal(facts.callMayHaveBeenPlaced, false);
		assert.equal(checker.clock.asleep, 0);
	});

	it('before it begins asks no store', async () => {
		const checker = new Checker();
		const store = new Marks();
		checker.stop.abort();
		await failing(checker.check(store, checker.token()), 'canceled');
		assert.deepEqual(store.asked, []);
	});
});

describe('What a process remembers of tokens', () => {
	const one = (checker: Checker) =>
		openVerification(checker.account, checker.token()) ?? assert.fail();

	it('is forgotten when they and all others of their calls are over', () => {
		const checker = new Checker();
		const memory = new CheckMemory();
		const now = checker.clock.now();
		const first = one(checker);
		memory.of(first, now).attempts = 4;
		for (let n = 1; n < 1_000; n += 1) memory.of({ ...first, id: String(n) }, now);
		const { until } = memory.of(first, now);
		memory.of({ ...first, id: 'next', expiresAt: until + 600_000 }, until - 1);
		assert.equal(memory.of(first, until - 1).attempts, 4);
		for (let n = 1; n < 1_000; n += 1) {
			memory.of({ ...first, id: `more ${n}`, expiresAt: until + 600_000 }, until - 1);
		}
		memory.of({ ...first, id: 'after' }, until);
		assert.equal(memory.of(first, until).attempts, 0);
	});

	it('is bounded: beyond 100,000 the oldest are left to the store alone', () => {
		const checker = new Checker();
		const memory = new CheckMemory();
		const now = checker.clock.now();
		const token = one(checker);
		for (let n = 0; n < 100_000; n += 1) memory.of({ ...token, id: String(n) }, now).attempts = 1;
		memory.of({ ...token, id: 'one more' }, now);
		assert.equal(memory.of({ ...token, id: '1' }, now).attempts, 1);
		assert.equal(memory.of({ ...token, id: '99999' }, now).attempts, 1);
		assert.equal(memory.of({ ...token, id: '0' }, now).attempts, 0);
	});
});

describe('The code', () => {
	it('comes out of no token, store, result or error, in no writing', async () => {
		const codes = fc.oneof(
			fc.stringMatching(/^[1-9][0-9]{5,7}$/),
			fc.stringMatching(/^[A-Z]{4}[0-9]{4}$/),
		);
		await fc.assert(
			fc.asyncProperty(codes, async (code) => {
				const checker = new Checker();
				const store = new Marks();
				const token = checker.token({ code });
				const seen: string[] = [token, openVerification(checker.account, token)?.id ?? ''];
				const broken: MarkStore = { claim: () => Promise.reject(new Error(code)) };
				for (const [where, typed, input] of [
					[store, `${code}0`, {}],
					[store, code, { phoneNumber: '0332665712' }],
					[store, code, { purpose: code.repeat(20) }],
					[broken, code, {}],
					[store, [code], {}],
					[store, code, {}],
					[store, code, {}],
				] as const) {
					const out: unknown = await checker
						.check(where, token, typed, input)
						.catch((error: unknown) => {
							assert.ok(error instanceof OtpCallError);
							return [error.stack, inspect(error), errorDetails(error, plainWords)];
						});
					seen.push(JSON.stringify(out), inspect(out));
				}
				seen.push(...store.all.keys(), JSON.stringify([...store.all]));
				for (const mark of store.all.keys())
					assert.match(mark, /^(a[0-9a-f]{32}[1-5]|u[0-9a-f]{32})$/);
				const text = seen.join('\n');
				// The number of the token may hold the digits of a short code by accident: this one does not.
				assert.ok(!text.includes(code));
				assert.ok(!readingsOf(text).includes(code));
			}),
			{ numRuns: 50 },
		);
	});
});
