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
	release(): void;
}

/** Made once: a signal that aborts without a reason makes an error with a stack, for every request. */
const settledInTime = new Error('Settled in time');

/**
 * A time limit for one request, body included: n8n's own timeout only limits the silence between two
 * packets, so that a server that drips one byte a second would keep a request for hours.
 */
export function deadlineIn(milliseconds: number, before: AbortSignal | undefined): Deadline {
	const ending = new AbortController();
	const settled = new AbortController();
	let over = false;
	const stop = () => ending.abort();
	before?.addEventListener('abort', stop, { once: true });
	sleep(milliseconds, settled.signal).then(
		() => {
			over = true;
			stop();
		},
		() => undefined,
	);
	const ended = new Promise<never>((_resolve, reject) => {
		ending.signal.addEventListener('abort', () => reject(new Error('Given up')));
	});
	return {
		signal: ending.signal,
		ended,
		isOver: () => over,
		release: () => {
			before?.removeEventListener('abort', stop);
			settled.abort(settledInTime);
		},
	};
}
