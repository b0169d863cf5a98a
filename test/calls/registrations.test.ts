import assert from 'node:assert/strict';

import { isRegistered, register, unregister } from '../../calls/registrations';
import type { OutgoingRequest } from '../../calls/transport';
import { autocall } from '../../providers/autocall/adapter';
import { events } from '../../providers/autocall/events';
import { objectIn } from '../fixtures/samples';
import { TestHost, answered, failing, notSent } from './testHost';
import type { Reply } from './testHost';

const url = 'https://n8n.example.com/webhook/4f1c?secret=s3cret-in-the-url';
const other = 'https://elsewhere.example.com/hook';

interface Entry {
	readonly id: string;
	readonly event: string;
	readonly callback_url: string;
}

/** The event endpoints of the provider. */
class EventServer {
	entries: Entry[];
	#next = 1;

	constructor(entries: readonly Entry[] = []) {
		this.entries = [...entries];
	}

	readonly reply = (request: OutgoingRequest) => {
		const { pathname } = new URL(request.url);
		if (request.method === 'GET') return answered(200, { data: this.entries });
		if (request.method === 'POST') {
			const { callback_url, event } = objectIn(request.body ?? '');
			assert.ok(typeof callback_url === 'string' && typeof event === 'string');
			this.entries.push({ id: `new-${this.#next++}`, event, callback_url });
			return answered(200, { created: true });
		}
		const id = decodeURIComponent(pathname.split('/').at(-1) ?? '');
		const known = this.entries.some((entry) => entry.id === id);
		this.entries = this.entries.filter((entry) => entry.id !== id);
		return known ? answered(200, { deleted: true }) : answered(404, { error: 'not found' });
	};
}

const entry = (id: string, event: string, callback_url = url): Entry => ({
	id,
	event,
	callback_url,
});

const hostOf = (server: EventServer) => new TestHost(autocall, [server.reply]);

const methods = (host: TestHost) => host.requests.map(({ method }) => method);

describe('A receiver of events', () => {
	it('is registered for each type of event that is wanted', async () => {
		const server = new EventServer([entry('o', 'cdr', other)]);
		await register(hostOf(server).context, events.registration, ['ended', 'ringing'], url);
		const own = server.entries.filter(({ callback_url }) => callback_url === url);
		assert.deepEqual(own.map(({ event }) => event).sort(), ['cdr', 'ringing']);
	});

	it('is not registered twice: not by a restart, not by a second activation', async () => {
		const server = new EventServer([entry('a', 'cdr')]);
		const host = hostOf(server);
		await register(host.context, events.registration, ['ended'], url);
		await register(host.context, events.registration, ['ended'], url);
		assert.deepEqual(server.entries, [entry('a', 'cdr')]);
		assert.deepEqual(methods(host), ['GET', 'GET']);
	});

	it('loses the duplicates and the types that an earlier activation has left', async () => {
		const server = new EventServer([
			entry('a', 'cdr'),
			entry('b', 'cdr'),
			entry('c', 'answered'),
			entry('o', 'answered', other),
		]);
		await register(hostOf(server).context, events.registration, ['ended'], url);
		assert.deepEqual(server.entries, [entry('a', 'cdr'), entry('o', 'answered', other)]);
	});

	it('is recognised', async () => {
		const server = new EventServer([entry('a', 'cdr'), entry('o', 'ringing', other)]);
		const { context } = hostOf(server);
		assert.equal(await isRegistered(context, events.registration, ['ended'], url), true);
		assert.equal(
			await isRegistered(context, events.registration, ['ended', 'ringing'], url),
			false,
		);
	});

	it('is removed, and only it', async () => {
		const server = new EventServer([
			entry('a', 'cdr'),
			entry('b/../c', 'ringing'),
			entry('o', 'cdr', other),
			entry('p', 'cdr', `${url}x`),
		]);
		await unregister(hostOf(server).context, events.registration, url);
		assert.deepEqual(
			server.entries.map(({ id }) => id),
			['o', 'p'],
		);
	});

	it('may have been removed by somebody else meanwhile', async () => {
		const host = new TestHost(autocall, [
			answered(200, { data: [entry('a', 'cdr')] }),
			answered(404, { error: 'not found' }),
		]);
		await unregister(host.context, events.registration, url);
		assert.deepEqual(methods(host), ['GET', 'DELETE']);
	});

	it('is known by either form of the provider’s list', async () => {
		for (const data of [
			[{ event_domain_uuid: 'u', event_name: 'cdr', callback_url: url }],
			[{ id: 7, event: 'cdr', callback_url: url }],
			[null, 'x', {}, { id: 'i', event: 'cdr', callback_url: url }],
		]) {
			const host = new TestHost(autocall, [answered(200, { data })]);
			assert.equal(await isRegistered(host.context, events.registration, ['ended'], url), true);
		}
		const empty = new TestHost(autocall, [answered(200, { data: null })]);
		assert.equal(await isRegistered(empty.context, events.registration, ['ended'], url), false);
	});

	const unreachable = [
		'http://localhost:5678/webhook/x',
		'http://127.0.0.1:5678/webhook/x',
		'https://10.1.2.3/webhook/x',
		'https://192.168.1.2/webhook/x',
		'https://172.20.0.1/webhook/x',
		'https://169.254.1.1/x',
		'https://n8n.internal/x',
		'https://pi.local/x',
		'https://[::1]/x',
		'https://[fd00::1]/x',
		'https://[fe80::1]/x',
		'not a url',
		'',
		'ftp://n8n.example.com/x',
	];
	for (const address of unreachable) {
		it(`is refused when the provider cannot reach it: ${address}`, async () => {
			const host = hostOf(new EventServer());
			const registering = register(host.context, events.registration, ['ended'], address);
			const error = await failing(registering, 'invalid-input');
			assert.match(error.message, /^Webhook URL /);
			assert.match(error.facts.remedy, /public/i);
			assert.equal(host.requests.length, 0);
		});
	}

	it('may be on this machine when the provider is', async () => {
		const server = new EventServer();
		const host = new TestHost(autocall, [server.reply], { baseUrl: 'http://127.0.0.1:4000' });
		await register(host.context, events.registration, ['ended'], 'http://localhost:5678/webhook/x');
		assert.equal(server.entries.length, 1);
	});

	it('says what the provider refused, without the secret in its URL', async () => {
		const create = (reply: Reply): readonly Reply[] => [answered(200, { data: [] }), reply];
		const echo = `callback_url ${url} is not allowed`;
		for (const [reply, kind] of [
			[answered(400, { error: echo }), 'refused'],
			[answered(200, { error: `${encodeURIComponent(url)}: no` }), 'refused'],
			[
				answered(200, { created: false, message: '/webhook/4f1c?secret=s3cret-in-the-url' }),
				'refused',
			],
			[answered(200, { error: 'secret=s3cret-in-the-url' }), 'refused'],
			[answered(401, { error: echo }), 'not-authorized'],
			[answered(500, { error: echo }), 'unreachable'],
			[notSent(), 'unreachable'],
		] as const) {
			const host = new TestHost(autocall, create(reply));
			const error = await failing(
				register(host.context, events.registration, ['ended'], url),
				kind,
			);
			assert.doesNotMatch(`${error.stack}${JSON.stringify(error.facts)}`, /s3cret/);
			assert.equal(error.facts.callMayHaveBeenPlaced, false);
		}
	});

	it('keeps words of the provider that are no secret, though they stand in its URL', async () => {
		const messageFor = async (error: string, part: string) => {
			const host = new TestHost(autocall, [answered(200, { data: [] }), answered(400, { error })]);
			const address = `https://n8n.example.com/webhook/${part}`;
			const registering = register(host.context, events.registration, ['ended'], address);
			return (await failing(registering, 'refused')).message;
		};
		assert.match(await messageFor('this webhook is in use', 'x'), /“this webhook is in use”/);
		assert.match(await messageFor('k3y-of-8 is in use', 'k3y-of-8'), /“••• is in use”/);
		assert.match(await messageFor('k3y-o-7 is in use', 'k3y-o-7'), /“k3y-o-7 is in use”/);
	});

	it('is not registered when the list cannot be read', async () => {
		const host = new TestHost(autocall, [answered(200, '<html>')]);
		await failing(register(host.context, events.registration, ['ended'], url), 'bad-response');
		assert.deepEqual(methods(host), ['GET']);
	});
});

