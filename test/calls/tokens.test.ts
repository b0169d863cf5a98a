import assert from 'node:assert/strict';

import { wordsOf } from '../../calls/errors';
import { authorized, fetchToken, fixedToken } from '../../calls/tokens';
import type { TokenSource } from '../../calls/tokens';
import type { Clock } from '../../calls/transport';
import { plainWords } from '../../calls/words';
import { autocall } from '../../providers/autocall/adapter';
import { tokens } from '../../providers/autocall/tokens';
import { apiKey, bearerOf, day, flat, patient, request, sourceOf, waiting } from './tokenSource';
import { TestHost, answerLost, answered, failing, notSent } from './testHost';
import type { Reply } from './testHost';

describe('A token against an API key', () => {
	it('is asked for with the key alone', async () => {
		const { host, source } = sourceOf([flat('t1')]);
		assert.equal(await source.current(waiting), 't1');
		const [asked] = host.requests;
		assert.equal(asked?.method, 'POST');
		assert.equal(asked.url, 'https://api.example.com/v3/auth/token');
		assert.deepEqual(JSON.parse(asked.body ?? ''), { api_key: apiKey });
		assert.equal(asked.headers['authorization'], undefined);
	});

	it('is read from both forms of the answer', async () => {
		assert.equal(await sourceOf([flat('t1')]).source.current(waiting), 't1');
		const wrapped = answered(200, { data: { token: 't2', expired: 1_700_000_000, user_id: 'u' } });
		assert.equal(await sourceOf([wrapped]).source.current(waiting), 't2');
	});

	it('is fetched once for all that wait for it', async () => {
		const { host, source } = sourceOf([flat('t1'), flat('t2')]);
		const got = await Promise.all(Array.from({ length: 100 }, () => source.current(waiting)));
		assert.deepEqual([...new Set(got)], ['t1']);
		assert.equal(host.requests.length, 1);
	});

	it('is kept for a day, less a minute, though it claims to live longer', async () => {
		const { host, source } = sourceOf([flat('t1'), flat('t2')]);
		await source.current(waiting);
		host.clock.pass(day - 61_000);
		assert.equal(await source.current(waiting), 't1');
		host.clock.pass(2_000);
		assert.equal(await source.current(waiting), 't2');
	});

	it('is kept for half of its life when that is short', async () => {
		const { host, source } = sourceOf([flat('t1', 60), flat('t2', 60)]);
		await source.current(waiting);
		host.clock.pass(29_000);
		assert.equal(await source.current(waiting), 't1');
		host.clock.pass(2_000);
		assert.equal(await source.current(waiting), 't2');
	});

	it('is asked for again when the network fails for a moment: it places no call', async () => {
		for (const reply of [notSent(), answerLost(), answered(503)]) {
			const { host, source } = sourceOf([reply, reply, flat('t1')]);
			assert.equal(await source.current(waiting), 't1');
			assert.equal(host.requests.length, 3);
		}
	});

	it('is asked for anew after a failure, once for a batch when the key was refused', async () => {
		const { host, source } = sourceOf([answered(401), flat('t1')]);
		for (let item = 0; item < 3; item += 1) {
			await failing(source.current(waiting), 'not-authorized');
		}
		assert.equal(host.requests.length, 1);
		host.clock.pass(10_000);
		assert.equal(await source.current(waiting), 't1');
	});

	it('is asked for anew at once after any other failure', async () => {
		const trouble = answered(503);
		const { host, source } = sourceOf([trouble, trouble, trouble, flat('t1')]);
		await failing(source.current(waiting), 'unreachable');
		assert.equal(await source.current(waiting), 't1');
		assert.equal(host.requests.length, 4);
	});

	it('is had at every status of success, and at no other', async () => {
		const withStatus = (status: number) => answered(status, { token: 't1' });
		assert.equal(await sourceOf([withStatus(299)]).source.current(waiting), 't1');
		for (const [status, kind] of [
			[300, 'bad-response'],
			[422, 'refused'],
			[429, 'rate-limited'],
			[500, 'unreachable'],
		] as const) {
			await failing(sourceOf([withStatus(status)]).source.current(waiting), kind);
		}
	});

	it('is renewed a minute before its end, to the millisecond', async () => {
		const { host, source } = sourceOf([flat('t1'), flat('t2')]);
		await source.current(waiting);
		host.clock.pass(day - 60_001);
		assert.equal(source.held(), 't1');
		host.clock.pass(1);
		assert.equal(source.held(), null);
		assert.equal(await source.current(waiting), 't2');
	});

	it('that a user has entered is there at once, and there is no other', async () => {
		const source = fixedToken('t0');
		assert.equal(source.held(), 't0');
		assert.equal(await source.current(waiting), 't0');
		assert.equal(await source.fresh('t0', waiting), null);
		assert.deepEqual(source.secrets(), ['t0']);
	});

	it('that comes too late is no unknown outcome: nothing has left', async () => {
		const host = new TestHost(autocall, [answered(200)]);
		const never: TokenSource = {
			...fixedToken('t0'),
			held: () => null,
			current: () => new Promise(() => undefined),
		};
		const send = authorized(autocall, host.transport, never, host.clock);
		const error = await failing(send(request), 'unreachable');
		assert.equal(error.facts.callMayHaveBeenPlaced, false);
		assert.equal(host.requests.length, 0);
	});

	it('that comes too late after a 401 leaves the provider’s no as it is: nothing was placed', async () => {
		const host = new TestHost(autocall, [answered(401)]);
		const slow: TokenSource = { ...fixedToken('t0'), fresh: () => new Promise(() => undefined) };
		const send = authorized(autocall, host.transport, slow, host.clock);
		const error = await failing(send(request), 'unreachable');
		assert.match(error.message, /gave no token in time, so nothing was sent/);
		assert.match(error.facts.remedy, /raise .*Timeout/);
		assert.deepEqual([error.facts.callMayHaveBeenPlaced, host.requests.length], [false, 1]);
	});

	for (const status of [400, 401, 403]) {
		it(`says that the key is wrong (${status}), without the key`, async () => {
			const { host, source } = sourceOf([answered(status, { error: `bad key ${apiKey}` })]);
			const error = await failing(source.current(waiting), 'not-authorized');
			assert.match(error.message, /did not accept the API Key of the account/);
			assert.match(wordsOf(error, plainWords).remedy, /^Copy the API Key /);
			assert.ok(!JSON.stringify(error.facts).includes(apiKey));
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
			assert.equal(host.requests.length, 1);
		});
	}

	it('says that the address is wrong when there is no such thing at it', async () => {
		for (const body of ['', '<html>404</html>', { message: 'no route' }]) {
			const { source } = sourceOf([answered(404, body)]);
			const error = await failing(source.current(waiting));
			assert.match(error.facts.remedy, /Base URL/);
		}
	});

	it('says that the answer holds none', async () => {
		for (const body of [
			'',
			'[]',
			'{}',
			'{"token": 7e300}',
			'{"token": {}}',
			'{"token": "a b\\n"}',
		]) {
			const { source } = sourceOf([answered(200, body)]);
			const error = await failing(source.current(waiting), 'bad-response');
			assert.match(error.message, /token/);
		}
	});

	it('is not asked for when the flow has been stopped', async () => {
		const { host } = sourceOf([flat('t1')]);
		host.stop.abort();
		await failing(fetchToken(host.context, tokens, apiKey), 'canceled');
		assert.equal(host.requests.length, 0);
	});

	it('stays secret after it has been replaced: requests with it may still be under way', async () => {
		const { source } = sourceOf([flat('t1'), flat('t2')]);
		await source.fresh(await source.current(waiting), waiting);
		assert.deepEqual(new Set(source.secrets()), new Set([apiKey, 't1', 't2']));
	});
});

