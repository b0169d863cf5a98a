import assert from 'node:assert/strict';

import {
	BITEL_SERVER_ID,
	SEED_CAMPAIGN_UUID,
	SIMULATOR_TOKEN,
	startSimulator,
} from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { sample } from '../fixtures/samples';
import { autocallSend, bitelSend, keyAccount, sandboxSend } from './accounts';
import { runNode } from './engine';
import type { NodeRun } from './engine';
import { isOnlyInInput } from './secrets';
import { record, text } from './reading';

const results = ({ outputs, error }: NodeRun) => {
	assert.equal(error, undefined);
	return (outputs[0] ?? []).map(({ json }) => json);
};

describe('Send OTP Call in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const body = () => simulator.requests[0]?.json;

	it('sends the request of the Bitel document and puts out the documented answer field by field', async () => {
		const run = await runNode({
			...bitelSend(simulator),
			items: [{ phone: '+98 912 345 6789', code: '1234' }],
		});
		const [request] = simulator.requests;
		assert.equal(request?.method, 'POST');
		assert.equal(request.url, '/api/v2/voice/otp');
		assert.equal(request.headers.authorization, `Bearer ${SIMULATOR_TOKEN}`);
		assert.equal(request.headers['content-type'], 'application/json');
		assert.equal(request.headers.accept, 'application/json');
		assert.deepEqual(request.json, sample('bitel-send.request'));
		const [call] = simulator.calls;
		const [result] = results(run);
		assert.deepEqual(result, {
			provider: 'bitel',
			callId: call?.callId,
			phoneNumber: '+989123456789',
			status: 'queued',
			reason: null,
			final: false,
			answered: null,
			requestedAt: result?.['requestedAt'],
			answeredAt: null,
			endedAt: null,
			durationSeconds: null,
			billedSeconds: 0,
			cost: null,
		});
		assert.match(text(result?.['requestedAt']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
	});

	it('sends the options of Bitel in the types of its document', async () => {
		await runNode({
			...bitelSend(simulator, {
				bitelOptions: {
					repeatCount: 3,
					retryCount: 0,
					serverId: BITEL_SERVER_ID,
					voiceId: 'welcome',
				},
			}),
			items: [{ phone: '09123456789', code: '01234' }],
		});
		assert.deepEqual(body(), {
			phoneNumber: '09123456789',
			text: '01234',
			repeatCount: '3',
			retryCount: 0,
			serverId: BITEL_SERVER_ID,
			voiceId: 'welcome',
		});
	});

	it('takes the server of the credential when the node names none', async () => {
		const node = bitelSend(simulator);
		const run = await runNode({
			...node,
			credentials: { bitelApi: { ...node.credentials['bitelApi'], serverId: BITEL_SERVER_ID } },
			items: [{ phone: '09123456789', code: '1' }],
		});
		assert.equal(results(run).length, 1);
		assert.deepEqual(body(), { phoneNumber: '09123456789', text: '1', serverId: BITEL_SERVER_ID });
	});

	it('sends the request of the Autocall document', async () => {
		const run = await runNode({
			...autocallSend(simulator, { refId: 'ABC123' }),
			items: [{ phone: '84332665711', code: 'LUAN001' }],
		});
		// The reference is the user's own: it must be new.
		const [question, request] = simulator.requests;
		assert.equal(question?.url, '/v3/autocall/log/ABC123/ref_id');
		assert.equal(request?.method, 'POST');
		assert.equal(request.url, '/v3/autocall/otp');
		assert.equal(request.headers.authorization, `Bearer ${SIMULATOR_TOKEN}`);
		assert.deepEqual(request.json, sample('autocall-send.request'));
		const [{ requestedAt, ...call } = {}] = results(run);
		// Autocall does not say it: it is when we asked.
		assert.ok(Math.abs(Date.parse(text(requestedAt)) - Date.now()) < 60_000, text(requestedAt));
		assert.deepEqual(
			[call],
			[
				{
					provider: 'autocall',
					callId: 'ABC123',
					phoneNumber: '+84332665711',
					status: 'queued',
					reason: null,
					final: false,
					answered: null,
					answeredAt: null,
					endedAt: null,
					durationSeconds: null,
					billedSeconds: null,
					cost: null,
				},
			],
		);
	});

	it('makes a reference for an Autocall that has none, and another one for each call', async () => {
		const run = await runNode({
			...autocallSend(simulator),
			items: [
				{ phone: '0332665711', code: '1' },
				{ phone: '0332665712', code: '1' },
			],
		});
		const callIds = results(run).map(({ callId }) => callId);
		assert.equal(new Set(callIds).size, 2);
		assert.deepEqual(
			simulator.requests.map(({ json }) => record(json)['ref_id']),
			callIds,
		);
	});

	it('uses the campaign of the credential when the node names none', async () => {
		const node = autocallSend(simulator, { campaign: { __rl: true, mode: 'list', value: '' } });
		const account = { ...node.credentials['autocallApi'], campaignUuid: SEED_CAMPAIGN_UUID };
		await runNode({
			...node,
			credentials: { autocallApi: account },
			items: [{ phone: '0332665711', code: '1' }],
		});
		assert.equal(record(body())['campaign_uuid'], SEED_CAMPAIGN_UUID);
	});

	for (const pasted of [
		`  ${SEED_CAMPAIGN_UUID}\n`,
		`https://portal.example.com/campaigns/${SEED_CAMPAIGN_UUID}/edit?tab=1`,
		`campaign_uuid: "${SEED_CAMPAIGN_UUID}",`,
	]) {
		it(`finds the campaign in what was pasted: ${JSON.stringify(pasted)}`, async () => {
			await runNode({
				...autocallSend(simulator, { campaign: { __rl: true, mode: 'id', value: pasted } }),
				items: [{ phone: '0332665711', code: '1' }],
			});
			assert.equal(record(body())['campaign_uuid'], SEED_CAMPAIGN_UUID);
		});
	}

	it('gets a token for the API key of the account', async () => {
		const run = await runNode({
			...autocallSend(simulator),
			credentials: keyAccount(simulator),
			items: [{ phone: '0332665711', code: '1' }],
		});
		assert.equal(results(run).length, 1);
		assert.deepEqual(
			simulator.requests.map(({ url }) => url),
			['/v3/auth/token', '/v3/autocall/otp'],
		);
	});

	it('adds the record of the provider, without the code, when it is not to simplify', async () => {
		const run = await runNode({
			...bitelSend(simulator, { simplify: false }),
			items: [{ phone: '09123456789', code: '48213' }],
		});
		const [result] = results(run);
		assert.deepEqual(
			Object.keys(record(result?.['raw'])),
			Object.keys(record(sample('bitel-send.answer')['result'])),
		);
		assert.ok(isOnlyInInput(run, '48213'));
	});

	it('calls nobody with the sandbox, and needs no account for it', async () => {
		const run = await runNode({
			...sandboxSend(),
			items: [{ phone: '09123456789', code: '123456' }],
		});
		const [result] = results(run);
		assert.equal(result?.['status'], 'queued');
		assert.match(text(result['callId']), /^sandbox-989123456789-/);
		assert.equal(simulator.counters.requests, 0);
	});

	it('puts out results in the order of their items and linked to them, whichever is answered first', async () => {
		simulator.faults.add({
			fault: { kind: 'delay', ms: 150 },
			match: { phoneNumber: '09123000050' },
		});
		const items = Array.from({ length: 5 }, (_, n) => ({ phone: `0912300${n}050`, code: '12' }));
		const run = await runNode({ ...bitelSend(simulator), items });
		assert.deepEqual(
			run.outputs[0]?.map(({ json, pairedItem }) => [json['phoneNumber'], pairedItem]),
			items.map(({ phone }, item) => [`+98${phone.slice(1)}`, { item }]),
		);
	});

	it('follows a call to its end when it is to wait for the result', async () => {
		simulator.change({ queuedMs: 100, ringsMs: 200, talksMs: 300 });
		const run = await runNode({
			...bitelSend(simulator, {
				waitForResult: true,
				bitelOptions: { retryCount: 0 },
				options: { waitTimeout: 1 },
			}),
			items: [
				{ phone: '09123456789', code: '12345' },
				{ phone: '09123456701', code: '12345' },
			],
		});
		assert.deepEqual(
			results(run).map(({ status, final, phoneNumber }) => [status, final, phoneNumber]),
			[
				['completed', true, '+989123456789'],
				['busy', true, '+989123456701'],
			],
		);
		assert.equal(simulator.counters.sends, 2);
	});

	it('says with the call when a wait takes too long', async () => {
		const run = await runNode({
			...bitelSend(simulator, { waitForResult: true, options: { waitTimeout: 0.5 } }),
			items: [{ phone: '09123456789', code: '1' }],
			settings: { onError: 'continueRegularOutput' },
		});
		const [result] = results(run);
		const details = record(result?.['details']);
		assert.equal(details.kind, 'wait-timeout');
		assert.equal(details.callMayHaveBeenPlaced, true);
		assert.equal(details.callId, simulator.calls[0]?.callId);
		assert.equal(record(details.call).status, 'queued');
	});
});
