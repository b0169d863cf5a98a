import assert from 'node:assert/strict';

import { assertAccessible } from './browser/browser';
import {
	limitSeconds,
	readmeParagraph,
	recordFirstCall,
	said,
	secondsByHand,
} from './browser/firstCall';
import { type N8nEditor, ofN8n, openN8nEditor } from './browser/n8nEditor';
import { n8nInRegularMode } from './hosts/hooks';

/** The nodes, and by which action each is added, where it has several. */
const forms: readonly (readonly [string, string?])[] = [
	['Send OTP Call'],
	['Get OTP Call Status', 'Get OTP call status'],
	['Check OTP Code'],
	['OTP Call Trigger'],
];

describe('Editor: n8n, a newcomer', () => {
	let editor: N8nEditor;
	before(async () => {
		editor = await openN8nEditor(await n8nInRegularMode());
	});
	after(() => editor.page.context().close());

	it('places the first call as the README says, within a minute', async () => {
		const steps = readmeParagraph('**In n8n:**');
		await editor.newWorkflow();
		const start = Date.now();
		for (const [, trigger = '', node = ''] of said(steps, /add a _(.+?)_ and \*\*(.+?)\*\*/g)) {
			await editor.addNode(trigger);
			await editor.addNode(node);
		}
		for (const [, label = '', value] of said(steps, /_([^_]+)_ is \*\*(.+?)\*\* already/g))
			assert.equal(await editor.form.shown(label), value);
		for (const [, label = '', value = ''] of said(steps, /_([^_]+)_ to `(.+?)`/g))
			await editor.form.type(label, value);
		for (const [, label = ''] of said(steps, /turn on \*\*(.+?)\*\*/g))
			await editor.form.turn(label, true);
		for (const [, button = ''] of said(steps, /press _(.+?)_/g)) await editor.execute(button);
		const output = await editor.output();
		const seconds = (Date.now() - start) / 1000;
		for (const [, column = '', value] of said(steps, /_(\w+)_ `(\w+)`/g))
			assert.equal(output.get(column), value);

		const host = 'n8n 2.41.1';
		const call = { host, ...(await editor.effort()), seconds };
		recordFirstCall(call);
		assert.ok(secondsByHand(call) < limitSeconds);
	});

	it('finds the nodes by the words that people search for', async () => {
		await editor.newWorkflow();
		await editor.addNode('Manual Trigger');
		await editor.openPanel();
		const words = ['verify phone', 'verify', 'voice call', 'telephone', 'one time password', 'sms'];
		for (const word of [...words, 'otp', '2fa', 'bitel', 'kavenegar', 'tel4vn', 'esms'])
			assert.ok((await editor.search(word)).includes('Send OTP Call'), word);
		for (const node of ['Get OTP Call Status', 'Check OTP Code', 'OTP Call Trigger'])
			assert.ok((await editor.search('tel4vn')).includes(node), node);
	});

	for (const colorScheme of ['light', 'dark'] as const)
		it(`meets no barrier in any form, in the ${colorScheme} theme`, async () => {
			const one = await openN8nEditor(await n8nInRegularMode(), { colorScheme });
			await one.newWorkflow();
			await one.addNode('Manual Trigger');
			for (const [name, action] of forms) {
				await one.addNode(name, action);
				await assertAccessible(one.form.element, ofN8n);
				const icon = await one.node.locator('img').first().getAttribute('src');
				assert.equal(icon?.endsWith('.dark.svg'), colorScheme === 'dark', icon ?? 'no icon');
				await one.closeNode();
			}
			await one.page.context().close();
		});
});
