import type { Locator, Page } from 'playwright-core';

import { at, textAt } from '../hosts/n8nApi';
import { eventually } from '../hosts/programs';
import { type Viewer, openPage } from './browser';
import { countEffort } from './firstCall';
import { NodeRedForm, exactly } from './nodeRedForm';

/** Node-RED's editor in a page of its own, worked with mouse and keyboard as a person does. */
export class NodeRedEditor {
	readonly page: Page;
	/** Errors of scripts in the page. */
	readonly faults: string[] = [];
	/** What Node-RED has told the editor of flows that were deployed and have been started. */
	readonly #started: string[] = [];

	private constructor(page: Page) {
		this.page = page;
		page.on('pageerror', ({ message }) => this.faults.push(message));
		page.on('websocket', (socket) =>
			socket.on('framereceived', ({ payload }) => {
				const told = String(payload);
				if (told.includes('notification/runtime-deploy')) this.#started.push(told);
			}),
		);
	}

	/** Opens the editor of the Node-RED at an address. */
	static async open(url: string, viewer: Viewer = {}): Promise<NodeRedEditor> {
		const page = await openPage(viewer);
		await page.addInitScript(countEffort);
		const editor = new NodeRedEditor(page);
		await editor.goTo(url);
		return editor;
	}

	/** Loads the editor anew; what was not deployed is lost. */
	async goTo(url: string): Promise<void> {
		// Node-RED asks before a page with changes is left.
		this.page.once('dialog', (dialog) => void dialog.accept());
		await this.page.goto(url);
		await this.#inPalette('send-otp-call').waitFor();
		await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
	}

	/** What a hand has done since the page was loaded. */
	async effort(): Promise<{ readonly clicks: number; readonly keys: number }> {
		const effort: unknown = await this.page.evaluate('effort');
		return { clicks: Number(at(effort, 'clicks')), keys: Number(at(effort, 'keys')) };
	}

	close(): Promise<void> {
		return this.page.context().close();
	}

