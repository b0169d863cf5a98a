import assert from 'node:assert/strict';

import type { ErrorKind } from '../../calls/errors';
import { wordsOf } from '../../calls/errors';
import { checkSpokenCode, checkProvider } from '../../calls/input';
import type { SendInput } from '../../calls/send';
import { placeReserved, prepareSend } from '../../calls/send';
import { getOtpCallStatus } from '../../calls/status';
import { authorized, fixedToken } from '../../calls/tokens';
import { waitUntilEnded } from '../../calls/wait';
import { plainWords } from '../../calls/words';
import { bitel } from '../../providers/bitel/adapter';
import { autocall } from '../../providers/autocall/adapter';
import type { Provider, Verdict } from '../../providers/contract';
import { ringo } from '../providers/throwAway';
import { sendOtpCall } from './samples';
import { TestHost, answerLost, answered, failing, notSent, throwing } from './testHost';
import type { Reply } from './testHost';

const input: SendInput = {
	phoneNumber: '09123456789',
	code: 'K4821',
	fields: { template: 'T1' },
};
const key = 'the-key-of-ringo';
const accepted = answered(200, { ok: 1, callid: 'R1' });
const noRecord = answered(200, { ok: 0, err: 20 });

const problem = (err: number, msg = 'words of Ringo') => ({ ok: 0, err, msg });

const hostOf = (replies: readonly Reply[], provider: Provider = ringo) =>
	new TestHost(provider, replies, { credentials: () => [key] });

/** A look-up of the same reference follows a send whose outcome is unknown: there is no such call. */
const sending = (reply: Reply, provider: Provider = ringo) => {
	const host = hostOf([reply, noRecord], provider);
	return { host, failed: failing(sendOtpCall(host.context, input)) };
};

describe('What an answer means where the provider says otherwise than HTTP', () => {
	const table: readonly (readonly [number, Verdict, ErrorKind, ErrorKind])[] = [
		[10, 'not-authorized', 'not-authorized', 'not-authorized'],
		[11, 'forbidden', 'not-authorized', 'not-authorized'],
		[12, 'rate-limited', 'rate-limited', 'rate-limited'],
		[13, 'refused', 'refused', 'refused'],
		[14, 'fault', 'outcome-unknown', 'unreachable'],
	];
	for (const [number, verdict, ofSend, ofLookUp] of table) {
		for (const status of [200, 202, 400, 401, 403, 404, 302, 429, 500, 503]) {
			it(`is ${verdict} by its number, at HTTP ${status}: ${ofSend} of a send, ${ofLookUp} of a look-up`, async () => {
				const reply = answered(status, problem(number));
				const { host, failed } = sending(reply);
				const error = await failed;
				assert.equal(error.code, ofSend, error.message);
				assert.equal(error.facts.callMayHaveBeenPlaced, verdict === 'fault');
				assert.equal(error.facts.httpStatus, status);
				assert.equal(error.facts.providerCode, String(number));
				assert.equal(host.sends, 1, 'it is never sent again');

				const asked = hostOf([reply]);
				const other = await failing(getOtpCallStatus(asked.context, 'R1'), ofLookUp);
				assert.equal(other.facts.callMayHaveBeenPlaced, false);
			});
		}

		it(`is explained by the number ${number} of ${verdict}, with the words of the provider`, async () => {
			const error = await sending(answered(200, problem(number))).failed;
			assert.ok(error.message.startsWith(`Ringo's number ${number} (HTTP 200)`), error.message);
			assert.match(error.message, /“words of Ringo”|phone may ring/);
			const asked = hostOf([answered(200, problem(number))]);
			const other = await failing(getOtpCallStatus(asked.context, 'R1'));
			assert.ok(other.message.startsWith(`Ringo's number ${number} `), other.message);
			assert.equal(
				wordsOf(other, plainWords).remedy,
				`Read about ${number}, and check Text Template in the account`,
			);
		});
	}

	it('is what HTTP says where the provider has no verdict', async () => {
		for (const [status, kind] of [
			[401, 'not-authorized'],
			[403, 'not-authorized'],
			[429, 'rate-limited'],
			[422, 'refused'],
			[500, 'outcome-unknown'],
			[408, 'outcome-unknown'],
		] as const) {
			const error = await sending(answered(status, problem(99))).failed;
			assert.equal(error.code, kind, error.message);
			assert.match(error.message, /Ringo/);
		}
	});

	it('may make a missing page of a success of HTTP, and the other way round', async () => {
		const faulty: Provider = { ...ringo, judge: () => 'fault' };
		const error = await sending(answered(401, ''), faulty).failed;
		assert.equal(error.code, 'outcome-unknown');
		const strict: Provider = { ...ringo, judge: () => 'refused' };
		const other = await sending(answered(503, ''), strict).failed;
		assert.deepEqual([other.code, other.facts.callMayHaveBeenPlaced], ['refused', false]);
	});

	it('decides whether a declined send may go again after Retry-After', async () => {
		const headers = { 'retry-after': '2' };
		const limited = hostOf([answered(503, problem(12), headers), accepted]);
		assert.equal((await sendOtpCall(limited.context, input)).call.callId, 'R1');
		assert.equal(limited.sends, 2);
		const fault = hostOf([answered(429, problem(14), headers), noRecord]);
		await failing(sendOtpCall(fault.context, input), 'outcome-unknown');
		assert.equal(fault.sends, 1);
	});

	it('decides whether a send goes again with a fresh token', async () => {
		const send = async (reply: Reply) => {
			const host = hostOf([reply, accepted]);
			const source = { ...fixedToken('stale'), fresh: async () => 'fresh' };
			const transport = authorized(ringo, host.transport, source, host.clock);
			await sendOtpCall({ ...host.context, transport }, input).catch(() => undefined);
			return host.sends;
		};
		assert.equal(await send(answered(401, '')), 2);
		assert.equal(await send(answered(200, problem(10))), 2);
		assert.equal(await send(answered(401, problem(14))), 1, 'it may have been placed');
		assert.equal(await send(answered(403, problem(11))), 1);
	});
});

