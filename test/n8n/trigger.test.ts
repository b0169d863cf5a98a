import assert from 'node:assert/strict';
import type { IDataObject } from 'n8n-workflow';

import { providers } from '../../providers';
import { SEED_CAMPAIGN_UUID } from '../../tools/simulator';
import { loadPackage } from './engine';
import { forged, TriggerScene } from './triggerScene';

describe('OTP Call Trigger in n8n', () => {
	let scene: TriggerScene;

	before(async () => {
		scene = await TriggerScene.open();
	});
	after(() => scene.close());
	afterEach(() => scene.clear());

	it('starts the workflow with the call that has ended', async () => {
		const host = await scene.start();
		await host.publish();
		const startedAt = scene.clock.now();
		await scene.autocallCall();
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
			scene.simulator.deliveries.map(({ status }) => status),
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
			const host = await scene.start({ confirmStatus: true });
			await host.publish();
			await scene.autocallCall(`03326657${digits}`);
			assert.deepEqual(
				host.started.map((call) => [call['status'], call['reason'], call['answered']]),
				[[status, reason, false]],
			);
		});
	}

	it('starts for each chosen occasion, in the order of the call', async () => {
		const host = await scene.start({ triggerOn: ['ringing', 'answered', 'ended'] });
		await host.publish();
		await scene.autocallCall();
		assert.deepEqual(
			host.started.map((call) => call['status']),
			['ringing', 'in-progress', 'completed'],
		);
	});

	it('takes a form as well as JSON', async () => {
		const host = await scene.start();
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
		const host = await scene.start();
		await host.publish();
		scene.simulator.changeCampaign(SEED_CAMPAIGN_UUID, { callback_url: await host.url() });
		await scene.autocallCall();
		scene.simulator.changeCampaign(SEED_CAMPAIGN_UUID, { callback_url: '' });
		assert.deepEqual(scene.simulator.deliveries.map(({ event }) => event).sort(), [
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
				scene.simulator.change({ bitelWebhookBody: form, bitelWebhookCause: cause });
				const host = await scene.start({ provider: 'bitel' });
				const callId = await scene.bitelCall(host, '09123456701');
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
		const host = await scene.start({ provider: 'bitel', confirmStatus: true });
		const callId = await scene.bitelCall(host);
		assert.deepEqual(
			host.started.map((call) => [call['callId'], call['status'], call['answered']]),
			[[callId, 'completed', true]],
		);
		const asked = scene.simulator.requests.filter(({ method }) => method === 'GET');
		assert.deepEqual(
			asked.map(({ url }) => url),
			[`/api/v2/voice/status/${callId}`],
		);
	});

	it('finds the record of an event that brings no reference', async () => {
		scene.simulator.change({ eventFields: 'sparse' });
		const host = await scene.start({ confirmStatus: true });
		await host.publish();
		await scene.autocallCall();
		assert.deepEqual(
			host.started.map((call) => [call['callId'], call['status']]),
			[['order-1042', 'completed']],
		);
	});

	it('does not start for an event of which the provider knows nothing', async () => {
		const host = await scene.start({ confirmStatus: true });
		assert.equal((await host.post(forged)).status, 503);
		assert.deepEqual(host.started, []);
		assert.match(host.warnings.join(), /no ended call like this/);
	});

	it('fails when the provider cannot be asked, and takes the repeat', async () => {
		const host = await scene.start({ confirmStatus: true });
		await host.publish();
		const fault = { kind: 'status', status: 401 } as const;
		scene.simulator.faults.add({ fault, match: { operation: 'status' }, times: 2 });
		await scene.autocallCall();
		assert.deepEqual(
			scene.simulator.deliveries.map(({ status }) => status),
			[500],
		);
		assert.match(String(host.failures[0]), /did not accept the token of the credential/);
		const [delivery] = scene.simulator.deliveries;
		assert.ok(delivery !== undefined);
		scene.simulator.faults.clear();
		await scene.simulator.repeatDelivery(delivery);
		assert.equal(host.started.length, 1);
	});

	it("adds the provider's own record without the code when the output is not simplified", async () => {
		const host = await scene.start({ simplify: false, confirmStatus: true });
		await host.publish();
		await scene.autocallCall();
		const raw = host.started[0]?.['raw'] as IDataObject;
		assert.equal(raw['sip_hangup_disposition'], 'recv_bye');
		assert.ok(!JSON.stringify(host.started).includes('918273'));
	});

	it('can be tried without an account: who builds the workflow tells of a sandbox call', async () => {
		const host = await scene.start({ provider: 'sandbox' }, { isTest: true });
		await host.publish();
		const { description } = (await loadPackage()).getNode('otpCallTrigger').type;
		assert.ok('properties' in description);
		const [notice] = description.properties.filter(({ name }) => name === 'howToTry');
		const [, example = ''] = /\?callId=([\w-]+)</.exec(notice?.displayName ?? '') ?? [];
		assert.deepEqual(await host.open({ callId: example }), { status: 200, text: 'Thank you' });
		const busy = example.replace(/\d\d-/, '01-');
		await host.open({ callId: busy });
		assert.deepEqual(
			host.started.map(({ answered, callId, provider, status }) => [
				provider,
				callId,
				status,
				answered,
			]),
			[
				['sandbox', example, 'completed', true],
				['sandbox', busy, 'busy', false],
			],
		);
		assert.equal((await host.open({})).status, 400);
		assert.equal((await host.post('{}')).status, 404);
	});

	it('says what to do in its panel, where n8n would speak of a service called OTP Call', async () => {
		const { description } = (await loadPackage()).getNode('otpCallTrigger').type;
		assert.ok('triggerPanel' in description && typeof description.triggerPanel === 'object');
		const words = JSON.stringify([
			description.triggerPanel,
			description.eventTriggerDescription,
			description.activationMessage,
		]);
		assert.match(words, /place a call/i);
		assert.doesNotMatch(words, /OTP Call/);
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
			providers.flatMap(({ account, events }) =>
				account === null || events === undefined ? [] : [account.credential],
			),
		);
		for (const { displayOptions } of credentials) {
			assert.ok(!Object.keys(displayOptions?.show ?? {}).includes('provider'));
		}
	});
});
