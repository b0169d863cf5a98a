import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	SIMULATOR_API_KEY,
	SIMULATOR_TOKEN,
	type Simulator,
	startSimulator,
} from '../../tools/simulator';
import { isJsonObject } from '../../providers/reading/json';
import { autocallSend, bitelSend, iranian, vietnamese } from '../n8n/accounts';
import type { Fields } from '../node-red/runningFlow';
import { n8nInQueueMode, nodeRedWith } from './hosts/hooks';
import { at } from './hosts/n8nApi';
import { eventually, repository, say } from './hosts/programs';

/** The providers with a server of their own, and whom they call. */
const people = { bitel: iranian(1), autocall: vietnamese(1) } as const;
const providers = ['bitel', 'autocall'] as const;
type ProviderName = (typeof providers)[number];

const exampleOf = (folder: string): unknown =>
	JSON.parse(readFileSync(join(repository, folder, 'call and wait, restart-safe.json'), 'utf8'));

const objectsIn = (value: unknown): readonly Fields[] =>
	Array.isArray(value) ? value.filter((entry) => isJsonObject(entry)) : [];

let simulator: Simulator;
before(async () => {
	simulator = await startSimulator();
});
beforeEach(() => {
	simulator.reset();
	simulator.change({ queuedMs: 500, ringsMs: 500, talksMs: 6_000 });
});
after(() => simulator.close());
const placedFor = (provider: ProviderName): number =>
	simulator.counters.placedByNumber.get(people[provider]) ?? 0;

describe('The example “call and wait, restart-safe” in n8n', () => {
	it('goes on after the death of every process, with the result of its one call', async () => {
		const n8n = await n8nInQueueMode();
		const accounts = { bitel: bitelSend(simulator), autocall: autocallSend(simulator) };
		const open = async (provider: ProviderName): Promise<string> => {
			const { credentials, parameters } = accounts[provider];
			const [[type = '', data = {}] = []] = Object.entries(credentials);
			const stored = { [type]: await n8n.createCredential(type, data) };
			const { campaign, template } = parameters;
			const example = exampleOf('examples/n8n');
			// What a user fills in after the import.
			const nodes = objectsIn(at(example, 'nodes')).map((node) => {
				const own = isJsonObject(node['parameters']) ? node['parameters'] : {};
				if (node['name'] === 'Order') {
					const text = JSON.stringify(node).replace('09123456789', people[provider]);
					return JSON.parse(text) as unknown;
				}
				if (!String(node['type']).startsWith('n8n-nodes-otp-call.')) return node;
				const chosen = { ...own, provider, ...(campaign !== undefined && { campaign, template }) };
				return { ...node, credentials: stored, parameters: chosen };
			});
			assert.ok(isJsonObject(example));
			// As the editor does: the file's ID would make the second import a change of the first.
			const { id: _id, ...workflow } = example;
			return await n8n.importWorkflow({ ...workflow, nodes });
		};
		const workflows = await Promise.all(providers.map(open));
		await Promise.all(workflows.map((workflow) => n8n.runManually(workflow, 'Start')));
		const statuses = async () =>
			(await Promise.all(workflows.map((workflow) => n8n.executions(workflow))))
				.flat()
				.map(({ status }) => status);
		await eventually('Both are parked', async () => {
			const seen = await statuses();
			return seen.length === 2 && seen.every((status) => status === 'waiting');
		});
		const all = ['main', 'webhook', ...n8n.workers] as const;
		await Promise.all(all.map((name) => n8n.kill(name)));
		await n8n.restart('main');
		await Promise.all(all.slice(1).map((name) => n8n.restart(name)));
		for (const workflow of workflows) {
			const [execution] = await n8n.allEnded(workflow, 1);
			assert.equal(execution?.status, 'success');
			const [result] = execution.outputsOf('The Code Was Heard')[0] ?? [];
			assert.equal(at(result, 'status'), 'completed');
			assert.equal(at(result, 'answered'), true);
		}
		say(`parked, everything killed, went on: ${providers.map(placedFor).join(' and ')} call`);
		assert.deepEqual(providers.map(placedFor), [1, 1]);
		assert.equal(simulator.counters.sends, 2);
	}).timeout(420_000);
});

describe('The example “call and wait, restart-safe” in Node-RED', () => {
	const accounts: Readonly<Record<ProviderName, () => Fields>> = {
		bitel: () => ({ credentials: { token: SIMULATOR_TOKEN } }),
		autocall: () => ({
			campaign: SEED_CAMPAIGN_UUID,
			credentials: { apiKey: SIMULATOR_API_KEY },
		}),
	};
	/** What a user fills in after the import; the result is to be seen in the log. */
	const filledIn = (node: Fields, provider: ProviderName): Fields => {
		const own = { ...accounts[provider](), provider, baseUrl: simulator.url };
		switch (node['id']) {
			case 'otp7-account':
				return { ...node, ...own };
			case 'otp7-send':
				return { ...node, template: SEED_TEMPLATE_NAME };
			case 'otp7-order':
				return JSON.parse(JSON.stringify(node).replace('09123456789', people[provider])) as Fields;
			case 'otp7-again':
				return { ...node, repeat: '2' };
			default:
				return node['type'] === 'debug' ? { ...node, console: true } : node;
		}
	};
	const moments = {
		'before the send leaves': { operation: 'other', kind: 'never-answer', placesCall: false },
		'between the send and its answer': {
			operation: 'send',
			kind: 'never-answer',
			placesCall: true,
		},
		'while the call goes on': null,
	} as const;

	for (const [provider, moment] of [
		['autocall', 'before the send leaves'],
		['autocall', 'between the send and its answer'],
		['bitel', 'between the send and its answer'],
		['bitel', 'while the call goes on'],
		['autocall', 'while the call goes on'],
	] as const) {
		it(`is killed ${moment}, and started again (${provider})`, async () => {
			const calls = { module: 'localfilesystem', config: { cache: false } };
			const host = await nodeRedWith({ default: { module: 'memory' }, calls });
			try {
				const nodes = objectsIn(exampleOf('node-red/examples'));
				await host.deploy(nodes.map((node) => filledIn(node, provider)));
				const trouble = moments[moment];
				if (trouble !== null) {
					const { kind, operation, placesCall } = trouble;
					simulator.faults.add({ match: { operation }, fault: { kind, placesCall } });
				}
				await host.press('otp7-order');
				await eventually('It is time to kill', () =>
					moment === 'before the send leaves'
						? simulator.requests.length > 0
						: simulator.counters.sends === 1,
				);
				// An answer that comes is taken down.
				if (trouble === null) await new Promise((resolve) => setTimeout(resolve, 1_000));
				await host.kill();
				simulator.faults.clear();
				await host.startAgain();
				// Of a call without an answer that Bitel has no reference of, nobody can know.
				const isKnowable = moment === 'while the call goes on' || placedFor('autocall') === 1;
				if (isKnowable) {
					await eventually('The result is there', () =>
						/put what follows a heard code here\][\s\S]*status: 'completed'/.test(host.log),
					);
				} else await new Promise((resolve) => setTimeout(resolve, 10_000));
				const count = moment === 'before the send leaves' ? 0 : 1;
				say(
					`${String(placedFor(provider))} call, ${isKnowable ? 'its result' : 'nobody can know'}`,
				);
				assert.equal(placedFor(provider), count);
				assert.equal(simulator.counters.sends, count);
			} finally {
				await host.kill();
			}
		});
	}
});
