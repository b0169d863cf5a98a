// Runs a Node-RED in another language and prints what it says of some mistakes, as JSON. A process of its own:
// Node-RED has one language for all that it does.
import { EmbeddedHost } from './embeddedHost';
import { at } from './runningFlow';

const onTab = { z: 'tab', x: 0, y: 0 };
const send = {
	...onTab,
	type: 'send-otp-call',
	phoneNumber: 'payload.phoneNumber',
	phoneNumberType: 'msg',
	code: '1234',
	codeType: 'str',
};
const flow = [
	{ id: 'tab', type: 'tab', label: 'Calls' },
	{ id: 'a', type: 'otp-call-account', provider: 'bitel', credentials: { token: 'token' } },
	{ ...onTab, id: 'start', type: 'junction', wires: [['number', 'count', 'rest', 'nobody']] },
	{ ...send, id: 'number', account: 'a', wires: [] },
	{ ...send, id: 'count', account: 'a', repeatCount: '0', repeatCountType: 'num', wires: [] },
	{ ...send, id: 'rest', account: 'a', coolDownSeconds: 'soon', wires: [] },
	{ ...send, id: 'nobody', account: 'gone', wires: [] },
	{ ...onTab, id: 'catch', type: 'catch', scope: null, wires: [['caught']] },
	{ ...onTab, id: 'caught', type: 'junction', wires: [[]] },
];
const messages = {
	number: '110',
	count: '09123456789',
	rest: '09123456789',
	nobody: '09123456789',
};

async function main(language: string): Promise<void> {
	const host = await EmbeddedHost.start('node-red', { lang: language });
	await host.deploy(flow);
	const shown = host.statusesOf('number');
	const said: Record<string, unknown> = {};
	for (const [id, phoneNumber] of Object.entries(messages)) {
		await host.deploy(
			flow.map((node) => (node.id === 'start' ? { ...node, wires: [[id]] } : node)),
		);
		const caught = host.next('caught');
		host.sendFrom('start', { payload: { phoneNumber } });
		said[id] = at(await caught, 'error', 'message');
	}
	await host.stop();
	process.stdout.write(JSON.stringify({ ...said, status: shown.at(-1) }));
	process.exit();
}

void main(process.argv[2] ?? 'en-US');
