import assert from 'node:assert/strict';

import { getOtpCallStatus, planLookup } from '../../calls/status';
import { providers } from '../../providers';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { sandbox } from '../../providers/sandbox/adapter';
import type { HttpAnswer, Provider, Reading } from '../../providers/contract';
import { isInvalid } from '../../providers/fields';
import { textField } from '../../providers/reading/json';
import { sample } from '../fixtures/samples';
import { bitelAccepts, freshCdr } from './samples';
import { TestHost, answerLost, answered, failing, notSent, throwing } from './testHost';
import type { Reply } from './testHost';

const id = '69b9e312e3b64b3880760639f5dfdffa';
const found = answered(200, bitelAccepts);

const look = (replies: readonly Reply[], provider: Provider = bitel, callIds: unknown[] = [id]) => {
	const host = new TestHost(provider, replies);
	return { host, looking: getOtpCallStatus(host.context, callIds[0]) };
};

describe('A look-up', () => {
	it('asks for one call, by GET and without a body', async () => {
		const { host, looking } = look([found]);
		assert.equal((await looking).call.callId, id);
		const [request] = host.requests;
		assert.equal(request?.method, 'GET');
		assert.equal(request.url, `https://api.example.com/api/v2/voice/status/${id}`);
		assert.equal(request.body, null);
		assert.equal(request.timeout, 15_000);
		assert.equal(request.longestAnswer, 1024 * 1024);
	});

	const passing = [notSent(), answerLost(), answered(500), answered(503), answered(408)];
	for (const reply of passing) {
		const what = reply.is === 'answered' ? reply.status : reply.is;
		it(`is repeated after ${what}, three tries in all`, async () => {
			const { host, looking } = look([reply, reply, found]);
			assert.equal((await looking).call.callId, id);
			assert.equal(host.requests.length, 3);

			const failed = look([reply]);
			const error = await failing(failed.looking, 'unreachable');
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
			assert.equal(failed.host.requests.length, 3);
		});
	}

	it('is repeated after 429, with and without Retry-After', async () => {
		const plain = look([answered(429), found]);
		await plain.looking;
		assert.ok((plain.host.clock.slept[0] ?? 0) >= 400);
		const asked = look([answered(429, '', { 'retry-after': '3' }), found]);
		await asked.looking;
		assert.ok((asked.host.clock.slept[0] ?? 0) >= 3_000);
	});

	it('is not repeated when the provider wants a long pause', async () => {
		for (const value of ['11', '9'.repeat(30)]) {
			const { host, looking } = look([answered(429, '', { 'retry-after': value }), found]);
			await failing(looking, 'rate-limited');
			assert.equal(host.requests.length, 1);
		}
	});

	it('is not repeated when the certificate cannot be verified', async () => {
		const { host, looking } = look([notSent('CERT_HAS_EXPIRED'), found]);
		await failing(looking, 'unreachable');
		assert.equal(host.requests.length, 1);
	});

	it('is not found where the provider says so', async () => {
		const { looking } = look([answered(404, { result: null, error: 'NotFound' })]);
		const error = await failing(looking, 'not-found');
		assert.equal(error.facts.callId, id);
		assert.match(error.facts.remedy, /Wait Until Ended/);
	});

	it('is a bad response when a web page says that there is nothing', async () => {
		const page = answered(404, '<!doctype html><h1>404</h1>');
		for (const provider of [bitel, autocall]) {
			const error = await failing(look([page], provider).looking, 'bad-response');
			assert.match(error.facts.remedy, /Base URL/);
		}
	});

	it('is a bad response when the answer is not what the documents promise', async () => {
		const bodies = [
			'',
			'<html>',
			'[]',
			'{"result": 7}',
			'"text"',
			'{"result":{"status":"NORMAL"}}',
		];
		for (const body of bodies) {
			const { host, looking } = look([answered(200, body)]);
			await failing(looking, 'bad-response');
			assert.equal(host.requests.length, 1);
		}
	});

	it('is a bad response when it is answered like a send', async () => {
		const provider: Provider = {
			...bitel,
			planStatus: (callId) => {
				const planned = bitel.planStatus(callId);
				if (isInvalid(planned)) return planned;
				const read = (answer: HttpAnswer): Reading => {
					const reading = planned.read(answer);
					return reading.is === 'call' ? { ...reading, is: 'known-request' } : reading;
				};
				return { ...planned, read };
			},
		};
		const error = await failing(look([found], provider).looking, 'bad-response');
		assert.equal(error.message, 'The answer of Bitel (HTTP 200) is no answer to a look-up');
	});

	it('is not redirected', async () => {
		const { host, looking } = look([answered(302, '', { location: 'https://elsewhere.example' })]);
		await failing(looking, 'bad-response');
		assert.equal(host.requests.length, 1);
	});

	it('is refused with the words of the provider', async () => {
		const { looking } = look([answered(400, { result: null, error: 'SomethingNew' })]);
		const error = await failing(looking, 'refused');
		assert.match(error.message, /“SomethingNew”/);
		assert.equal(error.facts.providerCode, 'SomethingNew');
	});

	it('is canceled at once, during a request and during a pause', async () => {
		const host = new TestHost(bitel, [
			() => {
				host.stop.abort();
				return answerLost('ERR_CANCELED');
			},
		]);
		const error = await failing(getOtpCallStatus(host.context, id), 'canceled');
		assert.equal(error.facts.callMayHaveBeenPlaced, false);
		assert.equal(host.requests.length, 1);

		const pausing = new TestHost(bitel, [answered(503)]);
		pausing.clock.onSleep = () => pausing.stop.abort();
		await failing(getOtpCallStatus(pausing.context, id), 'canceled');
		assert.equal(pausing.requests.length, 1);
	});

	it('can go by the provider’s own ID of the record', async () => {
		const recordId = textField(sample('autocall-cdr'), 'id');
		const host = new TestHost(autocall, [answered(200, freshCdr())]);
		const { call } = await getOtpCallStatus(host.context, recordId, 'record');
		assert.equal(call.callId, 'ABC123');
		assert.ok(host.requests[0]?.url.endsWith(`/v3/cdr/${recordId}`));
	});
});

