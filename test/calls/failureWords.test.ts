import assert from 'node:assert/strict';

import { wordsOf } from '../../calls/errors';
import type { OtpCallError } from '../../calls/errors';
import { getOtpCallStatus } from '../../calls/status';
import { waitUntilEnded } from '../../calls/wait';
import { plainWords } from '../../calls/words';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { autocallInput, bitelInput, sendOtpCall } from './samples';
import { TestHost, answerLost, answered, failing, notSent } from './testHost';
import type { Reply } from './testHost';

const said = (error: OtpCallError): readonly [string, string] => [
	error.message,
	wordsOf(error, plainWords).remedy,
];

const ofSend = async (reply: Reply) => {
	const host = new TestHost(bitel, [reply]);
	return await failing(sendOtpCall(host.context, bitelInput));
};
const ofAutocall = async (reply: Reply) => {
	const host = new TestHost(autocall, [reply, answered(404, { error: 'Not Found' })]);
	return await failing(sendOtpCall(host.context, autocallInput));
};
const ofLookUp = async (reply: Reply) => {
	const host = new TestHost(bitel, [reply]);
	return await failing(getOtpCallStatus(host.context, 'b1'));
};

const doNotSend =
	'Do not send again at once: look for the call in the panel of Bitel, or ask the person. Send a new code only when no call has arrived';
const reachAgain =
	'Check Base URL in the account, the network and the proxy settings, then try again';

describe('The words of a send that failed', () => {
	const table: readonly (readonly [string, Reply, string, string])[] = [
		[
			'that nothing answered',
			notSent('ECONNREFUSED'),
			'Bitel cannot be reached: nothing answers at that address (ECONNREFUSED)',
			reachAgain,
		],
		[
			'what a code means that nobody knows',
			notSent('EXOTIC'),
			'Bitel cannot be reached: EXOTIC',
			reachAgain,
		],
		[
			'that a certificate is not to be believed',
			notSent('CERT_HAS_EXPIRED'),
			'Bitel cannot be reached: its certificate cannot be verified (CERT_HAS_EXPIRED)',
			'Check Base URL; if the provider uses a private certificate authority, make it known to the host',
		],
		[
			'that a connection was not secure',
			answerLost('ERR_SSL_WRONG_VERSION_NUMBER'),
			'Bitel did not answer: no secure connection can be made (ERR_SSL_WRONG_VERSION_NUMBER). The phone may still ring',
			doNotSend,
		],
		[
			'that nobody knows the outcome',
			answerLost('ECONNRESET'),
			'Bitel did not answer: the connection broke (ECONNRESET). The phone may still ring',
			doNotSend,
		],
		[
			'that the provider failed',
			answered(500, { result: null, error: 'out of order' }),
			'Bitel failed while it worked on the request (HTTP 500): “out of order”. The phone may still ring',
			doNotSend,
		],
		[
			'that the answer is unreadable',
			answered(200, '[]'),
			'The answer of Bitel (HTTP 200) is not JSON. The phone may still ring',
			doNotSend,
		],
		[
			'that the token is wrong',
			answered(401),
			'Bitel did not accept the token of the account (HTTP 401)',
			'Get a new token from Bitel and enter it under Token in the account, whole and without spaces',
		],
		[
			'that the account may not do it',
			answered(403),
			'Bitel does not allow this with the token of the account (HTTP 403)',
			'Ask Bitel what your account may do there, or use another account',
		],
		[
			'how long to wait, in whole seconds that are long enough',
			answered(429, '', { 'retry-after': 'Sun, 01 Jun 2025 08:00:31 GMT' }),
			'Bitel takes no more requests right now (HTTP 429)',
			'Wait 31 seconds, then try again; place fewer calls at a time',
		],
		[
			'to wait a while where nobody says how long',
			answered(429),
			'Bitel takes no more requests right now (HTTP 429)',
			'Wait a minute, then try again; place fewer calls at a time',
		],
		[
			'that the call was refused without a reason',
			answered(400),
			'Bitel refused the call (HTTP 400)',
			'Bitel gave no reason: check the number and the account, or ask Bitel',
		],
		[
			'that the call was refused, and why',
			answered(400, { result: null, error: ' \u0000no \u0000 credit\n left\u200b ' }),
			'Bitel refused the call (HTTP 400): “no credit left”',
			'Correct what Bitel complains of, then try again',
		],
	];
	for (const [what, reply, message, remedy] of table) {
		it(`say ${what}`, async () => {
			assert.deepEqual(said(await ofSend(reply)), [message, remedy]);
		});
	}

	it('name the call ID where the call can be looked up, and only where it may have been placed', async () => {
		const lost = await ofAutocall(answerLost());
		assert.equal(lost.facts.callId, 'ABC123');
		assert.match(
			said(lost)[1],
			/: look the call up in some minutes with Get OTP Call Status and the call ID ABC123\. /,
		);
		for (const reply of [
			answered(400, { error: 'no' }),
			answered(401),
			notSent('ERR_INVALID_URL'),
		]) {
			assert.equal((await ofAutocall(reply)).facts.callId, undefined);
		}
		assert.equal((await ofSend(answerLost())).facts.callId, undefined);
	});

	it('say that the flow was stopped where it was', async () => {
		const host = new TestHost(bitel, [
			() => {
				host.stop.abort();
				return answerLost('ERR_CANCELED');
			},
		]);
		const error = await failing(sendOtpCall(host.context, bitelInput), 'outcome-unknown');
		assert.equal(
			error.message,
			'The flow was stopped before Bitel answered. The phone may still ring',
		);
		const waiting = new TestHost(bitel);
		waiting.clock.onSleep = () => waiting.stop.abort();
		const ending = waitUntilEnded(waiting.context, 'b1', { firstLookAfter: 1 });
		assert.deepEqual(said(await failing(ending, 'canceled')), [
			'The wait for the end of the call was canceled because the flow was stopped',
			'The call itself goes on at the provider: look it up by its call ID',
		]);
		const before = new TestHost(bitel);
		before.stop.abort();
		assert.deepEqual(said(await failing(sendOtpCall(before.context, bitelInput), 'canceled')), [
			'The call was canceled because the flow was stopped',
			'No call was placed. Run the flow again when you are ready',
		]);
	});

	it('never tell to come back too early', async () => {
		const host = new TestHost(bitel, [
			answered(429, '', { 'retry-after': 'Sun, 01 Jun 2025 08:00:31 GMT' }),
		]);
		host.clock.pass(500);
		const error = await failing(sendOtpCall(host.context, bitelInput), 'rate-limited');
		assert.equal(error.facts.retryAfterSeconds, 31);
	});

	it('quote 200 characters of the provider at most', async () => {
		const quoted = async (text: string) =>
			/“(.*)”/.exec((await ofSend(answered(400, { error: text }))).message)?.[1];
		assert.equal(await quoted('no '.repeat(66) + 'ab'), 'no '.repeat(66) + 'ab');
		assert.equal(await quoted('no '.repeat(67)), 'no '.repeat(67).trim());
		assert.equal(await quoted('no '.repeat(66) + 'abc'), `${'no '.repeat(66)}ab…`);
	});

	it('hold no code in the provider’s own error code', async () => {
		const host = new TestHost(bitel, [answered(400, { result: null, error: 'Invalid73945' })]);
		const error = await failing(sendOtpCall(host.context, { ...bitelInput, code: '73945' }));
		assert.equal(error.facts.providerCode, 'Invalid•••');
		assert.ok(!JSON.stringify(error.facts).includes('73945'));
	});

	it('say what makes the token doubtful', async () => {
		const payload = Buffer.from(JSON.stringify({ exp: 1_700_000_000 })).toString('base64url');
		const old = `eyJhbGciOiJIUzI1NiJ9.${payload}.c2lnbmF0dXJl`;
		const host = new TestHost(bitel, [answered(401)], { credentials: () => ['another', old] });
		const { message } = await failing(sendOtpCall(host.context, bitelInput), 'not-authorized');
		assert.equal(
			message,
			'Bitel did not accept the token of the account (HTTP 401). The token says that it expired on 2023-11-14',
		);
	});

	it('name the token itself where the provider has no account', async () => {
		const provider = { ...bitel, account: null };
		const host = new TestHost(provider, [answered(401)]);
		const error = await failing(sendOtpCall(host.context, bitelInput), 'not-authorized');
		assert.match(said(error)[1], /enter it under token in the account/);
	});
});

