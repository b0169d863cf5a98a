import { setTimeout as sleep } from 'node:timers/promises';

import { type Locator, type Page, type WebSocket, selectors } from 'playwright-core';

import type { N8n } from '../hosts/n8n';
import { owner } from '../hosts/n8nApi';
import { eventually } from '../hosts/programs';
import { type Viewer, openPage } from './browser';
import { type FirstCall, countEffort } from './firstCall';
import { N8nForm, exactly } from './n8nForm';

// n8n's name for what Playwright calls a test ID.
selectors.setTestIdAttribute('data-test-id');

/** What n8n shows of an error of a node: what happened, and what to do now. */
export interface ErrorPanel {
	readonly message: string;
	readonly description: string;
}

/**
 * Rules of axe that n8n's own parts break in every form, that of its HTTP Request node as well: what opens the menu of a
 * field, its switches, and labels that lead to no field.
 */
export const ofN8n: readonly string[] = [
	'aria-allowed-attr',
	'aria-input-field-name',
	'aria-valid-attr-value',
	'label',
	'label-title-only',
];

/** How long the editor may take for anything but a run, in milliseconds. */
const patience = 20_000;

/** n8n takes over what is typed a moment after the last key. No hand gets to a button sooner. */
const untilTakenOver = () => sleep(500);

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

	/** Opens the panel of nodes: for the first node, or for the next one behind the one added before. */
	async openPanel(): Promise<void> {
		const first = this.page.getByTestId('canvas-add-button').locator('button');
		const next = this.page.getByTestId('node-creator-plus-button');
		await ((await first.isVisible()) ? first : next).click();
		await this.page.getByTestId('node-creator-search-bar').waitFor();
	}

	/** Types into the search of the panel. @returns the names that it finds, in their order */
	async search(words: string): Promise<readonly string[]> {
		const panel = this.page.getByTestId('node-creator');
		const names = () => panel.getByTestId('node-creator-item-name').allInnerTexts();
		const bar = panel.getByTestId('node-creator-search-bar');
		await bar.fill('');
		await panel.getByTestId('node-creator-item-name').first().waitFor();
		const all = await names();
		await bar.pressSequentially(words);
		return await eventually(
			`The panel has searched ${words}`,
			async () => {
				const shown = await names();
				await sleep(300);
				return shown.join() !== all.join() && shown.join() === (await names()).join() && shown;
			},
			patience,
		);
	}

	/**
	 * Searches a node and adds it, as a person does who knows its name. Its form opens where it has one.
	 * @param action which of its actions, for a node that has several
	 */
	async addNode(name: string, action?: string): Promise<void> {
		const nodes = this.page.getByTestId('canvas-node');
		const before = await nodes.count();
		await this.openPanel();
		await this.search(name);
		const panel = this.page.getByTestId('node-creator');
		await panel.getByTestId('node-creator-item-name').getByText(exactly(name)).click();
		// n8n shows what a community node is before it adds it.
		const add =
			action === undefined
				? panel.getByRole('button', { name: 'Add to workflow' })
				: panel.getByText(exactly(action));
		const isAdded = async () => {
			if (await add.isVisible()) await add.click();
			return (await nodes.count()) > before || (await this.node.isVisible());
		};
		await eventually(`${name} is in the workflow`, isAdded, patience);
	}

	/** The address of the trigger that is open: *Test URL* or *Production URL*, which are folded away at first. */
	async address(which: string): Promise<string> {
		const tab = this.node.getByText(which, { exact: true });
		const headline = this.node.getByTitle(/Click to display|Click to hide/);
		if (!(await tab.isVisible())) await headline.click();
		await tab.click();
		return (await this.node.locator('.webhook-url').innerText()).trim();
	}

	/** The names of the nodes on the canvas, in alphabetical order. */
	async nodes(): Promise<readonly string[]> {
		const nodes = await this.page.getByTestId('canvas-node').all();
		const names = await Promise.all(nodes.map((node) => node.getAttribute('data-node-name')));
		return names.map((name) => name ?? '').sort();
	}

	/** How many nodes n8n marks because something is missing in them. */
	async problems(): Promise<number> {
		return await this.page.getByTestId('node-issues').count();
	}

	/** The ID of the workflow that is open, once it is stored. */
	get workflowId(): string {
		return new URL(this.page.url()).pathname.split('/').at(-1) ?? '';
	}

	/** Opens a node of the workflow by a double click. */
	async openNode(name: string): Promise<void> {
		await this.page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`).dblclick();
		await this.node.waitFor();
	}

	/** Closes the node that is open. */
	async closeNode(): Promise<void> {
		await untilTakenOver();
		await this.node.getByTestId('ndv-close-button').click();
		await this.node.waitFor({ state: 'detached' });
	}

	/**
	 * Presses the button above the form, by what stands on it, and waits until the node has run.
	 * @param meanwhile what a trigger waits for
	 */
	async execute(button = 'Execute step', meanwhile?: () => Promise<void>): Promise<void> {
		await untilTakenOver();
		const over = this.#hasEnded();
		await this.node.getByTestId('node-execute-button').getByText(button, { exact: true }).click();
		await meanwhile?.();
		await over;
		await this.node.getByTestId('ndv-executing').waitFor({ state: 'detached', timeout: 60_000 });
		await this.errorMessage.or(this.node.getByTestId('node-run-status-success')).first().waitFor();
	}

	/** Waits until n8n tells the editor of the end of an execution. */
	async #hasEnded(): Promise<void> {
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

	/** Shows what came out of one of several outputs of the node that is open. */
	async openOutput(name: string): Promise<void> {
		const panel = this.node.getByTestId('output-panel');
		await panel
			.getByText(new RegExp(`^${name}`))
			.first()
			.click();
	}

	/** Runs the workflow from its start by the button at the bottom. */
	async executeWorkflow(): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').click();
	}

	/** Waits until a node of the workflow is shown to have run well. */
	async hasRun(name: string): Promise<void> {
		const node = this.page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`);
		const mark = node.getByTestId('canvas-node-status-success');
		await mark.waitFor({ timeout: 30_000 });
	}

	/** Presses *Execute step* of a node that n8n refuses to run. @returns why, as n8n says it in a corner */
	async refusedToExecute(): Promise<string> {
		await untilTakenOver();
		await this.node.getByTestId('node-execute-button').click();
		const toast = this.page.locator('.el-notification').filter({ hasText: 'cannot start' });
		const text = await toast.innerText();
		await this.closeToasts();
		return text;
	}

	/** Opens the form of a new credential from the node that is open. */
	async newCredential(): Promise<void> {
		const slot = this.node.getByTestId('node-credentials-slot');
		const first = slot.getByTestId('node-credentials-empty-state').getByRole('button');
		if (await first.isVisible()) await first.click();
		else {
			await slot.getByTestId('node-credentials-select').click();
			await this.page.getByTestId('node-credentials-select-item-new').click();
		}
		await this.credential.element.waitFor();
	}

	/** Chooses a stored credential in the node that is open. */
	async useCredential(name: string): Promise<void> {
		await this.node.getByTestId('node-credentials-select').click();
		await this.page.locator('[role=option]:visible').filter({ hasText: name }).click();
	}

	/** Presses *Save* of the credential that is open: n8n stores it, and tests it. */
	async saveCredential(): Promise<void> {
		await untilTakenOver();
		await this.credential.element.getByTestId('credential-save-button').click();
	}

	/** Waits until the test of the credential that is open says so. */
	async credentialSays(words: RegExp): Promise<void> {
		const panel = this.credential.element;
		const more = panel.getByText('More details');
		const says = async () => {
			// Once unfolded, they stay so.
			if (await more.isVisible()) await more.click();
			return words.test(await panel.innerText());
		};
		await eventually(`The credential says ${String(words)}`, says, patience);
	}

	/** Publishes the workflow as it is now by the button at the top. */
	async publish(): Promise<void> {
		await this.page.getByTestId('workflow-open-publish-modal-button').click();
		const dialog = this.page.getByTestId('workflowPublish-modal');
		await dialog.getByTestId('workflow-publish-button').click();
		await dialog.waitFor({ state: 'detached' });
		// The first time only.
		const understood = this.page.getByRole('button', { name: 'Got it' });
		await understood.click({ timeout: 2000 }).catch(() => null);
		await this.page.getByText('Published', { exact: true }).first().waitFor();
	}

	/** Takes the workflow out of service by the menu beside that button. */
	async unpublish(): Promise<void> {
		await this.page.getByTestId('version-menu-button').click();
		await this.page.getByRole('menuitem', { name: 'Unpublish' }).click();
		await this.page.getByRole('button', { name: 'Unpublish' }).click();
		await this.page.getByText('Published', { exact: true }).waitFor({ state: 'detached' });
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
