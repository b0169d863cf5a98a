import assert from 'node:assert/strict';

import { authorized, exchangedToken } from '../../calls/tokens';
import type { TokenSource } from '../../calls/tokens';
import type { Clock, OutgoingRequest } from '../../calls/transport';
import { autocall } from '../../providers/autocall/adapter';
import { tokens } from '../../providers/autocall/tokens';
import { TestHost, answered } from './testHost';
import type { Reply } from './testHost';

const apiKey = 'key-Zm9vYmFy';

const flat = (token: string, expired_in: unknown = 13_647_710) =>
	answered(200, { client_id: 'c', expired_in, refresh_token: '', token, token_type: 'Bearer' });

const sourceOf = (replies: readonly Reply[]) => {
	const host = new TestHost(autocall, replies, { credentials: () => [apiKey] });
	return { host, source: exchangedToken(host.context, tokens, apiKey) };
};

const request: OutgoingRequest = {
	method: 'POST',
	url: 'https://api.example.com/v3/autocall/otp',
	headers: { accept: 'application/json' },
	body: '{}',
	timeout: 1,
	longestAnswer: 1,
	signal: undefined,
};

/** A clock whose sleeps last until they are ended: no token is ever too late. */
const patient: Clock = {
	now: () => 0,
	random: () => 0,
	sleep: (_milliseconds, signal) =>
		new Promise((resolve) => {
			signal?.addEventListener('abort', () => resolve(), { once: true });
		}),
};

describe('A request that is stopped while its token is fetched', () => {
	/** A source that never settles. */
	const stuck: TokenSource = {
		held: () => null,
		current: () => new Promise<string>(() => undefined),
		fresh: () => new Promise<string | null>(() => undefined),
		secrets: () => [],
	};

	it('settles at once and has not been sent', async () => {
		const host = new TestHost(autocall, [answered(200)]);
		const sending = authorized(
			autocall,
			host.transport,
			stuck,
			patient,
		)({ ...request, signal: host.stop.signal });
		host.stop.abort();
		assert.equal((await sending).is, 'not-sent');
		assert.equal(host.requests.length, 0);
	});

	it('settles at once after a 401, and has placed nothing', async () => {
		const host = new TestHost(autocall, [answered(401)]);
		const source = { ...stuck, current: async () => 't1' };
		const sending = authorized(
			autocall,
			host.transport,
			source,
			patient,
		)({ ...request, signal: host.stop.signal });
		await new Promise(setImmediate);
		host.stop.abort();
		assert.equal((await sending).is, 'not-sent');
		assert.equal(host.requests.length, 1);
	});

	it('asks for no token when it was stopped before', async () => {
		const host = new TestHost(autocall, [answered(200)]);
		let asked = 0;
		const source: TokenSource = {
			...stuck,
			current: async () => {
				asked += 1;
				return 't1';
			},
		};
		host.stop.abort();
		const { signal } = host.stop;
		const sent = await authorized(
			autocall,
			host.transport,
			source,
			patient,
		)({ ...request, signal });
		assert.deepEqual([sent.is, asked, host.requests.length], ['not-sent', 0, 0]);
	});

	it('leaves no timer behind when its token has come', async () => {
		const timers: AbortSignal[] = [];
		const clock: Clock = {
			...patient,
			sleep: (milliseconds, signal) => {
				if (signal !== undefined) timers.push(signal);
				return patient.sleep(milliseconds, signal);
			},
		};
		const host = new TestHost(autocall, [answered(200)]);
		const source = { ...stuck, current: async () => 't1' };
		await authorized(autocall, host.transport, source, clock)(request);
		assert.deepEqual(
			timers.map(({ aborted }) => aborted),
			[true],
		);
	});

	it('leaves no listener on its signal', async () => {
		const { source } = sourceOf([flat('t1')]);
		const host = new TestHost(autocall, [answered(200)]);
		const { signal } = host.stop;
		let listeners = 0;
		const add = signal.addEventListener.bind(signal);
		const remove = signal.removeEventListener.bind(signal);
		signal.addEventListener = (...args: Parameters<typeof add>) => {
			listeners += 1;
			add(...args);
		};
		signal.removeEventListener = (...args: Parameters<typeof remove>) => {
			listeners -= 1;
			remove(...args);
		};
		await authorized(autocall, host.transport, source, patient)({ ...request, signal });
		assert.equal(listeners, 0);
	});
});
