import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { fieldsOfForms } from '../../node-red/forms/fields';
import type { NodeType } from '../../node-red/forms/fields';
import { formOf } from '../../node-red/forms/providerForms';
import { findProvider, providers } from '../../providers';
import type { Provider } from '../../providers/contract';
import type { Field } from '../../providers/fields';
import { buildEditor } from '../../tools/build/nodeRedEditor';
import { readBuiltForm } from './builtForms';
import type { BuiltForm } from './builtForms';

const built = fileURLToPath(new URL('../../node-red/dist', import.meta.url));
const fixture = new URL('../fixtures/forms/node-red.json', import.meta.url);

const types = Object.keys(fieldsOfForms) as NodeType[];

const formsIn = (folder: string, all: readonly Provider[]): Record<string, BuiltForm> =>
	Object.fromEntries(types.map((type) => [type, readBuiltForm(folder, type, all.map(formOf))]));

describe('The forms in Node-RED', () => {
	it('are the ones that were looked at last: their words and fields change on purpose only', () => {
		const text = `${JSON.stringify(formsIn(built, providers), null, 2)}\n`;
		if (process.env['UPDATE_FORMS'] === '1') writeFileSync(fixture, text);
		assert.deepEqual(
			JSON.parse(text),
			JSON.parse(readFileSync(fixture, 'utf8')),
			'The forms have changed: look at them, then run UPDATE_FORMS=1 npm test -- test/node-red/forms.test.ts',
		);
	});

	it('have a word for everything, in each language, and no mark in it', () => {
		const text = JSON.stringify(formsIn(built, providers));
		assert.doesNotMatch(text, /no word for|undefined|[‹›]/);
	});

	it('bring no adapter and no library into the browser', () => {
		for (const type of types) {
			const html = readFileSync(join(built, `${type}.html`), 'utf8');
			assert.doesNotMatch(html, /planSend|libphonenumber|country_calling_codes|<script[^>]*src=/);
		}
	});
});

describe('The Node-RED package', () => {
	it('is strict, so that a write to a frozen message does not get lost', () => {
		const scripts = readdirSync(built, { recursive: true, encoding: 'utf8' });
		for (const file of scripts.filter((name) => name.endsWith('.js'))) {
			assert.match(readFileSync(join(built, file), 'utf8'), /^"use strict";/, file);
		}
	});
});

describe('A provider whose fields are called as those of another', () => {
	const folder = mkdtempSync(join(tmpdir(), 'otp-call-forms-'));
	after(() => rmSync(folder, { recursive: true }));

	const other = findProvider('autocall');
	const sandbox = findProvider('sandbox');
	assert.ok(other && sandbox);
	const [theirs] = other.fields.filter(({ name }) => name === 'template');
	assert.ok(theirs);
	const template: Field = {
		kind: 'count',
		name: 'template',
		least: 1,
		label: { en: 'Pattern Number', fa: 'شماره الگو', vi: 'Số mẫu' },
		hint: { en: 'As in the panel', fa: 'مانند پنل', vi: 'Như trong bảng' },
		required: true,
	};
	const ringo: Provider = { ...sandbox, name: 'ringo', label: 'Ringo', fields: [template] };

	const rowOf = ({ rows }: BuiltForm, provider: string) =>
		rows[provider]?.filter(({ field }) => field === 'template') ?? [];

	it('keeps its own label, hint and sources, and leaves the other’s alone', async () => {
		await buildEditor([...providers, ringo], folder);
		const before = formsIn(built, providers)['send-otp-call'];
		const now = formsIn(folder, [...providers, ringo])['send-otp-call'];
		assert.ok(before && now);
		const [row, ...others] = rowOf(now, 'ringo');
		assert.deepEqual(others, []);
		assert.deepEqual(row?.words['vi'], { label: 'Số mẫu', hints: ['Như trong bảng.'] });
		assert.equal(row?.sources?.[0], 'num');
		assert.deepEqual(rowOf(now, 'autocall'), rowOf(before, 'autocall'));
		assert.deepEqual(rowOf(now, 'autocall')[0]?.words['en-US']?.['label'], theirs.label.en);
	});

	it('shares one property of the node with it, and no row: no id stands twice', async () => {
		await buildEditor([...providers, ringo], folder);
		const form = formsIn(folder, [...providers, ringo])['send-otp-call'];
		for (const rows of Object.values(form?.rows ?? {})) {
			const fields = rows.map(({ field }) => field);
			assert.equal(new Set(fields).size, fields.length, fields.join());
		}
		const html = readFileSync(join(folder, 'send-otp-call.html'), 'utf8');
		assert.equal(html.match(/^\s+template: /gm)?.length, 1);
		const ids = [...html.matchAll(/\sid="([^"$]+)"/g)].map(([, id]) => id);
		assert.equal(new Set(ids).size, ids.length);
	});

	it('is refused by the build where the node itself has a property of that name', async () => {
		const clash: Provider = { ...ringo, fields: [{ ...template, name: 'timeout' }] };
		await assert.rejects(buildEditor([clash], folder), /A provider's field is called timeout/);
	});
});
