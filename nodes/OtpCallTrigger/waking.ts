import { sleep } from 'n8n-workflow';
import type { IWebhookFunctions } from 'n8n-workflow';

import { mayBeWayBack, openWayBack, wayBackKey } from '../../calls/wayBack';
import type { WayBack, WayBackKey } from '../../calls/wayBack';
import type { Provider } from '../../providers/contract';
import { connect } from '../http/connection';

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
 * The keys that have opened ways back, by credential, for as long as this process lasts: n8n starts an engine
 * for expressions each time that a trigger reads its credential, which takes longer than all the rest here.
 */
const keys = new Map<string, WayBackKey>();
const mostKeys = 100;

/** Null for a provider without an account. */
function credentialIdOf(functions: IWebhookFunctions, { account }: Provider): string | null {
	if (account === null) return null;
	return functions.getNode().credentials?.[account.credential]?.id ?? null;
}

async function open(
	functions: IWebhookFunctions,
	provider: Provider,
	reference: string,
): Promise<WayBack | null> {
	if (!mayBeWayBack(reference)) return null;
	const credentialId = credentialIdOf(functions, provider);
	const known = credentialId === null ? undefined : keys.get(credentialId);
	const openedByKnown = known === undefined ? null : openWayBack(reference, known);
	if (openedByKnown !== null) return openedByKnown;
	const { context } = await connect(functions, provider);
	const key = wayBackKey(context.lastingSecret);
	const opened = openWayBack(reference, key);
	if (opened !== null && credentialId !== null) {
		if (keys.size >= mostKeys) keys.clear();
		keys.set(credentialId, key);
	}
	return opened;
}

/**
 * Wakes the execution that waits for this call, if its reference is a sealed way back of the account. It
 * goes on after the provider has had its answer; what is under way is lost when the process dies: the
 * price is a wait until the limit, never a second call.
 * @returns whether there is one to wake
 */
export async function wakeWaiting(
	functions: IWebhookFunctions,
	provider: Provider,
	reference: string,
): Promise<boolean> {
	const wayBack = await open(functions, provider, reference);
	const base = wayBack === null ? null : waitingBase(functions);
	if (wayBack === null || base === null) return false;
	void keepKnocking(functions, `${base}${wayBack}`);
	return true;
}
