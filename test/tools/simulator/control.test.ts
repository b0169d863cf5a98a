import assert from 'node:assert/strict';
import { type Simulator, createManualClock, startSimulator } from '../../../tools/simulator';
import { AUTOCALL_SEND, BITEL_SEND, at, call, get, sendAutocall, sendBitel } from './client';
import { startReceiver } from './receiver';

describe('simulator: control over HTTP', () => {
	let simulator: Simulator;

	beforeEach(async () => {
		simulator = await startSimulator({ clock: createManualClock(0) });
	});
	afterEach(() => simulator.close());

	const post = (path: string, body?: unknown) =>
		call(simulator.url, 'POST', `/_simulator${path}`, body, { headers: {} });
	const read = async (path: string) => (await get(simulator.url, `/_simulator${path}`)).json;

	it('shows requests, calls, counters and connections', async () => {
		await sendBitel(simulator.url);
		assert.equal(at(await read('/requests'), 0, 'bodyText'), JSON.stringify(BITEL_SEND));
		assert.equal(at(await read('/calls'), 0, 'stage'), 'queued');
		assert.equal(at(await read('/counters'), 'placedByNumber', BITEL_SEND.phoneNumber), 1);
		assert.equal(at(await read('/connections'), 'current'), 1);
	});

	it('is neither recorded nor counted nor struck by faults', async () => {
		simulator.faults.add({ fault: { kind: 'status', status: 500 } });
		await read('');
		assert.equal(simulator.counters.requests, 0);
	});

	it('switches faults on and off', async () => {
		const fault = { kind: 'status', status: 429, retryAfter: 1 };
		const match = { operation: 'send', path: '^/api/' };
		assert.equal((await post('/faults', { fault, match, times: 5 })).status, 200);
		assert.equal((await sendBitel(simulator.url)).status, 429);
		assert.equal((await sendAutocall(simulator.url)).status, 200);
		await call(simulator.url, 'DELETE', '/_simulator/faults');
		assert.equal((await sendBitel(simulator.url)).status, 200);
	});

	for (const [what, rule] of [
		['an unknown kind', { fault: { kind: 'explode' } }],
		['a missing field', { fault: { kind: 'delay' } }],
		['an unknown field', { fault: { kind: 'html', status: 200 } }],
		['a wrong type', { fault: { kind: 'delay', ms: '5' } }],
		['an unknown match', { fault: { kind: 'html' }, match: { host: 'x' } }],
		['a fault that could never strike so', { fault: { kind: 'refuse' }, match: { method: 'GET' } }],
	] as const) {
		it(`refuses a fault with ${what}`, async () => {
			assert.equal((await post('/faults', rule)).status, 400);
			assert.equal((await sendBitel(simulator.url)).status, 200);
		});
	}

	it('lays plans for a number and for the next call', async () => {
		const plan = { outcome: ['busy', 'answered'], ringsMs: 10 };
		assert.equal((await post('/plans', { phoneNumber: '09121234599', plan })).status, 200);
		await post('/plans', { plan: { ids: { callId: 'chosen' } } });
		await sendBitel(simulator.url, { ...BITEL_SEND, phoneNumber: '09121234599' });
		await sendBitel(simulator.url);
		assert.equal(simulator.calls[0]?.attempts[0]?.outcome, 'busy');
		assert.equal(simulator.calls[1]?.callId, 'chosen');
	});

	it('refuses a plan that is none', async () => {
		assert.equal((await post('/plans', { plan: { outcome: 'maybe' } })).status, 400);
	});

	it('changes settings, and refuses those that there are not', async () => {
		assert.equal((await post('/settings', { talksMs: 7 })).status, 200);
		assert.equal(simulator.settings.talksMs, 7);
		for (const change of [{ talkMs: 7 }, { talksMs: -1 }, { noRecordForm: 'none' }, []]) {
			assert.equal((await post('/settings', change)).status, 400);
		}
	});

	it('advances the clock', async () => {
		assert.deepEqual((await post('/clock/advance', { ms: 250 })).json, { now: 250 });
		assert.equal((await post('/clock/advance', { ms: -1 })).status, 400);
	});

	it('sets the callback of a campaign and repeats a delivery', async () => {
		const receiver = await startReceiver();
		const callbackUrl = receiver.url;
		await post('/campaign-callback', { campaignUuid: AUTOCALL_SEND.campaign_uuid, callbackUrl });
		await sendAutocall(simulator.url);
		await post('/clock/advance', { ms: 6_000 });
		assert.equal((await post('/deliveries/repeat')).status, 200);
		assert.equal(receiver.received.length, 2);
		assert.equal((await post('/deliveries/repeat', { index: 9 })).status, 400);
		await receiver.close();
	});

	it('closes the port for a while', async () => {
		await post('/port/close', { ms: 200 });
		await assert.rejects(sendBitel(simulator.url), { code: 'ECONNREFUSED' });
		await new Promise((resolve) => setTimeout(resolve, 250));
		assert.equal((await sendBitel(simulator.url)).status, 200);
	});

	it('resets everything', async () => {
		await sendBitel(simulator.url);
		await post('/reset');
		assert.equal(simulator.counters.placed, 0);
	});

	it('answers 404 with the list of controls to anything else', async () => {
		const answer = await post('/unknown');
		assert.equal(answer.status, 404);
		assert.ok(answer.text.includes('POST /faults'));
	});
});
