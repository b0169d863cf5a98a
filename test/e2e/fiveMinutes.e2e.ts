import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { hosts } from '../node-red/runningFlow';
import { openPage } from './browser/browser';
import { type N8nEditor, openN8nEditor } from './browser/n8nEditor';
import { NodeRedEditor } from './browser/nodeRedEditor';
import { n8nInRegularMode, nodeRedWith } from './hosts/hooks';
import type { NodeRedProcess } from './hosts/nodeRed';
import { repository, say } from './hosts/programs';

/** The steps of the README for a host, each as one line. */
function stepsFor(host: string): readonly string[] {
	const readme = readFileSync(join(repository, 'README.md'), 'utf8');
	const [, section = ''] =
		/\n## Verify a phone number in five minutes\n([\s\S]*?)\n## /.exec(readme) ?? [];
	const [, part = ''] =
		new RegExp(`\\*\\*In ${host}\\*\\*\n([\\s\\S]*?)\n\n(?![1-9!<])`).exec(section) ?? [];
	const steps = part.split(/\n\d\. /).slice(1);
	return steps.map((step) => step.replace(/\s+/g, ' '));
}

/** What the patterns find in a step. @throws Error when one finds nothing */
function found(step: string | undefined, ...patterns: readonly RegExp[]): readonly string[] {
	return patterns.map((pattern) => {
		const [, part] = pattern.exec(step ?? '') ?? [];
		if (part === undefined) throw new Error(`${String(pattern)} finds nothing in: ${step}`);
		return part;
	});
}

/** What both hosts' second step says: the node, the switch, the field and the code. */
const opening = [/open \*\*(.+?)\*\*/, /turn off _(.+?)_/, /set _(.+?)_ to/, /to `(.+?)`/];

/** Types what the step says into the page that asks for the code, and sees the answers that it promises. */
async function typeAs(step: string | undefined, page: Page): Promise<void> {
	for (const [, typed = '', answer = ''] of (step ?? '').matchAll(/ype `(.+?)`: _(.+?)_/g)) {
		await page.getByLabel('Code', { exact: true }).fill(typed);
		await page.getByRole('button', { name: 'Confirm' }).click();
		await page.getByText(answer).first().waitFor();
	}
	await page.getByText('+989123456789 is confirmed.').waitFor();
}

describe('Editor: a newcomer who verifies a number in n8n', () => {
	let editor: N8nEditor;
	before(async () => {
		editor = await openN8nEditor(await n8nInRegularMode());
	});
	after(() => editor.page.context().close());

	it('follows the README step by step, within five minutes', async () => {
		const [load, open, call, type] = stepsFor('n8n');
		const begin = performance.now();
		const [file = '', entries = ''] = found(load, /\]\((.+?)\)/, /choose _(.+?)_/);
		await editor.newWorkflow();
		await editor.importFile(join(repository, decodeURI(file)), entries.split(' → '));

		const [node = '', off = '', label = '', code = ''] = found(open, ...opening);
		await editor.openNode(node);
		await editor.form.turn(off, false);
		await editor.form.type(label, code);
		await editor.closeNode();

		const [button = '', phone = '', next = ''] = found(
			call,
			/Press _(.+?)_/,
			/enter `(.+?)`/,
			/press _(.+?)_/,
		);
		const opened = editor.page.waitForEvent('popup');
		await editor.page.getByText(button, { exact: true }).last().click();
		const page = await opened;
		await page.getByLabel('Phone number').fill(phone);
		await page.getByRole('button', { name: next }).click();
		await typeAs(type, page);
		const seconds = (performance.now() - begin) / 1000;
		say(`n8n: ${seconds.toFixed(1)} s`);
		assert.ok(seconds < 300);
	});
});

for (const version of hosts) {
	describe(`Editor: a newcomer who verifies a number in ${version}`, () => {
		let host: NodeRedProcess;
		let editor: NodeRedEditor;
		before(async () => {
			host = await nodeRedWith({ default: { module: 'memory' } }, { version });
			editor = await NodeRedEditor.open(host.url);
		});
		after(async () => {
			await editor.close();
			await host.kill();
		});

		it('follows the README step by step, within five minutes', async () => {
			const [choose, open, visit, type] = stepsFor('Node-RED');
			const begin = performance.now();
			const [example = '', tab = ''] = found(choose, /_[^_]*→ ([^_]+)_, press/, /\*\*(.+?)\*\*/);
			await editor.importExample(example);
			await editor.showFlow(tab);

			const [node = '', off = '', label = '', code = ''] = found(open, ...opening);
			const form = await editor.openForm(await editor.idOf(node));
			await form.tick(off, false);
			await form.type(label, code);
			await form.done();
			await editor.deploy();

			const [path = '', phone = '', button = ''] = found(
				visit,
				/Open `(.+?)`/,
				/Enter `(.+?)`/,
				/press _(.+?)_/,
			);
			const page = await openPage();
			await page.goto(host.url + path);
			await page.getByLabel('Phone number').fill(phone);
			await page.getByRole('button', { name: button }).click();
			await typeAs(type, page);
			await page.context().close();
			const seconds = (performance.now() - begin) / 1000;
			const { clicks } = await editor.effort();
			say(`${version}: ${clicks} clicks in the editor, ${seconds.toFixed(1)} s`);
			assert.ok(seconds < 300);
		});
	});
}
