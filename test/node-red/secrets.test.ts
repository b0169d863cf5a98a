import assert from 'node:assert/strict';

import fc from 'fast-check';

import { startSimulator } from '../../tools/simulator';
import type { Fault, Simulator } from '../../tools/simulator';
import { RunningFlow } from './runningFlow';

const send = {
	type: 'send-otp-call',
	phoneNumber: '09123456789',
	phoneNumberType: 'str',
	code: 'secretCode',
	codeType: 'msg',
	simplify: false,
	coolDownSeconds: '0',
};

/** How a server may give back what it was sent. */
const echoes = (token: string, code: string): readonly Fault[] => {
	const all = [
		token,
		`Bearer ${token}`,
		encodeURIComponent(`${token}/${code}`),
		Buffer.from(`user:${token}`).toString('base64'),
		`your code is ${code.split('').join(' ')}`,
		code,
	];
	const bodies: readonly unknown[] = [
		all.join(' '),
		{ result: null, error: all.join(' ') },
		{ error: all },
		{
			message: all.join('\n'),
			request: { headers: { authorization: `Bearer ${token}` }, text: code },
		},
		`<html>${all.join('<br>')}</html>`,
	];
	return [
		...bodies.flatMap((body): readonly Fault[] =>
			[400, 401, 429, 500].map((status) => ({ kind: 'status', status, body })),
		),
		...bodies.map((body): Fault => ({ kind: 'wrong-shape', body })),
		{ kind: 'reset-after-placing' },
		{ kind: 'cut-off' },
		{ kind: 'html' },
	];
};

const token = fc.stringMatching(/^[A-Za-z0-9._-]{20,60}$/);
const code = fc.stringMatching(/^[0-9]{5}$/).filter((digits) => !'09123456789'.includes(digits));

describe('Secrets in Node-RED', () => {
	let simulator: Simulator;

	afterEach(async () => {
		await simulator.close();
	});

	it('never come out, whatever the provider answers', async () => {
		await fc.assert(
			fc.asyncProperty(token, code, async (secretToken, secretCode) => {
				simulator = await startSimulator({ tokens: [secretToken] });
				const flow = await RunningFlow.start(
					'node-red',
					send,
					{ provider: 'bitel', baseUrl: simulator.url, authentication: 'token' },
					{ token: secretToken },
				);
				try {
					for (const fault of echoes(secretToken, secretCode)) {
						simulator.faults.add({ fault, times: 1 });
						await flow.answer({ secretCode });
					}
					await flow.answer({ secretCode });
					const said = JSON.stringify([
						flow.out.map(({ payload }) => payload),
						flow.caught.map(({ error }) => error),
						flow.ends.map((error) => [String(error), error?.stack, { ...error }]),
						flow.statuses(),
						flow.logged(),
					]);
					for (const secret of [
						secretToken,
						encodeURIComponent(secretToken),
						Buffer.from(secretToken).toString('base64').slice(0, -2),
					]) {
						assert.ok(!said.includes(secret), `${secret} in ${said}`);
					}
					const alone = new RegExp(`(?<![0-9a-f])${secretCode}(?![0-9a-f])`);
					assert.doesNotMatch(said, alone);
					assert.doesNotMatch(said, new RegExp(secretCode.split('').join(' ')));
				} finally {
					await flow.stop();
					await simulator.close();
				}
			}),
			{ numRuns: 8 },
		);
	});

	it('leave phone numbers out of what is logged', async () => {
		simulator = await startSimulator();
		const flow = await RunningFlow.start('node-red', send, { provider: 'sandbox' });
		const status = { type: 'get-otp-call-status', callId: 'payload.callId', callIdType: 'msg' };
		try {
			const { callId } = await flow.result({ secretCode: '80417' });
			await flow.stop();
			const waiting = await RunningFlow.start(
				'node-red',
				{ ...status, waitUntilEnded: true, waitTimeout: '0.1' },
				{ provider: 'sandbox' },
			);
			const error = await waiting.failure({ payload: { callId } });
			assert.equal(error.code, 'wait-timeout');
			assert.ok(!error.message.includes('989123456789'), error.message);
			assert.ok(!String(error.stack).includes('989123456789'));
			assert.equal(error.cause['callId'], callId);
			await waiting.stop();
		} finally {
			await flow.stop();
		}
	});
});
