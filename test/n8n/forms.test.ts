import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

import type { PackageDirectoryLoader } from 'n8n-core';

import { loadPackage } from './engine';

const file = new URL('../fixtures/forms/n8n.json', import.meta.url);

/** Keys in one order, so that only what a user sees makes a difference. */
function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
	entries.sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

const formsOf = ({ nodeTypes, credentialTypes }: PackageDirectoryLoader): unknown =>
	sorted({
		nodes: Object.fromEntries(
			Object.entries(nodeTypes).map(([name, { type }]) => {
				const { description } = type;
				return [name, 'properties' in description ? description.properties : null];
			}),
		),
		credentials: Object.fromEntries(
			Object.entries(credentialTypes).map(([name, { type }]) => [name, type.properties]),
		),
	});

describe('The forms in n8n', () => {
	it('are the ones that were looked at last: their words and fields change on purpose only', async () => {
		const forms = formsOf(await loadPackage());
		const text = `${JSON.stringify(forms, null, 2)}\n`;
		if (process.env['UPDATE_FORMS'] === '1') writeFileSync(file, text);
		assert.deepEqual(
			JSON.parse(text),
			JSON.parse(readFileSync(file, 'utf8')),
			'The forms have changed: look at them, then run UPDATE_FORMS=1 npm test -- test/n8n/forms.test.ts',
		);
	});
});
