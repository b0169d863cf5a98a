import assert from 'node:assert/strict';

import {
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	SIMULATOR_API_KEY,
	SIMULATOR_TOKEN,
	createManualClock,
	startSimulator,
} from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { sample } from '../fixtures/samples';
import { RunningFlow, at, hosts, namesIn, passTimeWith } from './runningFlow';
import type { Fields } from './runningFlow';

const fromMessage = {
	type: 'send-otp-call',
	phoneNumber: 'payload.phoneNumber',
	phoneNumberType: 'msg',
	code: 'payload.code',
	codeType: 'msg',
};

for (const host of hosts) {
	describe(`send-otp-call in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;

		beforeEach(async () => {
			simulator = await startSimulator({ clock: createManualClock(1_700_000_000_000) });
		});
		afterEach(async () => {
			await flow.stop();
			await simulator.close();
		});

		const bitel = async (node: Fields = {}, account: Fields = {}): Promise<void> => {
			flow = await RunningFlow.start(
				host,
				{ ...fromMessage, ...node },
				{ provider: 'bitel', baseUrl: simulator.url, ...account },
				{ token: SIMULATOR_TOKEN },
			);
		};
		const autocall = async (node: Fields = {}, account: Fields = {}): Promise<void> => {
			flow = await RunningFlow.start(
				host,
				{
					...fromMessage,
					campaign: SEED_CAMPAIGN_UUID,
					campaignType: 'str',
					template: SEED_TEMPLATE_NAME,
					templateType: 'str',
					...node,
				},
				{ provider: 'autocall', baseUrl: simulator.url, ...account },
				{ token: SIMULATOR_TOKEN, apiKey: SIMULATOR_API_KEY },
			);
		};
		const sandbox = async (node: Fields = {}): Promise<void> => {
			flow = await RunningFlow.start(host, { ...fromMessage, ...node }, { provider: 'sandbox' });
		};
		const person = { payload: { phoneNumber: '09123456789', code: '80417' } };

		it("sends Bitel's documented request and puts out the call field by field", async () => {
			await bitel({
				repeatCount: '3',
				repeatCountType: 'num',
				retryCount: '2',
				retryCountType: 'num',
			});
			const { messages, completed } = await flow.answer({ ...person, topic: 'sign-up' });
			const [sent] = simulator.requests;
			assert.equal(sent?.url, '/api/v2/voice/otp');
			assert.equal(sent?.headers.authorization, `Bearer ${SIMULATOR_TOKEN}`);
			assert.equal(sent?.headers['content-type'], 'application/json');
			assert.deepEqual(sent?.json, {
				phoneNumber: '09123456789',
				text: '80417',
				repeatCount: '3',
				retryCount: 2,
			});
			assert.equal(completed, 1);
			assert.equal(messages.length, 1);
			assert.equal(messages[0]?.['topic'], 'sign-up');
			assert.deepEqual(messages[0]?.['payload'], {
				provider: 'bitel',
				callId: sent?.placedCallId,
				phoneNumber: '+989123456789',
				status: 'queued',
				reason: null,
				final: false,
				answered: null,
				requestedAt: new Date(Math.floor(simulator.clock.now() / 1000) * 1000).toISOString(),
				answeredAt: null,
				endedAt: null,
				durationSeconds: null,
				billedSeconds: 0,
				cost: null,
			});
		});

		it('sends the request of the Autocall document, whose account holds an API key', async () => {
			const documented = sample('autocall-send.request');
			await autocall(
				{ campaign: '', template: documented['template'], refId: 'order', refIdType: 'msg' },
				{ authentication: 'apiKey', campaign: documented['campaign_uuid'] },
			);
			const result = await flow.result({
				payload: { phoneNumber: documented['phone_number'], code: documented['code_otp'] },
				order: documented['ref_id'],
			});
			// Autocall does not say it: it is when we asked.
			const requestedAt = String(at(result, 'requestedAt'));
			assert.ok(Math.abs(Date.parse(requestedAt) - Date.now()) < 60_000, requestedAt);
			const sent = simulator.requests.filter(({ url }) => url === '/v3/autocall/otp');
			assert.equal(sent.length, 1);
			assert.deepEqual(sent[0]?.json, documented);
			assert.deepEqual(result, {
				provider: 'autocall',
				callId: documented['ref_id'],
				phoneNumber: '+84332665711',
				status: 'queued',
				reason: null,
				final: false,
				answered: null,
				requestedAt,
				answeredAt: null,
				endedAt: null,
				durationSeconds: null,
				billedSeconds: null,
				cost: null,
			});
		});

		it('fetches one token for many messages, and another after a 401', async () => {
			await autocall({}, { authentication: 'apiKey' });
			const vietnamese = { payload: { phoneNumber: '0332665711', code: 'A1' } };
			const tokens = () => simulator.requests.filter(({ url }) => url === '/v3/auth/token').length;
			await Promise.all([1, 2, 3, 4].map(() => flow.result(vietnamese)));
			assert.equal(tokens(), 1);
			simulator.revokeIssuedTokens();
			await flow.result(vietnamese);
			assert.equal(tokens(), 2);
			assert.equal(simulator.calls.length, 5);
		});

		it('uses the server ID of the account for a node that names none', async () => {
			await bitel({}, { serverId: 'e3f1c1a0' });
			await flow.answer(person);
			assert.equal(at(simulator.requests[0]?.json, 'serverId'), 'e3f1c1a0');
		});

		it('lets the node decide before the account', async () => {
			await bitel({ serverId: 'line', serverIdType: 'msg' }, { serverId: 'e3f1c1a0' });
			await flow.answer({ ...person, line: 'own' });
			assert.equal(at(simulator.requests[0]?.json, 'serverId'), 'own');
		});

		it('leaves out fields of another provider that the node still holds', async () => {
			await bitel({ campaign: SEED_CAMPAIGN_UUID, template: 'x', refId: 'y' });
			await flow.result(person);
			assert.deepEqual(namesIn(simulator.requests[0]?.json), ['phoneNumber', 'text']);
		});

		it('leaves out fields that are empty, as the editor saves them', async () => {
			const empty = { repeatCount: '', repeatCountType: 'num', voiceId: '', voiceIdType: 'msg' };
			await bitel({ ...empty, retryCount: '', retryCountType: 'num', timeout: '', serverId: '' });
			await flow.result(person);
			assert.deepEqual(namesIn(simulator.requests[0]?.json), ['phoneNumber', 'text']);
		});

		it("adds the provider's record without the code when it is not to simplify", async () => {
			await bitel({ simplify: false });
			const { raw } = await flow.result(person);
			assert.equal(at(raw, 'status'), 'WAITING');
			assert.ok(!JSON.stringify(raw).includes('80417'));
		});

		it('takes its values from a context, an expression, the environment, or a fixed text', async () => {
			process.env['OTP_CALL_TEST_NUMBER'] = '09123456780';
			try {
				await sandbox({
					phoneNumber: 'OTP_CALL_TEST_NUMBER',
					phoneNumberType: 'env',
					code: '$substring(payload.words, 5)',
					codeType: 'jsonata',
				});
				const result = await flow.result({ payload: { words: 'code 77' } });
				assert.equal(result['phoneNumber'], '+989123456780');
			} finally {
				delete process.env['OTP_CALL_TEST_NUMBER'];
			}
		});

		it('takes a fixed number without a type, as a flow written by hand has it', async () => {
			await bitel({
				phoneNumber: '09123456789',
				phoneNumberType: undefined,
				code: 123,
				codeType: undefined,
			});
			await flow.result({});
			assert.equal(at(simulator.requests[0]?.json, 'text'), '123');
		});

		it('makes codes that the provider can read, sends them and puts them out', async () => {
			await bitel({ generateCode: true, codeLength: '4', codeAlphabet: 'digits' });
			const { code } = await flow.result(person);
			assert.match(String(code), /^\d{4}$/);
			assert.equal(at(simulator.requests[0]?.json, 'text'), code);
		});

		it('waits for the end, shows the call on the way, and sends each change', async () => {
			await bitel({ waitForResult: true, emitChanges: true, pollInterval: '1' });
			simulator.change({ queuedMs: 9_000, ringsMs: 4_000, talksMs: 5_000 });
			const time = passTimeWith(simulator);
			try {
				const { messages, completed } = await flow.answer({ ...person, topic: 't' });
				const seen = messages.map(({ payload }) => at(payload, 'status'));
				assert.deepEqual(seen, ['queued', 'completed']);
				assert.deepEqual(
					messages.map(({ topic }) => topic),
					['t', 't'],
				);
				assert.equal(completed, 1);
				assert.deepEqual(flow.words().slice(-2), ['queued •••6789', 'completed •••6789']);
				assert.ok(Math.abs((time.slept[0] ?? 0) - 8_000) < 1, String(time.slept[0]));
			} finally {
				time.restore();
			}
		});

		it('believes busy at once when the provider was told not to call again', async () => {
			await bitel({ waitForResult: true, retryCount: '0', retryCountType: 'num' });
			const time = passTimeWith(simulator);
			try {
				const started = simulator.clock.now();
				const busy = { payload: { phoneNumber: '09123456701', code: '1' } };
				assert.equal((await flow.result(busy))['status'], 'busy');
				assert.ok(simulator.clock.now() - started < 15_000);
			} finally {
				time.restore();
			}
		});

		it('says with the last known call that a wait took too long', async () => {
			await bitel({ waitForResult: true, waitTimeout: '30' });
			simulator.change({ queuedMs: 500_000 });
			const time = passTimeWith(simulator);
			try {
				const error = await flow.failure(person);
				assert.equal(error.code, 'wait-timeout');
				assert.equal(error.cause['callMayHaveBeenPlaced'], true);
				assert.equal(at(error.cause['call'], 'status'), 'queued');
				assert.deepEqual(flow.statuses().at(-1), {
					fill: 'red',
					shape: 'ring',
					text: 'wait timeout',
				});
			} finally {
				time.restore();
			}
		});

		it('lets no sign of its own through, nor one that was typed, into what it says', async () => {
			await bitel({ serverId: '‹account›', repeatCount: '‹1|2|3›', repeatCountType: 'str' });
			const error = await flow.failure(person);
			assert.equal(error.cause['field'], 'repeatCount');
			assert.match(error.message, /^Repeat Count must be a whole number/);
		});

		it('needs no token for the sandbox, whose numbers choose their ends', async () => {
			await sandbox();
			const failed = await flow.failure({ payload: { phoneNumber: '09123456707', code: '1' } });
			assert.equal(failed.code, 'refused');
			const limited = await flow.failure({ payload: { phoneNumber: '09123456708', code: '1' } });
			assert.equal(limited.code, 'rate-limited');
			const lost = await flow.failure({ payload: { phoneNumber: '09123456709', code: '1' } });
			assert.equal(lost.code, 'outcome-unknown');
			assert.equal(lost.cause['callMayHaveBeenPlaced'], true);
			const fine = await flow.result({ payload: { phoneNumber: '0332665711', code: '1' } });
			assert.match(String(fine['callId']), /^sandbox-84332665711-/);
		});

		it('gives a Catch node the kind, the remedy and the details, and shows red', async () => {
			await bitel();
			const error = await flow.failure({ payload: { phoneNumber: '110', code: '12345' } });
			assert.equal(error.code, 'invalid-input');
			assert.equal(error.cause['field'], 'phoneNumber');
			assert.equal(error.cause['callMayHaveBeenPlaced'], false);
			assert.equal(
				error.message,
				'Phone Number is not a possible phone number of Iran (taken from msg.payload.phoneNumber). Use a number of Iran such as 09123456789.',
			);
			assert.deepEqual(flow.statuses().at(-1), {
				fill: 'red',
				shape: 'ring',
				text: 'invalid input',
			});
			assert.equal(simulator.requests.length, 0);
		});

		it('says what to do about a token that the provider does not accept', async () => {
			await bitel();
			simulator.faults.add({ fault: { kind: 'status', status: 401 } });
			const error = await flow.failure(person);
			assert.equal(error.code, 'not-authorized');
			assert.match(error.message, /Get a new token from Bitel and enter it under Token/);
			assert.equal(simulator.counters.sends, 1);
		});

		it('shows the call by its word and the last digits, in under 20 characters', async () => {
			await bitel();
			await flow.result(person);
			assert.deepEqual(flow.statuses().at(-1), {
				fill: 'blue',
				shape: 'dot',
				text: 'queued •••6789',
			});
			for (const word of flow.words()) assert.ok(String(word).length < 20, word);
			assert.ok(flow.words().includes('sending •••6789'));
		});
	});
}
