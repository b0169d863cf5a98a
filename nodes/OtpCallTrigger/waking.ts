import { sleep } from 'n8n-workflow';
import type { IWebhookFunctions } from 'n8n-workflow';

import { openWayBack } from '../../calls/wayBack';

/** An event may come before n8n has stored the execution as waiting, and many may come at once. */
const longest = 60_000;
const firstPause = 500;
const longestPause = 10_000;

/** 404: not stored yet, or not any more; 409: still running; 5xx: n8n is busy. */
const mayPass = (status: number): boolean => status === 404 || status === 409 || status >= 500;

/** Where this n8n wakes its executions, up to the last slash. */
function waitingBase(functions: IWebhookFunctions): string | null {
	const address: unknown = functions.evaluateExpression('{{ $execution.resumeUrl }}', 0);
	if (typeof address !== 'string' || !/^https?:\/\//.test(address)) return null;
	return address.slice(0, address.lastIndexOf('/') + 1);
}

/** @returns the status of n8n's answer; 503 when there was none */
async function knock(functions: IWebhookFunctions, url: string): Promise<number> {
	try {
		const answer: unknown = await functions.helpers.httpRequest({
			method: 'POST',
			url,
			body: {},
			json: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
			disableFollowRedirect: true,
			timeout: 15_000,
		});
		const status: unknown = Reflect.get(Object(answer), 'statusCode');
		return typeof status === 'number' ? status : 503;
	} catch {
		return 503;
	}
}

async function keepKnocking(functions: IWebhookFunctions, url: string): Promise<void> {
	const start = Date.now();
	for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
		const status = await knock(functions, url);
		if (!mayPass(status)) {
			if (status >= 300) {
				functions.logger.warn(
					`${functions.getNode().name} could not wake a waiting execution (HTTP ${status}): it goes on at its time limit`,
				);
			}
			return;
		}
		if (Date.now() - start > longest) break;
		// Each at another moment: events that came together would come back together.
		await sleep(pause / 2 + Math.random() * pause);
	}
	functions.logger.warn(
		`${functions.getNode().name} found no execution that waits for a call that has ended: it may have gone on at its time limit`,
	);
}

/**
 * Wakes the execution that waits for this call, if its reference is a sealed way back of the account. It
 * goes on after the provider has had its answer; what is under way is lost when the process dies: the
 * price is a wait until the limit, never a second call.
 * @param secret what only the account knows
 */
export function wakeWaiting(
	functions: IWebhookFunctions,
	reference: string,
	secret: string,
): Promise<void> | null {
	const wayBack = openWayBack(reference, secret);
	const base = wayBack === null ? null : waitingBase(functions);
	if (wayBack === null || base === null) return null;
	return keepKnocking(functions, `${base}${wayBack}`);
}
