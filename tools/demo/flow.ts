import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** A flow in Node-RED's own form, and its credentials by node. */
export interface DemoFlow {
	readonly nodes: readonly FlowNode[];
	readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type FlowNode = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** The simulated accounts behind the flow. */
export interface SimulatedAccounts {
	/** Base URL of both providers' APIs. */
	readonly url: string;
	readonly token: string;
	/** The Autocall campaign that places the calls. */
	readonly campaign: string;
}

/** The tab of the flow, as the editor's address names it. */
export const demoTab = 'otp-demo';

function isFlowNode(value: unknown): value is FlowNode {
	return (
		typeof value === 'object' &&
		value !== null &&
		'id' in value &&
		typeof value.id === 'string' &&
		'type' in value &&
		typeof value.type === 'string'
	);
}

/** What stands in the flow's file where the start fills something in. */
type Filling = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const page = join(import.meta.dirname, 'page');
/** What a user imports to have the sign-up of the page. */
const example = join(import.meta.dirname, '../../node-red/examples/sign-up form.json');

async function pageTemplates(): Promise<Filling> {
	const read = (name: string) => readFile(join(page, name), 'utf8');
	return {
		'otp-demo-html': { template: await read('page.html') },
		'otp-demo-css': { template: await read('page.css') },
		'otp-demo-js': { template: await pageScript() },
		'otp-demo-flow': { template: await readFile(example, 'utf8') },
	};
}

/** The page's script for a browser, not minified: it can be read in the flow's editor. */
async function pageScript(): Promise<string> {
	const build = await rolldown({
		input: join(page, 'page.ts'),
		platform: 'browser',
		transform: { target: 'es2022' },
	});
	try {
		const { output } = await build.generate({ format: 'iife' });
		return output[0].code;
	} finally {
		await build.close();
	}
}

const accountFields = (accounts: SimulatedAccounts, hostUrl: string): Filling => ({
	'otp-demo-bitel': { baseUrl: accounts.url },
	'otp-demo-autocall': { baseUrl: accounts.url, campaign: accounts.campaign },
	'otp-demo-event': { publicUrl: hostUrl },
});

/** Without a simulator nobody would answer the event node's registration: it is switched off. */
const withoutSimulator: Filling = { 'otp-demo-event': { d: true } };

/**
 * The flow behind the demo page.
 * @param accounts null: the simulator is off
 * @param hostUrl where Node-RED listens
 */
export async function demoFlow(
	accounts: SimulatedAccounts | null,
	hostUrl: string,
): Promise<DemoFlow> {
	const file = await readFile(join(import.meta.dirname, 'flow.json'), 'utf8');
	const parsed: unknown = JSON.parse(file);
	if (!Array.isArray(parsed) || !parsed.every(isFlowNode)) {
		throw new Error('tools/demo/flow.json is not a flow');
	}
	const filling: Filling = {
		...(await pageTemplates()),
		...(accounts === null ? withoutSimulator : accountFields(accounts, hostUrl)),
		[demoTab]: {
			env: [{ name: 'SIMULATOR', value: accounts === null ? 'off' : 'on', type: 'str' }],
		},
	};
	return {
		nodes: parsed.map((node) => ({ ...node, ...filling[node.id] })),
		credentials:
			accounts === null
				? {}
				: {
						'otp-demo-bitel': { token: accounts.token },
						'otp-demo-autocall': { token: accounts.token },
						'otp-demo-event': { secret: randomBytes(16).toString('hex') },
					},
	};
}
