import assert from 'node:assert/strict';

import { SIMULATOR_API_KEY, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { autocallSend, bitelSend, keyAccount, phones, vietnamese } from './accounts';
import { runNode } from './engine';
import { leftBehind } from './secrets';
import { record, shown, text } from './reading';

const items = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ phone: vietnamese(index), code: '1' }));

describe('the token of an Autocall account in n8n', () => {
	let simulator: Simulator;
	// Another address for each test: a process remembers the tokens of an account.
	beforeEach(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => simulator.close());

	const fetches = () => simulator.requests.filter(({ url }) => url === '/v3/auth/token').length;
	const withKey = () => ({ ...autocallSend(simulator), credentials: keyAccount(simulator) });

	for (const tokenForm of ['flat', 'wrapped'] as const) {
		it(`is fetched once for many calls at a time (${tokenForm} answer)`, async () => {
			simulator.change({ tokenForm, latencyMs: 10 });
			const run = await runNode({ ...withKey(), items: items(25) });
			assert.equal(run.run.status, 'success', leftBehind(run));
			assert.equal(fetches(), 1);
			assert.equal(simulator.counters.placed, 25);
		});
	}

	it('is kept for the next execution', async () => {
		await runNode({ ...withKey(), items: items(1) });
		await runNode({ ...withKey(), items: items(2) });
		assert.equal(fetches(), 1);
	});

	it('is fetched anew, once, when it is refused, and no call is lost or placed twice', async () => {
		await runNode({ ...withKey(), items: items(1) });
		simulator.revokeIssuedTokens();
		simulator.change({ latencyMs: 10 });
		const run = await runNode({ ...withKey(), items: items(20) });
		assert.equal(run.run.status, 'success', leftBehind(run));
		assert.equal(fetches(), 2);
		assert.equal(simulator.counters.placed, 21);
	});

	it('is not fetched for ever when every token is refused', async () => {
		simulator.faults.add({ fault: { kind: 'status', status: 401 }, match: { operation: 'send' } });
		const run = await runNode({ ...withKey(), items: items(1) });
		assert.equal(shown(run.error).details.kind, 'not-authorized');
		assert.ok(fetches() <= 2);
		assert.equal(simulator.counters.sends, 2);
	});

	it('cannot be had with a wrong API key: the error says so, once for all items', async () => {
		const credentials = { autocallApi: { baseUrl: simulator.url, apiKey: 'wrong-key-91' } };
		const run = await runNode({
			...withKey(),
			credentials,
			items: items(30),
			settings: { onError: 'continueRegularOutput' },
		});
		const [output = []] = run.outputs;
		assert.equal(output.length, 30);
		for (const { json } of output) {
			assert.match(text(json['error']), /did not accept the API Key/);
			assert.equal(record(json['details']).kind, 'not-authorized');
			assert.equal(record(json['details']).callMayHaveBeenPlaced, false);
		}
		assert.equal(fetches(), 1);
		assert.equal(simulator.counters.sends, 0);
		assert.ok(!leftBehind(run).includes('wrong-key-91'));
	});

	it('comes out nowhere, and neither does the API key', async () => {
		simulator.faults.add({
			fault: { kind: 'status', status: 400, body: { error: SIMULATOR_API_KEY } },
			match: { operation: 'send' },
		});
		const run = await runNode({ ...withKey(), items: items(2) });
		const sent = simulator.requests.at(-1)?.headers.authorization ?? '';
		assert.match(sent, /^Bearer \S*issued/);
		const said = leftBehind(run);
		const token = sent.replace('Bearer ', '');
		assert.ok(!said.includes(token) && !said.includes(SIMULATOR_API_KEY), said);
	});

	it('keeps the limit of a request when it does not come, and leaves nobody called', async () => {
		simulator.faults.add({ fault: { kind: 'never-answer' }, match: { operation: 'other' } });
		const start = performance.now();
		const run = await runNode({
			...autocallSend(simulator, { options: { timeout: 0.5 } }),
			credentials: keyAccount(simulator),
			items: items(4),
			settings: { onError: 'continueRegularOutput' },
		});
		for (const { json } of run.outputs[0] ?? []) {
			assert.match(text(json['error']), /gave no token in time, so nothing was sent/);
			assert.equal(record(json['details']).callMayHaveBeenPlaced, false);
		}
		assert.ok(performance.now() - start < 3_000);
		assert.equal(fetches(), 1);
		assert.equal(simulator.counters.sends, 0);
	});

	it('is sent once when it is a ready one, though it is refused', async () => {
		const node = bitelSend(simulator);
		const bitelApi = { ...node.credentials['bitelApi'], token: 'not-a-good-one' };
		const run = await runNode({ ...node, credentials: { bitelApi }, items: phones(1) });
		assert.equal(shown(run.error).details.kind, 'not-authorized');
		assert.equal(simulator.counters.sends, 1);
	});
});
