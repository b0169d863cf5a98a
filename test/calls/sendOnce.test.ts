import assert from 'node:assert/strict';

import { prepareSend } from '../../calls/send';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { sandbox } from '../../providers/sandbox/adapter';
import {
	autocallAccepts,
	autocallInput,
	freshCdr,
	sendByAutocall,
	bitelAccepts,
	bitelInput,
	sendByBitel,
	sendOtpCall,
	ownReference,
} from './samples';
import { TestHost, answerLost, answered, failing, notSent, throwing } from './testHost';

const accepted = answered(200, bitelAccepts);

describe('A send that provably never left', () => {
	for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']) {
		it(`is tried again after ${code}`, async () => {
			const { host, sending } = sendByBitel([notSent(code), accepted]);
			assert.equal((await sending).call.status, 'queued');
			assert.equal(host.sends, 2);
		});
	}

	it('is tried three times at most, and is then unreachable', async () => {
		const { host, sending } = sendByBitel([notSent()]);
		const error = await failing(sending, 'unreachable');
		assert.equal(error.facts.callMayHaveBeenPlaced, false);
		assert.equal(error.facts.networkCode, 'ECONNREFUSED');
		assert.equal(host.sends, 3);
	});

	it('is tried again after a pause that doubles, with up to half of it as jitter', async () => {
		const { host, sending } = sendByBitel([notSent()]);
		await failing(sending);
		assert.deepEqual(host.clock.slept, [400, 800]);

		const jittered = new TestHost(bitel, [notSent()]);
		jittered.clock.chance = 1;
		await failing(sendOtpCall(jittered.context, bitelInput));
		assert.deepEqual(jittered.clock.slept, [600, 1200]);
	});

	it('is not tried again when the certificate cannot be verified', async () => {
		const { host, sending } = sendByBitel([notSent('CERT_HAS_EXPIRED')]);
		const error = await failing(sending, 'unreachable');
		assert.match(error.message, /certificate/);
		assert.equal(host.sends, 1);
	});
});

