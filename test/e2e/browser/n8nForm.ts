import type { Locator, Page } from 'playwright-core';

/** A text as n8n shows it: an asterisk behind a required field, white space around. */
export const exactly = (text: string): RegExp =>
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
	}

	/**
	 * Puts a text into a field at once, as a paste does, in place of an expression as well: n8n makes an expression of
	 * `{{` only as it is typed.
	 */
	async paste(label: string, text: string): Promise<void> {
		await this.row(label).hover();
		await this.row(label).getByTestId('radio-button-fixed').click();
		const input = this.row(label).locator('input, textarea').last();
		await input.fill(text);
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
	}

	/** Opens the list of a picker. @returns what it offers */
	async openList(label: string): Promise<readonly string[]> {
		await this.row(label).locator('input').last().click();
		const items = this.#page.getByTestId('rlc-item').filter({ visible: true });
		await items.first().waitFor();
		return (await items.allInnerTexts()).map((item) => item.trim());
	}

	/** Waits until the list that is open shows an entry. */
	async listed(entry: string): Promise<void> {
		await this.#page.getByTestId('rlc-item').getByText(entry).first().waitFor();
	}

	/** Picks an entry of the list that is open. */
	async pick(entry: string): Promise<void> {
		await this.#page.getByTestId('rlc-item').getByText(entry).first().click();
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
