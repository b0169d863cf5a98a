import type { ListedChoice } from '../../calls/lists';
import { closedForm } from './accountForm';
import { inputValue } from './forms';
import type { Say } from './forms';
import { askRuntime, textIn } from './runtime';
import type { Refusal } from './runtime';
import { propertyOf } from './red';

/** What the runtime answers: the next part of a list. */
interface Page {
	readonly choices: readonly ListedChoice[];
	/** Where the rest begins, or null at the end. */
	readonly nextOffset: number | null;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function readPage(answer: unknown): Page {
	const entries = isObject(answer) ? propertyOf(answer, 'choices') : undefined;
	const next = isObject(answer) ? propertyOf(answer, 'nextOffset') : null;
	const list: readonly unknown[] = Array.isArray(entries) ? entries : [];
	return {
		choices: list.map((entry) => ({
			value: textIn(entry, 'value') ?? '',
			name: textIn(entry, 'name') ?? '',
			description: textIn(entry, 'description'),
		})),
		nextOffset: typeof next === 'number' ? next : null,
	};
}

const listId = 'otp-call-pick-list';

/**
 * The panel of an open list: a search whose arrow keys walk through the list below it, as in every
 * editable list that a screen reader knows.
 */
class PickList {
	readonly search: JQuery;
	readonly content = $('<div class="otp-call-pick-list"></div>');
	readonly #list = $('<ul role="listbox"></ul>').attr('id', listId);
	readonly #note = $('<div class="otp-call-pick-note" role="status"></div>').hide();
	readonly #more: JQuery;
	/** What picking each entry does. */
	#picks: (() => void)[] = [];
	#active = -1;

	constructor(say: Say, label: string, close: () => void) {
		this.search = $('<input type="text" role="combobox">').attr({
			placeholder: say('label.search'),
			'aria-label': say('label.search'),
			'aria-autocomplete': 'list',
			'aria-controls': listId,
			'aria-expanded': 'true',
			autocomplete: 'off',
		});
		this.#list.attr('aria-label', label);
		this.#more = $('<button type="button" class="otp-call-pick-more"></button>')
			.text(say('label.nextPage'))
			.hide();
		this.content.attr('dir', say('direction'));
		this.content.append(this.search, this.#list, this.#note, this.#more);
		this.search.on('keydown', (event) => {
			if (!this.#walk(event.key)) return;
			event.preventDefault();
			// The editor looks for its own keys from here upwards: the panel may be gone by now.
			event.stopPropagation();
		});
		this.content.on('keydown', (event) => {
			if (event.key !== 'Escape') return;
			// The editor would close the whole form.
			event.stopPropagation();
			close();
		});
	}

	get isEmpty(): boolean {
		return this.#entries.length === 0;
	}

	get #entries(): JQuery {
		return this.#list.children();
	}

	clear(): void {
		this.#list.empty();
		this.#picks = [];
		this.#activate(-1);
	}

	/** Says something instead of, or under, the list; null: nothing. */
	note(text: string | null, direction?: 'ltr'): void {
		this.#note.text(text ?? '').toggle(text !== null);
		if (direction === undefined) this.#note.removeAttr('dir');
		else this.#note.attr('dir', direction);
	}

	/** Offers the rest of the list; null: there is none. */
	offerMore(next: (() => void) | null): void {
		this.#more.toggle(next !== null).off('click');
		this.#more.on('click', () => next?.());
	}

	add({ value, name, description }: ListedChoice, pick: (value: string) => void): void {
		const at = this.#entries.length;
		const entry = $('<li role="option" aria-selected="false"></li>')
			.attr('id', `${listId}-${at}`)
			.append($('<b></b>').text(name));
		if (description !== null) entry.append($('<span></span>').text(description));
		const pickThis = (): void => {
			pick(value);
		};
		this.#picks.push(pickThis);
		entry.on('click', pickThis);
		entry.on('mouseenter', () => {
			this.#activate(at);
		});
		this.#list.append(entry);
		if (at === 0) this.#activate(0);
	}

	/** @returns whether the key was one for the list */
	#walk(key: string): boolean {
		const last = this.#entries.length - 1;
		switch (key) {
			case 'ArrowDown':
				this.#activate(Math.min(last, this.#active + 1));
				return true;
			case 'ArrowUp':
				this.#activate(Math.max(0, this.#active - 1));
				return true;
			case 'PageDown':
				this.#activate(Math.min(last, this.#active + 5));
				return true;
			case 'PageUp':
				this.#activate(Math.max(0, this.#active - 5));
				return true;
			case 'Enter':
				this.#picks[this.#active]?.();
				return true;
			default:
				return false;
		}
	}

