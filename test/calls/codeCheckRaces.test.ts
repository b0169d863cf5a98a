import assert from 'node:assert/strict';

import fc from 'fast-check';

import { CheckMemory } from '../../calls/codeCheck';
import type { CheckResult, MarkStore } from '../../calls/codeCheck';
import { OtpCallError } from '../../calls/errors';
import { limits } from '../../calls/limits';
import { Checker, Marks, right, wrong } from './checks';
import { failing } from './testHost';

/** True for a check that tells whether the code is the right one. */
const hasCompared = ({ reason }: CheckResult): boolean =>
	reason === null || reason === 'wrong-code';

describe('Checks of one token at the same time', () => {
	const typed = fc.array(fc.constantFrom(right, wrong), { minLength: 1, maxLength: 12 });

	it('are right once and compare as often as is allowed, over any processes, where the store has a lock', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.scheduler(),
				typed,
				fc.integer({ min: 1, max: 4 }),
				async (s, codes, processes) => {
					const checker = new Checker();
					const token = checker.token();
					const marks = new Marks();
					const store: MarkStore = {
						claim: async (mark, until) => {
							await s.schedule(Promise.resolve(), 'asked');
							const isNew = marks.add(mark, until);
							await s.schedule(Promise.resolve(), 'answered');
							return isNew;
						},
					};
					const memories = Array.from({ length: processes }, () => new CheckMemory());
					const checks = codes.map((code, at) =>
						checker.check(store, token, code, {}, memories[at % processes]),
					);
					await s.waitFor(Promise.all(checks));
					const results = await Promise.all(checks);
					const rights = results.filter(({ valid }) => valid).length;
					assert.ok(rights <= 1, `${rights} are right`);
					const compared = results.filter(hasCompared);
					assert.ok(compared.length <= 5);
					const tries = [...marks.all.keys()].filter((mark) => mark.startsWith('a'));
					assert.ok(tries.length <= 5);
					// As long as the tries reach for all of them, the right one is right.
					if (codes.length <= 5) assert.equal(rights, codes.includes(right) ? 1 : 0);
				},
			),
			{ numRuns: 300 },
		);
	});

	it('are right once and compare as often as is allowed in each process, where the store has no lock', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.scheduler(),
				typed,
				fc.integer({ min: 1, max: 3 }),
				async (s, codes, processes) => {
					const checker = new Checker();
					const token = checker.token();
					const row = { marks: new Set<string>() };
					const store: MarkStore = {
						claim: async (mark) => {
							const read = new Set(row.marks);
							await s.schedule(Promise.resolve(), 'read');
							const isNew = !read.has(mark);
							row.marks = read.add(mark);
							return isNew;
						},
					};
					const memories = Array.from({ length: processes }, () => new CheckMemory());
					const checks = codes.map((code, at) =>
						checker.check(store, token, code, {}, memories[at % processes]),
					);
					await s.waitFor(Promise.all(checks));
					const results = await Promise.all(checks);
					for (let process = 0; process < processes; process += 1) {
						const own = results.filter((_, at) => at % processes === process);
						assert.ok(own.filter(({ valid }) => valid).length <= 1);
						assert.ok(own.filter(hasCompared).length <= 5);
					}
				},
			),
			{ numRuns: 300 },
		);
	});

	it('are 1,000, and one is right', async () => {
		const checker = new Checker();
		const store = new Marks();
		const token = checker.token();
		const results = await Promise.all(
			Array.from({ length: 1_000 }, () => checker.check(store, token, right)),
		);
		assert.equal(results.filter(({ valid }) => valid).length, 1);
		assert.ok(results.every(({ reason }) => reason === null || reason === 'already-used'));
		// Those that come too late do not ask the store.
		assert.equal(store.asked.length, 2);
		const guesses = await Promise.all(
			Array.from({ length: 1_000 }, (_, n) =>
				checker.check(store, checker.token({ callId: 'one' }), String(n).padStart(6, '0')),
			),
		);
		assert.equal(guesses.filter(({ reason }) => reason === 'wrong-code').length, 5);
		assert.equal(guesses.filter(({ reason }) => reason === 'too-many-attempts').length, 995);
	});

	it('do not wait for each other when they are of other tokens', async () => {
		const checker = new Checker();
		const marks = new Marks();
		const hanging = checker.token();
		const id = checker.idOf(hanging);
		const store: MarkStore = {
			claim: (mark, until) =>
				mark.includes(id) ? new Promise(() => undefined) : marks.claim(mark, until),
		};
		const waiting = failing(checker.check(store, hanging), 'unreachable');
		assert.deepEqual(await checker.answer(store, checker.token()), ['right', 0]);
		checker.clock.pass(limits.check);
		await waiting;
	});
});

/** What may befall the claim of a mark. */
const faults = {
	'fails before it is stored': 'before',
	'fails when it is stored': 'after',
	'is stored, and the process dies': 'death',
	'is lost, and the process dies': 'early death',
} as const;

describe('A crash', () => {
	for (const [what, fault] of Object.entries(faults)) {
		it(`may cost tries and never gives one: a claim ${what}, whichever it is`, async () => {
			const behaviour = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
			await fc.assert(
				fc.asyncProperty(
					behaviour,
					fc.array(fc.constantFrom(right, wrong), { maxLength: 20 }),
					async (fails, codes) => {
						const checker = new Checker();
						const token = checker.token();
						const marks = new Marks();
						let asked = 0;
						const store: MarkStore = {
							claim: async (mark, until) => {
								const isFault = fails[asked % fails.length] === true;
								asked += 1;
								const isStored = !isFault || fault === 'after' || fault === 'death';
								const isNew = isStored && marks.add(mark, until);
								if (isFault) throw new Error('the store is gone');
								return isNew;
							},
						};
						const results: CheckResult[] = [];
						for (const code of codes) {
							const result = await checker.check(store, token, code).catch((error: unknown) => {
								assert.ok(error instanceof OtpCallError);
								assert.equal(error.code, 'unreachable');
								if (fault.endsWith('death')) checker.restart();
								return null;
							});
							if (result !== null) results.push(result);
						}
						const compared = results.filter(hasCompared);
						assert.ok(compared.length <= 5, `${compared.length} compared`);
						assert.ok(results.filter(({ valid }) => valid).length <= 1);
						const lefts = compared
							.filter(({ valid }) => !valid)
							.map(({ attemptsLeft }) => attemptsLeft);
						assert.deepEqual(
							lefts,
							[...new Set(lefts)].sort((a, b) => b - a),
						);
					},
				),
				{ numRuns: 200 },
			);
		});
	}

	it('after the code has been found right, and before that is stored, has told nobody', async () => {
		const checker = new Checker();
		const token = checker.token();
		const marks = new Marks();
		const dies: MarkStore = {
			claim: async (mark, until) => {
				if (mark.startsWith('u')) throw new Error('dies');
				return marks.add(mark, until);
			},
		};
		await failing(checker.check(dies, token), 'unreachable');
		checker.restart();
		assert.deepEqual(await checker.answer(marks, token), ['right', 0]);
	});

	it('after the use has been stored, and before the answer came, costs the token', async () => {
		const checker = new Checker();
		const token = checker.token();
		const marks = new Marks();
		const dies: MarkStore = {
			claim: async (mark, until) => {
				const isNew = marks.add(mark, until);
				if (mark.startsWith('u')) throw new Error('dies');
				return isNew;
			},
		};
		await failing(checker.check(dies, token), 'unreachable');
		checker.restart();
		assert.deepEqual(await checker.answer(marks, token), ['already-used', 0]);
	});
});
