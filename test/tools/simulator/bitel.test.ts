import assert from 'node:assert/strict';
import {
	BITEL_SERVER_ID,
	SIMULATOR_TOKEN,
	type Simulator,
	createManualClock,
	startSimulator,
} from '../../../tools/simulator';
import { BITEL_SEND, BITEL_SEND_PATH, HEADERS, at, call, get, sendBitel } from './client';

// The request date of Bitel's sample answer, in milliseconds.
const SAMPLE_TIME = 1_564_640_750_000;
const SAMPLE_ID = '69b9e312e3b64b3880760639f5dfdffa';

describe('simulator: Bitel', () => {
	let simulator: Simulator;

	beforeEach(async () => {
		simulator = await startSimulator({ clock: createManualClock(SAMPLE_TIME) });
	});
	afterEach(() => simulator.close());

	const statusOf = async (id: string) =>
		at((await get(simulator.url, `/api/v2/voice/status/${id}`)).json, 'result', 'status');
	const sentId = async (body: unknown = BITEL_SEND) =>
		String(at((await sendBitel(simulator.url, body)).json, 'result', 'id'));

	describe('sending', () => {
		it("answers the documented request with the documented sample's answer", async () => {
			simulator.plans.forNextCall({ ids: { callId: SAMPLE_ID } });
			const answer = await sendBitel(simulator.url);
			assert.equal(answer.status, 200);
			assert.deepEqual(answer.json, {
				result: {
					id: SAMPLE_ID,
					phoneNumber: BITEL_SEND.phoneNumber,
					status: 'WAITING',
					statusCode: 0,
					billSec: 0,
					requestDate: 1564640750,
					executionDate: 0,
					price: 0.0,
				},
				error: null,
			});
		});

		it('accepts every documented field', async () => {
			const body = {
				...BITEL_SEND,
				voiceId: 'welcome',
				repeatCount: '3',
				retryCount: 0,
				serverId: BITEL_SERVER_ID,
			};
			assert.equal((await sendBitel(simulator.url, body)).status, 200);
		});

		it('accepts a landline number', async () => {
			const body = { ...BITEL_SEND, phoneNumber: '02122334455' };
			assert.equal((await sendBitel(simulator.url, body)).status, 200);
		});

		it('gives every call an id of 32 hexadecimal digits', async () => {
			const ids = [await sentId(), await sentId()];
			for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
			assert.notEqual(ids[0], ids[1]);
		});

		const refused: readonly (readonly [string, unknown, string])[] = [
			['a code of six digits', { ...BITEL_SEND, text: '123456' }, 'InvalidRequest'],
			['a code with letters', { ...BITEL_SEND, text: '12a4' }, 'InvalidRequest'],
			['a code of Persian digits', { ...BITEL_SEND, text: '۱۲۳۴' }, 'InvalidRequest'],
			['an empty code', { ...BITEL_SEND, text: '' }, 'InvalidRequest'],
			['a code that is a number', { ...BITEL_SEND, text: 1234 }, 'InvalidRequest'],
			['a missing code', { phoneNumber: BITEL_SEND.phoneNumber }, 'InvalidRequest'],
			['a missing phone number', { text: '1234' }, 'InvalidRequest'],
			['an E.164 number', { ...BITEL_SEND, phoneNumber: '+989121234567' }, 'InvalidPhoneNumber'],
			['a short number', { ...BITEL_SEND, phoneNumber: '0912345678' }, 'InvalidPhoneNumber'],
			[
				'a number with separators',
				{ ...BITEL_SEND, phoneNumber: '0912 123 4567' },
				'InvalidPhoneNumber',
			],
			['a repeatCount that is a number', { ...BITEL_SEND, repeatCount: 2 }, 'InvalidRequest'],
			['a repeatCount of zero', { ...BITEL_SEND, repeatCount: '0' }, 'InvalidRequest'],
			['a retryCount that is a string', { ...BITEL_SEND, retryCount: '1' }, 'InvalidRequest'],
			['a negative retryCount', { ...BITEL_SEND, retryCount: -1 }, 'InvalidRequest'],
			['an empty voiceId', { ...BITEL_SEND, voiceId: '' }, 'InvalidRequest'],
			['a voiceId of null', { ...BITEL_SEND, voiceId: null }, 'InvalidRequest'],
			['an unknown server', { ...BITEL_SEND, serverId: 'other' }, 'InvalidServer'],
			['a field that is not documented', { ...BITEL_SEND, priority: 1 }, 'InvalidRequest'],
			['a list', [BITEL_SEND], 'InvalidRequest'],
			['text that is not JSON', '{"phoneNumber":', 'InvalidRequest'],
			['no body', '', 'InvalidRequest'],
		];
		for (const [what, body, error] of refused) {
			it(`refuses ${what} with ${error} and places no call`, async () => {
				const answer = await sendBitel(simulator.url, body);
				assert.equal(answer.status, 400);
				assert.deepEqual(answer.json, { result: null, error });
				assert.equal(simulator.counters.placed, 0);
			});
		}

		it('refuses a body that is not declared as JSON', async () => {
			const answer = await call(simulator.url, 'POST', BITEL_SEND_PATH, BITEL_SEND, {
				headers: { ...HEADERS, 'content-type': 'text/plain' },
			});
			assert.equal(answer.status, 415);
			assert.deepEqual(answer.json, { result: null, error: 'InvalidRequest' });
		});

		for (const [what, authorization] of [
			['no token', undefined],
			['a wrong token', 'Bearer wrong'],
			['a token without its scheme', SIMULATOR_TOKEN],
			['a scheme in lower case with two spaces', `bearer  ${SIMULATOR_TOKEN}`],
		] as const) {
			it(`answers 401 without a body to a request with ${what}`, async () => {
				const headers = {
					'content-type': 'application/json',
					...(authorization === undefined ? {} : { authorization }),
				};
				const answer = await call(simulator.url, 'POST', BITEL_SEND_PATH, BITEL_SEND, { headers });
				assert.equal(answer.status, 401);
				assert.equal(answer.text, '');
				assert.equal(simulator.counters.placed, 0);
			});
		}

		it('answers 405 to another method, and says which one is allowed', async () => {
			const answer = await call(simulator.url, 'PUT', BITEL_SEND_PATH, BITEL_SEND);
			assert.equal(answer.status, 405);
			assert.equal(answer.headers.allow, 'POST');
		});

		it('answers 404 in the envelope to an unknown path', async () => {
			const answer = await call(simulator.url, 'POST', `${BITEL_SEND_PATH}/`, BITEL_SEND);
			assert.equal(answer.status, 404);
			assert.deepEqual(answer.json, { result: null, error: 'NotFound' });
		});
	});

	describe('asking for the status', () => {
		it('shows WAITING until an answered call has ended, then NORMAL with its price', async () => {
			const id = await sentId();
			await simulator.clock.advance(5_999);
			assert.equal(await statusOf(id), 'WAITING');
			await simulator.clock.advance(1);
			const answer = await get(simulator.url, `/api/v2/voice/status/${id}`);
			assert.deepEqual(answer.json, {
				result: {
					id,
					phoneNumber: BITEL_SEND.phoneNumber,
					status: 'NORMAL',
					statusCode: 1,
					billSec: 3,
					requestDate: 1564640750,
					executionDate: 1564640751,
					price: -34.2,
				},
				error: null,
			});
		});

		it('shows the record without the envelope when that is set', async () => {
			simulator.change({ bitelStatusEnvelope: false });
			const id = await sentId();
			const answer = await get(simulator.url, `/api/v2/voice/status/${id}`);
			assert.equal(at(answer.json, 'id'), id);
			assert.equal(at(answer.json, 'result'), undefined);
		});

		it('answers 404 NotFound for an unknown id', async () => {
			const answer = await get(simulator.url, `/api/v2/voice/status/${SAMPLE_ID}`);
			assert.equal(answer.status, 404);
			assert.deepEqual(answer.json, { result: null, error: 'NotFound' });
		});

		it('keeps WAITING while a busy call is tried again, then shows USER_BUSY', async () => {
			const id = await sentId({ ...BITEL_SEND, phoneNumber: '09121234501' });
			await simulator.clock.advance(3_500);
			assert.equal(await statusOf(id), 'WAITING');
			await simulator.clock.advance(3_500);
			assert.equal(await statusOf(id), 'USER_BUSY');
		});

		it('shows USER_BUSY between two tries when that is switched on', async () => {
			simulator.change({ bitelShowsRetries: true });
			simulator.plans.forNextCall({ outcome: ['busy', 'answered'] });
			const id = await sentId();
			await simulator.clock.advance(3_000);
			assert.equal(await statusOf(id), 'USER_BUSY');
			await simulator.clock.advance(2_000);
			assert.equal(await statusOf(id), 'WAITING');
			await simulator.clock.advance(5_000);
			assert.equal(await statusOf(id), 'NORMAL');
		});

		it('does not try again when retryCount is 0', async () => {
			const id = await sentId({ ...BITEL_SEND, phoneNumber: '09121234502', retryCount: 0 });
			await simulator.clock.advance(3_000);
			assert.equal(await statusOf(id), 'NO_ANSWER');
		});

		it('shows a status that a plan spells out', async () => {
			simulator.plans.forNextCall({ record: { status: 'EXPIRED', statusCode: 10 } });
			const id = await sentId();
			assert.equal(await statusOf(id), 'WAITING');
			await simulator.clock.advance(6_000);
			assert.equal(await statusOf(id), 'EXPIRED');
		});
	});
});
