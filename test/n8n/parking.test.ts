import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { IRunExecutionData, IWebhookResponseData } from 'n8n-workflow';

import { openWayBack, sealWayBack, wayBackKey } from '../../calls/wayBack';
import { SIMULATOR_TOKEN, createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { sample } from '../fixtures/samples';
import { autocallSend, vietnamese } from './accounts';
import { runNode, wakeNode } from './engine';
import { processedValues } from './processedValues';
import { record, shown, text } from './reading';
import type { TriggerHost } from './triggerHost';
import { TriggerScene } from './triggerScene';

describe('Waiting by event in n8n', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const items = (count: number) =>
		Array.from({ length: count }, (_, index) => ({ phone: vietnamese(index), code: '1234' }));
	const parked = (count: number, options = {}) =>
		runNode({
			...autocallSend(simulator, {
				waitForResult: true,
				options: { waitFor: 'event', waitTimeout: 300, ...options },
			}),
			items: items(count),
		});

	it('parks the execution after the call has been placed, until the limit', async () => {
		const before = Date.now();
		const run = await parked(1);
		const until = run.run.data.waitTill ?? run.run.waitTill;
		assert.ok(until instanceof Date);
		assert.ok(until.getTime() >= before + 300_000 && until.getTime() < Date.now() + 301_000);
		assert.equal(simulator.counters.sends, 1);
		// No look-up: the event says when to look.
		assert.equal(simulator.requests.length, 1);
	});

	it('carries the way back in the reference, sealed for this account', async () => {
		await parked(1);
		const [request] = simulator.requests;
		const reference = text(record(request?.json)['ref_id']);
		assert.match(reference, /^w1[\w-]{40,120}$/);
		assert.notEqual(openWayBack(reference, wayBackKey(SIMULATOR_TOKEN)), null);
		assert.equal(openWayBack(reference, wayBackKey('another token')), null);
	});

	it('is never shorter than n8n can keep', async () => {
		const run = await parked(1, { waitTimeout: 5 });
		const until = run.run.data.waitTill ?? run.run.waitTill;
		assert.ok(until instanceof Date && until.getTime() > Date.now() + 60_000);
	});

	it('takes one call per execution, and says so before any call', async () => {
		const run = await parked(2);
		assert.match(shown(run.error).message, /^Wait For can be the event for one call per execution/);
		assert.match(shown(run.error).description, /Execute Sub-workflow/);
		assert.equal(simulator.counters.sends, 0);
	});

	it('does not park for a call that was refused', async () => {
		simulator.faults.add({ fault: { kind: 'status', status: 400, body: { error: 'no' } } });
		const run = await parked(1);
		assert.equal(shown(run.error).details.kind, 'refused');
		assert.equal(run.run.data.waitTill, undefined);
	});

	it('places no second call under a key, whose record has another reference', async () => {
		processedValues.clear();
		const keyed = { idempotencyKey: 'order-1' };
		await parked(1, keyed);
		const again = await parked(1, keyed);
		const { details, message } = shown(again.error);
		assert.equal(details.kind, 'already-placed');
		// The way back to this execution is the call ID of no call.
		assert.equal(details.callId, undefined);
		assert.match(message, /its call ID is not known here/);
		assert.equal(again.run.data.waitTill, undefined);
		assert.equal(simulator.requests.length, 1);
	});

	it('refuses a Reference ID of the user’s own, under which no event would wake it', async () => {
		const run = await runNode({
			...autocallSend(simulator, {
				refId: 'order-7',
				waitForResult: true,
				options: { waitFor: 'event' },
			}),
			items: items(1),
		});
		const { description, details, message } = shown(run.error);
		assert.match(message, /^Reference ID must be empty where the call is waited for by/);
		assert.match(description, /Empty Reference ID, or set Wait For to polling/);
		assert.equal(details.kind, 'invalid-input');
		assert.equal(simulator.requests.length, 0);
	});
});