describe('A provider that does not do what it is asked about its events', () => {
	/** Refuses one kind of request, and answers the others. */
	const refusing = (method: string, status: number, server: EventServer) =>
		new TestHost(autocall, [
			(request) =>
				request.method === method
					? answered(status, { error: `no: ${request.body ?? ''}` })
					: server.reply(request),
		]);
	const old = () => new EventServer([entry('1', 'ringing')]);

	for (const [status, kind] of [
		[199, 'unreachable'],
		[300, 'bad-response'],
		[400, 'refused'],
		[403, 'not-authorized'],
		[500, 'unreachable'],
	] as const) {
		it(`makes an error of it, and none that shows the receiver’s secret: HTTP ${status}`, async () => {
			const works: readonly (readonly [string, (host: TestHost) => Promise<unknown>])[] = [
				['GET', ({ context }) => register(context, events.registration, ['ended'], url)],
				['GET', ({ context }) => isRegistered(context, events.registration, ['ended'], url)],
				['POST', ({ context }) => register(context, events.registration, ['ended'], url)],
				['DELETE', ({ context }) => register(context, events.registration, ['ended'], url)],
				['DELETE', ({ context }) => unregister(context, events.registration, url)],
			];
			for (const [method, work] of works) {
				const error = await failing(work(refusing(method, status, old())));
				assert.equal(error.facts.httpStatus, status, method);
				if (status !== 300) assert.equal(error.code, kind, method);
				assert.ok(!JSON.stringify(error.facts).includes('s3cret-in-the-url'));
			}
		});
	}

	for (const status of [199, 300, 500]) {
		it(`has not registered what it says it has, without a status of success: HTTP ${status}`, async () => {
			const host = new TestHost(autocall, [
				({ method }) =>
					method === 'POST' ? answered(status, { created: true }) : answered(200, { data: [] }),
			]);
			const error = await failing(register(host.context, events.registration, ['ended'], url));
			assert.equal(error.facts.httpStatus, status);
		});
	}

	it('has done it at every status of success, and when there is nothing to remove any more', async () => {
		for (const status of [200, 299, 404]) {
			await unregister(refusing('DELETE', status, old()).context, events.registration, url);
		}
		const listed = new TestHost(autocall, [answered(299, { data: [entry('1', 'cdr')] })]);
		assert.equal(await isRegistered(listed.context, events.registration, ['ended'], url), true);
		const created = (request: OutgoingRequest) =>
			request.method === 'POST' ? answered(299, { created: true }) : answered(200, { data: [] });
		const host = new TestHost(autocall, [created]);
		await register(host.context, events.registration, ['ended'], url);
		assert.deepEqual(methods(host), ['GET', 'POST']);
	});
});
