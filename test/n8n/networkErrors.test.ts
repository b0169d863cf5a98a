import assert from 'node:assert/strict';

import { exchangeOf } from '../../nodes/http/networkErrors';

/** An error as n8n throws it: its own around axios' around that of Node.js. */
const wrapped = (facts: { code?: string; syscall?: string; message?: string }): Error => {
	const inner = Object.assign(new Error(facts.message ?? 'failed'), facts);
	const axios = Object.assign(new Error(inner.message, { cause: inner }), {
		isAxiosError: true,
		code: facts.code,
	});
	return new Error('The service was not able to process your request', { cause: axios });
};

describe('A failure of n8n’s request helper', () => {
	for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']) {
		it(`proves that nothing left when connecting failed with ${code}`, () => {
			assert.deepEqual(exchangeOf(wrapped({ code, syscall: 'connect' })), { is: 'not-sent', code });
		});
	}

	for (const code of ['ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE']) {
		it(`proves nothing when a connection in use failed with ${code}`, () => {
			assert.deepEqual(exchangeOf(wrapped({ code, syscall: 'read' })), { is: 'answer-lost', code });
		});
	}

	it('proves nothing when it is of an unknown sort', () => {
		assert.equal(exchangeOf(new TypeError('Something in n8n failed')).is, 'answer-lost');
		assert.equal(exchangeOf('thrown text').is, 'answer-lost');
	});

	it('proves that nothing left when n8n blocks the address', () => {
		const blocked = Object.assign(new Error('blocked'), { name: 'SsrfBlockedIpError' });
		assert.deepEqual(exchangeOf(new Error('n8n', { cause: blocked })), {
			is: 'not-sent',
			code: 'BLOCKED_BY_HOST',
		});
	});
});
