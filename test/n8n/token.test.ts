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
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const fetches = () => simulator.requests.filter(({ url }) => url === '/v3/auth/token').length;
	const withKey = () => ({ ...autocallSend(simulator), credentials: keyAccount(simulator) });

	for (const tokenForm of ['flat', 'wrapped'] as const) {
		it(`is fetched once for many calls at a time, and stored (${tokenForm} answer)`, async () => {
			simulator.change({ tokenForm, latencyMs: 10 });
			const run = await runNode({ ...withKey(), items: items(25) });
			assert.equal(run.run.status, 'success', leftBehind(run));
			assert.equal(fetches(), 1);
			assert.equal(simulator.counters.placed, 25);
			assert.equal(run.credentialsHelper.updates.length, 1);
			assert.match(text(run.credentialsHelper.stored['autocallApi']?.['sessionToken']), /issued/);
		});
	}

	it('is kept for the next execution', async () => {
		const first = await runNode({ ...withKey(), items: items(1) });
		await runNode({ ...withKey(), items: items(2), credentialsHelper: first.credentialsHelper });
		assert.equal(fetches(), 1);
	});

	it('is fetched anew, once, when it is refused, and no call is lost or placed twice', async () => {
		const first = await runNode({ ...withKey(), items: items(1) });
		simulator.revokeIssuedTokens();
		simulator.change({ latencyMs: 10 });
		const { credentialsHelper } = first;
		const run = await runNode({ ...withKey(), items: items(20), credentialsHelper });
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
		const token = text(run.credentialsHelper.stored['autocallApi']?.['sessionToken']);
		const said = leftBehind(run);
		assert.ok(!said.includes(token) && !said.includes(SIMULATOR_API_KEY), said);
	});

	it('is sent once when it is a ready one, though it is refused', async () => {
		const node = bitelSend(simulator);
		const bitelApi = { ...node.credentials['bitelApi'], token: 'not-a-good-one' };
		const run = await runNode({ ...node, credentials: { bitelApi }, items: phones(1) });
		assert.equal(shown(run.error).details.kind, 'not-authorized');
		assert.equal(simulator.counters.sends, 1);
	});
});
