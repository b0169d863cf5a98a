import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Simulator, startSimulator } from '../../tools/simulator';
import { bitelSend, iranian } from '../n8n/accounts';
import { record, text } from '../n8n/reading';
import { n8nInQueueMode } from './hosts/hooks';
import type { N8n } from './hosts/n8n';
import { repository, say } from './hosts/programs';
import { webhook } from './hosts/workflows';

const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({ length: count }, (_, index) => make(index));

const inPersian = (code: string): string =>
	[...code].map((digit) => String.fromCharCode(0x06f0 + Number(digit))).join('');

describe('n8n in queue mode, with a code that is checked', () => {
	let n8n: N8n;
	let simulator: Simulator;
	let credential: { readonly id: string; readonly name: string };
	before(async () => {
		n8n = await n8nInQueueMode();
		simulator = await startSimulator({ queuedMs: 100, ringsMs: 100, talksMs: 100 });
		const { bitelApi = {} } = bitelSend(simulator).credentials;
		credential = await n8n.createCredential('bitelApi', bitelApi);
	});
	beforeEach(() => simulator.reset());
	after(() => simulator.close());

	/** What the voice has said to a number. */
	const said = (phone: string): string => {
		const request = simulator.requests.findLast(
			({ json }) => record(json)['phoneNumber'] === phone,
		);
		return text(record(request?.json)['text']);
	};

	const wrongFor = (code: string): string =>
		String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');

	/** An example, published with the account at the simulator. */
	async function publishExample(file: string, options: Record<string, unknown> = {}) {
		const path = join(repository, 'examples', 'n8n', file);
		const example = record(JSON.parse(readFileSync(path, 'utf8')));
		const nodes = Array.isArray(example['nodes']) ? example['nodes'].map(record) : [];
		const filledIn = nodes.map((node) => {
			const type = text(node['type']);
			if (!type.startsWith('n8n-nodes-otp-call.')) return node;
			const parameters = record(node['parameters']);
			const more = type.endsWith('sendOtpCall') ? options : {};
			return {
				...node,
				credentials: { bitelApi: credential },
				parameters: {
					...parameters,
					provider: 'bitel',
					options: { ...record(parameters['options']), ...more },
				},
			};
		});
		const { connections, name, settings } = example;
		const workflow = await n8n.importWorkflow({ name, nodes: filledIn, connections, settings });
		await n8n.publish(workflow);
		return workflow;
	}

	describe('login by call', () => {
		let workflow: string;
		before(async () => {
			workflow = await publishExample('login by call.json', { codeLifetime: 90 });
		});
		after(() => n8n.unpublish(workflow));

		const start = async (phone: string) => {
			const { body, status } = await n8n.callWebhook('otp/start', { phone });
			return { status, verification: text(record(body)['verification']) };
		};
		const check = async (body: object) => (await n8n.callWebhook('otp/check', body)).status;

		it('lets in who types what the voice reads, once, and nobody else', async () => {
			const [phone, other] = [iranian(1), iranian(2)];
			const [mine, theirs] = await Promise.all([start(phone), start(other)]);
			assert.deepEqual([mine.status, theirs.status], [200, 200]);
			const { verification } = mine;
			const code = said(phone);
			assert.equal(await check({ verification, phone, code: wrongFor(code) }), 401);
			assert.equal(await check({ verification, phone: other, code }), 401);
			assert.equal(await check({ verification, phone, code: inPersian(code) }), 200);
			assert.equal(await check({ verification, phone, code }), 401);
			const their = { verification: theirs.verification, phone: other };
			assert.equal(await check({ ...their, code: said(other) }), 200);
		});

		it('knows a token after all of n8n was killed, and none that is too old', async () => {
			const [phone, late] = [iranian(3), iranian(4)];
			const { verification } = await start(phone);
			const old = await start(late);
			const begun = Date.now();
			for (const name of ['main', 'webhook', ...n8n.workers] as const) await n8n.kill(name);
			for (const name of ['main', 'webhook', ...n8n.workers] as const) await n8n.start(name);
			const code = said(phone);
			say(`back ${Math.round((Date.now() - begun) / 1000)} s after the call`);
			const isInTime = Date.now() - begun < 88_000;
			const answer = await check({ verification, phone, code });
			if (isInTime) assert.equal(answer, 200);
			await new Promise((resolve) =>
				setTimeout(resolve, Math.max(0, 91_000 - (Date.now() - begun))),
			);
			assert.equal(
				await check({ verification: old.verification, phone: late, code: said(late) }),
				401,
			);
		});
	});

	it('gives no token more tries than its number for each worker, however many check it at once', async () => {
		const send = randomUUID();
		const check = randomUUID();
		const { credentials } = bitelSend(simulator);
		const sending = await n8n.createWorkflow('Send', [
			webhook(send),
			{
				name: 'Call',
				type: 'sendOtpCall',
				credentials,
				parameters: {
					provider: 'bitel',
					phoneNumber: '={{ $json.body.phone }}',
					generateCode: true,
					keepForCheck: true,
				},
			},
		]);
		const checking = await n8n.createWorkflow('Check', [
			webhook(check),
			{
				name: 'Check',
				type: 'checkOtpCode',
				typeVersion: 1.1,
				credentials,
				parameters: {
					provider: 'bitel',
					verification: '={{ $json.body.verification }}',
					code: '={{ $json.body.code }}',
				},
			},
		]);
		await n8n.publish(sending);
		await n8n.publish(checking);
		const tokenFor = async (phone: string): Promise<string> => {
			const { body } = await n8n.callWebhook(send, { phone });
			const [first] = Array.isArray(body) ? body.map(record) : [];
			return text(first?.['verification']);
		};
		const [right, wrong] = [iranian(6), iranian(7)];
		const tokens = [await tokenFor(right), await tokenFor(wrong)] as const;
		const codes = [said(right), wrongFor(said(wrong))] as const;

		const reasons: Record<string, number> = {};
		const one = async (which: 0 | 1): Promise<void> => {
			const order = { verification: tokens[which], code: codes[which] };
			const { body } = await n8n.callWebhook(check, order);
			const [first] = Array.isArray(body) ? body.map(record) : [];
			// The second output answers nothing: the last node has no item on its first one.
			const outcome = `${which === 0 ? 'right' : 'wrong'} code: ${text(first?.['reason'] ?? first?.['valid'] ?? 'no item on Right')}`;
			reasons[outcome] = (reasons[outcome] ?? 0) + 1;
		};
		const begun = Date.now();
		await Promise.all(times(1_000, (index) => one(index % 2 === 0 ? 0 : 1)));
		const ended = await n8n.executions(checking);
		say(`1,000 checks in ${Math.round((Date.now() - begun) / 1000)} s: ${JSON.stringify(reasons)}`);
		assert.ok(ended.length > 0);
		const rights = reasons['right code: true'] ?? 0;
		assert.ok(rights >= 1 && rights <= n8n.workers.length, `${rights} times right`);
		assert.equal(reasons['wrong code: true'], undefined);
	});
});
