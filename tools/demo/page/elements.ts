// Small helpers over the elements of page.html.

/** An element of page.html. @throws Error when the page has none of this kind */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
	const found = document.getElementById(id);
	if (!(found instanceof type)) throw new Error(`The page has no ${id}`);
	return found;
}

export const set = (id: string, text: string): void => {
	byId(id, HTMLElement).textContent = text;
};

export const fill = (id: string, children: readonly Node[]): void =>
	byId(id, HTMLElement).replaceChildren(...children);

export function element<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	text: string,
	attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[K] {
	const made = document.createElement(tag);
	made.textContent = text;
	for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
	return made;
}

export const clockTime = (time: number): string =>
	new Date(time).toLocaleTimeString([], { hour12: false });

/** A button that keeps the focus while it does nothing: a disabled one would lose it. */
export function setBusy(button: HTMLButtonElement, isBusy: boolean, text: string): void {
	button.setAttribute('aria-disabled', String(isBusy));
	button.textContent = text;
}

export const isBusy = (button: HTMLButtonElement): boolean =>
	button.getAttribute('aria-disabled') === 'true';

/** Marks a field at fault, and gives it the focus. */
export function markInvalid(field: HTMLInputElement): void {
	field.setAttribute('aria-invalid', 'true');
	field.focus();
	field.select();
}

export const markValid = (field: HTMLInputElement): void => field.removeAttribute('aria-invalid');

/** Buttons for numbers whose last two digits choose how the call goes. */
export function showEndings(
	id: string,
	field: HTMLInputElement,
	number: string,
	endings: ReadonlyArray<readonly [digits: string, name: string]>,
): void {
	const buttons = endings.map(([digits, name]) => {
		const full = number.slice(0, -2) + digits;
		const button = element('button', `${digits} ${name}`, { type: 'button', title: full });
		button.setAttribute('aria-pressed', String(field.value === full));
		button.onclick = () => {
			field.value = full;
			markValid(field);
			for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
		};
		return button;
	});
	fill(id, buttons);
}

/** Puts a text on the clipboard; false where the browser refuses. */
export async function copied(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return false;
	}
}