describe('What a look-up keeps to', () => {
	it('is the pause that a rate limit asks for, of 10 seconds at most', async () => {
		const limited = (seconds: number) => answered(429, '', { 'retry-after': String(seconds) });
		const { host, looking } = look([limited(10), found]);
		assert.equal((await looking).call.callId, id);
		assert.deepEqual(host.clock.slept, [10_400]);
		const longer = look([limited(11), found]);
		await failing(longer.looking, 'rate-limited');
		assert.equal(longer.host.requests.length, 1);
	});

	it('is a pause of its own before each repeat, longer each time', async () => {
		const { host, looking } = look([answered(503), answered(503), found]);
		await looking;
		assert.deepEqual(host.clock.slept, [400, 800]);
	});

	it('is every status of success, and the stop of the flow', async () => {
		const { looking } = look([answered(299, bitelAccepts)]);
		assert.equal((await looking).call.callId, id);
		const host = new TestHost(bitel, [found]);
		host.stop.abort();
		const error = await failing(getOtpCallStatus(host.context, id), 'canceled');
		assert.equal(error.facts.callMayHaveBeenPlaced, false);
		const asking = new TestHost(bitel, [
			() => {
				asking.stop.abort();
				return answered(503);
			},
		]);
		await failing(getOtpCallStatus(asking.context, id), 'unreachable');
		assert.equal(asking.requests.length, 1);
	});

	it('says why it was not asked for when nothing was connected, and when the answer was lost', async () => {
		const refused = await failing(look([notSent('ECONNREFUSED')]).looking, 'unreachable');
		assert.match(refused.message, /nothing answers at that address/);
		const lost = await failing(look([answerLost('ECONNRESET')]).looking, 'unreachable');
		assert.match(lost.message, /the connection broke/);
	});
});