describe('The words of a look-up that failed', () => {
	const table: readonly (readonly [string, Reply, string, string])[] = [
		[
			'that the connection broke',
			answerLost('ECONNRESET'),
			'Bitel cannot be reached: the connection broke (ECONNRESET)',
			reachAgain,
		],
		[
			'that the provider failed',
			answered(500),
			'Bitel failed while it worked on the request (HTTP 500)',
			'Try again in some minutes; if it stays, tell the provider',
		],
		[
			'that the request was refused',
			answered(400, { result: null, error: 'bad id' }),
			'Bitel refused the request (HTTP 400): “bad id”',
			'Correct what Bitel complains of, then try again',
		],
		[
			'that the answer is unreadable',
			answered(200, '[]'),
			'The answer of Bitel (HTTP 200) is not JSON',
			'Check that Base URL in the account is the address of the API and not of a web page or a proxy',
		],
		[
			'that it was sent elsewhere',
			answered(302),
			'Bitel redirects to another address (HTTP 302), which is not followed',
			'Set Base URL in the account to the address of the API itself, beginning with https://',
		],
		[
			'that there is nothing at the address',
			answered(404, '<html>'),
			'There is nothing of Bitel at this address (HTTP 404)',
			'Check that Base URL in the account is the address of the API and not of a web page',
		],
	];
	for (const [what, reply, message, remedy] of table) {
		it(`say ${what}, and that no call was placed`, async () => {
			const error = await ofLookUp(reply);
			assert.deepEqual(said(error), [message, remedy]);
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
			assert.equal(error.facts.callId, undefined);
		});
	}

	it('say that there is no record, and which call was asked for', async () => {
		const error = await ofLookUp(answered(200, { result: null, error: 'NotFound' }));
		assert.equal(error.code, 'not-found');
		assert.deepEqual(said(error), [
			'Bitel has no record of this call',
			'A record may appear only when the call has ended: wait some seconds or turn on Wait Until Ended. Otherwise check the call ID and that it belongs to this account',
		]);
		assert.equal(error.facts.callId, 'b1');
		assert.equal(error.facts.callMayHaveBeenPlaced, false);
	});
});
