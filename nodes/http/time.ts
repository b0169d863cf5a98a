import { sleep } from 'n8n-workflow';

import type { Clock } from '../../calls/transport';

/** Real time, with n8n's own sleep, which ends when the execution is stopped. */
export const clock: Clock = {
	now: () => Date.now(),
	sleep: async (milliseconds, signal) => {
		// It rejects when the signal aborts; for our callers that is just the end of the pause.
		await sleep(milliseconds, signal).catch(() => undefined);
	},
	random: () => Math.random(),
};

/** A signal that ends one request: when its time is over, or when the signal before it aborts. */
export interface Deadline {
	readonly signal: AbortSignal;
	/** Rejects when the signal aborts. */
	readonly ended: Promise<never>;
	/** True when time ran out. */
	readonly isOver: () => boolean;
	/** To be called when the request has settled: leaves no timer and no listener behind. */
	readonly release: () => void;
}

/** Made once: a signal that aborts without a reason makes an error with a stack, for every request. */
const nobodyWaits = new Error('Nobody waits any more');

/** Somebody who is to be told at a moment, by the clock that nobody sets (`performance.now()`). */
interface Alarm {
	readonly at: number;
	readonly ring: () => void;
}

/** Many alarms with one timer: of a hundred requests under way hardly any lives to see its limit. */
class AlarmClock {
	readonly #alarms = new Set<Alarm>();
	#sleep: { readonly until: number; readonly end: AbortController } | null = null;

	/** @returns takes the alarm back; with the last one no timer is left */
	set(milliseconds: number, ring: () => void): () => void {
		const alarm = { at: performance.now() + milliseconds, ring };
		this.#alarms.add(alarm);
		if (this.#sleep === null || alarm.at < this.#sleep.until) this.#sleepUntil(alarm.at);
		return () => {
			this.#alarms.delete(alarm);
			if (this.#alarms.size === 0) this.#wake();
		};
	}

	#wake(): void {
		this.#sleep?.end.abort(nobodyWaits);
		this.#sleep = null;
	}

	#sleepUntil(until: number): void {
		this.#wake();
		const end = new AbortController();
		this.#sleep = { until, end };
		sleep(Math.max(0, until - performance.now()), end.signal).then(
			() => {
				// Woken in the same moment, it is not the one that is slept now.
				if (this.#sleep?.end === end) this.#ring();
			},
			() => undefined,
		);
	}

	#ring(): void {
		this.#sleep = null;
		const now = performance.now();
		for (const alarm of this.#alarms) {
			if (alarm.at > now) continue;
			this.#alarms.delete(alarm);
			alarm.ring();
		}
		if (this.#alarms.size === 0) return;
		this.#sleepUntil(Math.min(...[...this.#alarms].map(({ at }) => at)));
	}
}

const alarmClock = new AlarmClock();

/**
 * A time limit for one request, body included: n8n's own timeout only limits the silence between two
 * packets, so that a server that drips one byte a second would keep a request for hours.
 */
export function deadlineIn(milliseconds: number, before: AbortSignal | undefined): Deadline {
	const ending = new AbortController();
	let over = false;
	let giveUp: (reason: Error) => void = () => undefined;
	const ended = new Promise<never>((_resolve, reject) => {
		giveUp = reject;
	});
	const stop = () => {
		ending.abort();
		giveUp(new Error('Given up'));
	};
	before?.addEventListener('abort', stop, { once: true });
	const takeBack = alarmClock.set(milliseconds, () => {
		over = true;
		stop();
	});
	return {
		signal: ending.signal,
		ended,
		isOver: () => over,
		release: () => {
			before?.removeEventListener('abort', stop);
			takeBack();
		},
	};
}
