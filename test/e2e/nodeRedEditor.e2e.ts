import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { hosts } from '../node-red/runningFlow';
import { type Viewer, assertAccessible } from './browser/browser';
import { NodeRedEditor } from './browser/nodeRedEditor';
import type { NodeRedForm } from './browser/nodeRedForm';
import { nodeRedWith } from './hosts/hooks';
import { textAt } from './hosts/n8nApi';
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

const ourTypes = ['send-otp-call', 'get-otp-call-status', 'check-otp-code', 'otp-call-event'];

/** What people search for. */
const searched = ['phone', 'voice', 'verify', '2fa', 'sms', 'bitel', 'tel4vn', 'otp'];

/** The words of a form in a language, as they are shipped. */
function labelsOf(
	type: string,
	language: string,
): { readonly node: string; readonly name: string } {
	const file = join(repository, 'node-red', 'dist', 'locales', language, `${type}.json`);
	const words: unknown = JSON.parse(readFileSync(file, 'utf8'));
	const label = (key: string): string => textAt(words, type, 'label', key);
	return { node: label('node'), name: label('name') };
}

/** Looks at a form as people do who read its language, and as those who cannot see it. */
async function look(form: NodeRedForm, name: string, direction: string): Promise<void> {
	await form.row(name).waitFor();
	assert.equal(await form.body.getAttribute('dir'), direction);
	assert.deepEqual(await form.misplaced(), []);
	await assertAccessible(form.body);
}

for (const version of hosts) {
	describe(`Editor: ${version}`, () => {
		let host: NodeRedProcess;
		let editor: NodeRedEditor;
		before(async () => {
			host = await nodeRedWith({ default: { module: 'memory' } }, { version });
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

		/** Opens each form, and that of an account, in a page of its own. */
		const viewed = async (
			viewer: Viewer,
			labels: (type: string) => { readonly node: string; readonly name: string },
			direction: string,
			theme?: string,
		): Promise<void> => {
			const other = await NodeRedEditor.open(host.url, viewer);
			if (theme !== undefined) await other.chooseTheme(theme);
			for (const [index, type] of ourTypes.entries()) {
				const { name, node } = labels(type);
				const id = await other.drag(type, { x: 200, y: 80 + 80 * index });
				assert.equal(await other.label(id), node);
				const form = await other.openForm(id);
				await look(form, name, direction);
				if (index === 0) {
					const account = await form.addAccount();
					await look(account, labels('otp-call-account').name, direction);
					await account.done();
				}
				await form.done();
			}
			assert.deepEqual(other.faults, []);
			await other.close();
		};

		it('makes the first call of the README, step by step, within a minute', async () => {
			const steps = firstCallIn('Node-RED');
			const labels = [
				...found(steps, /^drag (.*?) onto the canvas/).matchAll(/[_*]+([^_*]+)[_*]+/g),
			];
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

		it('finds our nodes by what people call them, in the palette and in quick-add', async () => {
			for (const word of searched) {
				assert.deepEqual(await editor.filterPalette(word), ourTypes, word);
				const offered = (await editor.quickAdd(word)).filter((label) => /OTP/.test(label));
				assert.equal(offered.length, ourTypes.length, `${word}: ${offered.join(', ')}`);
			}
		});

		for (const [language, direction] of [
			['en-US', 'ltr'],
			['vi', 'ltr'],
			['fa', 'rtl'],
		] as const) {
			it(`shows every form in its language and direction, for everybody: ${language}`, async () => {
				await viewed({ locale: language }, (type) => labelsOf(type, language), direction);
			});
		}

		if (version === 'node-red') {
			it('shows every form in the dark theme, for everybody', async () => {
				await viewed({}, (type) => labelsOf(type, 'en-US'), 'ltr', 'Dark');
			});
		}
	});
}