describe('A send that the provider asks to repeat', () => {
	const tooMany = (retryAfter: string) => answered(429, '', { 'retry-after': retryAfter });

	it('goes once more after the seconds of Retry-After, and a little later than that', async () => {
		const { host, sending } = sendByBitel([tooMany('2'), accepted]);
		await sending;
		assert.equal(host.sends, 2);
		const [pause = 0] = host.clock.slept;
		assert.ok(pause > 2_000 && pause <= 3_000, String(pause));
	});

	it('goes once more at the HTTP date of Retry-After', async () => {
		const date = 'Sun, 01 Jun 2025 08:00:05 GMT';
		const { host, sending } = sendByBitel([tooMany(date), accepted]);
		await sending;
		assert.equal(host.sends, 2);
		const [pause = 0] = host.clock.slept;
		assert.ok(pause >= 5_000 && pause <= 6_000, String(pause));
	});

	it('goes once more at a date in each form of HTTP, whatever the time zone of this machine', async () => {
		const { TZ } = process.env;
		process.env['TZ'] = 'Asia/Tehran';
		try {
			for (const date of [
				'Sun, 01 Jun 2025 08:00:05 GMT',
				'Sunday, 01-Jun-25 08:00:05 GMT',
				'Sun Jun  1 08:00:05 2025',
			]) {
				const { host, sending } = sendByBitel([tooMany(date), accepted]);
				await sending;
				assert.deepEqual(host.clock.slept, [5_400], date);
			}
		} finally {
			if (TZ === undefined) delete process.env['TZ'];
			else process.env['TZ'] = TZ;
		}
	});

	it('backs off though Retry-After is 0, or a date that has passed', async () => {
		for (const value of ['0', 'Sun, 01 Jun 2025 07:00:00 GMT']) {
			const { host, sending } = sendByBitel([tooMany(value), accepted]);
			await sending;
			const [pause = 0] = host.clock.slept;
			assert.ok(pause >= 400, `${value}: ${pause}`);
		}
	});

	const declined: readonly (readonly [string, string])[] = [
		['more than ten seconds', '11'],
		['a date more than ten seconds away', 'Sun, 01 Jun 2025 08:00:11 GMT'],
		['a number without end', '9'.repeat(40)],
		['a negative number', '-5'],
		['a fraction', '1.5'],
		['words', 'soon'],
		['nothing', ''],
	];
	for (const [what, value] of declined) {
		it(`is not repeated when Retry-After is ${what}`, async () => {
			const { host, sending } = sendByBitel([tooMany(value), accepted]);
			const error = await failing(sending, 'rate-limited');
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
			assert.equal(host.sends, 1);
		});
	}

	it('is repeated up to a Retry-After of exactly 10 seconds', async () => {
		const patient = sendByBitel([tooMany('10'), accepted]);
		assert.equal((await patient.sending).call.status, 'queued');
		assert.equal(patient.host.sends, 2);
		const { host, sending } = sendByBitel([tooMany('11'), accepted]);
		await failing(sending, 'rate-limited');
		assert.equal(host.sends, 1);
	});

	it('is not repeated without Retry-After', async () => {
		const { host, sending } = sendByBitel([answered(429), accepted]);
		await failing(sending, 'rate-limited');
		assert.equal(host.sends, 1);
	});

	it('says for how long to wait, a day at most', async () => {
		const { sending } = sendByBitel([tooMany('60')]);
		assert.equal((await failing(sending)).facts.retryAfterSeconds, 60);
		const endless = sendByBitel([tooMany('9'.repeat(40))]);
		assert.equal((await failing(endless.sending)).facts.retryAfterSeconds, 86_400);
	});

	it('counts every try of either kind', async () => {
		const { host, sending } = sendByBitel([tooMany('1'), notSent(), tooMany('1'), accepted]);
		await failing(sending, 'rate-limited');
		assert.equal(host.sends, 3);
	});
});

describe('A send of which nobody knows the outcome', () => {
	const unknown: readonly (readonly [string, ReturnType<typeof answered>])[] = [
		['the connection was reset', answerLost('ECONNRESET')],
		['no answer came in time', answerLost('ECONNABORTED')],
		['the answer does not end', answerLost('ANSWER_TOO_LONG')],
		...[500, 501, 502, 503, 504, 520, 599].map(
			(status) => [`HTTP ${status}`, answered(status)] as const,
		),
		['HTTP 503 with Retry-After', answered(503, '', { 'retry-after': '1' })],
		// They speak of time, of a conflict or of a closed connection: the request may have been taken.
		...[408, 409, 423, 425, 444, 449, 460, 499].map(
			(status) => [`HTTP ${status}`, answered(status)] as const,
		),
		['a TLS record of another version', answerLost('ERR_SSL_WRONG_VERSION_NUMBER')],
		['HTTP 302', answered(302, '', { location: 'https://elsewhere.example' })],
		['HTTP 303', answered(303, '', { location: 'https://elsewhere.example' })],
		['HTTP 300', answered(300)],
		['HTTP 304', answered(304)],
		['200 without a body', answered(200, '')],
		['204', answered(204, '')],
		['200 with HTML', answered(200, '<!doctype html><title>Login</title>')],
		['200 with a cut-off body', answered(200, '{"result": {"id": "69b9e3')],
		['200 with a list', answered(200, [1, 'two'])],
		['200 with an empty object', answered(200, {})],
		['200 with a string', answered(200, '"ok"')],
		['200 with a result without an ID', answered(200, { result: {}, error: null })],
		['200 with a result that is a word', answered(200, { result: 'ok', error: null })],
		[
			'200 with an ID that is too large to be exact',
			answered(200, '{"result":{"id":1e300},"error":null}'),
		],
	];
	for (const [what, reply] of unknown) {
		it(`is not repeated, and says that the phone may ring: ${what}`, async () => {
			const { host, sending } = sendByBitel([reply, accepted]);
			const error = await failing(sending, 'outcome-unknown');
			assert.equal(error.facts.callMayHaveBeenPlaced, true);
			assert.match(error.message, /phone may (still )?ring/);
			assert.match(error.facts.remedy, /Do not send again at once/);
			assert.equal(host.sends, 1);
			assert.equal(host.requests.length, 1);
		});
	}

	it('includes every failure of a transport that we do not know', async () => {
		const host = new TestHost(bitel, [
			() => {
				throw new TypeError('a fault of the host, with secrets');
			},
		]);
		const error = await failing(sendOtpCall(host.context, bitelInput), 'outcome-unknown');
		assert.equal(error.facts.callMayHaveBeenPlaced, true);
		assert.doesNotMatch(`${error.message} ${error.stack}`, /secrets/);
		assert.equal(host.sends, 1);
	});

	it('includes the sandbox number that ends with 09', async () => {
		const host = new TestHost(sandbox);
		const input = { phoneNumber: '09123456709', code: '1', fields: {} };
		const error = await failing(sendOtpCall(host.context, input), 'outcome-unknown');
		assert.equal(error.facts.callMayHaveBeenPlaced, true);
		assert.match(error.facts.remedy, /: with a real provider, look for the call in its panel/);
		assert.match(error.facts.remedy, /\(Sandbox has called nobody\)/);
	});
});

