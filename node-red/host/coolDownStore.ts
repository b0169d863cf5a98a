import type { Node } from 'node-red';

import {
	coolingDown,
	coolingFor,
	memoryOf,
	numberKey,
	overBudget,
	periodsOf,
} from '../../calls/coolDown';
import type { CallBudget, CoolDownRule, Reservation } from '../../calls/coolDown';
import { ContextStore } from './contextStore';

/** When a number was called. `keep`: how long the strictest rule that saw it needs to know, in milliseconds. */
interface Calls {
	readonly calls: readonly number[];
	readonly keep: number;
}

const readCalls = (value: unknown): Calls | null =>
	typeof value === 'object' &&
	value !== null &&
	'keep' in value &&
	typeof value.keep === 'number' &&
	'calls' in value &&
	Array.isArray(value.calls) &&
	value.calls.every((time) => typeof time === 'number')
		? { keep: value.keep, calls: value.calls }
		: null;

/** How many calls an account has placed in each period that is not over yet. */
interface Spent {
	readonly [period: string]: number;
}

const readSpent = (value: unknown): Spent | null =>
	typeof value === 'object' && value !== null
		? Object.fromEntries(
				Object.entries(value).filter(
					(entry): entry is [string, number] => typeof entry[1] === 'number',
				),
			)
		: null;

/** The rules against too many calls that a node has. */
export interface CallLimits {
	readonly coolDown: CoolDownRule | null;
	readonly budget: CallBudget | null;
}

/** Remembers in a context store of Node-RED who was called when, without the numbers themselves. */
export class CoolDownStore {
	readonly #numbers: ContextStore<Calls>;
	readonly #budgets: ContextStore<Spent>;

	/** @param store the name of a context store as in Node-RED's settings; '' for the default one */
	constructor(node: Node, store: unknown) {
		this.#numbers = new ContextStore(node, store, 'otpCallCoolDown', readCalls);
		this.#budgets = new ContextStore(node, store, 'otpCallBudget', readSpent);
	}

	/**
	 * Takes note of a call that is about to be placed, before it is, so that a second message for the
	 * same number finds it.
	 * @param secret hides the number from those who read the store
	 * @throws OtpCallError `cooling-down`, `refused-by-rule`
	 */
	async reserve(
		phoneNumber: string,
		{ budget, coolDown }: CallLimits,
		secret: string,
		now: number,
	): Promise<Reservation> {
		const number = `n${numberKey(phoneNumber, secret)}`;
		const account = `a${numberKey('account', secret)}`;
		if (coolDown !== null) await this.#takeNumber(number, phoneNumber, coolDown, now);
		const giveNumberBack = async () => {
			if (coolDown !== null) await this.#giveNumberBack(number, now);
		};
		if (budget !== null) {
			// A rule that refuses gives back what the one before it took.
			await this.#spend(account, budget, now).catch(async (error: unknown) => {
				await giveNumberBack().catch(() => undefined);
				throw error;
			});
		}
		await this.#numbers.tidy(({ calls, keep }) => calls.some((time) => time > now - keep));
		return {
			release: async () => {
				await giveNumberBack();
				if (budget !== null) await this.#giveBack(account, budget, now);
			},
		};
	}

	async #takeNumber(
		number: string,
		phoneNumber: string,
		rule: CoolDownRule,
		now: number,
	): Promise<void> {
		await this.#numbers.change(number, (known) => {
			const { calls, keep } = known ?? { calls: [], keep: 0 };
			const left = coolingFor(calls, rule, now);
			if (left > 0) throw coolingDown(phoneNumber, left);
			const longest = Math.max(keep, memoryOf(rule));
			return { calls: [...calls.filter((time) => time > now - longest), now], keep: longest };
		});
	}

	async #giveNumberBack(number: string, now: number): Promise<void> {
		await this.#numbers.change(number, (known) => {
			if (known === null) return null;
			const at = known.calls.lastIndexOf(now);
			const calls = known.calls.filter((_, index) => index !== at);
			return calls.length === 0 ? null : { ...known, calls };
		});
	}

	async #spend(account: string, budget: CallBudget, now: number): Promise<void> {
		const periods = periodsOf(budget, now);
		await this.#budgets.change(account, (known) => {
			const spent = known ?? {};
			const full = periods.find(({ most, name }) => (spent[name] ?? 0) >= most);
			if (full !== undefined) throw overBudget(full, now);
			// Only the periods of now: what is over does not count any more.
			return Object.fromEntries(periods.map(({ name }) => [name, (spent[name] ?? 0) + 1]));
		});
	}

	async #giveBack(account: string, budget: CallBudget, now: number): Promise<void> {
		const periods = periodsOf(budget, now);
		await this.#budgets.change(account, (known) => {
			const spent: Record<string, number> = { ...known };
			for (const { name } of periods) spent[name] = Math.max(0, (spent[name] ?? 0) - 1);
			return spent;
		});
	}
}
