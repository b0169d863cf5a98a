import assert from 'node:assert/strict';

import {
	limitSeconds,
	readmeParagraph,
	recordFirstCall,
	said,
	secondsByHand,
} from './browser/firstCall';
import { type N8nEditor, openN8nEditor } from './browser/n8nEditor';
import { n8nInRegularMode } from './hosts/hooks';

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
});