describe('When a call was asked for', () => {
	it('is what the provider says', async () => {
		const { call } = await sendByBitel([accepted]).sending;
		assert.equal(call.requestedAt, '2019-08-01T06:25:50.000Z');
	});

	it('is when the try began that was taken, where the provider does not say it', async () => {
		const { call } = await sendByAutocall([notSent(), answered(200, autocallAccepts)]).sending;
		assert.equal(call.requestedAt, '2025-06-01T08:00:00.400Z');
	});
});

describe('A send that is filled in wrongly', () => {
	it('is refused for an expression in a field of the provider that nobody has worked out', () => {
		const { context } = new TestHost(autocall);
		for (const name of ['campaign', 'template', 'refId']) {
			const fields = { ...autocallInput.fields, [name]: '{{ $json.x }}' };
			const prepare = () => prepareSend(context, { ...autocallInput, fields });
			const { facts } = throwing(prepare, 'invalid-input');
			assert.deepEqual([facts.field, facts.remedy], [name, '‹howToEvaluate›']);
		}
	});

	it('is refused with a Reference ID where the reference has to be the way back of its event', () => {
		const { context } = new TestHost(autocall);
		const wayBack = 'w1-the-way-back';
		const prepare = () => prepareSend(context, { ...ownReference, wayBack });
		const { facts, message } = throwing(prepare, 'invalid-input');
		assert.equal(facts.field, 'refId');
		assert.match(message, /^Reference ID must be empty where the call is waited for/);
		const { sent } = prepareSend(context, { ...autocallInput, wayBack });
		assert.equal(sent.reference, wayBack);
	});
});

