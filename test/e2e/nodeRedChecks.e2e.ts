import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { SIMULATOR_TOKEN, type Simulator, startSimulator } from '../../tools/simulator';
import { readingsOf } from '../fixtures/encodings';
import { iranian } from '../n8n/accounts';
import type { Fields } from '../node-red/runningFlow';
import { nodeRedWith } from './hosts/hooks';
import { at, textAt } from './hosts/n8nApi';
import type { NodeRedProcess } from './hosts/nodeRed';
import { eventually, say } from './hosts/programs';

const onDiskAtOnce = { calls: { module: 'localfilesystem', config: { cache: false } } };
const inMemory = { calls: { module: 'memory' } };
const code = '80417';

/** All that Node-RED has written into a folder, and a patient reader makes of it. */
function writtenIn(folder: string): string {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true });
	return files
		.filter((file) => file.isFile() && !file.parentPath.includes('node_modules'))
		.map(({ name, parentPath }) => readingsOf(readFileSync(join(parentPath, name), 'utf8')))
		.join('\n');
}

describe('Node-RED with a check of codes, when its process is killed', () => {
	let simulator: Simulator;
	let host: NodeRedProcess;
	before(async () => {
		simulator = await startSimulator();
	});
	afterEach(() => host.kill());
	after(() => simulator.close());

	/** Two addresses: one calls, one checks. */
	const flowOf = (account: Fields): readonly Fields[] => {
		const onTab = { z: 'tab', x: 100, y: 100 };
		return [
			{ id: 'tab', type: 'tab', label: 'Checks' },
			{ id: 'account', type: 'otp-call-account', ...account },
			{ ...onTab, id: 'call', type: 'http in', url: '/call', method: 'post', wires: [['send']] },
			{
				...onTab,
				id: 'send',
				type: 'send-otp-call',
				account: 'account',
				phoneNumber: 'payload.phone',
				phoneNumberType: 'msg',
				code: 'payload.code',
				codeType: 'msg',
				keepForCheck: true,
				wires: [['out']],
			},
			{ ...onTab, id: 'typed', type: 'http in', url: '/check', method: 'post', wires: [['check']] },
			{
				...onTab,
				id: 'check',
				type: 'check-otp-code',
				account: 'account',
				verification: 'payload.verification',
				verificationType: 'msg',
				code: 'payload.code',
				codeType: 'msg',
				store: 'calls',
				wires: [['out'], ['out']],
			},
			{ ...onTab, id: 'catch', type: 'catch', scope: null, wires: [['error']] },
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
	const bitel = () => ({
		provider: 'bitel',
		baseUrl: simulator.url,
		credentials: { token: SIMULATOR_TOKEN },
	});
	const start = async (contextStorage: object, account: Fields = bitel()) => {
		host = await nodeRedWith(contextStorage);
		await host.deploy(flowOf(account));
	};
	const tokenFor = async (index: number): Promise<string> => {
		const { body } = await host.post('/call', { phone: iranian(index), code });
		return textAt(body, 'verification');
	};
	/** Why a code is not right; null: it is. */
	const reasonOf = async (verification: string, typed: string): Promise<unknown> => {
		const { body } = await host.post('/check', { verification, code: typed });
		return at(body, 'reason');
	};
	const restart = async (): Promise<void> => {
		await host.kill();
		await host.startAgain();
	};

	for (const [name, account] of [
		['an account at a provider', bitel],
		['the sandbox', () => ({ provider: 'sandbox' })],
	] as const) {
		it(`knows its tokens, their tries and their use, with a store on disk (${name})`, async () => {
			await start(onDiskAtOnce, account());
			const [tried, used] = [await tokenFor(1), await tokenFor(2)];
			assert.equal(await reasonOf(tried, '11111'), 'wrong-code');
			assert.equal(await reasonOf(used, code), null);
			await restart();
			assert.equal(await reasonOf(used, code), 'already-used');
			assert.equal(await reasonOf(tried, '11112'), 'wrong-code');
			await restart();
			assert.equal(await reasonOf(tried, '11113'), 'wrong-code');
			await restart();
			assert.equal(await reasonOf(tried, code), 'too-many-attempts');
			const fresh = await tokenFor(3);
			await restart();
			assert.equal(await reasonOf(fresh, code), null);
			assert.doesNotMatch(host.log, /Remember In/);
		});
	}

	it('gives no try twice though it is killed amid many checks', async () => {
		await start(onDiskAtOnce);
		const tokens = await Promise.all(
			Array.from({ length: 30 }, async (_, index) => await tokenFor(100 + index)),
		);
		/** How each check of each token ended that was answered. */
		const reasons = new Map(tokens.map((token): [string, unknown[]] => [token, []]));
		let answered = 0;
		const ask = async (token: string, typed: string): Promise<void> => {
			const reason = await reasonOf(token, typed).catch(() => 'nothing');
			answered += 1;
			reasons.get(token)?.push(reason);
		};
		const round = (typed: string) =>
			tokens.flatMap((token) => [ask(token, typed), ask(token, typed)]);
		const first = round('11111');
		await eventually('Some are answered', () => answered >= 15);
		await restart();
		await Promise.all(first);
		const lost = [...reasons.values()].flat().filter((reason) => reason === 'nothing').length;
		await Promise.all([...round('11112'), ...round('11113'), ...round(code), ...round(code)]);
		for (const all of reasons.values()) {
			const tries = all.filter((reason) => reason === 'wrong-code').length;
			const right = all.filter((reason) => reason === null).length;
			assert.ok(tries + right <= 3, all.join());
			assert.ok(right <= 1, all.join());
		}
		const right = [...reasons.values()].flat().filter((reason) => reason === null).length;
		say(
			`killed amid ${tokens.length * 2} checks, ${lost} not answered: at most 3 tries, ${right} right`,
		);
	});

	it('forgets tries and uses that were kept in memory, and says so at every start', async () => {
		await start(inMemory);
		const used = await tokenFor(1);
		assert.equal(await reasonOf(used, code), null);
		await restart();
		assert.equal(await reasonOf(used, code), null);
		assert.equal(await reasonOf(used, code), 'already-used');
		assert.match(host.log, /forgets at a restart which codes were tried and used/);
	});

	it('has the code nowhere: in no store, no flow file, no credentials, no log', async () => {
		await start(onDiskAtOnce);
		const token = await tokenFor(1);
		assert.equal(await reasonOf(token, '11111'), 'wrong-code');
		assert.equal(await reasonOf(token, code), null);
		const written = writtenIn(host.userDir);
		assert.match(written, /u[0-9a-f]{32}/);
		for (const text of [written, readingsOf(host.log), readingsOf(token)]) {
			assert.doesNotMatch(text, /(?<![0-9a-f])80417(?![0-9a-f])/);
		}
		assert.ok(!written.includes(token));
	});
});
