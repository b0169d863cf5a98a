import type { Node, NodeAPI, NodeContextData } from 'node-red';

import { invalidInput } from '../../calls/failures';
import { Turns } from '../../calls/turns';
import { invalid } from '../../providers/fields';
import type { FieldName } from '../../providers/fields';
import { coolDownStoreField } from '../forms/fields';

/** A store that does not answer must not hold up a message for ever. Milliseconds. */
const longestAnswer = 10_000;

/** By store and key, over all nodes: what one reads, decides and writes, no other comes between. */
const turns = new Turns();

/** So many changes later a store is rid of what no longer counts. */
const tidyEvery = 500;
/** By store and place, over all nodes. */
const changes = new Map<string, number>();

/** A rule that cannot be checked must let nothing pass. */
const unusable = (field: FieldName) =>
	invalidInput(
		invalid(
			field,
			'cannot be read or written',
			"Choose another context store, or correct it in Node-RED's settings file",
		),
	);

/** Waits for a store's callback, and no longer than it may take. */
const answered = <T>(
	field: FieldName,
	ask: (answer: (error: unknown, value?: T) => void) => void,
): Promise<T | undefined> =>
	new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			reject(unusable(field));
		}, longestAnswer).unref();
		ask((error, value) => {
			clearTimeout(timer);
			if (error) reject(unusable(field));
			else resolve(value);
		});
	});

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const fieldOf = (value: unknown, name: string): unknown =>
	isObject(value) ? Reflect.get(value, name) : undefined;

/**
 * What becomes of what a context store was told last when the process is killed: `kept` once the store has
 * answered, written `later` (files with a cache, every 30 seconds by default), or `forgotten` (memory).
 * `unknown`: a store that does not come with Node-RED.
 */
export type Lasting = 'kept' | 'later' | 'forgotten' | 'unknown';

/**
 * @param store the name of a context store as in Node-RED's settings; '' for the default one
 * @see \@node-red/runtime/lib/nodes/context: which one is the default, and what `cache` does
 */
export function lastingOf(RED: NodeAPI, store: unknown): Lasting {
	const stores = fieldOf(RED.settings, 'contextStorage');
	const names = Object.keys(isObject(stores) ? stores : {}).filter((name) => name !== '_');
	const usual = names.includes('default') ? 'default' : names[0];
	if (usual === undefined) return 'forgotten';
	const isKnown = typeof store === 'string' && names.includes(store);
	const named = fieldOf(stores, isKnown ? store : usual);
	const settings = typeof named === 'string' ? fieldOf(stores, named) : named;
	switch (fieldOf(settings, 'module')) {
		case 'memory':
			return 'forgotten';
		case 'localfilesystem': {
			const cache = fieldOf(fieldOf(settings, 'config'), 'cache');
			return cache === undefined || Boolean(cache) ? 'later' : 'kept';
		}
		default:
			return 'unknown';
	}
}

/**
 * Entries of one kind in a context store of Node-RED, in the global context, so that all flows share them.
 * A store may answer later (files without a cache, Redis): an entry is read, decided on and written in one
 * turn, tidying included.
 */
export class ContextStore<T> {
	readonly #context: NodeContextData;
	readonly #store: string | undefined;
	readonly #place: string;
	readonly #read: (value: unknown) => T | null;
	readonly #field: FieldName;

	/**
	 * @param store the name of a context store as in Node-RED's settings; '' for the default one
	 * @param place the name under which the entries are kept
	 * @param read parses an entry; null: it is none
	 * @param field where the store is chosen in the form
	 */
	constructor(
		node: Node,
		store: unknown,
		place: string,
		read: (value: unknown) => T | null,
		field: FieldName = coolDownStoreField,
	) {
		this.#context = node.context().global;
		this.#store = typeof store === 'string' && store !== '' ? store : undefined;
		this.#place = place;
		this.#read = read;
		this.#field = field;
	}

	/**
	 * Changes one entry, while nobody else can.
	 * @param change the entry as it is, or null, in; the entry as it is to be, or null for none, out
	 * @returns the entry as it was
	 * @throws OtpCallError when the store cannot be used; what `change` throws, and then nothing is changed
	 */
	async change(key: string, change: (entry: T | null) => T | null): Promise<T | null> {
		return await this.#inTurn(key, async (path) => {
			const before = this.#read(await this.#get(path));
			const after = change(before);
			if (after !== before) await this.#set(path, after ?? undefined);
			return before;
		});
	}

	/** Every so often, forgets the entries that no longer count. */
	async tidy(counts: (entry: T) => boolean): Promise<void> {
		const name = this.#nameOf(this.#place);
		const count = (changes.get(name) ?? 0) + 1;
		changes.set(name, count);
		if (count % tidyEvery !== 0) return;
		const all = await this.#get(this.#place);
		if (typeof all !== 'object' || all === null) return;
		for (const key of Object.keys(all)) {
			await this.#inTurn(key, async (path) => {
				// Read again: it may have been renewed since the list was made.
				const entry = this.#read(await this.#get(path));
				if (entry === null || !counts(entry)) await this.#set(path, undefined);
			});
		}
	}

	async #inTurn<R>(key: string, task: (path: string) => Promise<R>): Promise<R> {
		const path = `${this.#place}.${key}`;
		return await turns.run(this.#nameOf(path), () => task(path));
	}

	#nameOf(path: string): string {
		return `${this.#store ?? ''} ${path}`;
	}

	async #get(path: string): Promise<unknown> {
		return await answered<unknown>(this.#field, (answer) => {
			this.#context.get(path, this.#store, answer);
		});
	}

	async #set(path: string, value: unknown): Promise<void> {
		await answered(this.#field, (answer) => {
			this.#context.set(path, value, this.#store, answer);
		});
	}
}
