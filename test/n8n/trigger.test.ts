import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import {
	BITEL_SERVER_ID,
	createManualClock,
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	SIMULATOR_TOKEN,
	startSimulator,
} from '../../simulator';
import type { Simulator } from '../../simulator';
import { loadPackage } from './engine';
import { TriggerHost } from './triggerHost';
import type { HostOptions } from './triggerHost';

const clock = createManualClock(Date.parse('2023-03-07T10:06:50+07:00'));

describe('OTP Call Trigger in n8n: deliveries', () => {
	let simulator: Simulator;
	const hosts: TriggerHost[] = [];

	before(async () => {
		simulator = await startSimulator({ clock });
	});
	after(() => simulator.close());
	beforeEach(() => simulator.reset());
	afterEach(async () => {
		await Promise.all(hosts.splice(0).map((host) => host.close()));
	});

	/** Other tests must not have seen this node's deliveries: memory is kept by the node's ID. */
	let nodes = 0;

	const start = async (
		parameters: INodeParameters = {},
		options: Partial<HostOptions> & { readonly nodeId?: string } = {},
	): Promise<TriggerHost> => {
		const { nodeId = `node-${(nodes += 1)}` } = options;
		const account = { token: SIMULATOR_TOKEN, baseUrl: simulator.url };
		const host = await TriggerHost.start({
			under: {
				type: 'otpCallTrigger',
				parameters: { provider: 'autocall', triggerOn: ['ended'], ...parameters },
				credentials: { autocallApi: { authentication: 'token', ...account }, bitelApi: account },
				settings: { id: nodeId },
			},
			...options,
		});
		hosts.push(host);
		return host;
	};

	const api = async (path: string, body: IDataObject): Promise<IDataObject> => {
		const answer = await fetch(`${simulator.url}${path}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${SIMULATOR_TOKEN}`, 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		assert.equal(answer.status, 200);
		return (await answer.json()) as IDataObject;
	};

	/** Has Autocall place a call, and waits until it is over and told of. */
	const autocallCall = async (phoneNumber = '0332665711'): Promise<void> => {
		await api('/v3/autocall/otp', {
			campaign_uuid: SEED_CAMPAIGN_UUID,
			phone_number: phoneNumber,
			template: SEED_TEMPLATE_NAME,
			code_otp: '918273',
			ref_id: 'order-1042',
		});
		await clock.advance(60_000);
	};

	/** Has Bitel place a call and tell this trigger of its end. */
	const bitelCall = async (host: TriggerHost, phoneNumber = '09123456789'): Promise<string> => {
		simulator.change({ bitelWebhookUrl: await host.url() });
		const { result } = await api('/api/v2/voice/otp', {
			phoneNumber,
			text: '91827',
			serverId: BITEL_SERVER_ID,
		});
		await clock.advance(60_000);
		return (result as { readonly id: string }).id;
	};

	const forged = JSON.stringify({
		state: 'cdr',
		call_id: 'nobody-knows',
		ref_id: 'nobody-knows',
		to_number: '0332665711',
		status: 'answered',
	});

	it('starts the workflow with the call that has ended', async () => {
		const host = await start();
		await host.publish();
		const startedAt = clock.now();
		await autocallCall();
		const at = (milliseconds: number) =>
			new Date(startedAt + milliseconds + 7 * 3_600_000).toISOString().replace('.000Z', '+07:00');
		assert.deepEqual(host.started, [
			{
				provider: 'autocall',
				callId: 'order-1042',
				phoneNumber: '+84332665711',
				status: 'completed',
				reason: null,
				final: true,
				answered: true,
				requestedAt: at(1_000),
				answeredAt: at(3_000),
				endedAt: at(6_000),
				durationSeconds: 5,
				billedSeconds: 3,
				cost: null,
			},
		]);
		assert.deepEqual(
			simulator.deliveries.map(({ status }) => status),
			[200],
		);
	});

	for (const [digits, status, reason] of [
		['01', 'busy', null],
		['02', 'no-answer', null],
		['03', 'busy', 'declined'],
		['05', 'completed', 'machine'],
	] as const) {
		it(`tells a call to a number that ends with ${digits} as ${status}`, async () => {
			const host = await start({ confirmStatus: true });
			await host.publish();
			await autocallCall(`03326657${digits}`);
			assert.deepEqual(
				host.started.map((call) => [call['status'], call['reason'], call['answered']]),
				[[status, reason, false]],
			);
		});
	}

	it('starts for each chosen occasion, in the order of the call', async () => {
		const host = await start({ triggerOn: ['ringing', 'answered', 'ended'] });
		await host.publish();
		await autocallCall();
		assert.deepEqual(
			host.started.map((call) => call['status']),
			['ringing', 'in-progress', 'completed'],
		);
	});

	it('takes an occasion that nobody asked for without starting', async () => {
		const host = await start();
		const body = JSON.stringify({ state: 'ringing', call_id: 'c1', to_number: '0332665711' });
		assert.equal((await host.post(body)).status, 200);
		assert.deepEqual(host.started, []);
	});

	it('drops repeats with 200, also after a restart', async () => {
		simulator.change({ deliveryCopies: 2 });
		const host = await start({}, { nodeId: 'before' });
		await host.publish();
		await autocallCall();
		assert.deepEqual(
			simulator.deliveries.map(({ status }) => status),
			[200, 200],
		);
		assert.equal(host.started.length, 1);
		// Another ID, for a process whose memory knows nothing of the node.
		const restarted = await start({}, { nodeId: 'after', stored: host.stored });
		const body = simulator.deliveries[0]?.body ?? '';
		assert.deepEqual(await restarted.post(body), { status: 200, text: 'Known already' });
		assert.deepEqual(restarted.started, []);
	});

	it('drops the repeat of a delivery whose static data was read before the first was stored', async () => {
		const host = await start();
		const url = await host.url();
		const open = () => {
			const sending = request(url, { method: 'POST' });
			const answered = new Promise((resolve) => sending.once('response', resolve));
			sending.flushHeaders();
			return { sending, answered };
		};
		const deliveries = [open(), open(), open()];
		while (host.given < deliveries.length) await new Promise((resolve) => setImmediate(resolve));
		for (const { sending, answered } of deliveries) {
			sending.end(forged);
			await answered;
		}
		assert.equal(host.started.length, 1);
	});

	it('stores no more than the latest 300 deliveries, in few bytes each', async () => {
		const seen = Array.from({ length: 300 }, (_, index) => `key-${index}`);
		const host = await start({}, { stored: { 'node:Under Test': { seen } } });
		const long = 'x'.repeat(10_000);
		await host.post(JSON.stringify({ state: 'cdr', call_id: long, to_number: '0332665711' }));
		assert.equal(host.started.length, 1);
		const stored = (host.stored['node:Under Test'] as IDataObject)['seen'] as string[];
		assert.equal(stored.length, 300);
		assert.deepEqual(stored.slice(0, 2), ['key-1', 'key-2']);
		assert.equal(stored.at(-1)?.length, 22);
	});

	it('answers 401 to whoever does not know the whole address, and reads nothing', async () => {
		const host = await start();
		const url = await host.url();
		for (const wrong of [`${url}x`, url.slice(0, -1), url.replace(/[^/]+$/, 'guess')]) {
			assert.equal((await host.post(forged, { url: wrong })).status, 401);
		}
		assert.deepEqual(host.started, []);
		assert.deepEqual(host.stored, {});
	});

	it('answers 400 to a body that is no event, and logs nothing of it', async () => {
		const host = await start();
		const bodies = [
			'{"state":"cdr","call_id":"secret-',
			'',
			'null',
			'[1]',
			'secret-text',
			'{"state":"secret-state","call_id":"c1"}',
			new Uint8Array([0xff, 0xfe, 0x7b]),
		];
		for (const body of bodies) assert.equal((await host.post(body)).status, 400);
		assert.deepEqual(host.started, []);
		assert.equal(host.warnings.length, bodies.length);
		assert.ok(!host.warnings.join().includes('secret'));
	});

	it('answers 413 to a body of more than 64 KiB, and takes one of 64 KiB', async () => {
		const host = await start();
		const event = { state: 'cdr', call_id: 'c1', to_number: '0332665711', note: '' };
		const room = 64 * 1024 - JSON.stringify(event).length;
		const body = JSON.stringify({ ...event, note: 'x'.repeat(room) });
		assert.equal((await host.post(body)).status, 200);
		assert.equal((await host.post(`${body} `)).status, 413);
		assert.equal(host.started.length, 1);
	});

	it('gives up a body that does not end when it has read 64 KiB', async () => {
		const host = await start();
		const url = await host.url();
		const status = await new Promise<number | undefined>((resolve, reject) => {
			const sending = request(url, { method: 'POST' });
			sending.once('error', reject);
			sending.once('response', (response) => {
				resolve(response.statusCode);
				sending.destroy();
			});
			sending.write(' '.repeat(64 * 1024 + 1));
		});
		assert.equal(status, 413);
		assert.deepEqual(host.started, []);
	});

	it('takes a form as well as JSON', async () => {
		const host = await start();
		const body = new URLSearchParams({
			state: 'cdr',
			call_id: 'c1',
			ref_id: 'order-7',
			to_number: '0332665711',
			status: 'busy',
		}).toString();
		const contentType = 'application/x-www-form-urlencoded';
		assert.equal((await host.post(body, { contentType })).status, 200);
		assert.deepEqual(
			host.started.map((call) => [call['callId'], call['status']]),
			[['order-7', 'busy']],
		);
	});

	it("takes the CDR that a campaign's own callback URL receives, once beside the event", async () => {
		const host = await start();
		await host.publish();
		simulator.changeCampaign(SEED_CAMPAIGN_UUID, { callback_url: await host.url() });
		await autocallCall();
		simulator.changeCampaign(SEED_CAMPAIGN_UUID, { callback_url: '' });
		assert.deepEqual(simulator.deliveries.map(({ occasion }) => occasion).sort(), [
			'campaign-cdr',
			'cdr',
		]);
		assert.deepEqual(
			host.started.map((call) => call['callId']),
			['order-1042'],
		);
	});

	for (const form of ['json', 'form'] as const) {
		for (const cause of ['name', 'number'] as const) {
			it(`takes Bitel's delivery as ${form}, its cause as a ${cause}`, async () => {
				simulator.change({ bitelWebhookBody: form, bitelWebhookCause: cause });
				const host = await start({ provider: 'bitel' });
				const callId = await bitelCall(host, '09123456701');
				assert.deepEqual(
					host.started.map((call) => [
						call['provider'],
						call['callId'],
						call['phoneNumber'],
						call['status'],
					]),
					[['bitel', callId, '+989123456701', 'busy']],
				);
			});
		}
	}

	it('puts out what the provider says itself when the status is to be confirmed', async () => {
		const host = await start({ provider: 'bitel', confirmStatus: true });
		const callId = await bitelCall(host);
		assert.deepEqual(
			host.started.map((call) => [call['callId'], call['status'], call['answered']]),
			[[callId, 'completed', true]],
		);
		const asked = simulator.requests.filter(({ method }) => method === 'GET');
		assert.deepEqual(
			asked.map(({ url }) => url),
			[`/api/v2/voice/status/${callId}`],
		);
	});

	it('finds the record of an event that brings no reference', async () => {
		simulator.change({ eventFields: 'sparse' });
		const host = await start({ confirmStatus: true });
		await host.publish();
		await autocallCall();
		assert.deepEqual(
			host.started.map((call) => [call['callId'], call['status']]),
			[['order-1042', 'completed']],
		);
	});

	it('does not start for an event of which the provider knows nothing', async () => {
		const host = await start({ confirmStatus: true });
		assert.equal((await host.post(forged)).status, 503);
		assert.deepEqual(host.started, []);
		assert.match(host.warnings.join(), /no ended call like this/);
	});

	it('fails when the provider cannot be asked, and takes the repeat', async () => {
		const host = await start({ confirmStatus: true });
		await host.publish();
		const fault = { kind: 'status', status: 401 } as const;
		simulator.faults.add({ fault, match: { operation: 'status' }, times: 2 });
		await autocallCall();
		assert.deepEqual(
			simulator.deliveries.map(({ status }) => status),
			[500],
		);
		assert.match(String(host.failures[0]), /did not accept the account's token/);
		const [delivery] = simulator.deliveries;
		assert.ok(delivery !== undefined);
		simulator.faults.clear();
		await simulator.repeatDelivery(delivery);
		assert.equal(host.started.length, 1);
	});

	it("adds the provider's own record without the code when the output is not simplified", async () => {
		const host = await start({ simplify: false, confirmStatus: true });
		await host.publish();
		await autocallCall();
		const raw = host.started[0]?.['raw'] as IDataObject;
		assert.equal(raw['sip_hangup_disposition'], 'recv_bye');
		assert.ok(!JSON.stringify(host.started).includes('918273'));
	});

	it('shows a repeated sample again while a test event is listened for', async () => {
		const host = await start({}, { isTest: true });
		await host.post(forged);
		await host.post(forged);
		assert.equal(host.started.length, 2);
	});

	it('reads the body itself, and is no tool for an agent', async () => {
		const { description } = (await loadPackage()).getNode('otpCallTrigger').type;
		assert.ok(!('usableAsTool' in description));
		assert.ok('properties' in description);
		const [options] = description.properties.filter(({ name }) => name === 'options');
		assert.deepEqual(options?.default, { binaryData: true });
	});

	it('asks for its provider in the form: no credential is shown by the choice of one', async () => {
		const { description } = (await loadPackage()).getNode('otpCallTrigger').type;
		assert.ok('credentials' in description);
		const credentials = description.credentials ?? [];
		assert.deepEqual(
			credentials.map(({ name }) => name),
			['bitelApi', 'autocallApi'],
		);
		for (const { displayOptions } of credentials) {
			assert.ok(!Object.keys(displayOptions?.show ?? {}).includes('provider'));
		}
	});
});
