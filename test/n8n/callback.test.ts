import assert from 'node:assert/strict';
import type { INodeParameters, IRunExecutionData, IWebhookResponseData } from 'n8n-workflow';

import { createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { vietnamese } from './accounts';
import { loadPackage, runNode, wakeNode } from './engine';
import { record, shown, text } from './reading';
import { leftBehind } from './secrets';

/** Two secrets that are long enough for nobody to write them by chance. */
const keys = { apiKey: 'api-key-9f8e7d6c5b4a', secretKey: 'secret-key-0a1b2c3d4e5f' };

describe('A call whose provider takes an address with it, in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator({
			clock: createManualClock(),
			tokens: Object.values(keys),
		});
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const node = (parameters: INodeParameters = {}) => ({
		type: 'sendOtpCall',
		credentials: { esmsApi: { ...keys, baseUrl: simulator.url } },
		parameters: {
			provider: 'esms',
			phoneNumber: '={{ $json.phone }}',
			code: '={{ $json.code }}',
			waitForResult: true,
			options: { waitFor: 'event' },
			...parameters,
		},
	});
	const items = [{ phone: vietnamese(1), code: '80417' }];
	const send = (parameters: INodeParameters = {}) => runNode({ ...node(parameters), items });
	const park = async (parameters: INodeParameters = {}): Promise<IRunExecutionData> => {
		const run = await send(parameters);
		assert.ok(run.run.data.waitTill ?? run.run.waitTill, shown(run.error).message);
		return run.run.data;
	};
	const sentBody = () => record(simulator.requests[0]?.json);
	const lookUps = () => simulator.requests.filter(({ method }) => method === 'GET').length;
	const wokenItem = ({ workflowData }: IWebhookResponseData) => workflowData?.[0]?.[0];
	const staysParked = (woken: IWebhookResponseData) => {
		assert.equal(woken.workflowData, undefined);
		assert.deepEqual(woken.webhookResponse, { resumed: false });
	};

	it('is parked, and its provider is told where this execution is woken', async () => {
		await park();
		const address = new URL(text(sentBody()['CallbackUrl']));
		assert.match(address.pathname, /^\/webhook-waiting\//);
		assert.equal([...address.searchParams.keys()].at(-1), 'by');
		assert.equal(simulator.requests.length, 1);
	});

	it('is woken by a GET as well as by a POST, at the same path', async () => {
		const { type } = (await loadPackage()).getNode('sendOtpCall');
		assert.ok('description' in type && 'webhooks' in type.description);
		const { webhooks = [] } = type.description;
		assert.deepEqual(
			webhooks.map(({ httpMethod, path, restartWebhook }) => [httpMethod, path, restartWebhook]),
			[
				['POST', '', true],
				['GET', '', true],
			],
		);
	});

	it('keeps its signature whole where parameters are appended with a second question mark', async () => {
		await park();
		const address = text(sentBody()['CallbackUrl']);
		const signature = new URL(address).searchParams.get('signature') ?? '';
		assert.notEqual(signature, '');
		const appended = new URL(`${address}?SMSID=x&SendStatus=5`).searchParams;
		assert.equal(appended.get('signature'), signature);
	});

	it('goes on with the record that the credential shows, which never says who took it', async () => {
		const parked = await park();
		await simulator.clock.advance(60_000);
		const item = wokenItem(await wakeNode(node(), parked));
		assert.deepEqual(
			[item?.json['status'], item?.json['final'], item?.json['answered']],
			['completed', true, null],
		);
		assert.equal(item?.json['phoneNumber'], `+84${vietnamese(1).slice(1)}`);
		assert.equal(lookUps(), 1);
	});

	it('stays parked at a forged GET, whatever it says, and asks once', async () => {
		const parked = await park();
		const forged = { SMSID: 'another', SendStatus: '5', SendSuccess: '1', SendFailed: '0' };
		staysParked(await wakeNode(node(), parked, forged));
		assert.equal(lookUps(), 1);
		assert.ok(simulator.requests.at(-1)?.url.includes(simulator.calls[0]?.callId ?? '-'));
	});

	describe('and the answer with its ID was lost', () => {
		const parkUnnamed = async () => {
			simulator.faults.add({ fault: { kind: 'reset-after-placing' }, times: 1 });
			const parked = await park();
			assert.equal(simulator.calls.length, 1);
			assert.equal(simulator.counters.sends, 2);
			await simulator.clock.advance(60_000);
			return parked;
		};
		const callback = () => ({
			SMSID: simulator.calls[0]?.callId ?? '',
			RequestId: text(sentBody()['RequestId']),
			SendStatus: '5',
			SendSuccess: '1',
			SendFailed: '0',
		});

		it('was placed once, and is found by the ID that the event brings', async () => {
			const parked = await parkUnnamed();
			const item = wokenItem(await wakeNode(node(), parked, callback()));
			assert.equal(item?.json['status'], 'completed');
			assert.equal(item.json['callId'], simulator.calls[0]?.callId);
		});

		it('is not taken for the call of another event', async () => {
			const parked = await parkUnnamed();
			for (const query of [{ ...callback(), RequestId: 'another' }, {}]) {
				await assert.rejects(wakeNode(node(), parked, query), /is a RequestId/);
			}
			assert.equal(lookUps(), 0);
		});
	}).timeout(20_000);

	it('is told to an address of the user’s own where the node does not wait for the event', async () => {
		const callbackUrl = `${simulator.url}/webhook/otp`;
		const own = { esmsOptions: { callbackUrl } };
		await send({ ...own, options: {}, waitForResult: false });
		assert.equal(sentBody()['CallbackUrl'], callbackUrl);
		const both = await send(own);
		assert.match(shown(both.error).message, /^Callback URL cannot be used while the flow waits/);
		assert.match(shown(both.error).description, /Wait For to polling/);
		assert.equal(simulator.counters.sends, 1);
	});

	it('has no address where nobody waits for its event', async () => {
		await send({ options: {}, waitForResult: false });
		assert.ok(!('CallbackUrl' in sentBody()));
	});

	it('has a RequestId that follows from its key, and from it alone', async () => {
		const keyed = (idempotencyKey: string) =>
			send({ options: { idempotencyKey }, waitForResult: false });
		await keyed('order-1');
		await keyed('order-2');
		const ids = simulator.requests.map(({ json }) => text(record(json)['RequestId']));
		assert.match(ids[0] ?? '', /^k-\w{22}$/);
		assert.notEqual(ids[0], ids[1]);
	});

	it('is placed already where the provider has had its key, from another workflow or store', async () => {
		const keyed = { options: { idempotencyKey: 'order-3' }, waitForResult: false };
		simulator.faults.add({
			fault: { kind: 'wrong-shape', body: { CodeResult: '124', ErrorMessage: 'Duplicate' } },
		});
		const run = await send(keyed);
		const { details, message } = shown(run.error);
		assert.equal(details.kind, 'already-placed');
		assert.equal(details.callMayHaveBeenPlaced, true);
		assert.match(message, /has had a request with this Idempotency Key before/);
		assert.equal(simulator.counters.sends, 1);
	});

	it('shows its keys nowhere, though they stand in the address of each look-up', async () => {
		const status = {
			type: 'getOtpCallStatus',
			credentials: node().credentials,
			parameters: { provider: 'esms', callId: 'm-1', simplify: false, options: { timeout: 1 } },
			items: [{}],
		};
		const query = `RefId=m-1&ApiKey=${keys.apiKey}&SecretKey=${keys.secretKey}`;
		const url = `${simulator.url}/MainService.svc/json/GetSendStatus?${query}`;
		for (const fault of [
			{ kind: 'redirect', status: 302, location: url },
			{ kind: 'never-answer' },
			{ kind: 'reset-before-placing' },
			...[400, 401, 403, 404, 429, 500].flatMap((code) => [
				{ kind: 'status', status: code, body: `No such thing: ${url}` } as const,
				{ kind: 'status', status: code, body: { CodeResponse: '501', ErrorMessage: url } } as const,
			]),
			{ kind: 'wrong-shape', body: { CodeResponse: '100', SMSID: 'm-1', SendStatus: 5, url } },
			{ kind: 'wrong-shape', body: { CodeResponse: '101', SMSID: url } },
		] as const) {
			simulator.faults.clear();
			simulator.faults.add({ fault });
			const run = await runNode(status);
			const said = leftBehind(run) + JSON.stringify(run.outputs) + JSON.stringify(run.error);
			for (const key of Object.values(keys)) {
				assert.ok(!said.includes(key), `${JSON.stringify(fault)}: ${said}`);
			}
		}
		// The address was asked, with both keys in it.
		assert.ok(simulator.requests.some((request) => request.url.includes(keys.secretKey)));
	}).timeout(60_000);
});
