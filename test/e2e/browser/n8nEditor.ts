import { setTimeout as sleep } from 'node:timers/promises';

import { type Locator, type Page, type WebSocket, selectors } from 'playwright-core';

import type { N8n } from '../hosts/n8n';
import { owner } from '../hosts/n8nApi';
import { eventually } from '../hosts/programs';
import { type Viewer, openPage } from './browser';
import { type FirstCall, countEffort } from './firstCall';

// n8n's name for what Playwright calls a test ID.
selectors.setTestIdAttribute('data-test-id');

/** What n8n shows of an error of a node: what happened, and what to do now. */
export interface ErrorPanel {
	readonly message: string;
	readonly description: string;
}

/** As n8n shows it: an asterisk behind a required field, white space around. */
const exactly = (text: string): RegExp =>
	new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*\\*?\\s*$`);

/** One form of n8n, of a node or of a credential, by the words that a person sees in it. */
export class N8nForm {
	readonly element: Locator;
	readonly #page: Page;

	constructor(element: Locator) {
		this.element = element;
		this.#page = element.page();
	}

	/** The row of a field, by its label. A collection holds rows in turn: the innermost is meant. */
	row(label: string): Locator {
		const labelled = this.#page.locator('label, [class*=label]').getByText(exactly(label));
		return this.element
			.locator('.parameter-item, [data-test-id=credential-connection-parameter]')
			.filter({ has: labelled })
			.last();
	}

	/** The labels of all fields that are to be seen. */
	async labels(): Promise<readonly string[]> {
		const labels = await this.element.locator('label.n8n-input-label').allInnerTexts();
		return labels.map(
			(label) =>
				label
					.split('\n')[0]
					?.replace(/\s*\*$/, '')
					.trim() ?? '',
		);
	}

	/** Types a text into a field, in place of what was in it. */
	async type(label: string, text: string): Promise<void> {
		const input = this.row(label).locator('input, textarea').last();
		await input.click();
		await input.press('ControlOrMeta+a');
		await input.press('Delete');
		await input.pressSequentially(text);
		// n8n takes a text over a moment after the last key.
		await input.blur();
	}

	/** Puts a text into a field at once, as a paste does: n8n makes an expression of `{{` only as it is typed. */
	async paste(label: string, text: string): Promise<void> {
		const input = this.row(label).locator('input, textarea').last();
		await input.fill(text);
		await input.blur();
	}

	/** Chooses from a list that opens under a field. */
	async choose(label: string, option: string): Promise<void> {
		await this.row(label).locator('.el-select, input').first().click();
		await this.#option(option).click();
	}

	/** Turns a switch. */
	async turn(label: string, on: boolean): Promise<void> {
		const input = this.row(label).locator('input[role=switch]');
		if ((await input.isChecked()) !== on) await this.row(label).locator('.el-switch').click();
	}

	/** Adds an entry of a collection, such as one of *Options*. */
	async add(button: string, option: string): Promise<void> {
		await this.element.getByPlaceholder(button).click();
		await this.#option(option).click();
	}

	/** What can be added to a collection. */
	async offered(button: string): Promise<readonly string[]> {
		await this.element.getByPlaceholder(button).click();
		const options = this.#page.locator('[role=option]:visible');
		await options.first().waitFor();
		const names = await options.allInnerTexts();
		await this.#page.keyboard.press('Escape');
		return names.map((name) => name.trim());
	}

	/** Writes an expression into a field, which is what its text is then. */
	async express(label: string, expression: string): Promise<void> {
		await this.row(label).hover();
		await this.row(label).getByTestId('radio-button-expression').click();
		const editor = this.row(label).locator('.cm-content');
		await editor.click();
		await this.#page.keyboard.press('ControlOrMeta+a');
		await this.#page.keyboard.insertText(expression);
		// n8n takes what is typed there over a fifth of a second after the last key.
		await sleep(400);
	}

	/** What a select, a picker or a text field shows. */
	async shown(label: string): Promise<string> {
		return await this.row(label).locator('input, textarea').last().inputValue();
	}

	#option(text: string): Locator {
		return this.#page
			.locator('[role=option]:visible')
			.filter({ has: this.#page.getByText(exactly(text)) })
			.first();
	}
}

/** n8n's editor as a person uses it, by what is to be seen. */
export class N8nEditor {
	readonly page: Page;
	readonly #url: string;
	/** By which n8n tells its editor of executions. */
	#push: WebSocket | null = null;

	constructor(page: Page, url: string) {
		this.page = page;
		this.#url = url;
		page.on('websocket', (socket) => {
			if (socket.url().includes('/rest/push')) this.#push = socket;
		});
	}

	/** The node that is open: its input on the left, its form, its output on the right. */
	get node(): Locator {
		return this.page.getByTestId('ndv');
	}

	/** The form of the node that is open. */
	get form(): N8nForm {
		return new N8nForm(this.node.getByTestId('node-parameters'));
	}

	/** The credential that is open above a node. */
	get credential(): N8nForm {
		return new N8nForm(this.page.getByTestId('editCredential-modal'));
	}

	/** Opens an empty workflow. */
	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.#url}/workflow/new`);
		await this.page.getByTestId('canvas-add-button').waitFor();
	}

	/** Opens a workflow that is stored. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.#url}/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
	}

	/** What a hand has done since the page was loaded. */
	async effort(): Promise<Pick<FirstCall, 'clicks' | 'keys'>> {
		return await this.page.evaluate('globalThis.effort');
	}

	/** Opens the panel of nodes: for the first node, or for the next one behind the last. */
	async openPanel(): Promise<void> {
		const first = this.page.getByTestId('canvas-add-button').locator('button');
		const next = this.page.getByTestId('canvas-handle-plus').last();
		await first.or(next).first().click();
		await this.page.getByTestId('node-creator-search-bar').waitFor();
	}

	/** Types into the search of the panel. @returns the names that it finds, in their order */
	async search(words: string): Promise<readonly string[]> {
		const bar = this.page.getByTestId('node-creator-search-bar');
		await bar.fill('');
		await bar.pressSequentially(words);
		const panel = this.page.getByTestId('node-creator');
		const found = panel.getByTestId('node-creator-item-name');
		await found.first().or(panel.getByTestId('node-creator-no-results')).first().waitFor();
		return await found.allInnerTexts();
	}

	/** Searches a node and adds it, as a person does who knows its name. Its form opens where it has one. */
	async addNode(name: string): Promise<void> {
		const nodes = this.page.getByTestId('canvas-node');
		const before = await nodes.count();
		await this.openPanel();
		await this.search(name);
		const panel = this.page.getByTestId('node-creator');
		await panel.getByTestId('node-creator-item-name').getByText(exactly(name)).click();
		// n8n shows what a community node is before it adds it.
		const add = panel.getByRole('button', { name: 'Add to workflow' });
		await eventually(`${name} is in the workflow`, async () => {
			if (await add.isVisible()) await add.click();
			return (await nodes.count()) > before || (await this.node.isVisible());
		});
	}

	/** Opens a node of the workflow by a double click. */
	async openNode(name: string): Promise<void> {
		await this.page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`).dblclick();
		await this.node.waitFor();
	}

	/** Closes the node that is open. */
	async closeNode(): Promise<void> {
		await this.node.getByTestId('ndv-close-button').click();
		await this.node.waitFor({ state: 'detached' });
	}

	/** Presses the button above the form, by what stands on it, and waits until the node has run. */
	async execute(button = 'Execute step'): Promise<void> {
		const over = this.hasEnded();
		await this.node.getByTestId('node-execute-button').getByText(button, { exact: true }).click();
		await over;
		await this.node.getByTestId('ndv-executing').waitFor({ state: 'detached', timeout: 60_000 });
		await this.errorMessage.or(this.node.getByTestId('node-run-status-success')).first().waitFor();
	}

	/** Waits until n8n tells the editor of the end of an execution. */
	async hasEnded(): Promise<void> {
		const timeout = 60_000;
		await this.#push?.waitForEvent('framereceived', {
			predicate: ({ payload }) => String(payload).includes('"executionFinished"'),
			timeout,
		});
	}

	get errorMessage(): Locator {
		return this.node.getByTestId('node-error-message');
	}

	/** What the output panel says of an error. */
	async error(): Promise<ErrorPanel> {
		return {
			message: (await this.errorMessage.innerText()).trim(),
			description: (await this.node.getByTestId('node-error-description').innerText()).trim(),
		};
	}

	/** The first row of the output's table, by column. */
	async output(): Promise<ReadonlyMap<string, string>> {
		const panel = this.node.getByTestId('output-panel');
		await panel.locator('table td').first().waitFor();
		const columns = await panel.locator('table th').allInnerTexts();
		const cells = await panel.locator('table tbody tr').first().locator('td').allInnerTexts();
		return new Map(
			columns.map((column, index) => [column.trim(), cells[index]?.trim() ?? ''] as const),
		);
	}

	/** What n8n says in a corner, until it is closed. */
	async closeToasts(): Promise<void> {
		const close = this.page.locator('.el-notification__closeBtn');
		for (let left = await close.count(); left > 0; left -= 1)
			await close
				.first()
				.click({ timeout: 1000 })
				.catch(() => null);
	}

	/** Loads a file through the workflow's menu. `entries`: what to press there, one after the other. */
	async importFile(file: string, entries: readonly string[]): Promise<void> {
		await this.page.getByTestId('workflow-menu').first().click();
		const chooser = this.page.waitForEvent('filechooser');
		for (const entry of entries)
			await this.page.getByRole('menuitem', { name: entry, exact: true }).click();
		await (await chooser).setFiles(file);
		await this.page.getByTestId('canvas-node').first().waitFor();
	}
}

/** Opens n8n's editor in a browser of its own, and signs its owner in by the form. */
export async function openN8nEditor(n8n: N8n, viewer: Viewer = {}): Promise<N8nEditor> {
	const page = await openPage(viewer);
	await page.addInitScript(countEffort);
	const url = n8n.urlOf('main');
	const editor = new N8nEditor(page, url);
	await page.goto(`${url}/signin`);
	await page.locator('input[name=emailOrLdapLoginId]').fill(owner.email);
	await page.locator('input[type=password]').fill(owner.password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
	return editor;
}
