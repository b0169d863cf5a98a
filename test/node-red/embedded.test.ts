import assert from 'node:assert/strict';

import { providers } from '../../providers';
import { SIMULATOR_TOKEN, createManualClock, startSimulator } from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { EmbeddedHost } from './embeddedHost';
import { at, hosts } from './runningFlow';
import type { Fields } from './runningFlow';

const types = [
	'otp-call-account',
	'send-otp-call',
	'get-otp-call-status',
	'check-otp-code',
	'otp-call-event',
];

/** Inject-like node → send → status → out, with what a user sees of errors beside. */
const flowFor = (account: Fields, send: Fields = {}, status: Fields = {}): Fields[] => {
	const onTab = { z: 'tab', x: 0, y: 0 };
	return [
		{ id: 'tab', type: 'tab', label: 'Calls' },
		{ id: 'account', type: 'otp-call-account', ...account },
		{ ...onTab, id: 'start', type: 'junction', wires: [['send']] },
		{
			...onTab,
			id: 'send',
			type: 'send-otp-call',
			account: 'account',
			phoneNumber: 'payload.phoneNumber',
			phoneNumberType: 'msg',
			code: 'payload.code',
			codeType: 'msg',
			...send,
			wires: [['placed', 'status']],
		},
		{ ...onTab, id: 'placed', type: 'junction', wires: [[]] },
		{
			...onTab,
			id: 'status',
			type: 'get-otp-call-status',
			account: 'account',
			callId: 'payload.callId',
			callIdType: 'msg',
			...status,
			wires: [['out']],
		},
		{ ...onTab, id: 'out', type: 'junction', wires: [[]] },
		{ ...onTab, id: 'catch', type: 'catch', scope: null, wires: [['caught']] },
		{ ...onTab, id: 'caught', type: 'junction', wires: [[]] },
	];
};

for (const name of hosts) {
	describe(`The packed package in an embedded ${name}`, function () {
		this.timeout(60_000);
		let host: EmbeddedHost;
		let simulator: Simulator;

		before(async () => {
			simulator = await startSimulator({ clock: createManualClock() });
			host = await EmbeddedHost.start(name);
		});
		after(async () => {
			await host.stop();
			await simulator.close();
		});
		beforeEach(() => {
			simulator.reset();
		});

		it('loads every node without an error', async () => {
			const { text } = await host.ask('GET', '/nodes');
			const all: unknown = JSON.parse(text);
			assert.ok(Array.isArray(all));
			const ours = all.filter((set) => at(set, 'module') === '@otp-call/node-red-otp-call');
			assert.deepEqual(
				ours.map((set) => [at(set, 'types'), at(set, 'enabled'), at(set, 'err')]),
				types.map((type) => [[type], true, undefined]),
			);
		});

		it('places a call, asks for it and never gives the token back', async () => {
			const credentials = { token: SIMULATOR_TOKEN };
			await host.deploy(flowFor({ provider: 'bitel', baseUrl: simulator.url, credentials }));
			const shown = host.statusesOf('send');
			const out = host.next('out');
			host.sendFrom('start', {
				topic: 'kept',
				payload: { phoneNumber: '09123456789', code: '80417' },
			});
			const { payload, topic } = await out;
			assert.equal(topic, 'kept');
			assert.equal(at(payload, 'status'), 'queued');
			assert.equal(at(payload, 'callId'), simulator.requests[0]?.placedCallId);
			assert.equal(simulator.calls.length, 1);
			assert.ok(shown.includes('queued •••6789'), shown.join(', '));
			const flows = await host.ask('GET', '/flows', undefined, { 'Node-RED-API-Version': 'v2' });
			assert.ok(!flows.text.includes(SIMULATOR_TOKEN));
			const secrets = await host.ask('GET', '/credentials/otp-call-account/account');
			const names = providers
				.flatMap(({ account }) => account?.fields ?? [])
				.filter(({ kind }) => kind === 'secret')
				.map(({ name }) => name);
			// The code of test numbers is every account's.
			const all = [...names, 'testCode'].map((name) => [`has_${name}`, name === 'token'] as const);
			assert.deepEqual(JSON.parse(secrets.text), Object.fromEntries(all));
		});

		it('shows the kind of an error to a Catch node', async () => {
			const credentials = { token: 'wrong-token' };
			await host.deploy(flowFor({ provider: 'bitel', baseUrl: simulator.url, credentials }));
			const caught = host.next('caught');
			host.sendFrom('start', { payload: { phoneNumber: '09123456789', code: '80417' } });
			const { error } = await caught;
			assert.equal(at(error, 'code'), 'not-authorized');
			assert.equal(at(error, 'cause', 'httpStatus'), 401);
			assert.ok(!JSON.stringify(error).includes('wrong-token'));
		});

		it('follows a call of the sandbox to its end, in real time', async () => {
			await host.deploy(
				flowFor({ provider: 'sandbox' }, {}, { waitUntilEnded: true, pollInterval: '0.2' }),
			);
			const shown = host.statusesOf('status');
			const out = host.next('out');
			host.sendFrom('start', { payload: { phoneNumber: '09123456701', code: '1' } });
			const { payload } = await out;
			assert.deepEqual([at(payload, 'status'), at(payload, 'final')], ['busy', true]);
			assert.deepEqual(shown, ['asking', 'queued •••6701', 'ringing •••6701', 'busy •••6701']);
		});

		it('closes its connections when it is deployed again', async () => {
			const credentials = { token: SIMULATOR_TOKEN };
			const flow = flowFor({ provider: 'bitel', baseUrl: simulator.url, credentials });
			await host.deploy(flow);
			const out = host.next('out');
			host.sendFrom('start', { payload: { phoneNumber: '09123456789', code: '80417' } });
			await out;
			assert.ok(simulator.connections.current > 0);
			await host.deploy(flow);
			const deadline = Date.now() + 2_000;
			while (simulator.connections.current > 0 && Date.now() < deadline) {
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
			assert.equal(simulator.connections.current, 0);
		});

		it('serves words, icons, examples and help to the editor', async () => {
			const words = await host.ask(
				'GET',
				'/locales/@otp-call/node-red-otp-call/send-otp-call?lng=vi',
			);
			assert.match(words.text, /Số điện thoại/);
			for (const icon of ['otp-call-send', 'otp-call-status']) {
				const path = `/icons/@otp-call/node-red-otp-call/${icon}.svg`;
				assert.equal((await host.ask('GET', path)).status, 200);
			}
			const examples = await host.ask(
				'GET',
				'/library/examples/flows/@otp-call/node-red-otp-call/',
			);
			assert.match(examples.text, /first call/);
			const html = await host.ask('GET', '/nodes', undefined, {
				accept: 'text/html',
				'accept-language': 'en-US',
			});
			for (const type of types) {
				assert.match(html.text, new RegExp(`data-template-name="${type}"`));
				assert.match(html.text, new RegExp(`data-help-name="${type}"`));
			}
			assert.doesNotMatch(html.text, /[<*]!?-?-?@(providers|include|send-)/);
		});
	});
}
