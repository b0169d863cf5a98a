import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { text as textOf } from 'node:stream/consumers';

import { type Simulator, startSimulator } from '../../tools/simulator';
import { bitelSend } from '../n8n/accounts';
import { n8nInRegularMode } from './hosts/hooks';
import type { N8n } from './hosts/n8n';
import { at, textAt } from './hosts/n8nApi';
import { addSqlite } from './hosts/n8nInstallation';
import { type FlowNode, webhook, workflowOf } from './hosts/workflows';

/** What a model asks of a tool, by the name of its argument. */
type Arguments = Readonly<Record<string, string>>;

/**
 * A server that speaks as OpenAI's does. Its model uses the first tool that it is offered, with each of these
 * arguments at the same time, and then says that it is done.
 */
class Model {
	readonly #server: Server;
	/** What it has read, in all of the conversation so far. */
	#read: readonly unknown[] = [];
	#tools: unknown = [];
	/** What it will ask of its tool. */
	asks: readonly Arguments[] = [];

	private constructor() {
		this.#server = createServer((request, response) => {
			void textOf(request).then((body) => {
				const asked: unknown = JSON.parse(body);
				const messages = at(asked, 'messages');
				this.#read = Array.isArray(messages) ? messages : [];
				this.#tools = at(asked, 'tools');
				const isStreamed = at(asked, 'stream') === true;
				response.setHeader('content-type', isStreamed ? 'text/event-stream' : 'application/json');
				const completion = this.#complete(isStreamed);
				response.end(
					isStreamed
						? `data: ${JSON.stringify(completion)}\n\ndata: [DONE]\n\n`
						: JSON.stringify(completion),
				);
			});
		});
	}

	static async start(): Promise<Model> {
		const model = new Model();
		model.#server.listen(0, '127.0.0.1');
		await once(model.#server, 'listening');
		return model;
	}

	get url(): string {
		const address = this.#server.address();
		if (address === null || typeof address === 'string') throw new Error('Not listening on TCP');
		return `http://127.0.0.1:${String(address.port)}/v1`;
	}

	/** What its tool has answered, in the order in which it was asked. */
	get answers(): readonly string[] {
		const answers = this.#read.filter((message) => at(message, 'role') === 'tool');
		return answers.map((message) => textAt(message, 'content'));
	}

	/** All that it has read, tools included. */
	get read(): string {
		return JSON.stringify([this.#read, this.#tools]);
	}

	close(): void {
		this.#server.closeAllConnections();
		this.#server.close();
	}

	#complete(isStreamed: boolean): object {
		const tool = textAt(this.#tools, 0, 'function', 'name');
		const calls = this.asks.map((given, index) => ({
			index,
			id: `call_${String(index)}`,
			type: 'function',
			function: { name: tool, arguments: JSON.stringify(given) },
		}));
		const hasAsked = this.answers.length > 0;
		const message = hasAsked
			? { role: 'assistant', content: 'Done.' }
			: { role: 'assistant', content: null, tool_calls: calls };
		const finished = hasAsked ? 'stop' : 'tool_calls';
		return {
			id: 'completion',
			object: isStreamed ? 'chat.completion.chunk' : 'chat.completion',
			created: 0,
			model: 'model',
			choices: [{ index: 0, finish_reason: finished, [isStreamed ? 'delta' : 'message']: message }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	}
}

/** The versions of the agent that are in use: the older one runs its tools itself, the newer one has n8n run them. */
const versions = [2.2, 3.1];

for (const typeVersion of versions) {
	describe(`n8n’s AI Agent ${String(typeVersion)} with our nodes as its tools`, () => {
		let n8n: N8n;
		let simulator: Simulator;
		let model: Model;
		before(async () => {
			await addSqlite();
			n8n = await n8nInRegularMode();
			simulator = await startSimulator();
			model = await Model.start();
		});
		beforeEach(() => simulator.reset());
		after(async () => {
			model.close();
			await simulator.close();
		});

		/** An agent that is published with one tool. @returns asks it, and gives its answer */
		const agentWith = async (tool: FlowNode) => {
			const path = randomUUID();
			const openAi = { apiKey: 'key', url: model.url };
			const nodes: readonly FlowNode[] = [
				webhook(path),
				{
					name: 'Agent',
					type: '@n8n/n8n-nodes-langchain.agent',
					typeVersion,
					parameters: { promptType: 'define', text: '={{ $json.body.text }}', options: {} },
				},
				{
					name: 'Model',
					type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
					typeVersion: 1.2,
					credentials: { openAiApi: openAi },
					parameters: { model: { __rl: true, mode: 'id', value: 'model' }, options: {} },
				},
				tool,
			];
			const stored = new Map<string, { readonly id: string; readonly name: string }>();
			for (const { credentials } of nodes)
				for (const [type, data] of Object.entries(credentials ?? {}))
					stored.set(type, await n8n.createCredential(type, data));
			const to = (type: string) => [[{ node: 'Agent', type, index: 0 }]];
			const id = await n8n.importWorkflow({
				...workflowOf(`Agent ${tool.type}`, nodes, stored),
				connections: {
					Webhook: { main: to('main') },
					Model: { ai_languageModel: to('ai_languageModel') },
					[tool.name]: { ai_tool: to('ai_tool') },
				},
			});
			await n8n.publish(id);
			return async (text: string) => await n8n.callWebhook(path, { text });
		};

		const sendTool = (): FlowNode => ({
			name: 'Call',
			...bitelSend(simulator, {
				phoneNumber: '={{ $fromAI("phone", "The number to call") }}',
				code: '',
				generateCode: true,
				keepForCheck: true,
			}),
			type: 'sendOtpCallTool',
		});
		const checkTool = (): FlowNode => ({
			name: 'Check',
			...bitelSend(simulator),
			type: 'checkOtpCodeTool',
			parameters: {
				provider: 'bitel',
				verification: '={{ $fromAI("verification") }}',
				code: '={{ $fromAI("code") }}',
			},
		});
		const statusTool = (): FlowNode => ({
			name: 'Status',
			...bitelSend(simulator),
			type: 'getOtpCallStatusTool',
			parameters: { provider: 'bitel', callId: '={{ $fromAI("callId") }}' },
		});

		/** The answers of a tool that the model asks all of this at the same time. */
		const answersOf = async (tool: FlowNode, ...asks: readonly Arguments[]) => {
			const ask = await agentWith(tool);
			model.asks = asks;
			const { status, body } = await ask('Please');
			assert.deepEqual([status, body], [200, [{ output: 'Done.' }]]);
			return model.answers.map((answer): unknown => at(JSON.parse(answer), 0));
		};

		it('calls a phone once though the model asks for it twice, and says how long to wait', async () => {
			const phone = '09123456789';
			const answers = await answersOf(sendTool(), { phone }, { phone });
			const kinds = answers.map((answer) => at(answer, 'details', 'kind') ?? at(answer, 'status'));
			assert.deepEqual([...kinds].sort(), ['cooling-down', 'queued']);
			const details = at(answers[kinds.indexOf('cooling-down')], 'details');
			assert.equal(at(details, 'callMayHaveBeenPlaced'), false);
			assert.ok(Number(at(details, 'retryAfterSeconds')) > 30);
			assert.equal(simulator.counters.placed, 1);
			assert.match(model.read, /use it once for each request/);
		});

		it('lets the model check what a person has typed, and never tells it the code', async () => {
			const [call] = await answersOf(sendTool(), { phone: '09123456788' });
			const code = textAt(simulator.requests[0]?.json, 'text');
			assert.ok(!model.read.includes(code));
			const verification = textAt(call, 'verification');
			const answers = await answersOf(
				checkTool(),
				{ verification, code: '00000' },
				{ verification, code },
			);
			assert.deepEqual(
				answers.map((answer) => [at(answer, 'valid'), at(answer, 'reason')]),
				[
					[false, 'wrong-code'],
					[true, null],
				],
			);
			assert.match(model.read, /never guess one/);
			const [status] = await answersOf(statusTool(), { callId: textAt(call, 'callId') });
			assert.equal(at(status, 'callId'), at(call, 'callId'));
			assert.match(model.read, /The status is final when final is true/);
		});

		it('says to the model that the phone may ring when the answer is lost', async () => {
			simulator.faults.add({ fault: { kind: 'reset-after-placing' }, times: 1 });
			const [answer] = await answersOf(sendTool(), { phone: '09123456787' });
			assert.equal(at(answer, 'details', 'kind'), 'outcome-unknown');
			assert.equal(at(answer, 'details', 'callMayHaveBeenPlaced'), true);
			assert.equal(simulator.counters.placed, 1);
		});
	});
}