describe('An execution of n8n that waits for an event', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator({ clock: createManualClock() });
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	const node = (parameters = {}) =>
		autocallSend(simulator, {
			waitForResult: true,
			options: { waitFor: 'event' },
			...parameters,
		});
	const park = async (parameters = {}): Promise<IRunExecutionData> => {
		const run = await runNode({
			...node(parameters),
			items: [{ phone: vietnamese(1), code: '1234' }],
		});
		assert.ok(run.run.data.waitTill ?? run.run.waitTill, shown(run.error).message);
		return run.run.data;
	};
	const wokenItem = ({ workflowData }: IWebhookResponseData) => workflowData?.[0]?.[0];
	const staysParked = (woken: IWebhookResponseData) => {
		assert.equal(woken.workflowData, undefined);
		assert.deepEqual(woken.webhookResponse, { resumed: false });
	};

	it('goes on with the record of its call when it is woken after the end', async () => {
		const parked = await park();
		await simulator.clock.advance(60_000);
		const requests = simulator.requests.length;
		const woken = await wakeNode(node(), parked);
		assert.deepEqual(woken.webhookResponse, { resumed: true });
		const item = wokenItem(woken);
		assert.deepEqual(item?.pairedItem, { item: 0 });
		assert.equal(item?.json['status'], 'completed');
		assert.equal(item?.json['answered'], true);
		assert.equal(item?.json['phoneNumber'], `+84${vietnamese(1).slice(1)}`);
		assert.equal('raw' in (item?.json ?? {}), false);
		// One look-up, whatever the event said.
		assert.equal(simulator.requests.length, requests + 1);
	});

	it('keeps what its node knew before: the code that it has made', async () => {
		const generate = { generateCode: true, simplify: false };
		const parked = await park(generate);
		await simulator.clock.advance(60_000);
		const json = wokenItem(await wakeNode(node(generate), parked))?.json ?? {};
		const [send] = simulator.requests;
		assert.equal(json['code'], text(record(send?.json)['code_otp']).replaceAll(' ', ''));
		assert.equal(json['status'], 'completed');
		assert.ok(!JSON.stringify(json['raw']).includes(text(json['code'])));
	});

	it('stays parked while the call goes on, and while there is no record of it', async () => {
		const parked = await park();
		staysParked(await wakeNode(node(), parked));
		const found = { fault: { kind: 'status', status: 404, body: { error: 'Not Found' } } } as const;
		await simulator.clock.advance(60_000);
		simulator.faults.add({ ...found, match: { operation: 'status' } });
		staysParked(await wakeNode(node(), parked));
	});

	it('stays parked for the record of another call', async () => {
		const parked = await park();
		const [call] = simulator.calls;
		const reference = call !== undefined && 'refId' in call ? text(call.refId) : '';
		const cdr = { ...sample('autocall-cdr'), to_number: vietnamese(1) };
		for (const [body, isOurs] of [
			[{ ...cdr, additional: { ref_id: reference } }, true],
			[{ ...cdr, additional: { ref_id: 'ANOTHER' } }, false],
			[{ ...cdr, to_number: vietnamese(2), additional: { ref_id: reference } }, false],
		] as const) {
			simulator.faults.clear();
			simulator.faults.add({
				fault: { kind: 'wrong-shape', body },
				match: { operation: 'status' },
			});
			const woken = await wakeNode(node(), parked);
			if (isOurs) assert.equal(wokenItem(woken)?.json['status'], 'completed');
			else staysParked(woken);
		}
	});

	it('is not ended by a provider that cannot be asked: n8n answers an error, and keeps it parked', async () => {
		const parked = await park();
		simulator.faults.add({
			fault: { kind: 'status', status: 403 },
			match: { operation: 'status' },
		});
		await assert.rejects(wakeNode(node(), parked), /does not allow this with the token/);
	});

	it('has the record of its call ready for its time limit, and says that it is not final', async () => {
		const parked = await park();
		const [waiting] = parked.executionData?.nodeExecutionStack ?? [];
		const json = waiting?.data['main']?.[0]?.[0]?.json;
		assert.equal(json?.['final'], false);
		assert.equal(json?.['phoneNumber'], `+84${vietnamese(1).slice(1)}`);
		assert.match(text(json?.['callId']), /^w1/);
	});
});