describe('A request of a provider of another style', () => {
	it('has its body as a form, encoded', async () => {
		const host = hostOf([accepted]);
		await sendOtpCall(host.context, { ...input, fields: { template: 'T1', voice: 'A&b=c d' } });
		const [request] = host.requests;
		assert.equal(request?.headers['content-type'], 'application/x-www-form-urlencoded');
		const form = new URLSearchParams(request.body ?? '');
		assert.equal(form.get('voice'), 'A&b=c d');
		assert.equal(form.get('pin'), 'K4821');
		assert.equal(form.get('to'), '989123456789');
	});

	it('has parameters in its URL, encoded, and no body', async () => {
		const host = hostOf([answered(200, { ok: 1, callid: 'a&b', state: 'BUSY' })]);
		await getOtpCallStatus(host.context, 'a&b=c');
		const [request] = host.requests;
		assert.equal(request?.url, 'https://api.example.com/api/call?id=a%26b%3Dc');
		assert.deepEqual([request.body, request.headers['content-type']], [null, undefined]);
	});

	for (const [place, authorize] of [
		['the path', undefined],
		[
			'the query',
			<T extends { readonly url: string }>(request: T, token: string): T => {
				const url = new URL(request.url);
				url.searchParams.set('key', token);
				return { ...request, url: url.href };
			},
		],
	] as const) {
		it(`shows its key in ${place} in no error, whatever goes wrong`, async () => {
			assert.ok(ringo.account !== null);
			const account = { ...ringo.account, ...(authorize && { authorize }) };
			const provider: Provider = { ...ringo, account };
			const replies: readonly Reply[] = [
				notSent(),
				notSent('ERR_INVALID_URL'),
				answerLost(),
				...[200, 302, 400, 401, 404, 429, 500].map(
					(status): Reply =>
						({ url }) =>
							answered(status, `cannot serve ${url}`),
				),
				...[10, 11, 12, 13, 14].map(
					(number): Reply =>
						({ url }) =>
							answered(200, problem(number, `cannot serve ${url}`)),
				),
				({ url }) => {
					throw new Error(`cannot open ${url}`);
				},
			];
			for (const reply of replies) {
				const host = hostOf([reply], provider);
				const transport = authorized(provider, host.transport, fixedToken(key), host.clock);
				const context = { ...host.context, transport };
				for (const work of [sendOtpCall(context, input), getOtpCallStatus(context, 'R1')]) {
					const error = await failing(work);
					assert.ok(host.requests[0]?.url.includes(key), 'the key was sent');
					const shown = [error.stack, JSON.stringify(error), JSON.stringify(error.facts)].join();
					assert.ok(!shown.includes(key), shown);
				}
			}
		});
	}

	it('is looked up by our reference when its answer is lost', async () => {
		const found = answered(200, { ok: 1, callid: 'R1', state: 'TALKED', to: '989123456789' });
		const host = hostOf([answerLost(), found]);
		assert.equal((await sendOtpCall(host.context, input)).call.status, 'completed');
		assert.equal(host.sends, 1);
	});

	it('has an unknown outcome when it is answered with the lack of a record', async () => {
		const error = await failing(sendOtpCall(hostOf([noRecord]).context, input), 'outcome-unknown');
		assert.match(error.message, /^The answer of Ringo \(HTTP 200\) is empty/);
	});

	it('is placed at every status of success', async () => {
		for (const status of [200, 299]) {
			const { call } = await sendOtpCall(
				hostOf([answered(status, { ok: 1, callid: 'R1' })]).context,
				input,
			);
			assert.equal(call.callId, 'R1');
		}
	});

	it('knows no code in what it puts out', async () => {
		const host = hostOf([answered(200, { ok: 1, callid: 'R1', pin: 'K4821', note: 'K 4 8 2 1' })]);
		const report = await sendOtpCall(host.context, input);
		assert.doesNotMatch(JSON.stringify(report.raw), /4821|4 8 2 1/);
	});
});

