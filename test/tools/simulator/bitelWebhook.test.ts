import assert from 'node:assert/strict';
import { type Simulator, createManualClock, startSimulator } from '../../../tools/simulator';
import { BITEL_SEND, at, sendBitel } from './client';
import { type Receiver, startReceiver } from './receiver';

describe("simulator: a Bitel project's webhook", () => {
	let simulator: Simulator;
	let receiver: Receiver;

	beforeEach(async () => {
		receiver = await startReceiver();
		simulator = await startSimulator({
			clock: createManualClock(1_564_640_750_000),
			bitelWebhookUrl: `${receiver.url}/secret`,
		});
	});
	afterEach(async () => {
		await simulator.close();
		await receiver.close();
	});

	it('receives one POST for a request, when it has finished', async () => {
		const sent = await sendBitel(simulator.url);
		await simulator.clock.advance(5_999);
		assert.equal(receiver.received.length, 0);
		await simulator.clock.advance(60_000);
		assert.equal(receiver.received.length, 1);
		assert.equal(receiver.received[0]?.path, '/secret');
		assert.deepEqual(JSON.parse(receiver.received[0].text), {
			requestId: at(sent.json, 'result', 'id'),
			campaignId: '',
			balanceSubtracted: 34.2,
			cause: 'NORMAL',
			billSec: 3,
			number: BITEL_SEND.phoneNumber,
			requestDate: 1564640750,
		});
	});

	it('comes after the last try of a call that is tried again', async () => {
		await sendBitel(simulator.url, { ...BITEL_SEND, phoneNumber: '09121234502', retryCount: 2 });
		await simulator.clock.advance(10_999);
		assert.equal(receiver.received.length, 0);
		await simulator.clock.advance(1);
		assert.equal(at(JSON.parse(receiver.received[0]?.text ?? ''), 'cause'), 'NO_ANSWER');
	});

	it('comes as a form with the number of the cause when that is set', async () => {
		simulator.change({ bitelWebhookBody: 'form', bitelWebhookCause: 'number' });
		await sendBitel(simulator.url, { ...BITEL_SEND, phoneNumber: '09121234506' });
		await simulator.clock.advance(10_000);
		const [received] = receiver.received;
		assert.equal(received?.contentType, 'application/x-www-form-urlencoded');
		const form = new URLSearchParams(received.text);
		assert.equal(form.get('cause'), '11');
		assert.equal(form.get('number'), '09121234506');
	});

	it('comes for a call that was under way when the URL was entered', async () => {
		simulator.change({ bitelWebhookUrl: '' });
		await sendBitel(simulator.url);
		simulator.change({ bitelWebhookUrl: receiver.url });
		await simulator.clock.advance(6_000);
		assert.equal(receiver.received.length, 1);
	});

	it('does not come when the URL was taken away', async () => {
		await sendBitel(simulator.url);
		simulator.change({ bitelWebhookUrl: '' });
		await simulator.clock.advance(6_000);
		assert.equal(simulator.deliveries.length, 0);
	});
});
