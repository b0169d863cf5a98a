import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import type { NodeType } from '../../node-red/forms/fields';
import {
	migrateAccount,
	migrateEvent,
	migrateSend,
	migrateStatus,
	version,
} from '../../node-red/forms/migrations';
import type { Properties } from '../../node-red/forms/migrations';
import { forms } from '../../node-red/host/forms';
import { SIMULATOR_API_KEY, SIMULATOR_TOKEN, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { EventHost, until } from './eventFlow';
import { RunningFlow, at, hosts, passTimeWith } from './runningFlow';
import type { Fields, FlowNode } from './runningFlow';

/** A flow as 0.1.0 saved it, with every property of every node; some nodes of it were written by hand. */
const saved = JSON.parse(
	readFileSync(new URL('../fixtures/node-red-flow-0.1.0.json', import.meta.url), 'utf8'),
) as readonly (FlowNode & { readonly type: string })[];

const nodeOf = (id: string): FlowNode & { readonly type: string } => {
	const node = saved.find((each) => each.id === id);
	assert.ok(node, id);
	return node;
};

/** Those that 0.1.0 had. */
type OldType = Exclude<NodeType, 'check-otp-code'>;

const migrations: Readonly<Record<OldType, (properties: Properties) => Properties>> = {
	'otp-call-account': (properties) => migrateAccount(properties, forms),
	'send-otp-call': (properties) => migrateSend(properties, forms),
	'get-otp-call-status': (properties) => migrateStatus(properties, forms),
	'otp-call-event': migrateEvent,
};

const isNodeType = (type: string): type is OldType => Object.hasOwn(migrations, type);

describe('A node of 0.1.0', () => {
	const ours = saved.filter(({ type }) => isNodeType(type));

	for (const node of ours) {
		const { id, type } = node;
		if (!isNodeType(type)) continue;
		it(`keeps whatever it holds, and gets a version: ${id}`, () => {
			const before = structuredClone(node);
			const now = migrations[type](node);
			assert.deepEqual(node, before, 'It was changed in place');
			assert.equal(now['version'], version);
			for (const [name, value] of Object.entries(node)) {
				if (value !== '') assert.deepEqual(now[name], value, name);
			}
			if (!id.startsWith('by-hand')) assert.deepEqual(now, { ...node, version });
			assert.equal(migrations[type](now), now, 'A second time');
		});
	}

	it('that somebody wrote by hand gets what 0.1.0 took for the properties that it leaves out', () => {
		const send = migrations['send-otp-call'](nodeOf('by-hand-send'));
		assert.deepEqual(
			['phoneNumberType', 'codeType', 'templateType', 'simplify'].map((name) => send[name]),
			['str', 'str', 'str', true],
		);
		assert.equal(send['campaignType'], undefined);
		const status = migrations['get-otp-call-status'](nodeOf('by-hand-status'));
		assert.deepEqual([status['callIdType'], status['operation']], ['str', 'get']);
		const account = migrations['otp-call-account'](nodeOf('by-hand-account'));
		assert.equal(account['authentication'], 'token');
	});
});

for (const host of hosts) {
	describe(`A flow of 0.1.0 in ${host}`, () => {
		let simulator: Simulator;
		let flow: RunningFlow;

		beforeEach(async () => {
			simulator = await startSimulator();
		});
		afterEach(async () => {
			await flow.stop();
			await simulator.close();
		});

		const start = async (id: string, account: string, fields: Fields = {}): Promise<void> => {
			const { baseUrl } = nodeOf(account);
			flow = await RunningFlow.start(
				host,
				{ ...nodeOf(id), account: 'account', ...fields },
				{ ...nodeOf(account), id: 'account', ...(baseUrl !== '' && { baseUrl: simulator.url }) },
				{ token: SIMULATOR_TOKEN, apiKey: SIMULATOR_API_KEY },
			);
		};

		it('places a call with its fixed fields, those of the message and those of the account', async () => {
			await start('send-bitel', 'account-bitel');
			const result = await flow.result({
				payload: { phoneNumber: '09123456789', code: '80417', again: 0 },
			});
			assert.deepEqual(simulator.requests[0]?.json, {
				phoneNumber: '09123456789',
				text: '80417',
				repeatCount: '3',
				retryCount: 0,
				serverId: 'simulator-server',
				voiceId: '12',
			});
			assert.ok(at(result, 'raw') !== undefined);
		});

		it('puts out the code that it makes, as it did: it is not kept for a check', async () => {
			await start('send-bitel', 'account-bitel', { generateCode: true });
			const result = await flow.result({ payload: { phoneNumber: '09123456789', again: 0 } });
			assert.match(String(result['code']), /^\d{5}$/);
			assert.equal(result['verification'], undefined);
		});

		it('exchanges its API key, and takes the campaign of the account', async () => {
			await start('send-autocall', 'account-autocall');
			await flow.result({
				payload: { phoneNumber: '0332665711', code: 'A1', order: 'order-1' },
			});
			assert.deepEqual(
				simulator.requests.map(({ url }) => url),
				['/v3/auth/token', '/v3/autocall/log/order-1/ref_id', '/v3/autocall/otp'],
			);
			assert.deepEqual(simulator.requests[2]?.json, {
				phone_number: '0332665711',
				code_otp: 'A1',
				campaign_uuid: 'f77dfcf4-0759-4179-93cb-741f481a776e',
				template: 'otp_script_01',
				ref_id: 'order-1',
			});
		});

		it('makes codes, and leaves a number alone for a minute', async () => {
			await start('send-generated', 'account-sandbox');
			const message = { payload: { phoneNumber: '09123456789' } };
			assert.match(String((await flow.result(message))['code']), /^\d{4}$/);
			assert.equal((await flow.failure(message)).code, 'cooling-down');
		});

		it('follows a call to its end, and lists calls by its filters', async () => {
			await start('send-bitel', 'account-bitel', { retryCountType: 'num', retryCount: '' });
			const person = { phoneNumber: '09123456789', code: '80417' };
			const { callId } = await flow.result({ payload: person });
			await flow.stop();
			const time = passTimeWith(simulator);
			await start('status-bitel', 'account-bitel');
			const { messages } = await flow.answer({ payload: { callId } });
			time.restore();
			assert.equal(at(messages.at(-1), 'payload', 'status'), 'completed');
			assert.ok(messages.length > 1);
			await flow.stop();
			simulator.reset();
			await start('status-list', 'account-autocall');
			await flow.answer({ payload: { day: '2026-03-31' } });
			const { searchParams } = new URL(simulator.requests[1]?.url ?? '', simulator.url);
			assert.deepEqual(Object.fromEntries(searchParams), {
				start_date: '2026-03-01 00:00:00',
				end_date: '2026-03-31 23:59:59',
				status: 'answered',
				phone: '0332665711',
				campaign_uuid: 'f77dfcf4-0759-4179-93cb-741f481a776e',
				limit: '10',
				offset: '0',
			});
		});

		it('that was written by hand uses its token, and its fields as text', async () => {
			await start('by-hand-send', 'by-hand-account');
			await flow.result({});
			assert.deepEqual(
				simulator.requests.map(({ url, headers }) => [url, headers.authorization]),
				[['/v3/autocall/otp', `Bearer ${SIMULATOR_TOKEN}`]],
			);
			assert.equal(at(simulator.requests[0]?.json, 'code_otp'), '4821');
		});
	});
}

describe('A node for call events of 0.1.0', () => {
	it('listens where it listened, and registers what it registered', async () => {
		const simulator = await startSimulator();
		const host = await EventHost.start();
		const event = nodeOf('event-autocall');
		await host.boot([
			{ id: 'tab', type: 'tab', label: 'Tests' },
			{
				...nodeOf('account-autocall'),
				id: 'account',
				baseUrl: simulator.url,
				authentication: 'token',
			},
			{ ...event, id: 'event', account: 'account', publicUrl: host.url, wires: [['out']] },
			{ id: 'out', type: 'helper', z: 'tab' },
		]);
		try {
			await host.untilStatus('registered');
			assert.deepEqual(
				simulator.registrations.map(({ callbackUrl }) => new URL(callbackUrl).pathname),
				['/calls/ended', '/calls/ended', '/calls/ended'],
			);
			const ringing = {
				call_id: 'c1',
				state: 'ringing',
				ref_id: 'order-1',
				to_number: '0332665711',
			};
			assert.equal(await host.deliver(ringing, { path: '/calls/ended' }), 200);
			await until(() => host.messages.length === 1, 'a message');
			assert.ok(at(host.messages[0]?.['payload'], 'raw') !== undefined);
		} finally {
			await host.halt();
			await host.close();
			await simulator.close();
		}
	});
});
