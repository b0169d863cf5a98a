import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { startN8n } from '../hosts/n8n';
import { type Run, repository } from '../hosts/programs';
import type { WorkflowJson } from '../hosts/workflows';
import { type N8nEditor, openN8nEditor } from './n8nEditor';
import { type ColorScheme, colorSchemes, takePicture } from './pictures';

/** What lies above the canvas, and is no part of a workflow. */
const hideControls = `
	[data-test-id=canvas-controls], [data-test-id=canvas-minimap], [data-test-id=execute-workflow-button],
	[data-test-id^=execute-workflow-button-], .el-notification, [data-test-id=logs-panel], [data-test-id=canvas-handle-plus-wrapper],
	.vue-flow__panel { display: none !important; }
`;

const nodesAndNotes = (page: Page) => page.locator('.vue-flow__node');

/** The whole of a workflow, without what n8n puts around it. */
async function takeWorkflow(editor: N8nEditor, name: string, colorScheme: ColorScheme) {
	const { page } = editor;
	await page.addStyleTag({ content: hideControls });
	await page.getByTestId('zoom-to-fit').dispatchEvent('click');
	// The canvas glides there.
	await page.waitForTimeout(1000);
	// Nothing is chosen.
	await page.getByTestId('canvas-wrapper').click({ position: { x: 5, y: 5 } });
	await takePicture(page, name, colorScheme, {
		around: await nodesAndNotes(page).all(),
		margin: 30,
	});
}

/** New sign-ups are called one by one: the shortest workflow that branches on how a call has ended. */
const signUps: WorkflowJson = (() => {
	const node = (
		name: string,
		type: string,
		typeVersion: number,
		at: [number, number],
		parameters: object,
	) => ({
		id: name,
		name,
		type,
		typeVersion,
		position: at,
		parameters,
	});
	const base = 'n8n-nodes-base';
	const people = [
		{ phone: '0912 345 6789' },
		{ phone: '09123456701' },
		{ phone: '+98 912 345 6711' },
	];
	const answered = {
		leftValue: '={{ $json.answered }}',
		rightValue: '',
		operator: { type: 'boolean', operation: 'true', singleValue: true },
	};
	const nodes = [
		node('Run Once', `${base}.manualTrigger`, 1, [0, 0], {}),
		node('New Sign-Ups', `${base}.set`, 3.4, [208, 0], {
			mode: 'raw',
			jsonOutput: JSON.stringify({ people }),
		}),
		node('One by One', `${base}.splitOut`, 1, [416, 0], { fieldToSplitOut: 'people', options: {} }),
		node('Send OTP Call', 'n8n-nodes-otp-call.sendOtpCall', 1.1, [624, 0], {
			provider: 'sandbox',
			phoneNumber: '={{ $json.phone }}',
			generateCode: true,
			keepForCheck: true,
			waitForResult: true,
		}),
		node('Answered?', `${base}.if`, 2.2, [832, 0], {
			conditions: { options: { version: 2 }, conditions: [answered], combinator: 'and' },
			options: {},
		}),
		node('Ask for the Code', `${base}.noOp`, 1, [1040, -96], {}),
		node('Try Another Way', `${base}.noOp`, 1, [1040, 96], {}),
	];
	const to = (name: string) => [{ node: name, type: 'main', index: 0 }];
	const connections = {
		'Run Once': { main: [to('New Sign-Ups')] },
		'New Sign-Ups': { main: [to('One by One')] },
		'One by One': { main: [to('Send OTP Call')] },
		'Send OTP Call': { main: [to('Answered?')] },
		'Answered?': { main: [to('Ask for the Code'), to('Try Another Way')] },
	};
	return { name: 'Sign-ups', nodes, connections, settings: { executionOrder: 'v1' } };
})();

/** The pictures of n8n for README and docs. */
export async function takeN8nPictures(run: Run): Promise<void> {
	const n8n = await startN8n(run, { mode: 'regular', workers: 0, env: {} });
	const workflow = await n8n.importWorkflow(signUps);
	for (const colorScheme of colorSchemes) {
		const editor = await openN8nEditor(n8n, { colorScheme });
		const { form, page } = editor;

		await editor.newWorkflow();
		await editor.addNode('Manual Trigger');
		await editor.addNode('Send OTP Call');
		await form.type('Phone Number', '09123456789');
		await form.type('Code', '1234');
		await form.turn('Wait for Result', true);
		await editor.execute();
		await editor.closeToasts();
		await page.mouse.move(5, 5);
		const columns = [form.element, editor.node.getByTestId('output-panel')];
		// Down to the last switch.
		const { y = 0, height = 0 } = (await form.row('Simplify').boundingBox()) ?? {};
		await takePicture(page, 'n8n-send-form', colorScheme, {
			around: columns,
			margin: 0,
			bottom: y + height + 16,
		});
		await editor.closeNode();

		await editor.openWorkflow(workflow);
		await editor.executeWorkflow();
		await editor.hasRun('Try Another Way');
		await editor.closeToasts();
		await takeWorkflow(editor, 'n8n-flow', colorScheme);

		await editor.newWorkflow();
		const example = join(repository, 'examples', 'n8n', 'sign-up form.json');
		await editor.importFile(example, ['Import', 'From file']);
		await takeWorkflow(editor, 'n8n-sign-up', colorScheme);
		await page.context().close();
	}
}
