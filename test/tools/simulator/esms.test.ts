import assert from 'node:assert/strict';

import {
	SIMULATOR_TOKEN,
	type Simulator,
	createManualClock,
	startSimulator,
} from '../../../tools/simulator';
import { type Receiver, startReceiver } from './receiver';
import { at, call } from './client';

const keys = { ApiKey: SIMULATOR_TOKEN, SecretKey: SIMULATOR_TOKEN };
const SEND = { ...keys, Content: '686868', Phone: '0901888484', SmsType: '8' };
const PATH = '/MainService.svc/json/SendMultipleMessage_V4_post_json/';

describe('simulator: eSMS', () => {
	let simulator: Simulator;
	let receiver: Receiver;

	beforeEach(async () => {
		receiver = await startReceiver();
		simulator = await startSimulator({ clock: createManualClock(0) });
	});
	afterEach(async () => {
		await simulator.close();
		await receiver.close();
	});

	const send = async (body: object = SEND) => (await call(simulator.url, 'POST', PATH, body)).json;
	const codeOf = async (body: object) => at(await send(body), 'CodeResult');
	const status = async (id: string, own = keys) => {
		const query = new URLSearchParams({ RefId: id, ...own }).toString();
		return (await call(simulator.url, 'GET', `/MainService.svc/json/GetSendStatus?${query}`)).json;
	};

	it('takes the documented request, and tells of its call by its SMSID', async () => {
		const answer = await send();
		const id = String(at(answer, 'SMSID'));
		assert.deepEqual(answer, { CodeResult: '100', CountRegenerate: 0, SMSID: id });
		assert.equal(at(await status(id), 'SendStatus'), 2);
		await simulator.clock.advance(6_000);
		assert.deepEqual(await status(id), {
			CodeResponse: '100',
			SMSID: id,
			SendFailed: 0,
			SendStatus: 5,
			SendSuccess: 1,
			TotalPrice: 850,
			TotalReceiver: 1,
			TotalSent: 1,
		});
	});

	it('says of every other end that the call has failed', async () => {
		for (const last of ['01', '02', '03', '04', '06']) {
			const id = String(at(await send({ ...SEND, Phone: `09018884${last}` }), 'SMSID'));
			await simulator.clock.advance(20_000);
			const report = await status(id);
			assert.deepEqual([at(report, 'SendSuccess'), at(report, 'SendFailed')], [0, 1], last);
		}
	});

	it('places a request once, whatever else comes under its RequestId', async () => {
		const keyed = { ...SEND, RequestId: 'r-1' };
		assert.equal(await codeOf(keyed), '100');
		assert.equal(await codeOf(keyed), '124');
		assert.equal(await codeOf({ ...keyed, Content: '1' }), '124');
		assert.equal(await codeOf({ ...keyed, RequestId: 'r-2' }), '100');
		assert.equal(await codeOf(SEND), '100');
		assert.equal(simulator.calls.length, 3);
	});

	it('refuses by the documented codes, and what is not documented by HTTP', async () => {
		for (const [change, code] of [
			[{ ApiKey: 'wrong' }, '101'],
			[{ SecretKey: undefined }, '101'],
			[{ Phone: '901888484' }, '108'],
			[{ SmsType: '2' }, '118'],
			[{ SmsType: undefined }, '300'],
		] as const) {
			assert.equal(await codeOf({ ...SEND, ...change }), code, JSON.stringify(change));
		}
		for (const change of [{ Content: 'abc' }, { Sandbox: 1 }, { CallbackUrl: 'x' }, { New: 1 }]) {
			assert.equal((await call(simulator.url, 'POST', PATH, { ...SEND, ...change })).status, 400);
		}
		assert.equal(simulator.calls.length, 0);
	});

	it('refuses wrong keys at a look-up, and knows no other call', async () => {
		assert.equal(at(await status('x', { ...keys, ApiKey: 'wrong' }), 'CodeResponse'), '101');
		assert.equal(at(await status('x'), 'CodeResponse'), '105');
	});

	it('calls nobody in its own sandbox', async () => {
		assert.equal(await codeOf({ ...SEND, Sandbox: '1' }), '100');
		assert.equal(simulator.calls.length, 0);
	});

	for (const [esmsCallbackQuery, begins] of [
		['joined', '/hook?secret=s&SMSID='],
		['appended', '/hook?secret=s?SMSID='],
	] as const) {
		it(`tells the call's own URL of its end by a GET, its parameters ${esmsCallbackQuery}`, async () => {
			simulator.change({ esmsCallbackQuery });
			const CallbackUrl = `${receiver.url}/hook?secret=s`;
			await send({ ...SEND, CallbackUrl, RequestId: 'r-1' });
			await send();
			await simulator.clock.advance(20_000);
			const [delivery, ...others] = simulator.deliveries;
			assert.deepEqual(others, []);
			assert.equal(delivery?.method, 'GET');
			assert.ok(delivery.url.startsWith(`${receiver.url}${begins}`), delivery.url);
			assert.match(
				delivery.url,
				/SendStatus=5&SendSuccess=1.*RequestId=r-1.*phonenumber=0901888484/,
			);
		});
	}
});