	#inPalette(type: string): Locator {
		return this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
	}

	/** The type of the node that the palette shows under a label. */
	async typeOf(label: string): Promise<string> {
		const labels = this.page.locator('.red-ui-palette-label', { hasText: exactly(label) });
		const entry = this.page.locator('.red-ui-palette-node').filter({ has: labels });
		return (await entry.getAttribute('data-palette-type')) ?? '';
	}

	/** Types into the filter over the palette. @returns the types of our nodes that are left */
	async filterPalette(word: string): Promise<readonly string[]> {
		const search = this.page.locator('#red-ui-palette-search input');
		await search.fill(word);
		// The filter waits until nobody types any more.
		await this.page.waitForTimeout(400);
		const left = this.page.locator('.red-ui-palette-node[data-palette-type*="otp-c"]:visible');
		const types = await left.evaluateAll((nodes: readonly WithAttributes[]) =>
			nodes.map((node) => node.getAttribute('data-palette-type') ?? ''),
		);
		await search.fill('');
		return types;
	}

	/** Opens the list over the canvas (Ctrl and a click), and types. @returns the labels that it offers */
	async quickAdd(word: string): Promise<readonly string[]> {
		await this.#chart.click({ modifiers: ['Control'], position: { x: 900, y: 500 } });
		const list = this.page.locator('#red-ui-type-search');
		// It listens to keys, not to what is in the field.
		await list.locator('input').pressSequentially(word);
		await this.page.waitForTimeout(300);
		const labels = await list.locator('.red-ui-search-result-node-label:visible').allInnerTexts();
		await this.page.keyboard.press('Escape');
		await list.waitFor({ state: 'hidden' });
		return labels;
	}

	get #chart(): Locator {
		return this.page.locator('#red-ui-workspace-chart');
	}

	/** Drags a node out of the palette. @param at where on the canvas @returns its ID */
	async drag(type: string, at: { readonly x: number; readonly y: number }): Promise<string> {
		await this.#inPalette(type).hover();
		const canvas = await this.#chart.boundingBox();
		if (canvas === null) throw new Error('The canvas is not shown');
		await this.page.mouse.down();
		await this.page.mouse.move(canvas.x + at.x, canvas.y + at.y, { steps: 4 });
		await this.page.mouse.up();
		const id: unknown = await this.page.evaluate('RED.view.selection().nodes?.[0]?.id');
		if (typeof id !== 'string') throw new Error(`${type} was not put on the canvas`);
		return id;
	}

	/** A node on the canvas that is shown. */
	node(id: string): Locator {
		return this.page.locator(`.red-ui-flow-node-group[id="${id}"]`);
	}

	/** What stands on a node, which Node-RED draws some time after the node. */
	label(id: string): Promise<string> {
		const lines = this.node(id).locator('.red-ui-flow-node-label-text');
		return eventually(
			`${id} has a label`,
			async () => (await lines.allTextContents()).join(' ').trim() || undefined,
			15_000,
		);
	}

	/** Waits until what has been changed on the canvas is drawn: Node-RED draws once in a frame. */
	async #drawn(): Promise<void> {
		await this.page.evaluate(
			'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))',
		);
	}

	/** The ID of the node with this label, on the canvas that is shown. */
	async idOf(label: string): Promise<string> {
		const words = this.page.locator('.red-ui-flow-node-label-text', { hasText: exactly(label) });
		const node = this.page.locator('.red-ui-flow-node-group').filter({ has: words });
		return (await node.getAttribute('id')) ?? '';
	}

	/** Wires an output to the input of another node. */
	async wire(from: string, to: string, output = 0): Promise<void> {
		await this.node(from).locator('.red-ui-flow-port-output').nth(output).hover();
		await this.page.mouse.down();
		await this.node(to).locator('.red-ui-flow-port-input').hover();
		await this.page.mouse.up();
	}

	/** The form of a node, opened by a double click. */
	async openForm(id: string): Promise<NodeRedForm> {
		await this.node(id).locator('rect.red-ui-flow-node').dblclick();
		return await NodeRedForm.opened(this.page);
	}

	/** What the triangle on a node says when the mouse is on it; null: it has none. */
	async problemOf(id: string): Promise<string | null> {
		const mark = this.node(id).locator('.red-ui-flow-node-error');
		await this.#drawn();
		if (!(await mark.isVisible())) return null;
		await mark.hover();
		const bubble = this.page.locator('.red-ui-flow-port-tooltip');
		await bubble.waitFor();
		return (await bubble.textContent()) ?? '';
	}

	/** Goes to a flow that is there. */
	async showFlow(label: string): Promise<void> {
		const tabs = this.page.locator('#red-ui-workspace-tabs .red-ui-tab-label');
		await tabs.filter({ hasText: exactly(label) }).click();
		// A click on another tab within this time is a double click to Node-RED, and opens a form.
		await this.page.waitForTimeout(400);
	}

	/**
	 * Presses Deploy, and waits until the flows run. “Successfully deployed” does not tell that: Node-RED
	 * answers before it starts them, and what is shown may be the notice of the deploy before.
	 */
	async deploy(): Promise<void> {
		const answered = this.page.waitForResponse(
			(response) => response.request().method() === 'POST' && response.url().endsWith('/flows'),
		);
		await this.page.locator('#red-ui-header-button-deploy').click();
		const revision = textAt(await (await answered).json(), 'rev');
		await eventually('the deployed flows run', () =>
			this.#started.some((told) => told.includes(revision)),
		);
	}

	/** Presses the button of an inject node. */
	async press(id: string): Promise<void> {
		await this.node(id).locator('.red-ui-flow-node-button-button').click();
	}

	/** What stands under a node. */
	async status(id: string): Promise<string> {
		const text = await this.node(id).locator('.red-ui-flow-node-status-label').textContent();
		return text ?? '';
	}

	/** The words under a node, each as it comes, until one is `last`. */
	async statusesUntil(id: string, last: RegExp): Promise<readonly string[]> {
		const seen: string[] = [];
		await eventually(
			`${id} is ${String(last)}`,
			async () => {
				const text = await this.status(id);
				if (text !== '' && text !== seen.at(-1)) seen.push(text);
				return last.test(text);
			},
			30_000,
		).catch((error: unknown) => {
			throw new Error(`${String(error)}; seen: ${seen.join(' | ')}`);
		});
		return seen;
	}

	/** Opens the debug sidebar by its keys. */
	async showDebug(): Promise<void> {
		await this.#chart.click({ position: { x: 900, y: 500 } });
		await this.page.keyboard.press('Control+g');
		await this.page.keyboard.press('d');
		await this.page.locator('.red-ui-debug-content-list').waitFor();
	}

	/** Messages in the debug sidebar, the latest last. */
	get messages(): Locator {
		return this.page.locator('.red-ui-debug-msg');
	}

	/** Opens the latest message of the debug sidebar. @returns all that it holds, as it is shown */
	async latestMessage(): Promise<string> {
		const message = this.messages.last();
		await message.locator('.red-ui-debug-msg-object-header').first().click();
		return (await message.innerText()).replace(/\s+/g, ' ');
	}

	/** Goes through Menu → Import → Examples. */
	async importExample(name: string): Promise<void> {
		await this.#chooseInMenu('Import');
		const dialog = this.page.locator('.ui-dialog:visible');
		await dialog.getByRole('link', { name: 'Examples' }).click();
		const entry = dialog.getByText(name, { exact: true });
		if (!(await entry.isVisible()))
			await dialog.getByText('@otp-call/node-red-otp-call', { exact: true }).click();
		const button = dialog.getByRole('button', { name: 'Import', exact: true });
		// The list slides open; a click that comes too early chooses nothing.
		for (let tries = 0; tries < 20 && (await button.isDisabled()); tries += 1) {
			await entry.click();
			await this.page.waitForTimeout(250);
		}
		await button.click();
		await dialog.waitFor({ state: 'hidden' });
	}

	/** Chooses a theme in Menu → Settings, as Node-RED 5 has it. */
	async chooseTheme(name: string): Promise<void> {
		await this.#chooseInMenu('Settings');
		const settings = this.page.locator('.red-ui-tray').last();
		await settings.locator('#user-settings-view-dark-theme').selectOption({ label: name });
		await settings.getByRole('button', { name: 'Close' }).click();
		await settings.waitFor({ state: 'detached' });
	}

	async #chooseInMenu(entry: string): Promise<void> {
		await this.page.locator('#red-ui-header-button-sidemenu').click();
		const menu = this.page.locator('.red-ui-menu-dropdown:visible');
		await menu.getByText(entry, { exact: true }).click();
	}
}

/** In the page. */
interface WithAttributes {
	getAttribute(name: string): string | null;
}
