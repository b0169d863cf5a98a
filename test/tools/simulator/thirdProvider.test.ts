import assert from 'node:assert/strict';
import { type Simulator, createManualClock, startSimulator } from '../../../tools/simulator';
import { type Call, type CallBook, lastAttempt } from '../../../tools/simulator/dialing/ledger';
import type { ApiRequest } from '../../../tools/simulator/http/request';
import type { Network } from '../../../tools/simulator/network';
import {
	type Endpoint,
	type Handled,
	type Provider,
	type ProviderApi,
	jsonAnswer,
} from '../../../tools/simulator/provider';
import { Setting, urlOrNone } from '../../../tools/simulator/settings';
import { getWithQuery } from '../../../tools/simulator/webhooks';
import { type Answer, at, call, sendBitel } from './client';
import { type Receiver, startReceiver } from './receiver';

/** What Ringo writes around everything that it answers. */
const answer = (status: number, message: string, entries: unknown = null) =>
	jsonAnswer(status, { return: { status, message }, entries });

/** A provider of another style: its key in the path, forms in, events out as a GET. */
class RingoApi implements ProviderApi {
	readonly paths = /^\/ringo\/[^/]+\/(verify|call)\//;
	readonly settings = { ringoCallbackUrl: new Setting('', urlOrNone) };
	readonly answers = {
		unknownPath: answer(404, 'No such method'),
		wrongMethod: answer(405, 'Wrong verb'),
		unauthorized: answer(403, 'Wrong key'),
		withStatus: (status: number) => answer(status, 'Trouble'),
	};
	readonly endpoints: readonly Endpoint[] = [
		{
			operation: 'send',
			method: 'POST',
			path: '/ringo/:key/verify/lookup.json',
			phoneNumberOf: ({ form }) => form?.get('receptor') ?? undefined,
			handle: (request) => this.#send(request),
		},
		{
			operation: 'status',
			method: 'GET',
			path: '/ringo/:key/call/status.json',
			phoneNumberOf: (request) => this.#callAskedFor(request)?.phoneNumber,
			handle: (request) => this.#status(request),
		},
	];
	readonly members = { ringoKeys: ['ringo/key'] };
	readonly controls = { 'GET /ringo/keys': () => this.members.ringoKeys };
	readonly #network: Network;
	readonly #calls: CallBook<Call>;

	constructor(network: Network) {
		this.#network = network;
		this.#calls = network.keepCalls<Call>({
			keysOf: ({ callId }) => [callId],
			webhooksOf: (placed) => {
				const url = this.settings.ringoCallbackUrl.value;
				if (url === '') return [];
				const { callId } = placed;
				const request = () => getWithQuery(url, { messageid: callId, ...this.#stateOf(placed) });
				const webhooks = () => [{ ...request(), callId, event: 'ringo-ended' }];
				return [{ at: lastAttempt(placed).endedAt, webhooks }];
			},
		});
	}

	credentialOf(request: ApiRequest): string | undefined {
		return request.parameter('key');
	}

	accepts(key: string | undefined): boolean {
		return key !== undefined && this.members.ringoKeys.includes(key);
	}

	#send({ form, lateRecordMs }: ApiRequest): Handled {
		const [phoneNumber, code] = [form?.get('receptor'), form?.get('token')];
		if (!phoneNumber || !code) return answer(400, 'A field is missing');
		const { ids, placedAt, attempts, recordFields } = this.#network.layOut(phoneNumber, 1);
		const placed: Call = {
			provider: 'ringo',
			callId: ids['messageid'] ?? String(placedAt),
			phoneNumber,
			code,
			placedAt,
			attempts,
			recordAt: placedAt + lateRecordMs,
			recordFields,
		};
		this.#calls.add(placed);
		const entry = { messageid: placed.callId, ...this.#stateOf(placed) };
		return { ...answer(200, 'OK', [entry]), placed };
	}