describe('A call that the provider itself may place again', () => {
	const busy = answered(200, { ok: 1, callid: 'R1', state: 'BUSY' });

	it('says so when it is planned', () => {
		const { context } = hostOf([]);
		const mayRetry = (tries: unknown) =>
			prepareSend(context, { ...input, fields: { template: 'T1', tries } }).planned.mayRetry;
		assert.deepEqual(['', 1, 2, '5'].map(mayRetry), [false, false, true, true]);
	});

	it('is over at the first busy only when it may not', async () => {
		for (const [mayRetry, looks] of [
			[false, 1],
			[true, 6],
		] as const) {
			const host = hostOf([busy]);
			await waitUntilEnded(host.context, 'R1', { firstLookAfter: 0, mayRetry });
			assert.ok(host.requests.length >= looks, `${mayRetry}: ${host.requests.length}`);
			if (!mayRetry) assert.equal(host.requests.length, 1);
		}
	});
});

describe('A place in a cool-down', () => {
	const place = async (reply: Reply) => {
		const host = hostOf([reply, noRecord]);
		let released = 0;
		const reserve = async () => ({
			release: async () => {
				released += 1;
				throw new Error('the store is gone');
			},
		});
		const placing = placeReserved(host.context, prepareSend(host.context, input), reserve);
		const outcome = await placing.then(
			() => 'placed',
			(error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
		);
		return [outcome, released];
	};

	it('is kept by a call that was placed, and by one of which nobody knows', async () => {
		assert.deepEqual(await place(accepted), ['placed', 0]);
		assert.deepEqual(await place(answerLost()), ['outcome-unknown', 0]);
		assert.deepEqual(await place(answered(200, problem(14))), ['outcome-unknown', 0]);
	});

	it('is given back by a call that was provably not placed, with the error of the call', async () => {
		assert.deepEqual(await place(answered(200, problem(13))), ['refused', 1]);
		assert.deepEqual(await place(notSent('CERT_HAS_EXPIRED')), ['unreachable', 1]);
	});

	it('is not asked for where there is no rule, and lets nothing be sent when there is none', async () => {
		const host = hostOf([accepted]);
		const prepared = prepareSend(host.context, input);
		assert.equal((await placeReserved(host.context, prepared, null)).call.callId, 'R1');
		const full = placeReserved(host.context, prepared, async () => {
			throw new Error('full');
		});
		await assert.rejects(full, /full/);
		assert.equal(host.sends, 1);
	});
});

describe('A code rule that forbids spaces', () => {
	it('takes letters and digits, and no spaces between them', () => {
		assert.equal(checkSpokenCode(' K48 '.trim(), ringo), 'K48');
		for (const code of ['K 48', '4 8 2 1', '4  8']) {
			const error = throwing(() => checkSpokenCode(code, ringo), 'invalid-input');
			assert.match(error.message, /letters A to Z and digits only for Ringo/);
			assert.ok(!JSON.stringify(error.facts).includes(code));
		}
		assert.equal(
			checkSpokenCode('4 8 2', { ...bitel, codeRule: { ...bitel.codeRule, spaces: true } }),
			'4 8 2',
		);
	});
});

describe('The provider that a user has chosen', () => {
	it('is found by its name, among those that can be chosen', () => {
		assert.equal(checkProvider('bitel'), bitel);
		assert.equal(checkProvider('autocall', [autocall]), autocall);
	});

	it('is refused when it is none of them', () => {
		for (const [value, among] of [
			['ringo', undefined],
			['', undefined],
			[{}, undefined],
			['bitel', [autocall]],
		] as const) {
			const error = throwing(() => checkProvider(value, among), 'invalid-input');
			assert.equal(error.facts.field, 'provider');
			assert.match(error.message, /^Provider /);
		}
	});
});
