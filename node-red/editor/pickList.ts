import type { ListedChoice } from '../../calls/lists';
import { inputValue } from './forms';
import type { Say } from './forms';
import { propertyOf } from './red';

/** What the runtime answers: the next part of a list. */
interface Page {
	readonly choices: readonly ListedChoice[];
	/** Where the rest begins, or null at the end. */
	readonly nextOffset: number | null;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const textIn = (value: unknown, name: string): string | null => {
	const text = isObject(value) ? propertyOf(value, name) : undefined;
	return typeof text === 'string' ? text : null;
};

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

/** The panel of an open list, and what can be done with it. */
class PickList {
	readonly search: JQuery;
	readonly #list = $('<ul></ul>');
	readonly #note = $('<div class="otp-call-pick-note"></div>').hide();
	readonly #more: JQuery;
	readonly content = $('<div class="otp-call-pick-list"></div>');

	constructor(say: Say) {
		this.search = $('<input type="text">').attr('placeholder', say('label.search'));
		this.#more = $('<a href="#"></a>').text(say('label.nextPage')).hide();
		this.content.append(this.search, this.#list, this.#note, this.#more);
	}

	get isEmpty(): boolean {
		return this.#list.children().length === 0;
	}

	clear(): void {
		this.#list.empty();
	}

	/** Says something instead of, or under, the list; null: nothing. */
	note(text: string | null): void {
		this.#note.text(text ?? '').toggle(text !== null);
	}

	/** Offers the rest of the list; null: there is none. */
	offerMore(next: (() => void) | null): void {
		this.#more.toggle(next !== null).off('click');
		this.#more.on('click', (event) => {
			event.preventDefault();
			next?.();
		});
	}

	add({ value, name, description }: ListedChoice, pick: (value: string) => void): void {
		const entry = $('<li tabindex="0"></li>').append($('<b></b>').text(name));
		if (description !== null) entry.append($('<span></span>').text(description));
		entry.on('click', () => {
			pick(value);
		});
		entry.on('keydown', ({ key }) => {
			if (key === 'Enter') pick(value);
		});
		this.#list.append(entry);
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
	const view = new PickList(say);
	const panel = RED.popover.panel(view.content);
	const accountId = inputValue('#node-input-account') ?? '';
	let asked = 0;

	const pick = (value: string): void => {
		put(value);
		panel.hide();
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
					},
		);
	};
	const askRuntime = (list: string, filter: string, offset: number): void => {
		const number = ++asked;
		view.offerMore(null);
		view.note(say('label.loading'));
		const query = { filter, offset, language: say('language') };
		$.getJSON(`otp-call-account/${encodeURIComponent(accountId)}/lists/${list}`, query)
			.done((answer: unknown) => {
				// A slow answer to an earlier question must not mix with that to the latest.
				if (number === asked) show(readPage(answer));
			})
			.fail(({ responseJSON }: { readonly responseJSON?: unknown }) => {
				if (number !== asked) return;
				const message = textIn(responseJSON, 'message');
				const remedy = textIn(responseJSON, 'remedy');
				view.note(message === null ? say('label.noList') : `${message}. ${remedy ?? ''}.`);
			});
	};
	const ask = (offset: number): void => {
		const filter = String(view.search.val() ?? '').trim();
		if (offset === 0) view.clear();
		if (typeof source === 'string') askRuntime(source, filter, offset);
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
	const account = RED.nodes.node(accountId);
	const isDeployed =
		account !== null && !propertyOf(account, 'changed') && !propertyOf(account, 'd');
	if (typeof source === 'string' && account !== null && !isDeployed) {
		view.note(say('label.deployFirst'));
	} else ask(0);
}
