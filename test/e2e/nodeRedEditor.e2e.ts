import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { hosts } from '../node-red/runningFlow';
import { NodeRedEditor } from './browser/nodeRedEditor';
import { nodeRedWith } from './hosts/hooks';
import type { NodeRedProcess } from './hosts/nodeRed';
import { repository, say } from './hosts/programs';

/** The README's paragraph about a host, as one line. */
function firstCallIn(host: string): string {
	const readme = readFileSync(join(repository, 'README.md'), 'utf8');
	const [, paragraph] = new RegExp(`\\*\\*In ${host}:\\*\\* ([\\s\\S]*?)\\n\\n`).exec(readme) ?? [];
	if (paragraph === undefined) throw new Error(`The README does not say how to begin in ${host}`);
	return paragraph.replace(/\s+/g, ' ');
}

/** What a pattern finds in a text. @throws Error when that is nothing */
function found(text: string, pattern: RegExp): string {
	const [, part] = pattern.exec(text) ?? [];
	if (part === undefined) throw new Error(`${String(pattern)} finds nothing in: ${text}`);
	return part;
}

for (const version of hosts) {
	describe(`Editor: ${version}`, () => {
		let host: NodeRedProcess;
		let editor: NodeRedEditor;
		before(async () => {
			host = await nodeRedWith({ default: { module: 'memory' } }, version);
			editor = await NodeRedEditor.open(host.url);
		});
		beforeEach(async () => {
			await host.clear();
			await editor.goTo(host.url);
		});
		after(async () => {
			await editor.close();
			await host.kill();
		});

		it('makes the first call of the README, step by step, within a minute', async () => {
			const steps = firstCallIn('Node-RED');
			const labels = [...found(steps, /^drag (.*?) onto the canvas/).matchAll(/[_*]+([^_*]+)[_*]+/g)];
			const fields = [...steps.matchAll(/_([A-Z][\w ]+)_ to `([^`]+)`/g)];
			const expected = [...found(steps, /debug sidebar shows (.*)$/).matchAll(/`([^`]+)`/g)];
			assert.deepEqual([labels.length, fields.length, expected.length], [3, 2, 2]);

			const begin = performance.now();
			const nodes: string[] = [];
			for (const [index, [, label = '']] of labels.entries())
				nodes.push(await editor.drag(await editor.typeOf(label), { x: 120 + 220 * index, y: 120 }));
			const [inject = '', send = '', debug = ''] = nodes;
			await editor.wire(inject, send);
			await editor.wire(send, debug);
			const form = await editor.openForm(send);
			const account = await form.addAccount();
			await account.choose('Provider', found(steps, /_Provider_ \*\*([^*]+)\*\*/));
			await account.done();
			for (const [, label = '', value = ''] of fields) {
				await form.type(label, value);
				assert.equal(await form.problem(label), null);
			}
			await form.tick(found(steps, /turn on \*\*([^*]+)\*\*/));
			await form.done();
			await editor.deploy();
			await editor.press(inject);
			const statuses = await editor.statusesUntil(send, /^completed/);
			await editor.showDebug();
			const shown = await editor.latestMessage();
			const seconds = (performance.now() - begin) / 1000;
			for (const status of found(steps, /follows the call: ([^.]+)\./).split(', '))
				assert.ok(
					statuses.some((text) => text.startsWith(status)),
					`${status}: ${statuses.join(' | ')}`,
				);
			for (const [, text = ''] of expected) assert.ok(shown.includes(text), shown);
			assert.ok(seconds < 60, `${seconds} s`);
			say(`${version}: ${editor.clicks} clicks, ${seconds.toFixed(1)} s`);
		});
	});
}
