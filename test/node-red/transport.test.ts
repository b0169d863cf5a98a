import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { once } from 'node:events';

import { limits } from '../../calls/limits';
import type { Exchange, OutgoingRequest } from '../../calls/transport';
import { Connections } from '../../node-red/host/connections';
import type { ConnectionSettings } from '../../node-red/host/connections';
import { createTransport } from '../../node-red/host/transport';
import { startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { HEADERS } from '../tools/simulator/client';
import { ProxyServer } from './proxyServer';

const pem = (name: string): string =>
	readFileSync(
		new URL(`../tools/simulator/fixtures/loopback-${name}.pem`, import.meta.url),
		'utf8',
	);

describe('The transport of the Node-RED package', () => {
	const open: Connections[] = [];
	const closing: (() => Promise<unknown>)[] = [];

	afterEach(async () => {
		await Promise.all(open.splice(0).map((connections) => connections.close()));
		await Promise.all(closing.splice(0).map((close) => close()));
	});

	const connectionsTo = (settings: Partial<ConnectionSettings> & { readonly baseUrl: string }) => {
		const connections = new Connections(() => ({
			connections: 50,
			tls: undefined,
			proxy: null,
			...settings,
		}));
		open.push(connections);
		return connections;
	};
	const sender = (settings: Partial<ConnectionSettings> & { readonly baseUrl: string }) => {
		const connections = connectionsTo(settings);
		const transport = createTransport(connections);
		return (request: Partial<OutgoingRequest> = {}): Promise<Exchange> =>
			transport({
				method: 'POST',
				url: `${settings.baseUrl}/api/v2/voice/otp`,
				headers: HEADERS,
				body: JSON.stringify({ phoneNumber: '09121234567', text: '1234' }),
				timeout: 5_000,
				longestAnswer: limits.answer,
				signal: undefined,
				...request,
			});
	};
	const simulate = async (
		options: Parameters<typeof startSimulator>[0] = {},
	): Promise<Simulator> => {
		const simulator = await startSimulator(options);
		closing.push(() => simulator.close());
		return simulator;
	};
	/** A server that does with a connection what it is told. */
	const listen = async (onConnection: (socket: Socket) => void): Promise<string> => {
		const sockets = new Set<Socket>();
		const server: Server = createServer((socket) => {
			sockets.add(socket);
			socket.on('error', () => undefined);
			onConnection(socket);
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		closing.push(async () => {
			for (const socket of sockets) socket.destroy();
			server.close();
		});
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	};
	const summary = (exchange: Exchange): readonly unknown[] =>
		exchange.is === 'answered' ? [exchange.is, exchange.status] : [exchange.is, exchange.code];

	it('sends a request as it is and reads the answer with its headers', async () => {
		const simulator = await simulate();
		const answer = await sender({ baseUrl: simulator.url })();
		assert.equal(answer.is, 'answered');
		assert.ok(answer.is === 'answered');
		assert.equal(answer.status, 200);
		assert.match(answer.headers['content-type'] ?? '', /json/);
		assert.equal(Reflect.get(Object(JSON.parse(answer.text)), 'error'), null);
	});

	it('keeps a base URL with a path, and encoded characters as they are', async () => {
		const simulator = await simulate();
		await sender({ baseUrl: `${simulator.url}/behind` })({
			method: 'GET',
			url: `${simulator.url}/behind/a%2Fb%20c?x=%26`,
			body: null,
		});
		assert.equal(simulator.requests[0]?.url, '/behind/a%2Fb%20c?x=%26');
	});

	it('keeps connections open between requests, and opens no more than it may', async () => {
		const simulator = await simulate();
		const send = sender({ baseUrl: simulator.url, connections: 3 });
		await Promise.all(Array.from({ length: 30 }, () => send()));
		assert.equal(simulator.connections.peak, 3);
		assert.equal(simulator.connections.total, 3);
	});

	describe('knows that nothing was sent', () => {
		it('when nothing listens at the port', async () => {
			const simulator = await simulate();
			await simulator.closePort();
			assert.deepEqual(summary(await sender({ baseUrl: simulator.url })()), [
				'not-sent',
				'ECONNREFUSED',
			]);
		});

		it('when the host name is not known', async () => {
			const exchange = await sender({ baseUrl: 'http://nobody.invalid' })();
			assert.equal(exchange.is, 'not-sent');
			assert.match(String(summary(exchange)[1]), /ENOTFOUND|EAI_AGAIN/);
		});

		it('when the certificate cannot be verified', async () => {
			const simulator = await simulate({ tls: { key: pem('key'), cert: pem('cert') } });
			assert.deepEqual(summary(await sender({ baseUrl: simulator.url })()), [
				'not-sent',
				'DEPTH_ZERO_SELF_SIGNED_CERT',
			]);
			assert.equal(simulator.counters.requests, 0);
		});

		it('when the server does not speak TLS', async () => {
			const simulator = await simulate();
			const baseUrl = simulator.url.replace('http:', 'https:');
			const exchange = await sender({ baseUrl })({ url: `${baseUrl}/x` });
			assert.equal(exchange.is, 'not-sent');
		});

		it('when no connection comes about in time', async () => {
			const baseUrl = await listen(() => undefined);
			const secure = baseUrl.replace('http:', 'https:');
			const started = performance.now();
			const exchange = await sender({ baseUrl: secure })({ url: `${secure}/x`, timeout: 200 });
			assert.deepEqual(summary(exchange), ['not-sent', 'UND_ERR_CONNECT_TIMEOUT']);
			assert.ok(performance.now() - started < 1_000);
		});

		it('when it is stopped while it waits for a free connection', async () => {
			const simulator = await simulate();
			simulator.faults.add({ fault: { kind: 'never-answer' }, times: 1 });
			const send = sender({ baseUrl: simulator.url, connections: 1 });
			const stop = new AbortController();
			const first = send({ timeout: 400 });
			const second = send({ signal: stop.signal });
			setTimeout(() => stop.abort(), 50);
			assert.deepEqual(summary(await second), ['not-sent', 'ERR_CANCELED']);
			assert.deepEqual(summary(await first), ['answer-lost', 'ETIMEDOUT']);
			await new Promise((resolve) => setTimeout(resolve, 50));
			assert.equal(simulator.counters.requests, 1);
		});

		it('when the proxy lets nothing through', async () => {
			const simulator = await simulate();
			const proxy = await ProxyServer.start();
			closing.push(() => proxy.close());
			proxy.status = 407;
			const send = sender({
				baseUrl: simulator.url,
				proxy: { url: proxy.url, username: '', password: '' },
			});
			assert.deepEqual(summary(await send()), ['not-sent', 'PROXY']);
			assert.equal(simulator.counters.requests, 0);
		});

		it('when the proxy is not there', async () => {
			const proxy = await ProxyServer.start();
			const { url } = proxy;
			await proxy.close();
			const send = sender({
				baseUrl: 'http://provider.example',
				proxy: { url, username: '', password: '' },
			});
			assert.deepEqual(summary(await send()), ['not-sent', 'ECONNREFUSED']);
		});
	});

	describe('does not know whether it was heard', () => {
		const lost = async (fault: Parameters<Simulator['faults']['add']>[0]['fault']) => {
			const simulator = await simulate();
			const send = sender({ baseUrl: simulator.url });
			await send();
			// From here on the connection is one that has been used before.
			simulator.faults.add({ fault });
			const exchange = await send({ timeout: 300 });
			return summary(exchange);
		};

		it('when a connection that was kept open is reset after the request', async () => {
			assert.deepEqual((await lost({ kind: 'reset-before-placing' }))[0], 'answer-lost');
			assert.deepEqual((await lost({ kind: 'reset-after-placing' }))[0], 'answer-lost');
		});

		it('when the connection is closed without an answer', async () => {
			const baseUrl = await listen((socket) => socket.once('data', () => socket.end()));
			assert.deepEqual(summary(await sender({ baseUrl })()), ['answer-lost', 'UND_ERR_SOCKET']);
		});

		it('when nothing is answered in time', async () => {
			assert.deepEqual(await lost({ kind: 'never-answer' }), ['answer-lost', 'ETIMEDOUT']);
		});

		it('when the answer comes too slowly, though something always comes', async () => {
			const drip = { kind: 'slow-drip', everyMs: 20 } as const;
			assert.deepEqual(await lost(drip), ['answer-lost', 'ETIMEDOUT']);
		});

		it('when the answer is cut off', async () => {
			assert.deepEqual((await lost({ kind: 'cut-off' }))[0], 'answer-lost');
		});

		it('when the answer does not end', async () => {
			assert.deepEqual(await lost({ kind: 'endless' }), ['answer-lost', 'ANSWER_TOO_LONG']);
		});

		it('when it is stopped while the answer is awaited', async () => {
			const simulator = await simulate();
			simulator.faults.add({ fault: { kind: 'never-answer' } });
			const stop = new AbortController();
			const sent = sender({ baseUrl: simulator.url })({ signal: stop.signal });
			setTimeout(() => stop.abort(), 50);
			assert.deepEqual(summary(await sent), ['answer-lost', 'ERR_CANCELED']);
		});

		it('when the account is closed while the answer is awaited', async () => {
			const simulator = await simulate();
			simulator.faults.add({ fault: { kind: 'never-answer' } });
			const sent = sender({ baseUrl: simulator.url })();
			setTimeout(() => void open[0]?.close(), 50);
			assert.equal((await sent).is, 'answer-lost');
		});

		it('when the answer is no HTTP', async () => {
			const baseUrl = await listen((socket) => socket.once('data', () => socket.end('hello')));
			assert.equal((await sender({ baseUrl })()).is, 'answer-lost');
		});
	});

	it('follows no redirect', async () => {
		const simulator = await simulate();
		const location = `${simulator.url}/elsewhere`;
		simulator.faults.add({ fault: { kind: 'redirect', location, status: 307 } });
		assert.deepEqual(summary(await sender({ baseUrl: simulator.url })()), ['answered', 307]);
		assert.equal(simulator.counters.requests, 1);
	});

	it('takes an answer of just the allowed length', async () => {
		const simulator = await simulate();
		const body = 'x'.repeat(limits.answer);
		simulator.faults.add({ fault: { kind: 'status', status: 500, body } });
		const exchange = await sender({ baseUrl: simulator.url })();
		assert.ok(exchange.is === 'answered');
		assert.equal(exchange.text.length, limits.answer);
	});

	it('trusts the authority of a TLS node', async () => {
		const simulator = await simulate({ tls: { key: pem('key'), cert: pem('cert') } });
		const send = sender({ baseUrl: simulator.url, tls: { ca: pem('cert') } });
		assert.deepEqual(summary(await send()), ['answered', 200]);
	});

	it('goes through a proxy, with its password', async () => {
		const simulator = await simulate();
		const proxy = await ProxyServer.start();
		closing.push(() => proxy.close());
		const send = sender({
			baseUrl: simulator.url,
			proxy: { url: proxy.url, username: 'ann', password: 'pass:word' },
		});
		assert.deepEqual(summary(await send()), ['answered', 200]);
		assert.deepEqual(summary(await send()), ['answered', 200]);
		assert.deepEqual([...new Set(proxy.tunnels)], [simulator.url.replace('http://', '')]);
		const expected = `Basic ${Buffer.from('ann:pass:word').toString('base64')}`;
		assert.deepEqual([...new Set(proxy.authorizations)], [expected]);
		const [arrived] = simulator.requests;
		assert.equal(arrived?.headers['proxy-authorization'], undefined);
	});

	it('has one pool also when many requests come before it is open', async () => {
		const simulator = await simulate();
		const send = sender({ baseUrl: simulator.url, connections: 2 });
		await Promise.all([send(), send(), send(), send()]);
		assert.equal(simulator.connections.total, 2);
	});
});
