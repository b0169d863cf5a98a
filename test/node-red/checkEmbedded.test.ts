import assert from 'node:assert/strict';

import { EmbeddedHost } from './embeddedHost';
import { at, until } from './runningFlow';
import type { Message } from './runningFlow';

const onTab = { z: 'tab', x: 100, y: 100 };
const check = {
	...onTab,
	type: 'check-otp-code',
	account: 'account',
	verification: 'payload.verification',
	verificationType: 'msg',
	code: 'payload.code',
	codeType: 'msg',
};
const flow = [
	{ id: 'tab', type: 'tab', label: 'Checks' },
	{ id: 'account', type: 'otp-call-account', provider: 'sandbox' },
	{ ...onTab, id: 'ask', type: 'junction', wires: [['send']] },
	{
		...onTab,
		id: 'send',
		type: 'send-otp-call',
		account: 'account',
		phoneNumber: '09123456789',
		phoneNumberType: 'str',
		code: '80417',
		codeType: 'str',
		keepForCheck: true,
		wires: [['sent']],
	},
	{ ...onTab, id: 'sent', type: 'junction', wires: [[]] },
	...['memory', 'broken', 'silent'].flatMap((store) => [
		{ ...onTab, id: `to-${store}`, type: 'junction', wires: [[store]] },
		{ ...check, id: store, store, wires: [['right'], ['wrong']] },
	]),
	{ ...onTab, id: 'right', type: 'junction', wires: [[]] },
	{ ...onTab, id: 'wrong', type: 'junction', wires: [[]] },
	{ ...onTab, id: 'catch', type: 'catch', scope: null, wires: [['caught']] },
	{ ...onTab, id: 'caught', type: 'junction', wires: [[]] },
];

/** A context store of a user's own, as Node-RED loads it. */
const storeThat = (answer: (done: (error: Error) => void) => void) => () => ({
	open: async () => undefined,
	close: async () => undefined,
	delete: async () => undefined,
	clean: async () => undefined,
	keys: () => [],
	get: (_scope: string, _key: string, done: (error: Error) => void) => {
		answer(done);
	},
	set: (_scope: string, _key: string, _value: unknown, done: (error: Error) => void) => {
		answer(done);
	},
});

describe('check-otp-code in a real Node-RED, with stores of its settings', function () {
	this.timeout(60_000);
	let host: EmbeddedHost;
	let token: unknown;

	before(async () => {
		host = await EmbeddedHost.start('node-red', {
			contextStorage: {
				default: 'memory',
				memory: { module: 'memory' },
				broken: {
					module: storeThat((done) => {
						done(new Error('disk full'));
					}),
				},
				silent: { module: storeThat(() => undefined) },
			},
		});
		await host.deploy(flow);
		const sent = host.next('sent');
		host.sendFrom('ask', { payload: {} });
		token = at(await sent, 'payload', 'verification');
	});
	after(() => host.stop());

	const type = async (store: string, code: string, into: string): Promise<Message> => {
		const said = host.next(into);
		host.sendFrom(`to-${store}`, { payload: { verification: token, code } });
		return await said;
	};

	it('compares nothing, right or wrong, when the store cannot be written', async () => {
		for (const code of ['80417', '11111', '11111', '11111', '11111']) {
			const { error } = await type('broken', code, 'caught');
			assert.equal(at(error, 'code'), 'invalid-input');
			assert.match(String(at(error, 'message')), /^Remember In cannot be read or written/);
			assert.equal(at(error, 'cause', 'field'), 'store');
		}
		// No try was lost.
		const { payload } = await type('memory', '11111', 'wrong');
		assert.equal(at(payload, 'attemptsLeft'), 2);
	});

	it('says in the language of the host what came of it, under the node', async () => {
		const shown = host.statusesOf('memory');
		await type('memory', '11112', 'wrong');
		await type('memory', '80417', 'right');
		await until(() => shown.includes('right •••6789'), 'the status');
		assert.ok(shown.includes('wrong, 1 left'), shown.join());
	});

	it('ends the message of a silent store at once when the flow is deployed anew', async () => {
		const caught = host.next('caught');
		host.sendFrom('to-silent', { payload: { verification: token, code: '80417' } });
		const shown = host.statusesOf('silent');
		await until(() => shown.length > 0, 'a check');
		const started = performance.now();
		await host.deploy(flow);
		assert.ok(performance.now() - started < 2_000);
		const said = await Promise.race([caught, Promise.resolve(null)]);
		if (said !== null) assert.equal(at(said, 'error', 'code'), 'canceled');
	});
});
