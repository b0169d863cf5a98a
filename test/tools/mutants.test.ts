import assert from 'node:assert/strict';

import { runInNewContext } from 'node:vm';
import ts from 'typescript';

import { mutate } from '../../tools/mutate/mutants';

/** What a file gives when one of its mutants is awake; 0: none. It ends with the expression that is asked for. */
function run(text: string, awake: number): unknown {
	const { source } = mutate('calls/x.ts', text, 1);
	const { outputText } = ts.transpileModule(source, {
		compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
	});
	const exports: Record<string, unknown> = {};
	const isAwake = (id: number) => id === awake;
	runInNewContext(outputText, { exports, mutated: isAwake });
	// Its lists are those of another context.
	return exports['result'] === undefined ? undefined : structuredClone(exports['result']);
}

const mutantsOf = (text: string): readonly string[] =>
	mutate('calls/x.ts', text, 1).mutants.map(({ before, after }) => `${before} → ${after}`);

/** What the file gives as it is, then with each of its mutants. */
const outcomes = (text: string): readonly unknown[] => {
	const { mutants } = mutate('calls/x.ts', text, 1);
	return [0, ...mutants.map(({ id }) => id)].map((id) => run(text, id));
};

describe('The mutants of a file', () => {
	it('are other operators', () => {
		assert.deepEqual(mutantsOf('export const result = a < b'), [
			'a < b → (a) <= (b)',
			'a < b → (a) >= (b)',
		]);
		assert.deepEqual(outcomes('export const result = 6 * 2'), [12, 3]);
		assert.deepEqual(outcomes('export const result = 0 || 7'), [7, 0]);
		assert.deepEqual(mutantsOf("export const result = 'a' + b"), []);
	});

	it('are conditions that always hold, or never', () => {
		const text = 'let x = 1; if (x > 5) x = 7; else x = 8; export const result = x;';
		assert.equal(run(text, 0), 8);
		const at = (name: string) => run(text, mutantsOf(text).indexOf(name) + 1);
		assert.equal(at('x > 5 → true'), 7);
		assert.equal(at('x > 5 → false'), 8);
		assert.equal(at('x = 8; → nothing'), 1);
	});

	it('are statements, results and steps that are left out', () => {
		const text = `
			const words: string[] = [];
			function add(word: string): number { words.push(word.trim()); return words.length; }
			export const result = [add(' a '), words.join()];`;
		assert.deepEqual(run(text, 0), [1, 'a']);
		const at = (name: string) => run(text, mutantsOf(text).indexOf(name) + 1);
		assert.deepEqual(at('words.push(word.trim()); → nothing'), [0, '']);
		assert.deepEqual(at('word.trim() → word'), [1, ' a ']);
		assert.deepEqual(at('words.length → undefined'), [undefined, 'a']);
	});

	it('change nothing while they are asleep, wherever they stand', () => {
		const text = `
			type Kind = 'a' | 'b';
			const first = (list: readonly number[]): number | undefined =>
				list.filter((each) => each > 1).find((each) => each % 2 === 0) ?? list[0];
			async function* none() {}
			function walk(kind: Kind): string {
				for (let n = 0; ; n += 1) {
					if (n < 2) continue;
					if (kind === 'a') return \`\${n}-\${first([1, 2, 4])}\`;
					else if (n > 3) break;
					else n += 0;
				}
				switch (kind) { case 'b': return 'b' as const; default: throw new Error('none'); }
			}
			const chained = (some?: { list: string[] }) => some?.list.filter(Boolean).length;
			export const result = [walk('a'), walk('b'), chained(), chained({ list: ['', 'x'] }), !!none];`;
		assert.deepEqual(run(text, 0), ['2-2', 'b', undefined, 1, true]);
	});

	it('have the line on which they stand, and IDs that go on from the first', () => {
		const { mutants } = mutate(
			'calls/x.ts',
			'\n\nexport const a = 1 - b;\nexport const c = !d;',
			40,
		);
		assert.deepEqual(
			mutants.map(({ id, line, file }) => [id, line, file]),
			[
				[40, 3, 'calls/x.ts'],
				[41, 4, 'calls/x.ts'],
			],
		);
	});

	it('leave types and imports alone', () => {
		const text =
			"import type { A } from './a'; type B = true | [1]; export let result: B | A = true;";
		assert.deepEqual(mutantsOf(text), ['true → false']);
	});
});
