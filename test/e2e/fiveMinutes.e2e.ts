import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { hosts } from '../node-red/runningFlow';
import { openPage } from './browser/browser';
import { NodeRedEditor } from './browser/nodeRedEditor';
import { nodeRedWith } from './hosts/hooks';
import type { NodeRedProcess } from './hosts/nodeRed';
import { repository, say } from './hosts/programs';

/** The steps of the README for a host, each as one line. */
function stepsFor(host: string): readonly string[] {
	const readme = readFileSync(join(repository, 'README.md'), 'utf8');
	const [, section = ''] =
		/\n## Verify a phone number in five minutes\n([\s\S]*?)\n## /.exec(readme) ?? [];
	const [, part = ''] =
		new RegExp(`\\*\\*In ${host}\\*\\*\n([\\s\\S]*?)\n\n(?![1-9!])`).exec(section) ?? [];
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

			const [node = '', off = '', label = '', code = ''] = found(
				open,
				/open \*\*(.+?)\*\*/,
				/turn off _(.+?)_/,
				/set _(.+?)_ to/,
				/to `(.+?)`/,
			);
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
			for (const [, typed = '', answer = ''] of (type ?? '').matchAll(/Type `(.+?)`: _(.+?)_/g)) {
				await page.getByLabel('Code', { exact: true }).fill(typed);
				await page.getByRole('button', { name: 'Confirm' }).click();
				await page.getByText(answer).waitFor();
			}
			assert.match(await page.innerText('body'), /\+989123456789 is confirmed\./);
			await page.context().close();
			const seconds = (performance.now() - begin) / 1000;
			const { clicks } = await editor.effort();
			say(`${version}: ${clicks} clicks in the editor, ${seconds.toFixed(1)} s`);
			assert.ok(seconds < 300);
		});
	});
}
