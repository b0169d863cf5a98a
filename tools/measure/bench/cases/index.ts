import type { OpenCase } from '../measuring/measuredCase';

/** Every case by its name. A case's file is read in its own process only, with the host it needs. */
export const openers: ReadonlyMap<string, OpenCase> = new Map<string, OpenCase>([
	['bare-pool', async (target) => (await import('./barePool')).open(target)],
	['node-red-send', async (target) => (await import('./nodeRedSend')).open(target)],
	['node-red-http-request', async (target) => (await import('./nodeRedHttpRequest')).open(target)],
	['node-red-wait', async (target) => (await import('./nodeRedWait')).open(target)],
	['node-red-loop', async (target) => (await import('./nodeRedLoop')).open(target)],
	['n8n-send', async (target) => (await import('./n8nSend')).open(target)],
	['n8n-one-after-another', async (target) => (await import('./n8nOneAfterAnother')).open(target)],
	['n8n-all-at-once', async (target) => (await import('./n8nHttpRequest')).openStandIn(target)],
	['n8n-http-request', async (target) => (await import('./n8nHttpRequest')).open(target)],
	['n8n-wait', async (target) => (await import('./n8nWait')).open(target)],
	['n8n-loop', async (target) => (await import('./n8nLoop')).open(target)],
]);