	#activate(index: number): void {
		this.#entries.attr('aria-selected', 'false');
		const entry = index < 0 ? $() : this.#entries.eq(index);
		this.#active = entry.length === 0 ? -1 : index;
		entry.attr('aria-selected', 'true');
		entry.get(0)?.scrollIntoView({ block: 'nearest' });
		if (this.#active === -1) this.search.removeAttr('aria-activedescendant');
		else this.search.attr('aria-activedescendant', `${listId}-${this.#active}`);
	}
}

/** Those of a few choices that hold what is typed. */
const matching = (choices: readonly ListedChoice[], filter: string): readonly ListedChoice[] =>
	choices.filter(({ name, value }) =>
		[name, value].some((text) => text.toLowerCase().includes(filter.toLowerCase())),
	);

const typingPause = 250;

/**
 * Opens a list under a button, and puts what is picked into the field: a list of the provider, such as its
 * campaigns, or a few choices. The account's own server is asked by the runtime: the editor never sees a token.
 * @param source the name of the provider's list, or the choices themselves
 */
export function openPickList(
	button: JQuery,
	say: Say,
	source: string | readonly ListedChoice[],
	put: (value: string) => void,
): void {
	const close = (): void => {
		panel.hide();
		button.trigger('focus');
	};
	const view = new PickList(say, button.attr('title') ?? '', close);
	const panel = RED.popover.panel(view.content);
	const accountId = inputValue('#node-input-account') ?? '';
	const account = RED.nodes.node(accountId);
	const isDeployed =
		account === null || !(propertyOf(account, 'changed') || propertyOf(account, 'd'));
	let asked = 0;

	const pick = (value: string): void => {
		put(value);
		close();
	};
	const show = ({ choices, nextOffset }: Page): void => {
		view.note(null);
		for (const choice of choices) view.add(choice, pick);
		if (view.isEmpty) view.note(say('label.nothing'));
		view.offerMore(
			nextOffset === null
				? null
				: () => {
						ask(nextOffset);
						view.search.trigger('focus');
					},
		);
	};
	const askFor = (list: string, filter: string, offset: number): void => {
		const number = ++asked;
		view.offerMore(null);
		view.note(say('label.loading'));
		askRuntime(say, {
			path: `otp-call-account/${encodeURIComponent(accountId)}/lists/${list}`,
			query: { filter, offset: String(offset) },
			// One that has been changed since is tried as it is now.
			...(!isDeployed && { form: closedForm(account) }),
			answered: (answer: unknown) => {
				// A slow answer to an earlier question must not mix with that to the latest.
				if (number === asked) show(readPage(answer));
			},
			failed: ({ words }: Refusal) => {
				if (number !== asked) return;
				// What errors say is English, whatever language its fields are named in.
				if (words === null) view.note(say('label.noList'));
				else view.note(words, 'ltr');
			},
		});
	};
	const ask = (offset: number): void => {
		const filter = String(view.search.val() ?? '').trim();
		if (offset === 0) view.clear();
		if (typeof source === 'string') askFor(source, filter, offset);
		else show({ choices: matching(source, filter), nextOffset: null });
	};

	let typing: ReturnType<typeof setTimeout> | undefined;
	view.search.on('input', () => {
		clearTimeout(typing);
		typing = setTimeout(() => {
			ask(0);
		}, typingPause);
	});
	panel.show({
		target: button,
		align: 'left',
		offset: [button.outerWidth() ?? 0, 2],
		closeButton: button,
	});
	view.search.trigger('focus');
	ask(0);
}