describe('What OTP Call Trigger wakes', () => {
	let scene: TriggerScene;
	before(async () => {
		scene = await TriggerScene.open();
	});
	after(() => scene.close());
	afterEach(() => scene.clear());

	const signature = 'signature=' + '0a1b2c3d'.repeat(8);
	const wayBack = `231?${signature}`;
	const event = (ref_id: string, state = 'cdr') =>
		JSON.stringify({ state, call_id: ref_id, ref_id, to_number: '0332665711', status: 'answered' });
	/** What comes after the answer to the provider. */
	const settled = async (host: TriggerHost, knocks: number, milliseconds = 4_000) => {
		const end = Date.now() + milliseconds;
		while (host.knocks.length < knocks && Date.now() < end) await setTimeout(20);
		await setTimeout(50);
		return host.knocks;
	};

	it('is the execution whose way back the event brings, and no other', async () => {
		const host = await scene.start();
		const answer = await host.post(event(sealWayBack(wayBack, SIMULATOR_TOKEN)));
		assert.equal(answer.status, 200);
		assert.deepEqual(await settled(host, 1), [`POST /webhook-waiting/231?${signature}`]);
		// There is nothing behind the trigger, so that an execution of it would do nothing.
		assert.deepEqual(host.started, []);
	});

	it('starts the workflow all the same where something is behind the trigger', async () => {
		const host = await scene.start({}, { isFollowed: true });
		await host.post(event(sealWayBack(wayBack, SIMULATOR_TOKEN)));
		assert.equal((await settled(host, 1)).length, 1);
		assert.equal(host.started.length, 1);
	});

	it('starts the workflow while its user listens for a test event', async () => {
		const host = await scene.start({}, { isTest: true });
		await host.post(event(sealWayBack(wayBack, SIMULATOR_TOKEN)));
		await settled(host, 1);
		assert.equal(host.started.length, 1);
	});

	it('is woken once by an event that comes twice', async () => {
		const host = await scene.start();
		const delivered = event(sealWayBack(wayBack, SIMULATOR_TOKEN));
		await host.post(delivered);
		assert.equal((await host.post(delivered)).text, 'Known already');
		await settled(host, 2, 300);
		assert.equal(host.knocks.length, 1);
	});

	it('is woken with the token of an account that has a new one', async () => {
		const host = await scene.start();
		await host.post(event(sealWayBack(wayBack, SIMULATOR_TOKEN)));
		await settled(host, 1);
		const renewed = await scene.start({}, { token: 'renewed-token' });
		await renewed.post(event(sealWayBack(wayBack, 'renewed-token')));
		assert.equal((await settled(renewed, 1)).length, 1);
	});

	it('is asked again while n8n has not stored it yet, or is busy', async () => {
		const host = await scene.start();
		host.knockReplies = [404, 409, 503, 200];
		await host.post(event(sealWayBack(wayBack, SIMULATOR_TOKEN)));
		assert.equal((await settled(host, 4, 15_000)).length, 4);
		await setTimeout(300);
		assert.equal(host.knocks.length, 4);
		assert.deepEqual(host.warnings, []);
	});

	it('is given up when n8n refuses it, and the log says so', async () => {
		const host = await scene.start();
		host.knockReplies = [401];
		await host.post(event(sealWayBack(wayBack, SIMULATOR_TOKEN)));
		await settled(host, 1);
		assert.equal(host.knocks.length, 1);
		assert.match(host.warnings.join(), /could not wake a waiting execution \(HTTP 401\)/);
		assert.ok(!host.warnings.join().includes(signature));
	});

	it('is nothing for a reference that is no way back of this account', async () => {
		const host = await scene.start();
		const sealed = sealWayBack(wayBack, SIMULATOR_TOKEN);
		for (const reference of ['order-7', 'w1', sealWayBack(wayBack, 'another'), `${sealed}A`]) {
			assert.equal((await host.post(event(reference))).status, 200, reference);
		}
		assert.deepEqual(await settled(host, 1, 300), []);
		assert.equal(host.started.length, 4);
	});

	it('is nothing before the end of the call, or when it is switched off', async () => {
		const sealed = sealWayBack(wayBack, SIMULATOR_TOKEN);
		const ringing = await scene.start({ triggerOn: ['ringing', 'ended'] });
		await ringing.post(event(sealed, 'ringing'));
		assert.deepEqual(await settled(ringing, 1, 300), []);
		const off = await scene.start({ resumeWaiting: false });
		await off.post(event(sealed));
		assert.deepEqual(await settled(off, 1, 300), []);
		assert.equal(off.started.length, 1);
	});
});
