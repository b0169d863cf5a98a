import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { startN8n } from '../hosts/n8n';
import { type Run, repository } from '../hosts/programs';
import { type N8nEditor, openN8nEditor } from './n8nEditor';
import { colorSchemes, takePicture } from './pictures';

/** What lies above the canvas, and is no part of a workflow. */
const hideControls = `
	[data-test-id=canvas-controls], [data-test-id=canvas-minimap], [data-test-id=execute-workflow-button],
	[data-test-id^=execute-workflow-button-], .el-notification, [data-test-id=logs-panel], [data-test-id=canvas-handle-plus-wrapper],
	.vue-flow__panel { display: none !important; }
`;

const nodesAndNotes = (page: Page) => page.locator('.vue-flow__node');

/** The whole of a workflow, without what n8n puts around it. */
async function takeWorkflow(
	editor: N8nEditor,
	name: string,
	scheme: (typeof colorSchemes)[number],
) {
	const { page } = editor;
	await page.addStyleTag({ content: hideControls });
	await page.getByTestId('zoom-to-fit').dispatchEvent('click');
	// The canvas glides there.
	await page.waitForTimeout(1000);
	// Nothing is chosen.
	await page.getByTestId('canvas-wrapper').click({ position: { x: 5, y: 5 } });
	await takePicture(page, name, scheme, { around: await nodesAndNotes(page).all(), margin: 30 });
}

/** The pictures of n8n for README and docs. */
export async function takeN8nPictures(run: Run): Promise<void> {
	const n8n = await startN8n(run, { mode: 'regular', workers: 0, env: {} });
	for (const scheme of colorSchemes) {
		const editor = await openN8nEditor(n8n, {
			colorScheme: scheme,
			viewport: { width: 1440, height: 900 },
		});
		const { page } = editor;
		const example = (file: string) => join(repository, 'examples', 'n8n', file);

		await editor.newWorkflow();
		await editor.addNode('Manual Trigger');
		await editor.addNode('Send OTP Call');
		await editor.form.type('Phone Number', '09123456789');
		await editor.form.type('Code', '1234');
		await editor.form.turn('Wait for Result', true);
		await editor.execute();
		await editor.closeToasts();
		const parts = [
			editor.node.getByTestId('node-parameters'),
			editor.node.getByTestId('output-panel'),
		];
		await page.mouse.move(5, 5);
		await takePicture(page, 'n8n-send-form', scheme, { around: parts, margin: 0 });
		await editor.closeNode();

		await editor.newWorkflow();
		await editor.importFile(example('unknown outcome.json'), ['Import', 'From file']);
		await editor.executeWorkflow();
		await editor.hasRun('Do Not Send Again');
		await editor.closeToasts();
		await takeWorkflow(editor, 'n8n-flow', scheme);

		await editor.newWorkflow();
		await editor.importFile(example('sign-up form.json'), ['Import', 'From file']);
		await takeWorkflow(editor, 'n8n-sign-up', scheme);
		await page.context().close();
	}
}
