import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import {
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	SIMULATOR_API_KEY,
	SIMULATOR_TOKEN,
	type Simulator,
	startSimulator,
} from '../../tools/simulator';
import { iranian, vietnamese } from '../n8n/accounts';
import type { Fields } from '../node-red/runningFlow';
import { nodeRedWith } from './hosts/hooks';
import { at, textAt } from './hosts/n8nApi';
import type { NodeRedProcess } from './hosts/nodeRed';
import { eventually, say } from './hosts/programs';

/** As README and help say it: a claim is on disk before its call is asked for. */
const onDiskAtOnce = { calls: { module: 'localfilesystem', config: { cache: false } } };
/** Node-RED's own way of writing files: now and then. */
const onDiskLater = (flushInterval?: number) => ({
	calls: {
		module: 'localfilesystem',
		config: flushInterval === undefined ? {} : { flushInterval },
	},
});

type ProviderName = 'bitel' | 'autocall';

describe('Node-RED with an Idempotency Key, when its process is killed', () => {
	let simulator: Simulator;
	let host: NodeRedProcess | undefined;
	before(async () => {
		simulator = await startSimulator();
	});
	beforeEach(() => {
		simulator.reset();
		simulator.change({ queuedMs: 100, ringsMs: 100, talksMs: 100 });
	});
	afterEach(() => host?.kill());
	after(() => simulator.close());

	const accounts: Readonly<Record<ProviderName, () => Fields>> = {
		bitel: () => ({ baseUrl: simulator.url, credentials: { token: SIMULATOR_TOKEN } }),
		autocall: () => ({
			baseUrl: simulator.url,
			authentication: 'apiKey',
			campaign: SEED_CAMPAIGN_UUID,
			credentials: { apiKey: SIMULATOR_API_KEY },
		}),
	};
	/** A flow that calls who is posted to it, and answers with the call or the error. */
	const flowOf = (provider: ProviderName): readonly Fields[] => {
		const onTab = { z: 'tab', x: 100, y: 100 };
		return [
			{ id: 'tab', type: 'tab', label: 'Calls' },
			{ id: 'account', type: 'otp-call-account', provider, ...accounts[provider]() },
			{ ...onTab, id: 'in', type: 'http in', url: '/call', method: 'post', wires: [['send']] },
			{
				...onTab,
				id: 'send',
				type: 'send-otp-call',
				account: 'account',
				phoneNumber: 'payload.phone',
				phoneNumberType: 'msg',
				code: '1234',
				codeType: 'str',
				template: SEED_TEMPLATE_NAME,
				templateType: 'str',
				idempotencyKey: 'payload.key',
				idempotencyKeyType: 'msg',
				coolDownStore: 'calls',
				wires: [['out']],
			},
			{ ...onTab, id: 'catch', type: 'catch', scope: ['send'], wires: [['error']] },
			{
				...onTab,
				id: 'error',
				type: 'change',
				rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'error', tot: 'msg' }],
				wires: [['out']],
			},
			{ ...onTab, id: 'out', type: 'http response', statusCode: '', wires: [] },
		];
	};
	const start = async (provider: ProviderName, contextStorage: object) => {
		host = await nodeRedWith(contextStorage);
		await host.deploy(flowOf(provider));
		return host;
	};
	const person = (provider: ProviderName) => ({
		phone: provider === 'bitel' ? iranian(1) : vietnamese(1),
		key: 'order-1',
	});

	/** Asks for the call, and kills Node-RED once `isTime`. */
	const killDuring = async (
		red: NodeRedProcess,
		body: object,
		isTime: () => boolean,
		mustBeAnswered = false,
	) => {
		const asked = red.post('/call', body).then(
			({ status }) => status,
			() => 'nothing',
		);
		if (mustBeAnswered) assert.equal(await asked, 200);
		await eventually('It is time to kill', isTime);
		await red.kill();
		return await asked;
	};
	/** What the flow answers when the same is asked for after a new start. */
	const again = async (red: NodeRedProcess, body: object): Promise<string> => {
		simulator.faults.clear();
		await red.startAgain();
		const { body: answered } = await red.post('/call', body);
		const kind = at(answered, 'code');
		return typeof kind === 'string' ? kind : textAt(answered, 'status');
	};
	const sends = () => simulator.counters.sends;

	it('places no call when it is killed before the send leaves: nobody knows that it had not', async () => {
		const red = await start('autocall', onDiskAtOnce);
		// The token is got for the key first, after the claim.
		simulator.faults.add({ match: { operation: 'other' }, fault: { kind: 'never-answer' } });
		await killDuring(red, person('autocall'), () => simulator.requests.length > 0);
		assert.equal(sends(), 0);
		assert.equal(await again(red, person('autocall')), 'already-placed');
		assert.equal(sends(), 0);
	});

	for (const provider of ['bitel', 'autocall'] as const) {
		it(`places one call when it is killed between the send and its answer (${provider})`, async () => {
			const red = await start(provider, onDiskAtOnce);
			const fault = { kind: 'never-answer', placesCall: true } as const;
			simulator.faults.add({ match: { operation: 'send' }, fault });
			const answer = await killDuring(red, person(provider), () => sends() === 1);
			assert.equal(answer, 'nothing');
			await sleep(500);
			const outcome = await again(red, person(provider));
			assert.equal(outcome, provider === 'autocall' ? 'completed' : 'already-placed');
			assert.equal(simulator.counters.placedByNumber.get(person(provider).phone), 1);
			assert.equal(sends(), 1);
		});

		it(`places one call when it is killed after the answer (${provider})`, async () => {
			const red = await start(provider, onDiskAtOnce);
			await killDuring(red, person(provider), () => true, true);
			await sleep(500);
			// The call's ID was on disk as well.
			assert.equal(await again(red, person(provider)), 'completed');
			assert.equal(sends(), 1);
			assert.doesNotMatch(red.log, /Remember In/);
		});
	}

	it('calls nobody twice though it is killed amid many calls, and all are asked for anew', async () => {
		const red = await start('bitel', onDiskAtOnce);
		const people = Array.from({ length: 200 }, (_, index) => ({
			phone: iranian(100 + index),
			key: `order-${String(index)}`,
		}));
		const placed = () => people.map(({ phone }) => simulator.counters.placedByNumber.get(phone));
		let answered = 0;
		for (const body of people)
			void red.post('/call', body).then(
				() => (answered += 1),
				() => null,
			);
		await eventually('Some are placed', () => simulator.counters.placed >= 60);
		await red.kill();
		const before = placed().filter((count) => count === 1).length;
		say(`killed amid 200 calls: ${String(before)} placed, ${String(answered)} answered`);
		assert.ok(before < people.length);
		await red.startAgain();
		await Promise.all(people.map((body) => red.post('/call', body)));
		assert.deepEqual(
			placed().filter((count) => count !== undefined && count > 1),
			[],
		);
		const left = placed().filter((count) => count === undefined).length;
		say(
			`all asked for anew: nobody called twice, ${String(left)} not called, as nobody could know`,
		);
		// Those that stood in line had claimed nothing: they are called now.
		assert.ok(left <= 50);
	});

	for (const [what, storage, warning] of [
		['has not been written yet', onDiskLater(), /is written now and then/],
		['was kept in memory', { calls: { module: 'memory' } }, /forgets at a restart/],
	] as const) {
		it(`loses a claim that ${what}, and says so at every start`, async () => {
			const red = await start('bitel', storage);
			await killDuring(red, person('bitel'), () => true, true);
			const outcome = await again(red, person('bitel'));
			say(`a claim that ${what}: ${String(sends())} calls, ${outcome}`);
			assert.equal(sends(), 2);
			assert.match(red.log, warning);
		});

		it(`finds the call of a claim that ${what} where the provider takes a reference`, async () => {
			const red = await start('autocall', storage);
			await killDuring(red, person('autocall'), () => true, true);
			await sleep(500);
			assert.equal(await again(red, person('autocall')), 'completed');
			assert.equal(sends(), 1);
		});
	}

	it('keeps a claim that Node-RED has written meanwhile', async () => {
		const red = await start('bitel', onDiskLater(1));
		await killDuring(red, person('bitel'), () => true, true);
		assert.equal(sends(), 1);
		await red.startAgain();
		await red.post('/call', { ...person('bitel'), key: 'order-2' });
		await sleep(2_000);
		await red.kill();
		assert.equal(await again(red, { ...person('bitel'), key: 'order-2' }), 'completed');
		assert.equal(sends(), 2);
	});

	it('says how long a send takes, by where its claim is kept', async () => {
		for (const [name, storage] of [
			['in memory', { calls: { module: 'memory' } }],
			['on disk, written at once', onDiskAtOnce],
		] as const) {
			const red = await start('bitel', storage);
			const took: number[] = [];
			for (let index = 0; index < 300; index += 1) {
				const before = performance.now();
				await red.post('/call', { phone: iranian(1), key: `order-${String(index)}` });
				took.push(performance.now() - before);
			}
			const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
			const [first, last] = [median(took.slice(0, 50)), median(took.slice(-50))];
			say(`${name}: ${first.toFixed(1)} ms at first, ${last.toFixed(1)} ms with 300 claims`);
			await red.kill();
		}
	});
});