	#status(request: ApiRequest): Handled {
		const found = this.#callAskedFor(request);
		if (found === undefined) return answer(200, 'OK', []);
		return answer(200, 'OK', [{ messageid: found.callId, ...this.#stateOf(found) }]);
	}

	#callAskedFor({ query }: ApiRequest): Call | undefined {
		return this.#calls.find(query.get('messageid') ?? '');
	}

	#stateOf(placed: Call): object {
		const { endedAt, outcome } = lastAttempt(placed);
		return { status: this.#network.clock.now() < endedAt ? 'waiting' : outcome };
	}
}

const ringo: Provider = {
	name: 'ringo',
	title: 'Ringo',
	seeds: { key: 'ringo/key' },
	planIds: ['messageid'],
	open: (network) => new RingoApi(network),
};

const KEY_IN_PATH = 'ringo%2Fkey';
const PHONE = '09361234567';

describe('simulator: a provider that it does not know', () => {
	let simulator: Simulator;
	let receiver: Receiver;

	beforeEach(async () => {
		receiver = await startReceiver();
		simulator = await startSimulator({ clock: createManualClock(0), providers: [ringo] });
		const settings = { ringoCallbackUrl: `${receiver.url}/events?from=ringo` };
		const changed = await call(simulator.url, 'POST', '/_simulator/settings', settings);
		assert.equal(changed.status, 200);
	});
	afterEach(async () => {
		await simulator.close();
		await receiver.close();
	});

	const send = (phoneNumber = PHONE, key = KEY_IN_PATH): Promise<Answer> => {
		const form = new URLSearchParams({ receptor: phoneNumber, token: '1234', template: 'verify' });
		return call(simulator.url, 'POST', `/ringo/${key}/verify/lookup.json`, form.toString(), {
			headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
		});
	};
	const statusOf = async (id: string) => {
		const path = `/ringo/${KEY_IN_PATH}/call/status.json?messageid=${id}`;
		const { json } = await call(simulator.url, 'GET', path, undefined, { headers: {} });
		return at(json, 'entries', 0, 'status');
	};

	it('takes a call as a form with its key in the path, and tells its end when asked and by a GET', async () => {
		simulator.plans.forNextCall({ outcome: 'busy', ids: { messageid: 'm1' } });
		const sent = await send();
		assert.deepEqual(at(sent.json, 'entries', 0), { messageid: 'm1', status: 'waiting' });
		assert.equal(await statusOf('m1'), 'waiting');
		assert.deepEqual(receiver.received, []);
		await simulator.clock.advance(3_000);
		assert.equal(await statusOf('m1'), 'busy');
		assert.deepEqual(receiver.received, [
			{
				method: 'GET',
				path: '/events?from=ringo&messageid=m1&status=busy',
				contentType: '',
				text: '',
			},
		]);
		assert.equal(simulator.deliveries[0]?.status, 200);
		assert.deepEqual(
			simulator.calls.map(({ provider, phoneNumber, code }) => [provider, phoneNumber, code]),
			[['ringo', PHONE, '1234']],
		);
		const { sends, placed, statuses } = simulator.counters;
		assert.deepEqual({ sends, placed, statuses }, { sends: 1, placed: 1, statuses: 2 });
	});

	it('refuses in its own words: a wrong key, an unknown path and a wrong method', async () => {
		assert.deepEqual((await send(PHONE, 'wrong')).json, {
			return: { status: 403, message: 'Wrong key' },
			entries: null,
		});
		const elsewhere = await call(simulator.url, 'GET', `/ringo/${KEY_IN_PATH}/call/none.json`);
		assert.equal(at(elsewhere.json, 'return', 'message'), 'No such method');
		const wrongVerb = await call(simulator.url, 'PUT', `/ringo/${KEY_IN_PATH}/verify/lookup.json`);
		assert.equal(at(wrongVerb.json, 'return', 'message'), 'Wrong verb');
		assert.equal(wrongVerb.headers.allow, 'POST');
		assert.equal(simulator.counters.placed, 0);
	});

	it('is struck by faults that ask for it by name or by a number in a form, in its own words', async () => {
		const rule = {
			fault: { kind: 'status', status: 418 },
			match: { provider: 'ringo', operation: 'send', phoneNumber: PHONE },
			times: 1,
		};
		assert.equal((await call(simulator.url, 'POST', '/_simulator/faults', rule)).status, 200);
		assert.equal((await sendBitel(simulator.url)).status, 200);
		assert.equal((await send('09360000000')).status, 200);
		assert.deepEqual((await send()).json, {
			return: { status: 418, message: 'Trouble' },
			entries: null,
		});
		assert.equal((await send()).status, 200);
	});

	it('is struck by a fault for the number of the call that is looked up', async () => {
		simulator.plans.forNextCall({ ids: { messageid: 'm1' } });
		await send();
		simulator.faults.add({
			fault: { kind: 'html' },
			match: { operation: 'status', phoneNumber: PHONE },
		});
		assert.equal(await statusOf('m1'), undefined);
	});

	it('adds what it can do to the simulator and to its control over HTTP', async () => {
		assert.deepEqual(Reflect.get(simulator, 'ringoKeys'), ['ringo/key']);
		const shown = await call(simulator.url, 'GET', '/_simulator/ringo/keys');
		assert.deepEqual(shown.json, ['ringo/key']);
	});

	it('forgets its calls and settings with a reset', async () => {
		simulator.plans.forNextCall({ ids: { messageid: 'm1' } });
		await send();
		simulator.reset();
		assert.equal(await statusOf('m1'), undefined);
		assert.equal(simulator.settings['ringoCallbackUrl'], '');
	});

	it('has its calls forgotten, the oldest first, when that is bounded', async () => {
		const bounded = await startSimulator({ providers: [ringo], callLimit: 1 });
		await sendBitel(bounded.url);
		const path = `/ringo/${KEY_IN_PATH}/verify/lookup.json`;
		const headers = { 'content-type': 'application/x-www-form-urlencoded' };
		await call(bounded.url, 'POST', path, `receptor=${PHONE}&token=1`, { headers });
		const kept = bounded.calls.map(({ provider }) => provider);
		await bounded.close();
		assert.deepEqual(kept, ['ringo']);
	});

	it('cannot have the name, a setting, a control or a member that there is already', async () => {
		const like = (change: Partial<ProviderApi>): Provider => ({
			...ringo,
			name: 'other',
			open: (network) => Object.assign(new RingoApi(network), change),
		});
		const refused: readonly (readonly [RegExp, ...Provider[]])[] = [
			[/same name/, ringo, ringo],
			[/latencyMs/, like({ settings: { latencyMs: new Setting('', urlOrNone) } })],
			[/POST \/reset/, like({ controls: { 'POST /reset': () => undefined } })],
			[/calls/, like({ members: { calls: [] } })],
		];
		for (const [message, ...providers] of refused) {
			await assert.rejects(startSimulator({ providers }), { name: 'TypeError', message });
		}
	});

	it('that does not exist can be asked for by no fault and no plan', async () => {
		const fault = { kind: 'html' } as const;
		assert.throws(
			() => simulator.faults.add({ fault, match: { provider: 'nobody' } }),
			/no provider "nobody"/,
		);
		assert.throws(() => simulator.plans.forNextCall({ ids: { letterId: '1' } }), /letterId/);
		const plan = { plan: { ids: { letterId: '1' } } };
		const overHttp = await call(simulator.url, 'POST', '/_simulator/plans', plan);
		assert.equal(overHttp.status, 400);
	});
});