describe('A request with a token', () => {
	it('carries it, beside its other headers', async () => {
		const host = new TestHost(autocall, [answered(200)]);
		await authorized(autocall, host.transport, fixedToken('t0'), patient)(request);
		const [sent] = host.requests;
		assert.deepEqual(sent?.headers, { accept: 'application/json', authorization: 'Bearer t0' });
	});

	const refresh = (replies: readonly Reply[], tokenReplies: readonly Reply[]) => {
		const { host: tokenHost, source } = sourceOf(tokenReplies);
		const host = new TestHost(autocall, replies);
		return { host, tokenHost, source, send: authorized(autocall, host.transport, source, patient) };
	};

	it('goes once more with a fresh token after a 401', async () => {
		const { host, send } = refresh([answered(401), answered(200)], [flat('t1'), flat('t2')]);
		assert.equal((await send(request)).is, 'answered');
		assert.deepEqual(host.requests.map(bearerOf), ['Bearer t1', 'Bearer t2']);
	});

	it('goes no third time', async () => {
		const { host, send } = refresh([answered(401)], [flat('t1'), flat('t2'), flat('t3')]);
		const sent = await send(request);
		assert.ok(sent.is === 'answered' && sent.status === 401);
		assert.equal(host.requests.length, 2);
	});

	it('does not go again when there is no other token', async () => {
		const fixed = new TestHost(autocall, [answered(401)]);
		await authorized(autocall, fixed.transport, fixedToken('t0'), patient)(request);
		assert.equal(fixed.requests.length, 1);
		const { host, send } = refresh([answered(401)], [flat('t1')]);
		await send(request);
		assert.equal(host.requests.length, 1);
	});

	it('does not go again after anything but a 401', async () => {
		for (const reply of [answered(403), answered(429), answered(500), answerLost(), notSent()]) {
			const { host, send } = refresh([reply], [flat('t1'), flat('t2')]);
			await send(request);
			assert.equal(host.requests.length, 1);
		}
	});

	it('shares one fresh token with all that were refused at the same time', async () => {
		const { host, tokenHost, send } = refresh(
			[(sent) => answered(bearerOf(sent) === 'Bearer t1' ? 401 : 200)],
			[flat('t1'), flat('t2'), flat('t3')],
		);
		await Promise.all(Array.from({ length: 50 }, () => send(request)));
		assert.equal(tokenHost.requests.length, 2);
		assert.equal(host.requests.length, 100);
	});

	it('takes the newer token when another request has fetched it meanwhile', async () => {
		const { source, tokenHost } = refresh([], [flat('t1'), flat('t2'), flat('t3')]);
		const stale = await source.current(waiting);
		assert.equal(await source.fresh(stale, waiting), 't2');
		assert.equal(await source.fresh(stale, waiting), 't2');
		assert.equal(tokenHost.requests.length, 2);
	});
});

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
