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
