import assert from 'node:assert/strict';

import * as core from 'n8n-core';
import type { IDataObject, INode, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { Workflow, createRunExecutionData } from 'n8n-workflow';

import {
	SIMULATOR_API_KEY,
	SIMULATOR_TOKEN,
	createManualClock,
	startSimulator,
} from '../../tools/simulator';
import type { Simulator } from '../../tools/simulator';
import { AUTOCALL_SEND, AUTOCALL_SEND_PATH, at, call } from '../tools/simulator/client';
import { coreNodes } from './coreNodes';
import { processedValues } from './processedValues';
import { additionalDataFor, helperFor, loadPackage, nodeTypesOf } from './engine';
import { isOurs, readExample } from './examples';

describe('n8n: the examples, with the simulator behind their accounts', function () {
	this.timeout(60_000);
	let simulator: Simulator;
	/** Where it is still yesterday: a nightly list needs calls of the day before. */
	let dayBefore: Simulator;

	before(async () => {
		simulator = await startSimulator();
		dayBefore = await startSimulator({ clock: createManualClock(Date.now() - 24 * 3_600_000) });
	});
	after(async () => {
		await simulator.close();
		await dayBefore.close();
	});

	/** What a user fills in after an import: a provider with an account. */
	const filledIn = (node: INode): INode => {
		if (!isOurs(node)) return node;
		const { provider } = node.parameters;
		if (provider !== 'sandbox') {
			return { ...node, id: 'made by n8n', credentials: { autocallApi: account } };
		}
		// Bitel's second try would be waited for.
		const parameters = { ...node.parameters, provider: 'bitel', bitelOptions: { retryCount: 0 } };
		return { ...node, parameters, credentials: { bitelApi: account } };
	};
	const account = { id: '1', name: 'Simulator' };

	const isFirst = (workflow: Workflow, name: string): boolean =>
		workflow.getParentNodes(name).length === 0;

	/** The workflow of a file as n8n has it, filled in and activated. */
	const open = async (file: string, answers: Parameters<typeof coreNodes>[0] = {}) => {
		const loader = await loadPackage();
		const { nodes, connections } = readExample(file);
		const workflow = new Workflow({
			id: file,
			name: file,
			nodes: nodes.filter(({ type }) => !type.endsWith('.stickyNote')).map(filledIn),
			connections,
			active: true,
			nodeTypes: nodeTypesOf(loader, coreNodes(answers)),
			settings: { executionOrder: 'v1' },
		});
		const credentials = helperFor(loader, {
			bitelApi: { baseUrl: simulator.url, token: SIMULATOR_TOKEN },
			autocallApi: {
				baseUrl: dayBefore.url,
				authentication: 'apiKey',
				apiKey: SIMULATOR_API_KEY,
			},
		});
		const trigger = Object.values(workflow.nodes).find(({ name }) => isFirst(workflow, name));
		assert.ok(trigger !== undefined);
		return { workflow, trigger, additionalData: additionalDataFor(credentials) };
	};

	/** What the trigger of a workflow gives for a delivery. */
	const wake = async (file: string, delivery: unknown): Promise<readonly IDataObject[]> => {
		const { workflow, trigger, additionalData } = await open(file);
		const type = workflow.nodeTypes.getByNameAndVersion(trigger.type);
		const webhookDescription = type.description.webhooks?.[0];
		assert.ok(webhookDescription && 'webhook' in type);
		const request = {
			headers: {},
			params: { [trigger.id]: `:${trigger.id}` },
			rawBody: Buffer.from(JSON.stringify(delivery)),
		};
		const response = { status: () => response, setHeader: () => response, send: () => response };
		Object.assign(additionalData, { httpRequest: request, httpResponse: response });
		const webhook = {
			httpMethod: 'POST' as const,
			node: trigger.name,
			path: 'webhook',
			workflowId: file,
			webhookDescription,
			workflowExecuteAdditionalData: additionalData,
		};
		const context = new core.WebhookContext(
			workflow,
			trigger,
			additionalData,
			'webhook',
			webhook,
			[],
			null,
		);
		// n8n's class does not satisfy n8n's interface under exactOptionalPropertyTypes, in one name only.
		const functions = context as unknown as IWebhookFunctions;
		const { workflowData } = await type.webhook.call(functions);
		return (workflowData?.[0] ?? []).map(({ json }) => json);
	};

	/** Runs a workflow from its trigger. @returns the json of the items that reached a node */
	const run = async (
		file: string,
		started: readonly IDataObject[],
		answers: Parameters<typeof coreNodes>[0] = {},
		from?: string,
	): Promise<(name: string) => readonly IDataObject[]> => {
		const { workflow, trigger: first, additionalData } = await open(file, answers);
		const trigger = (from !== undefined && workflow.getNode(from)) || first;
		const items = started.map((json): INodeExecutionData => ({ json }));
		const runData = createRunExecutionData({
			executionData: {
				nodeExecutionStack: [{ node: trigger, source: null, data: { main: [items] } }],
			},
		});
		const execute = new core.WorkflowExecute(additionalData, 'trigger', runData);
		const { data } = await execute.processRunExecutionData(workflow);
		assert.equal(data.resultData.error, undefined, String(data.resultData.error?.message));
		return (name) => {
			const outputs = data.resultData.runData[name]?.[0]?.data?.['main'] ?? [];
			return outputs.flatMap((output) => (output ?? []).map(({ json }) => json));
		};
	};

	const said = (phoneNumber: string): string => {
		const { json } =
			simulator.requests.findLast(({ json }) => at(json, 'phoneNumber') === phoneNumber) ?? {};
		return String(at(json, 'text'));
	};

	/** A visitor who types one code after the other. */
	const signUp = (phoneNumber: string, ...typed: readonly (() => string)[]) => {
		const left = [...typed];
		return run('sign-up form.json', [{ 'Phone number': phoneNumber }], {
			'Ask for the Code': () => ({ Code: (left.shift() ?? (() => 'nothing'))() }),
		});
	};

	it('sign-up form: welcomes who types what the voice reads, also at the second try', async () => {
		const phone = '09121110011';
		const visitor = await signUp(
			phone,
			() => 'x',
			() => ` ${said(phone)} `,
		);
		assert.match(said(phone), /^\d{5}$/);
		assert.deepEqual(
			visitor('Welcome').map(({ phoneNumber, valid }) => [phoneNumber, valid]),
			[['+989121110011', true]],
		);
		assert.deepEqual(visitor('Start Again'), []);
	});

	it('sign-up form: lets nobody in who types wrong codes, or whose call was refused', async () => {
		const wrong = await signUp('09121110012');
		assert.deepEqual(
			wrong('Start Again').map(({ reason }) => reason),
			['wrong-code'],
		);
		assert.deepEqual(wrong('Welcome'), []);
		const refused = await signUp('110');
		assert.match(JSON.stringify(refused('Start Again')[0]), /Phone Number/);
		assert.deepEqual(refused('Ask for the Code'), []);
	});

	it('sign-up form: asks for the code also where nobody knows whether the phone rings', async () => {
		const phone = '09121110013';
		simulator.faults.add({
			match: { phoneNumber: phone, operation: 'send' },
			fault: { kind: 'reset-after-placing' },
			times: 1,
		});
		const visitor = await signUp(phone, () => said(phone));
		assert.equal(visitor('Welcome').length, 1);
	});

	it('sign-up form: calls nobody twice in a minute', async () => {
		await signUp('09121110014');
		const again = await signUp('09121110014');
		assert.equal(at(again('Start Again')[0], 'details', 'kind'), 'cooling-down');
		assert.equal(simulator.counters.placedByNumber.get('09121110014'), 1);
	});

	it('login by call: gives a token to the app, and says the same of every code that is not right', async () => {
		const file = 'login by call.json';
		const phone = '09121110021';
		const started = await run(file, [{ body: { phone } }], {}, 'Start');
		const [answer = {}] = started('Calling');
		assert.equal(JSON.stringify(answer).includes(said(phone)), false);
		const check = (body: IDataObject) => run(file, [{ body }], {}, 'Check');
		const { verification = '' } = answer;
		const ofAnother = await check({ verification, code: said(phone), phone: '09121110022' });
		assert.equal(ofAnother('Not Right').length, 1);
		const nothing = await check({});
		assert.equal(nothing('Not Right').length, 1);
		assert.equal(nothing('Right').length, 0);
		const right = await check({ verification, code: said(phone), phone });
		assert.deepEqual(
			right('Right').map(({ phoneNumber }) => phoneNumber),
			['+989121110021'],
		);
		const again = await check({ verification, code: said(phone), phone });
		assert.deepEqual(
			again('Not Right').map(({ reason }) => reason),
			['already-used'],
		);
		const refused = await run(file, [{ body: { phone: '110' } }], {}, 'Start');
		assert.equal(refused('Not Called').length, 1);
	});

	/** A visitor of the second channel, and what is typed or chosen on one page after the other. */
	const verify = (phoneNumber: string, ...pages: readonly (() => IDataObject)[]) => {
		const left = [...pages];
		return run('second channel.json', [{ 'Phone number': phoneNumber }], {
			'Ask for the Code': () => (left.shift() ?? (() => ({ 'No call?': 'Send me a message' })))(),
		});
	};
	const again = () => ({ 'No call?': 'Call me again' });

	it('second channel: keeps the first code while another call has to wait, and says how long', async () => {
		const phone = '09121110031';
		const visitor = await verify(phone, again, () => ({ Code: said(phone) }));
		assert.deepEqual(
			visitor('Confirmed by Phone').map(({ phoneNumber }) => phoneNumber),
			['+989121110031'],
		);
		const [refused] = visitor('Why Not?');
		assert.equal(at(refused, 'details', 'kind'), 'cooling-down');
		assert.ok(Number(at(refused, 'details', 'retryAfterSeconds')) > 50);
		assert.equal(simulator.counters.placedByNumber.get(phone), 1);
	});

	it('second channel: lets nobody go round for ever, which would fill the database', async () => {
		const phone = '09121110034';
		const visitor = await verify(phone, ...Array.from({ length: 40 }, () => again));
		assert.deepEqual(visitor('Not Now'), [{ 'No call?': 'Call me again' }]);
		assert.deepEqual(visitor('Your Message Service'), []);
	});

	it('second channel: writes to who asks for it, once for each call, and sends no code', async () => {
		const phone = '09121110032';
		const visitor = await verify(phone, () => ({ Code: '00' }));
		assert.deepEqual(visitor('Your Message Service'), [{ phoneNumber: '+989121110032' }]);
		assert.deepEqual(visitor('Confirmed by Phone'), []);
		const stranger = await verify(phone);
		assert.deepEqual(stranger('Your Message Service'), []);
		assert.equal(at(stranger('Not Now')[0], 'details', 'kind'), 'cooling-down');
	});

	it('second channel: writes at once where the provider fails, and not where the phone may ring', async () => {
		const phone = '09121110033';
		const match = { phoneNumber: phone, operation: 'send' } as const;
		simulator.faults.add({ match, fault: { kind: 'status', status: 403 }, times: 1 });
		const failing = await verify(phone);
		assert.deepEqual(failing('Your Message Service'), [{ phoneNumber: '+989121110033' }]);
		assert.deepEqual(failing('Ask for the Code'), []);
		simulator.faults.add({ match, fault: { kind: 'reset-after-placing' }, times: 1 });
		const unknown = await verify(phone, () => ({ Code: said(phone) }));
		assert.deepEqual(unknown('Your Message Service'), []);
		assert.equal(unknown('Confirmed by Phone').length, 1);
		const wrong = await verify('110');
		assert.match(JSON.stringify(wrong('Not Now')), /Phone Number/);
	});

	it('call and wait, restart-safe: looks until the call has ended, and calls nobody twice', async () => {
		processedValues.clear();
		const placed = () => simulator.counters.placedByNumber.get('09123456789');
		const ended = await run('call and wait, restart-safe.json', [{}]);
		assert.equal(ended('Get OTP Call Status')[0]?.['final'], false);
		assert.equal(ended('The Code Was Heard')[0]?.['status'], 'completed');
		assert.equal(ended('Not Known Yet').length, 0);
		assert.equal(placed(), 1);
		await assert.rejects(
			run('call and wait, restart-safe.json', [{}]),
			/was asked for with this Idempotency Key/,
		);
		assert.equal(placed(), 1);
	});

	it('call and wait, restart-safe: goes on looking when the provider cannot be asked, and not for ever', async () => {
		processedValues.clear();
		const fault = { kind: 'status', status: 403 } as const;
		simulator.faults.add({ match: { operation: 'status' }, fault });
		const given = await run('call and wait, restart-safe.json', [{}]);
		simulator.faults.clear();
		assert.equal(given('Not Known Yet').length, 1);
		const looks = simulator.requests.filter(({ url }) => url.includes('/status/'));
		assert.ok(looks.length >= 10);
	});

	it('unknown outcome: goes another way than a call that was refused', async () => {
		simulator.faults.add({
			match: { phoneNumber: '09123456709', operation: 'send' },
			fault: { kind: 'reset-after-placing' },
			times: 1,
		});
		const unknown = await run('unknown outcome.json', [{}]);
		assert.equal(unknown('Do Not Send Again').length, 1);
		assert.equal(unknown('Correct It First').length, 0);
		assert.equal(unknown('Placed').length, 0);
	});

	it('nightly list: holds the calls of the day before', async () => {
		await call(dayBefore.url, 'POST', AUTOCALL_SEND_PATH, AUTOCALL_SEND);
		await dayBefore.clock.advance(10_000);
		const listed = await run('nightly list.json', [{}]);
		assert.deepEqual(
			listed('To CSV').map(({ callId, status }) => [callId, status]),
			[[AUTOCALL_SEND.ref_id, 'completed']],
		);
	});

	it('call ended: is woken by the provider, and goes on by whether the call was answered', async () => {
		const sent = [
			{ ...AUTOCALL_SEND, ref_id: 'heard' },
			{ ...AUTOCALL_SEND, ref_id: 'missed', phone_number: '0332665702' },
		];
		for (const order of sent) await call(dayBefore.url, 'POST', AUTOCALL_SEND_PATH, order);
		await dayBefore.clock.advance(10_000);
		const deliver = (ref_id: string) =>
			wake('call ended.json', { call_id: ref_id, ref_id, state: 'cdr', status: 'answered' });
		const woken = [...(await deliver('heard')), ...(await deliver('missed'))];
		const ended = await run('call ended.json', woken);
		const ids = (name: string) => ended(name).map(({ callId }) => callId);
		assert.deepEqual(ids('The Code Was Heard'), ['heard']);
		// The delivery called it answered; the provider itself does not.
		assert.deepEqual(ids('Second Channel'), ['missed']);
	});

	it('call ended: has no address that a reader of the file would know', () => {
		const { nodes } = readExample('call ended.json');
		const trigger = nodes.find(({ type }) => type.endsWith('.otpCallTrigger'));
		assert.equal(trigger?.id, undefined);
	});
});
