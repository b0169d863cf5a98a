import assert from 'node:assert/strict';

import { testAccount } from '../../calls/accountTest';
import { wordsOf } from '../../calls/errors';
import type { OtpCallError } from '../../calls/errors';
import type { CallContext } from '../../calls/context';
import type { Exchange } from '../../calls/transport';
import { plainWords } from '../../calls/words';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { esms } from '../../providers/esms/adapter';
import { kavenegar } from '../../providers/kavenegar/adapter';
import type { Provider } from '../../providers/contract';
import { sandbox } from '../../providers/sandbox/adapter';
import { ringo } from '../providers/throwAway';
import { clock } from '../../node-red/host/clock';

/** An account whose provider gives this answer to everything. */
function contextWith(provider: Provider, exchange: Exchange, asked: string[] = []): CallContext {
	return {
		provider,
		baseUrl: 'https://api.example.com',
		transport: async ({ method, url }) => {
			asked.push(`${method} ${url}`);
			return exchange;
		},
		clock,
		credentials: () => ['the-token'],
		lastingSecret: 'the-token',
	};
}

const answered = (status: number, body: unknown): Exchange => ({
	is: 'answered',
	status,
	headers: {},
	text: typeof body === 'string' ? body : JSON.stringify(body),
});

/** What the test of an account says; null: the account can be used. */
async function outcome(provider: Provider, exchange: Exchange): Promise<OtpCallError | null> {
	try {
		await testAccount(contextWith(provider, exchange));
		return null;
	} catch (error) {
		return error as OtpCallError;
	}
}

describe('The test of an account', () => {
	it('asks once, for what the provider names', async () => {
		const asked: string[] = [];
		await testAccount(contextWith(ringo, answered(200, { ok: 1 }), asked));
		assert.deepEqual(asked, ['GET https://api.example.com/api/call?id=none']);
	});

	it('asks nothing of a provider that needs no account', async () => {
		const asked: string[] = [];
		await testAccount(contextWith(sandbox, { is: 'not-sent', code: 'ECONNREFUSED' }, asked));
		assert.deepEqual(asked, []);
	});

	for (const [what, provider, exchange] of [
		['a success', ringo, answered(200, { ok: 1 })],
		['any other success', ringo, answered(299, { ok: 1 })],
		['no such call, by HTTP', bitel, answered(404, { error: 'VoiceNotFound' })],
		['no such call, by a number', ringo, answered(200, { ok: 0, err: '20' })],
		['no such call, by another number', esms, answered(200, { CodeResponse: '105' })],
	] as const) {
		it(`passes at ${what}`, async () => {
			assert.equal(await outcome(provider, exchange), null);
		});
	}

	for (const [what, provider, exchange, kind, message] of [
		['a refused token', bitel, answered(401, ''), 'not-authorized', /did not accept the token/],
		['a page', bitel, answered(404, '<html>'), 'bad-response', /does not answer like Bitel/],
		['other JSON', bitel, answered(200, { a: 1 }), 'bad-response', /does not answer like Bitel/],
		['too many requests', bitel, answered(429, '<html>'), 'rate-limited', /no more requests/],
		['a failing provider', bitel, answered(500, { error: 'X' }), 'unreachable', /failed/],
		[
			'an account without rights',
			kavenegar,
			answered(418, { return: { status: 418, message: 'x' }, entries: null }),
			'refused',
			/credit/,
		],
		['no connection', bitel, { is: 'not-sent', code: 'ECONNREFUSED' }, 'unreachable', /nothing/],
	] as const) {
		it(`fails at ${what}, in the words that the nodes have for it`, async () => {
			const error = await outcome(provider, exchange);
			assert.equal(error?.code, kind);
			assert.match(error?.message ?? '', message);
			assert.equal(error?.facts.callMayHaveBeenPlaced, false);
		});
	}

	for (const [provider, remedy] of [
		[bitel, 'Check Base URL, usually https://api.bitel.rest'],
		[autocall, 'Check Base URL'],
	] as const) {
		it(`names the address to put in place of a strange one, where ${provider.label} has one`, async () => {
			const error = await outcome(provider, answered(200, '<html>'));
			assert.ok(error !== null);
			assert.equal(wordsOf(error, plainWords).remedy, remedy);
		});
	}
});
