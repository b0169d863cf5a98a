import assert from 'node:assert/strict';
import {
	INACTIVE_CAMPAIGN_UUID,
	PAUSED_CAMPAIGN_UUID,
	STOPPED_CAMPAIGN_UUID,
	type Settings,
	type Simulator,
	createManualClock,
	startSimulator,
} from '../../../tools/simulator';
import { AUTOCALL_SEND, AUTOCALL_SEND_PATH, HEADERS, at, call, get, sendAutocall } from './client';
import SAMPLE_CDR from './fixtures/autocall-cdr.json';

const LOOK_UP = '/v3/autocall/log/ABC123/ref_id';

// The identifiers, timings and times of the provider's sample.
const SAMPLE_PLAN = {
	ringsMs: 5_000,
	talksMs: 1_000,
	ids: {
		callId: 'd6142fb6-6b3a-48fb-bd21-30f83ccb28c9',
		sipCallId: 'f3c8f4e8-3737-123c-fc9b-fa163e71cc82',
		leadUuid: '1fc20735-a93f-4b9e-b348-e63b503a1ee1',
	},
};

describe('simulator: Autocall', () => {
	let simulator: Simulator;

	beforeEach(async () => {
		const clock = createManualClock(Date.parse('2023-03-07T10:06:52+07:00'));
		simulator = await startSimulator({ clock });
	});
	afterEach(() => simulator.close());

	describe('sending', () => {
		it("answers the documented request with the documented sample's answer", async () => {
			simulator.plans.forNextCall(SAMPLE_PLAN);
			const answer = await sendAutocall(simulator.url);
			assert.equal(answer.status, 200);
			assert.deepEqual(answer.json, {
				call_id: 'd6142fb6-6b3a-48fb-bd21-30f83ccb28c9',
				lead_uuid: '1fc20735-a93f-4b9e-b348-e63b503a1ee1',
				message: 'success',
				ref_id: 'ABC123',
			});
		});

		it('accepts a request without a reference', async () => {
			const { ref_id: _, ...body } = AUTOCALL_SEND;
			assert.equal(at((await sendAutocall(simulator.url, body)).json, 'ref_id'), '');
		});

		for (const [what, change] of [
			['digits separated by spaces', { code_otp: '1 2 3 4' }],
			['a landline number', { phone_number: '02873003586' }],
		] as const) {
			it(`accepts ${what}`, async () => {
				const answer = await sendAutocall(simulator.url, { ...AUTOCALL_SEND, ...change });
				assert.equal(answer.status, 200);
			});
		}

		for (const field of ['campaign_uuid', 'phone_number', 'template', 'code_otp']) {
			it(`refuses a request without ${field}, naming it`, async () => {
				const answer = await sendAutocall(simulator.url, { ...AUTOCALL_SEND, [field]: undefined });
				assert.equal(answer.status, 400);
				assert.deepEqual(answer.json, { error: [{ '(root)': `${field} is required` }] });
			});
		}

		const refused: readonly (readonly [string, unknown, unknown])[] = [
			[
				'a code that is a number',
				{ ...AUTOCALL_SEND, code_otp: 1234 },
				[{ code_otp: 'Invalid type. Expected: string, given: integer' }],
			],
			[
				'an empty reference',
				{ ...AUTOCALL_SEND, ref_id: '' },
				[{ ref_id: 'String length must be greater than or equal to 1' }],
			],
			[
				'an E.164 number',
				{ ...AUTOCALL_SEND, phone_number: '+84332665711' },
				[{ phone_number: 'phone_number is invalid' }],
			],
			[
				'a number with a country code and no plus',
				{ ...AUTOCALL_SEND, phone_number: '84332665711' },
				[{ phone_number: 'phone_number is invalid' }],
			],
			[
				'a code with a line break',
				{ ...AUTOCALL_SEND, code_otp: '12\n34' },
				[{ code_otp: 'code_otp is invalid' }],
			],
			[
				'a field that is not documented',
				{ ...AUTOCALL_SEND, retry: 1 },
				[{ '(root)': 'Additional property retry is not allowed' }],
			],
			[
				'the field name that only the table has',
				{ ...AUTOCALL_SEND, template_name: 'otp_script_01' },
				[{ '(root)': 'Additional property template_name is not allowed' }],
			],
			['a list', [], [{ '(root)': 'Invalid type. Expected: object, given: array' }]],
			[
				'an unknown campaign',
				{ ...AUTOCALL_SEND, campaign_uuid: '11111111-0759-4179-93cb-741f481a776e' },
				'campaign not found',
			],
			['an unknown template', { ...AUTOCALL_SEND, template: 'other' }, 'template not found'],
			[
				'a stopped campaign',
				{ ...AUTOCALL_SEND, campaign_uuid: STOPPED_CAMPAIGN_UUID },
				'campaign is not running',
			],
			[
				'a paused campaign',
				{ ...AUTOCALL_SEND, campaign_uuid: PAUSED_CAMPAIGN_UUID },
				'campaign is not running',
			],
			[
				'an inactive campaign',
				{ ...AUTOCALL_SEND, campaign_uuid: INACTIVE_CAMPAIGN_UUID },
				'campaign is not running',
			],
		];
		for (const [what, body, error] of refused) {
			it(`refuses ${what} and places no call`, async () => {
				const answer = await sendAutocall(simulator.url, body);
				assert.equal(answer.status, 400);
				assert.deepEqual(answer.json, { error });
				assert.equal(simulator.counters.placed, 0);
			});
		}

		it('refuses a body that is not declared as JSON', async () => {
			const headers = { ...HEADERS, 'content-type': 'application/x-www-form-urlencoded' };
			const answer = await call(simulator.url, 'POST', AUTOCALL_SEND_PATH, AUTOCALL_SEND, {
				headers,
			});
			assert.equal(answer.status, 415);
		});

		it('answers 401 with a message to a wrong token', async () => {
			const headers = { ...HEADERS, authorization: 'Bearer wrong' };
			const answer = await call(simulator.url, 'POST', AUTOCALL_SEND_PATH, AUTOCALL_SEND, {
				headers,
			});
			assert.equal(answer.status, 401);
			assert.deepEqual(answer.json, { message: 'Unauthorized' });
		});

		it('answers 405 to another method', async () => {
			assert.equal((await get(simulator.url, AUTOCALL_SEND_PATH)).status, 405);
		});

		it('has no endpoint that hands out keys for a user name', async () => {
			const answer = await call(simulator.url, 'POST', '/v3/auth', {
				username: 'a',
				password: 'b',
			});
			assert.equal(answer.status, 404);
		});
	});

	describe('looking a call up', () => {
		it('answers every field of the documented CDR, the code in clear', async () => {
			simulator.plans.forNextCall(SAMPLE_PLAN);
			await sendAutocall(simulator.url);
			await simulator.clock.advance(7_000);
			const answer = await get(simulator.url, LOOK_UP);
			assert.equal(answer.status, 200);
			assert.deepEqual(answer.json, SAMPLE_CDR);
		});

		for (const id of Object.values({ ...SAMPLE_PLAN.ids, leadUuid: undefined })) {
			if (id === undefined) continue;
			it(`finds the same CDR by the id ${id}`, async () => {
				simulator.plans.forNextCall(SAMPLE_PLAN);
				await sendAutocall(simulator.url);
				await simulator.clock.advance(7_000);
				assert.deepEqual((await get(simulator.url, `/v3/cdr/${id}`)).json, SAMPLE_CDR);
			});
		}

		it('finds a reference that needs percent-encoding', async () => {
			await sendAutocall(simulator.url, { ...AUTOCALL_SEND, ref_id: 'a/b?c d' });
			await simulator.clock.advance(6_000);
			const answer = await get(simulator.url, '/v3/autocall/log/a%2Fb%3Fc%20d/ref_id');
			assert.equal(at(answer.json, 'additional', 'ref_id'), 'a/b?c d');
		});

		it('finds no record before the call has ended', async () => {
			await sendAutocall(simulator.url);
			await simulator.clock.advance(5_999);
			assert.equal((await get(simulator.url, LOOK_UP)).status, 404);
			await simulator.clock.advance(1);
			assert.equal((await get(simulator.url, LOOK_UP)).status, 200);
		});

		it('finds no record before the record delay has passed', async () => {
			simulator.change({ recordDelayMs: 4_000 });
			await sendAutocall(simulator.url);
			await simulator.clock.advance(9_999);
			assert.equal((await get(simulator.url, LOOK_UP)).status, 404);
			await simulator.clock.advance(1);
			assert.equal((await get(simulator.url, LOOK_UP)).status, 200);
		});

		const forms: readonly (readonly [Settings['noRecordForm'], number, string])[] = [
			['not-found', 404, '{"error":"Not Found"}'],
			['not-found-200', 200, '{"error":"Not Found"}'],
			['empty', 200, ''],
			['object', 200, '{}'],
			['null', 200, 'null'],
		];
		for (const [noRecordForm, status, text] of forms) {
			it(`says that there is no record in the form "${noRecordForm}"`, async () => {
				simulator.change({ noRecordForm });
				const answer = await get(simulator.url, LOOK_UP);
				assert.equal(answer.status, status);
				assert.equal(answer.text, text);
			});
		}

		it('answers 401 without a token', async () => {
			const answer = await call(simulator.url, 'GET', LOOK_UP, undefined, { headers: {} });
			assert.equal(answer.status, 401);
		});

		const endings: readonly (readonly [string, string, string, string])[] = [
			['0332665701', 'busy', 'USER_BUSY', ''],
			['0332665702', 'no-answered', 'NO_ANSWER', 'send_cancel'],
			['0332665703', 'busy', 'USER_BUSY', 'recv_refuse'],
			['0332665704', 'not-available', 'SUBSCRIBER_ABSENT', 'recv_refuse'],
			['0332665705', 'voicemail', 'NORMAL_CLEARING', 'send_bye'],
			['0332665706', 'failed', 'NORMAL_TEMPORARY_FAILURE', ''],
		];
		for (const [phone_number, status, cause, disposition] of endings) {
			it(`reports a call to ${phone_number} as ${status}, ${cause}`, async () => {
				await sendAutocall(simulator.url, { ...AUTOCALL_SEND, phone_number });
				await simulator.clock.advance(6_000);
				const { json } = await get(simulator.url, LOOK_UP);
				assert.equal(at(json, 'status'), status);
				assert.equal(at(json, 'cause'), cause);
				assert.equal(at(json, 'sip_hangup_disposition'), disposition);
			});
		}

		it('leaves time_answered empty and billsec 0 when nobody answered', async () => {
			await sendAutocall(simulator.url, { ...AUTOCALL_SEND, phone_number: '0332665702' });
			await simulator.clock.advance(3_000);
			const { json } = await get(simulator.url, LOOK_UP);
			assert.equal(at(json, 'time_answered'), '');
			assert.equal(at(json, 'billsec'), 0);
			assert.equal(at(json, 'duration'), 2);
		});
	});
});
