import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';

import { callStatuses } from '../../providers/call';
import { errorKinds } from '../../calls/errors';
import { providers } from '../../providers';
import { forms } from '../../node-red/providers';
import { at } from './runningFlow';

const locales = new URL('../../node-red/locales/', import.meta.url);
const languages = readdirSync(locales);
const wordsIn = (language: string, file: string): unknown =>
	JSON.parse(readFileSync(new URL(`${language}/${file}`, locales), 'utf8'));

/** The paths of all words. */
function pathsIn(value: unknown, path = ''): readonly string[] {
	if (typeof value !== 'object' || value === null) return [path];
	return Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, `${path}/${key}`));
}

const files = readdirSync(new URL('en-US/', locales)).filter((name) => name.endsWith('.json'));

describe('The words of the Node-RED package', () => {
	for (const language of languages) {
		for (const file of files) {
			it(`are complete: ${language}/${file}`, () => {
				const english = pathsIn(wordsIn('en-US', file)).toSorted();
				assert.deepEqual(pathsIn(wordsIn(language, file)).toSorted(), english);
			});
		}

		it(`for statuses fit under a node: ${language}`, () => {
			const words = at(wordsIn(language, 'shared.json'), 'status');
			for (const phase of [...callStatuses, ...errorKinds, 'waiting', 'sending', 'asking']) {
				const word = at(words, phase);
				assert.ok(typeof word === 'string' && word.length < 20, `${phase}: ${String(word)}`);
			}
			for (const [count, number] of [
				['underWay', '999'],
				['manyUnderWay', '99999'],
				['done', '9999'],
				['someFailed', '999'],
				['manyFailed', '9999'],
			] as const) {
				const text = String(at(words, count)).replaceAll(/\{\w+\}/g, number);
				assert.ok(text.length < 20, text);
			}
		});
	}

	it('name the fields of every provider', () => {
		assert.deepEqual(
			forms.map(({ name }) => name),
			providers.map(({ name }) => name),
		);
		for (const { send } of forms) {
			for (const { label, placeholder, hint } of send) {
				for (const words of [label, placeholder, ...(hint ? [hint] : [])]) {
					assert.deepEqual(Object.keys(words).toSorted(), languages.toSorted());
				}
			}
		}
	});

	it('say of every provider what it really offers', () => {
		for (const provider of providers) {
			const form = forms.find(({ name }) => name === provider.name);
			assert.equal(form?.record, provider.planRecord !== undefined);
			assert.equal(form?.calls, provider.calls !== undefined);
			assert.equal(form?.code.digitsOnly, provider.codeRule.alphabet === 'digits');
			assert.equal(form?.code.maxLength, provider.codeRule.maxLength);
			const lists = form?.send.flatMap(({ pickFrom }) => pickFrom ?? []) ?? [];
			assert.deepEqual(lists, Object.keys(provider.lists ?? {}));
			assert.equal('authentication' in (form?.account ?? {}), provider.tokens !== undefined);
		}
	});
});