describe('A call ID', () => {
	it('that is missing is told from one that is none', () => {
		const { context } = new TestHost(bitel);
		const refused = (value: unknown) =>
			throwing(() => planLookup(context, value), 'invalid-input').message;
		for (const none of [undefined, null, '', ' ']) assert.equal(refused(none), 'Call ID is empty');
		for (const other of [{}, [id], true]) assert.equal(refused(other), 'Call ID must be text');
	});

	const bad: readonly (readonly [string, unknown])[] = [
		['is missing', undefined],
		['is null', null],
		['is empty', ''],
		['is blank', '  \t '],
		['is an object', { id }],
		['is a list', [id]],
		['is true', true],
		['is NaN', Number.NaN],
		['is infinite', Number.POSITIVE_INFINITY],
		['is a fraction', 1.5],
		['is a number that is not exact', 2 ** 60],
		['has a slash', 'a/b'],
		['has a backslash', 'a\\b'],
		['is two dots', '..'],
		['is one dot', '.'],
		['climbs', '../../v3/campaign'],
		['has a query', 'a?b=c'],
		['has a fragment', 'a#b'],
		['has an encoded NUL', 'a%00b'],
		['has an encoded slash', 'a%2fb'],
		['has a NUL', 'a\0b'],
		['has a line break', 'a\nb'],
		['has a carriage return', 'a\r\nX-Header: b'],
		['has a line separator', 'a\u2028b'],
		['has half a character', 'a\ud800b'],
		['has 10,000 characters', 'a'.repeat(10_000)],
	];
	for (const provider of providers) {
		for (const [what, value] of bad) {
			it(`is refused by ${provider.label} when it ${what}`, async () => {
				const { host, looking } = look([found], provider, [value]);
				const error = await failing(looking, 'invalid-input');
				assert.equal(error.facts.field, 'callId');
				assert.match(error.message, /^Call ID /);
				assert.ok(error.message.length < 300);
				assert.equal(host.requests.length, 0);
			});
		}
	}

	const odd = [
		'a b',
		'a;b',
		'..;',
		'...',
		'é',
		'۱۲',
		'a+b',
		'a:b@c',
		'~',
		"'",
		'a\u200bb',
		'👍',
		123,
	];
	for (const value of odd) {
		it(`never reaches another path: ${JSON.stringify(value)}`, async () => {
			for (const provider of [bitel, autocall]) {
				const { host, looking } = look([answered(404, { error: 'NotFound' })], provider, [value]);
				await failing(looking, 'not-found');
				const { pathname, search, hash } = new URL(host.requests[0]?.url ?? '');
				const prefix = provider === bitel ? '/api/v2/voice/status/' : '/v3/autocall/log/';
				const [segment = ''] = pathname.slice(prefix.length).split('/');
				assert.ok(pathname.startsWith(prefix));
				assert.equal(decodeURIComponent(segment), String(value));
				assert.equal(`${search}${hash}`, '');
			}
		});
	}

	it('of the sandbox must be one of the sandbox', () => {
		const host = new TestHost(sandbox);
		const error = throwing(() => planLookup(host.context, 'ABC123'), 'invalid-input');
		assert.match(error.facts.remedy, /such as sandbox-/);
	});

	const ofSandbox = 'sandbox-989123456789-mhdl2k3a-abcdef';
	const ofBitel = '69b9e312e3b64b3880760639f5dfdffa';
	const ofAutocall = 'f77dfcf4-0759-4179-93cb-741f481a776e';

	for (const [provider, callId, owner] of [
		[bitel, ofSandbox, 'Sandbox'],
		[autocall, ofSandbox, 'Sandbox'],
		[sandbox, ofBitel, 'Bitel'],
		[sandbox, ofAutocall, 'TEL4VN Autocall'],
	] as const) {
		it(`of ${owner} is not asked for at ${provider.label}, and the error names both`, async () => {
			const { host, looking } = look([], provider, [callId]);
			const { facts, message } = await failing(looking, 'invalid-input');
			assert.equal(message, `Call ID is one of ${owner}, not of ${provider.label}`);
			assert.ok(facts.remedy.startsWith(`Choose ${owner} under ‹providerChoice›`));
			assert.equal(host.requests.length, 0);
		});
	}

	for (const [provider, callId, owner] of [
		[bitel, ofAutocall, 'TEL4VN Autocall'],
		[autocall, ofBitel, 'Bitel'],
	] as const) {
		it(`that looks like one of ${owner} is asked for at ${provider.label}, since a user may have made it`, async () => {
			const { host, looking } = look([answered(404, { error: 'NotFound' })], provider, [callId]);
			const { facts } = await failing(looking, 'not-found');
			assert.ok(
				facts.remedy.startsWith(`This call ID looks like one of ${owner}: if it is, choose`),
			);
			assert.equal(host.requests.length, 1);
		});
	}

	it('of the provider’s own look, or of none, is nobody else’s', async () => {
		for (const [provider, callId] of [
			[bitel, ofBitel],
			[autocall, ofAutocall],
			[autocall, 'order-1042'],
		] as const) {
			const { looking } = look([answered(404, { error: 'NotFound' })], provider, [callId]);
			const { facts } = await failing(looking, 'not-found');
			assert.doesNotMatch(facts.remedy, /looks like/);
		}
	});

	it('of the provider’s own look is its own, though it looks like one of another too', async () => {
		const provider: Provider = {
			...autocall,
			callIdForm: { pattern: /^[0-9a-f-]+$/, example: ofAutocall },
		};
		const { looking } = look([answered(404, { error: 'NotFound' })], provider, [ofBitel]);
		const { facts } = await failing(looking, 'not-found');
		assert.doesNotMatch(facts.remedy, /looks like/);
	});

	it('is refused when it is an expression that nobody has worked out', () => {
		const host = new TestHost(bitel);
		const error = throwing(() => planLookup(host.context, '{{ $json.callId }}'), 'invalid-input');
		assert.equal(error.facts.field, 'callId');
		assert.equal(error.facts.remedy, '‹howToEvaluate›');
	});
});
