import type { Clock } from '../../calls/transport';
import { onAbort } from './aborts';

/** Real time. */
export const clock: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	sleep: async (milliseconds, signal) => {
		if (signal?.aborted) return;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(() => {
				forget();
				resolve();
			}, milliseconds);
			const forget = onAbort(signal, () => {
				clearTimeout(timer);
				resolve();
			});
		});
	},
};