describe('A send that the provider has declined', () => {
	const declined: readonly (readonly [string, number, unknown])[] = [
		['an error at 400', 400, { result: null, error: 'InvalidRequest' }],
		['an error at 200', 200, { result: null, error: 'InvalidServer' }],
		['an error at 200 beside a result', 200, { result: { id: '1' }, error: 'InvalidServer' }],
		['an error that is an object, at 200', 200, { result: null, error: { code: 4 } }],
		['no result and no error at 200', 200, { result: null, error: null }],
		['an error at 3xx', 302, { result: null, error: 'InvalidServer' }],
		['402', 402, ''],
		['404 with a code', 404, { result: null, error: 'NotFound' }],
		['422', 422, ''],
	];
	for (const [what, status, body] of declined) {
		it(`is refused and not repeated: ${what}`, async () => {
			const { host, sending } = sendByBitel([answered(status, body), accepted]);
			const error = await failing(sending, 'refused');
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
			assert.equal(host.sends, 1);
		});
	}

	for (const status of [401, 403]) {
		it(`is not authorized at ${status}, and is not repeated by us`, async () => {
			const { host, sending } = sendByBitel([answered(status), accepted]);
			const error = await failing(sending, 'not-authorized');
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
			assert.equal(host.sends, 1);
		});
	}

	for (const status of [301, 307, 308]) {
		it(`is not redirected by ${status}: the server has not looked at it`, async () => {
			const { host, sending } = sendByBitel([answered(status, '', { location: '/elsewhere' })]);
			const error = await failing(sending, 'bad-response');
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
			assert.match(error.facts.remedy, /Base URL/);
			assert.equal(host.sends, 1);
		});
	}

	it('is not looked for: the record of another call must not make it a success', async () => {
		for (const reply of [answered(400, { error: 'no' }), answered(403), answered(429)]) {
			const { host, sending } = sendByAutocall([reply, answered(200, freshCdr())]);
			assert.equal((await failing(sending)).facts.callMayHaveBeenPlaced, false);
			assert.equal(host.requests.length, 1);
		}
	});

	it('never reached the provider when the proxy wants a password', async () => {
		const { sending } = sendByBitel([answered(407)]);
		assert.equal((await failing(sending, 'unreachable')).facts.callMayHaveBeenPlaced, false);
	});

	it('never reached the API when a web page says that there is nothing', async () => {
		const { sending } = sendByBitel([answered(404, '<html><h1>Not Found</h1></html>')]);
		const error = await failing(sending, 'bad-response');
		assert.equal(error.facts.callMayHaveBeenPlaced, false);
		assert.match(error.facts.remedy, /Base URL/);
	});
});

describe('A send that is stopped', () => {
	it('is canceled when it had not begun', async () => {
		const host = new TestHost(bitel, [accepted]);
		host.stop.abort();
		const error = await failing(sendOtpCall(host.context, bitelInput), 'canceled');
		assert.equal(error.facts.callMayHaveBeenPlaced, false);
		assert.equal(host.requests.length, 0);
	});

	it('is unknown when the request was under way', async () => {
		const host = new TestHost(autocall, [
			() => {
				host.stop.abort();
				return answerLost('ERR_CANCELED');
			},
			answered(200, autocallAccepts),
		]);
		const error = await failing(sendOtpCall(host.context, autocallInput), 'outcome-unknown');
		assert.equal(error.facts.callMayHaveBeenPlaced, true);
		assert.equal(error.facts.callId, 'ABC123');
		assert.match(error.message, /flow was stopped/);
		assert.equal(host.requests.length, 1);
	});

	it('is canceled when its connection had not come about', async () => {
		const host = new TestHost(bitel, [
			() => {
				host.stop.abort();
				return notSent('ERR_CANCELED');
			},
		]);
		const error = await failing(sendOtpCall(host.context, bitelInput), 'canceled');
		assert.equal(error.facts.callMayHaveBeenPlaced, false);
		assert.equal(host.requests.length, 1);
	});

	for (const reply of [notSent(), answered(429, '', { 'retry-after': '5' })]) {
		it(`is canceled during the pause before another try (${reply.is})`, async () => {
			const host = new TestHost(bitel, [reply, accepted]);
			host.clock.onSleep = () => host.stop.abort();
			const error = await failing(sendOtpCall(host.context, bitelInput), 'canceled');
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
			assert.equal(host.sends, 1);
		});
	}

	it('is still a success when its answer came first', async () => {
		const host = new TestHost(bitel, [
			() => {
				host.stop.abort();
				return accepted;
			},
		]);
		assert.equal((await sendOtpCall(host.context, bitelInput)).call.status, 'queued');
	});
});
