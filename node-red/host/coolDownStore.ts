import type { Node, NodeContextData } from 'node-red';

import { coolingDown, coolingFor, memoryOf, numberKey } from '../../calls/coolDown';
import type { CoolDownRule, Reservation } from '../../calls/coolDown';
import { invalidInput } from '../../calls/failures';
import { Turns } from '../../calls/turns';
import { invalid } from '../../providers/fields';
import { coolDownStoreField } from '../forms/fields';

/** Under this name the calls are kept in the global context, so that all flows share them. */
const place = 'otpCallCoolDown';

/** When a number was called. `keep`: how long the strictest rule that saw it needs to know, in milliseconds. */
interface Record {
	readonly calls: readonly number[];
	readonly keep: number;
}

const isRecord = (value: unknown): value is Record =>
	typeof value === 'object' &&
	value !== null &&
	'keep' in value &&
	typeof value.keep === 'number' &&
	'calls' in value &&
	Array.isArray(value.calls) &&
	value.calls.every((time) => typeof time === 'number');

/** The name of a context store; undefined: the default one. */
type Store = string | undefined;

/** A rule that cannot be checked must not let calls pass. */
const unusable = () =>
	invalidInput(
		invalid(
			coolDownStoreField,
			'cannot be read or written',
			"Choose another context store, or correct it in Node-RED's settings file",
		),
	);

const get = (context: NodeContextData, key: string, store: Store): Promise<unknown> =>
	new Promise((resolve, reject) => {
		context.get(key, store, (error: unknown, value: unknown) => {
			if (error) reject(unusable());
			else resolve(value);
		});
	});

const set = (context: NodeContextData, key: string, value: unknown, store: Store): Promise<void> =>
	new Promise((resolve, reject) => {
		context.set(key, value, store, (error: unknown) => {
			if (error) reject(unusable());
			else resolve();
		});
	});

/** By numbers, over all nodes: two messages for one number must not both find it free. */
const turns = new Turns();

/** So many reservations later numbers whose calls no longer count are forgotten. */
const tidyEvery = 500;
let reservations = 0;

async function forgetOld(context: NodeContextData, store: Store, now: number): Promise<void> {
	reservations += 1;
	if (reservations % tidyEvery !== 0) return;
	const all = await get(context, place, store);
	if (typeof all !== 'object' || all === null) return;
	for (const [key, record] of Object.entries(all)) {
		const counts = isRecord(record) && record.calls.some((time) => time > now - record.keep);
		if (!counts) await set(context, `${place}.${key}`, undefined, store);
	}
}

/** Remembers in a context store of Node-RED which numbers were called, without the numbers themselves. */
export class CoolDownStore {
	readonly #context: NodeContextData;
	readonly #store: Store;

	/** @param store the name of a context store as in Node-RED's settings; '' for the default one */
	constructor(node: Node, store: unknown) {
		this.#context = node.context().global;
		this.#store = typeof store === 'string' && store !== '' ? store : undefined;
	}

	/**
	 * Takes note of a call that is about to be placed, before it is, so that a second message for the
	 * same number finds it.
	 * @param secret hides the number from those who read the store
	 * @throws OtpCallError `cooling-down` when the number has been called too recently
	 */
	async reserve(
		phoneNumber: string,
		rule: CoolDownRule,
		secret: string,
		now: number,
	): Promise<Reservation> {
		const key = `${place}.n${numberKey(phoneNumber, secret)}`;
		const keep = await turns.run(key, async () => {
			const known = await this.#read(key);
			const left = coolingFor(known.calls, rule, now);
			if (left > 0) throw coolingDown(phoneNumber, left);
			const longest = Math.max(known.keep, memoryOf(rule));
			const counting = known.calls.filter((time) => time > now - longest);
			await this.#write(key, { calls: [...counting, now], keep: longest });
			return longest;
		});
		await forgetOld(this.#context, this.#store, now);
		return {
			release: () =>
				turns.run(key, async () => {
					const { calls } = await this.#read(key);
					const at = calls.lastIndexOf(now);
					await this.#write(key, { calls: calls.filter((_, index) => index !== at), keep });
				}),
		};
	}

	async #read(key: string): Promise<Record> {
		const known = await get(this.#context, key, this.#store);
		return isRecord(known) ? known : { calls: [], keep: 0 };
	}

	async #write(key: string, record: Record): Promise<void> {
		await set(this.#context, key, record.calls.length === 0 ? undefined : record, this.#store);
	}
}
