import type { OpenCase } from '../measuring/measuredCase';

const load =
	(imported: () => Promise<{ readonly open: OpenCase }>): OpenCase =>
	async (target) =>
		(await imported()).open(target);

/** Every case by its name. A case's file is read in its own process only, with the host it needs. */
export const openers: ReadonlyMap<string, OpenCase> = new Map([
	['bare-pool', load(() => import('./barePool'))],
	['node-red-http-request', load(() => import('./nodeRedHttpRequest'))],
	['node-red-send', load(() => import('./nodeRedSend'))],
]);
