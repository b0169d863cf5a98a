import assert from 'node:assert/strict';

import { checkCode, CheckMemory } from '../../calls/codeCheck';
import type { CheckInput, CheckReason, CheckResult, MarkStore } from '../../calls/codeCheck';
import type { Clock } from '../../calls/transport';
import { openVerification, sealVerification } from '../../calls/verification';
import type { KeptCode } from '../../calls/verification';
import { autocall } from '../../providers/autocall/adapter';

/** A clock on which time passes only when a test says so. */
export class StoppedClock implements Clock {
	#now = Date.parse('2025-06-01T08:00:00Z');
	readonly #sleepers = new Set<{ readonly until: number; wake(): void }>();

	now(): number {
		return this.#now;
	}

	/** How many sleep. */
	get asleep(): number {
		return this.#sleepers.size;
	}

	pass(milliseconds: number): void {
		this.#now += milliseconds;
		for (const sleeper of this.#sleepers) if (sleeper.until <= this.#now) sleeper.wake();
	}

	async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted) return;
		await new Promise<void>((resolve) => {
			const wake = () => {
				this.#sleepers.delete(sleeper);
				resolve();
			};
			const sleeper = { until: this.#now + milliseconds, wake };
			this.#sleepers.add(sleeper);
			signal?.addEventListener('abort', wake, { once: true });
		});
	}

	random(): number {
		return 0.5;
	}
}

/** A lasting store. What a process forgets stays here. */
export class Marks implements MarkStore {
	readonly all = new Map<string, number>();
	readonly asked: string[] = [];

	async claim(mark: string, until: number): Promise<boolean> {
		this.asked.push(mark);
		return this.add(mark, until);
	}

	/** In one step. */
	add(mark: string, until: number): boolean {
		if (this.all.has(mark)) return false;
		this.all.set(mark, until);
		return true;
	}
}

const secret = 'the-api-key-of-the-account';

/** Checks of the codes of one account, as one process after another makes them. */
export class Checker {
	readonly clock = new StoppedClock();
	readonly stop = new AbortController();
	readonly account: { readonly provider: typeof autocall; readonly lastingSecret: string };
	readonly kept: KeptCode = {
		code: right,
		phoneNumber: '+84332665711',
		purpose: 'login',
		expiresAt: this.clock.now() + 300_000,
		callId: null,
	};
	#memory = new CheckMemory();

	constructor(lastingSecret = secret) {
		this.account = { provider: autocall, lastingSecret };
	}

	/** The process dies, and another one goes on. */
	restart(): void {
		this.#memory = new CheckMemory();
	}

	token(changes: Partial<KeptCode> = {}): string {
		return sealVerification(this.account, { ...this.kept, ...changes });
	}

	idOf(token: string): string {
		return openVerification(this.account, token)?.id ?? assert.fail();
	}

	check(
		store: MarkStore,
		verification: unknown,
		code: unknown = this.kept.code,
		input: Partial<CheckInput> = {},
		memory = this.#memory,
	): Promise<CheckResult> {
		const given = { verification, code, purpose: this.kept.purpose, ...input };
		const context = { ...this.account, clock: this.clock, signal: this.stop.signal };
		return checkCode(context, store, given, memory);
	}

	/** Why it is not right, or `right`, and how many tries are left. */
	async answer(
		...given: Parameters<Checker['check']>
	): Promise<readonly [CheckReason | 'right', number]> {
		const { attemptsLeft, reason, valid } = await this.check(...given);
		assert.equal(valid, reason === null);
		return [reason ?? 'right', attemptsLeft];
	}
}

/** The code of `Checker.kept`, and another one. */
export const right = '482913';
export const wrong = '000000';

/** Lets everything go on that waits for nothing but its turn. */
export const settled = async (): Promise<void> => {
	for (let n = 0; n < 20; n += 1) await Promise.resolve();
};
