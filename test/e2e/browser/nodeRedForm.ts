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

	private constructor(page: Page, tray: Locator, depth: number) {
		this.#page = page;
		this.#tray = tray;
		this.#depth = depth;
	}

	/** The form that has just been opened. */
	static async opened(page: Page, depth = 0): Promise<NodeRedForm> {
		// Its title has a part for each form under it, and those are taken out of the page.
		const titles = page.locator(`.red-ui-tray-breadcrumbs li:last-child:nth-child(${depth + 1})`);
		const tray = page.locator('.red-ui-tray').filter({ has: titles });
		await tray.locator('.red-ui-tray-body .form-row').first().waitFor();
		return new NodeRedForm(page, tray, depth);
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
		return this.row(label).locator('input:visible, select:visible').first();
	}

	/** Opens the rows under a heading that are folded away. */
	async unfold(heading: string): Promise<void> {
		const button = this.#tray.getByRole('button', { name: heading });
		if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
	}

	/** Types into a field, in place of what is in it. */
	async type(label: string, text: string): Promise<void> {
		const field = this.field(label);
		await field.click();
		await this.#page.keyboard.press('Control+a');
		if (text === '') await this.#page.keyboard.press('Delete');
		else await this.#page.keyboard.type(text);
	}

	/** Chooses an entry of a select by its words. */
	async choose(label: string, entry: string): Promise<void> {
		await this.field(label).selectOption({ label: entry });
	}

	/** Ticks a box, or takes the tick away. */
	async tick(label: string, isOn = true): Promise<void> {
		const box = this.field(label);
		if ((await box.isChecked()) !== isOn) await box.click();
	}

	/** What the small menu of a field stands on, such as `msg.`. */
	async source(label: string): Promise<string> {
		const menu = this.row(label).locator('.red-ui-typedInput-type-select');
		return (await menu.getAttribute('title')) ?? '';
	}

	/** What the form says when the mouse is on a field that it marks as wrong; null: it does not mark it. */
	async problem(label: string): Promise<string | null> {
		const wrong = this.row(label).locator('.input-error:visible');
		// Those of tabs and of the palette are at their right.
		const bubble = this.#page.locator('.red-ui-popover:not(.red-ui-popover-right):visible');
		for (let triesLeft = 5; (await wrong.count()) > 0; triesLeft -= 1) {
			await this.#page.mouse.move(0, 0);
			await bubble.waitFor({ state: 'hidden' });
			try {
				await wrong.first().hover({ timeout: 3_000 });
			} catch (error) {
				// A field that was filled in by another form is marked until Node-RED has looked at it again.
				if (triesLeft === 0) throw error;
				continue;
			}
			await bubble.waitFor();
			return await bubble.innerText();
		}
		return null;
	}

	/** What stands in a field while it is empty. */
	async placeholder(label: string): Promise<string> {
		return (await this.field(label).getAttribute('placeholder')) ?? '';
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
		await this.row(label).locator('.otp-call-pick').click();
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
		await this.#tray.locator(button).click();
		return await NodeRedForm.opened(this.#page, this.#depth + 1);
	}

	/** Presses *Test*. @returns what the form says then */
	async test(): Promise<string> {
		await this.#tray.locator('.otp-call-test').click();
		const line = this.#tray.locator('.otp-call-tested:not([data-is="busy"])');
		await line.waitFor();
		return (await line.innerText()).trim();
	}

	/** Presses the red button: *Done*, *Add* or *Update*. */
	async done(): Promise<void> {
		await this.#tray.locator('.red-ui-tray-toolbar button.primary').click();
		await this.#tray.waitFor({ state: 'detached' });
	}

	/** Leaves the form as it was. */
	async cancel(): Promise<void> {
		await this.#tray.getByRole('button', { name: 'Cancel' }).click();
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
