import type { Locator, Page } from 'playwright-core';

/** These words and nothing else, however they are broken into lines. */
export const exactly = (words: string): RegExp => {
	const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`^\\s*${escaped.replace(/\s+/g, '\\s*')}\\s*$`);
};

/** An open form of Node-RED's editor. Its fields go by the labels that a person reads. */
export class NodeRedForm {
	readonly #page: Page;
	readonly #tray: Locator;
	readonly #depth: number;
	readonly #clicked: () => void;

	private constructor(page: Page, tray: Locator, depth: number, clicked: () => void) {
		this.#page = page;
		this.#tray = tray;
		this.#depth = depth;
		this.#clicked = clicked;
	}

	/** The form that has just been opened. @param clicked is told of each press of the mouse's button */
	static async opened(page: Page, clicked: () => void, depth = 0): Promise<NodeRedForm> {
		// Its title has a part for each form under it, and those are taken out of the page.
		const titles = page.locator(`.red-ui-tray-breadcrumbs li:last-child:nth-child(${depth + 1})`);
		const tray = page.locator('.red-ui-tray').filter({ has: titles });
		await tray.locator('.red-ui-tray-body .form-row').first().waitFor();
		return new NodeRedForm(page, tray, depth, clicked);
	}

	async #click(target: Locator): Promise<void> {
		this.#clicked();
		await target.click();
	}

	/** What is ours of the form: all but Node-RED's buttons and tabs. */
	get body(): Locator {
		return this.#tray.locator('.otp-call-form');
	}

	/** The row of a field. */
	row(label: string): Locator {
		const words = this.#page.locator('label span:not(.otp-call-unit)', {
			hasText: exactly(label),
		});
		return this.#tray.locator('.form-row:visible').filter({ has: words }).first();
	}

	/** What a person types into, chooses from or ticks. */
	field(label: string): Locator {
		return this.row(label)
			.locator('input:visible, select:visible, textarea:visible')
			.filter({ visible: true })
			.first();
	}

	/** Opens the rows under a heading that are folded away. */
	async unfold(heading: string): Promise<void> {
		const button = this.#tray.getByRole('button', { name: heading });
		if ((await button.getAttribute('aria-expanded')) === 'false') await this.#click(button);
	}

	/** Types into a field, in place of what is in it. */
	async type(label: string, text: string): Promise<void> {
		const field = this.field(label);
		await this.#click(field);
		await this.#page.keyboard.press('Control+a');
		if (text === '') await this.#page.keyboard.press('Delete');
		else await this.#page.keyboard.type(text);
	}

	/** Chooses an entry of a select by its words. */
	async choose(label: string, entry: string): Promise<void> {
		// Once to open it, and once on the entry: the browser's own list is not in the page.
		this.#clicked();
		this.#clicked();
		await this.field(label).selectOption({ label: entry });
	}

	/** Ticks a box, or takes the tick away. */
	async tick(label: string, isOn = true): Promise<void> {
		const box = this.field(label);
		if ((await box.isChecked()) !== isOn) await this.#click(box);
	}

	/** What the small menu of a field stands on, such as `msg.`. */
	async source(label: string): Promise<string> {
		const menu = this.row(label).locator('.red-ui-typedInput-type-select');
		return (await menu.getAttribute('title')) ?? '';
	}

	/** Chooses in the small menu of a field. */
	async chooseSource(label: string, source: string): Promise<void> {
		await this.#click(this.row(label).locator('.red-ui-typedInput-type-select'));
		const menu = this.#page.locator('.red-ui-typedInput-options:visible');
		await this.#click(menu.getByText(source, { exact: true }));
	}

	/** What the form says when the mouse is on a field that it marks as wrong; null: it does not mark it. */
	async problem(label: string): Promise<string | null> {
		const wrong = this.row(label).locator('.input-error:visible');
		if ((await wrong.count()) === 0) return null;
		const bubble = this.#page.locator('.red-ui-popover:visible');
		await this.#page.mouse.move(0, 0);
		await bubble.waitFor({ state: 'hidden' });
		await wrong.first().hover();
		await bubble.waitFor();
		return await bubble.innerText();
	}

	/** The line of help under a field. */
	noteUnder(label: string): Promise<string> {
		return this.row(label).locator('xpath=following-sibling::*[1]').innerText();
	}

	/** What lies where it should not: on something else of its row, or outside of the form. */
	async misplaced(): Promise<readonly string[]> {
		return await this.body.evaluate(misplacedIn, parts);
	}

	/** Opens the list beside a field. @returns its panel */
	async openList(label: string): Promise<Locator> {
		await this.#click(this.row(label).locator('.otp-call-pick'));
		const panel = this.#page.locator('.otp-call-pick-list:visible');
		await panel.waitFor();
		return panel;
	}

	/** Presses the plus beside *Account*. @returns the form of the new account */
	addAccount(): Promise<NodeRedForm> {
		return this.#openOther('#node-input-btn-account-add');
	}

	/** Presses the pencil beside *Account*. @returns the form of the account */
	editAccount(): Promise<NodeRedForm> {
		return this.#openOther('#node-input-btn-account-edit');
	}

	async #openOther(button: string): Promise<NodeRedForm> {
		await this.#click(this.#tray.locator(button));
		return await NodeRedForm.opened(this.#page, this.#clicked, this.#depth + 1);
	}

	/** Presses *Test*. @returns what the form says then */
	async test(): Promise<string> {
		await this.#click(this.#tray.locator('.otp-call-test'));
		const line = this.#tray.locator('.otp-call-tested:not([data-is="busy"])');
		await line.waitFor();
		return (await line.innerText()).trim();
	}

	/** Presses the red button: *Done*, *Add* or *Update*. */
	async done(): Promise<void> {
		await this.#click(this.#tray.locator('.red-ui-tray-toolbar button.primary'));
		await this.#tray.waitFor({ state: 'detached' });
	}

	/** Leaves the form as it was. */
	async cancel(): Promise<void> {
		await this.#click(this.#tray.getByRole('button', { name: 'Cancel' }));
		await this.#tray.waitFor({ state: 'detached' });
	}
}

const parts =
	'label > i, label > span, label > input, input, select, .red-ui-button, .red-ui-typedInput-container';

/** Runs in the page, so it can use nothing of this file. */
function misplacedIn(form: Element, selector: string): readonly string[] {
	const faults: string[] = [];
	const whole = form.getBoundingClientRect();
	form.querySelectorAll('.form-row').forEach((row) => {
		const shown: Element[] = [];
		row.querySelectorAll(selector).forEach((part) => {
			const { bottom, height, left, right, top, width } = part.getBoundingClientRect();
			if (width === 0 || height === 0) return;
			if (left < whole.left - 1 || right > whole.right + 1)
				faults.push(`sticks out: ${part.outerHTML.slice(0, 200)}`);
			for (const other of shown) {
				const box = other.getBoundingClientRect();
				const isBeside = right <= box.left + 1 || box.right <= left + 1;
				const isAbove = bottom <= box.top + 1 || box.bottom <= top + 1;
				if (!isBeside && !isAbove && !other.contains(part) && !part.contains(other))
					faults.push(`overlaps in: ${row.textContent ?? ''}`);
			}
			shown.push(part);
		});
	});
	return faults;
}
