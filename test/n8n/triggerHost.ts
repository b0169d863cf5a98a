import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as core from 'n8n-core';
import type {
	IDataObject,
	IHookFunctions,
	IWebhookData,
	IWebhookFunctions,
	IWebhookResponseData,
	WebhookSetupMethodNames,
} from 'n8n-workflow';

import { additionalDataFor, logger, loneNode } from './engine';
import type { NodeUnderTest } from './engine';

/** A delivery as n8n has answered it. */
export interface Answered {
	readonly status: number;
	readonly text: string;
}

export interface HostOptions {
	readonly under: NodeUnderTest;
	/** What n8n's database holds of the workflow's static data. */
	readonly stored?: IDataObject;
	/** The base of the addresses of webhooks, when it is not the host's own. */
	readonly publicUrl?: string;
	/** Whether another node is behind the trigger. */
	readonly isFollowed?: boolean;
	/** True for what happens while the user listens for a test event. */
	readonly isTest?: boolean;
}

/** What Express adds to a response, as far as nodes use it. */
const expressLike = (response: ServerResponse) =>
	Object.assign(response, {
		status(code: number) {
			response.statusCode = code;
			return response;
		},
		send(body: string) {
			response.end(body);
			return response;
		},
	});

/** n8n's server for webhooks on loopback, with one trigger node behind it. */
export class TriggerHost {
	/** The items with which the workflow was started, oldest first. */
	readonly started: IDataObject[] = [];
	/** What deliveries failed with, oldest first. */
	readonly failures: unknown[] = [];
	/** How many deliveries the node was given, whether their bodies have arrived or not. */
	given = 0;
	/** The paths at which executions were woken, oldest first. */
	readonly knocks: string[] = [];
	/** What each of them is answered with, the last one for ever: n8n's status. */
	knockReplies: number[] = [200];
	/** What was written into n8n's log as a warning. */
	readonly warnings: string[] = [];
	readonly #options: HostOptions;
	readonly #server: Server;
	#database: string;

	constructor(options: HostOptions) {
		this.#options = options;
		this.#database = JSON.stringify(options.stored ?? {});
		this.#server = createServer((request, response) => void this.#serve(request, response));
		logger.warn = (message: string) => void this.warnings.push(message);
	}

	static async start(options: HostOptions): Promise<TriggerHost> {
		const host = new TriggerHost(options);
		await new Promise<void>((resolve) => host.#server.listen(0, '127.0.0.1', resolve));
		return host;
	}

	async close(): Promise<void> {
		const closed = new Promise((resolve) => this.#server.close(resolve));
		this.#server.closeAllConnections();
		await closed;
		// The method of its class again.
		Reflect.deleteProperty(logger, 'warn');
	}

	get #origin(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** The workflow's static data as n8n's database holds it. */
	get stored(): IDataObject {
		return JSON.parse(this.#database) as IDataObject;
	}

	/** What n8n does when the workflow is published, and after each restart. */
	async publish(): Promise<void> {
		if (!(await this.hook('checkExists'))) await this.hook('create');
	}

	/** Runs one of the node's hooks, as publishing and unpublishing do. */
	async hook(method: WebhookSetupMethodNames): Promise<boolean> {
		const { workflow, node, nodeType, additionalData, webhookData } = await this.#load();
		const mode = this.#options.isTest === true ? 'manual' : 'trigger';
		const context = new core.HookContext(
			workflow,
			node,
			additionalData,
			mode,
			'activate',
			webhookData,
		);
		const run = nodeType.webhookMethods?.['default']?.[method];
		if (run === undefined) throw new Error(`There is no hook ${method}`);
		const result = await run.call(context as unknown as IHookFunctions);
		this.#database = JSON.stringify(workflow.staticData);
		return result;
	}

	/** The trigger's whole address. */
	async url(): Promise<string> {
		const { path } = await this.#load();
		return `${this.#origin}/webhook/hook/${path}`;
	}

	/** Posts a body to the trigger, or to another address. */
	async post(
		body: string | Uint8Array<ArrayBuffer>,
		more: { readonly url?: string; readonly contentType?: string } = {},
	): Promise<Answered> {
		const answer = await fetch(more.url ?? (await this.url()), {
			method: 'POST',
			headers: { 'content-type': more.contentType ?? 'application/json' },
			body,
		});
		return { status: answer.status, text: await answer.text() };
	}

	/** Opens the trigger's address with these parameters behind it, as a browser does. */
	async open(query: Readonly<Record<string, string>>): Promise<Answered> {
		const answer = await fetch(`${await this.url()}?${new URLSearchParams(query).toString()}`);
		return { status: answer.status, text: await answer.text() };
	}

	async #load() {
		const { under, publicUrl, isFollowed = false, isTest = false } = this.#options;
		const { workflow, node, nodeType, credentialsHelper } = await loneNode(
			under,
			this.stored,
			isFollowed,
		);
		const [webhook] = nodeType.description.webhooks ?? [];
		if (webhook === undefined) throw new Error('The node has no webhook');
		const base = publicUrl ?? this.#origin;
		const additionalData = additionalDataFor(credentialsHelper, {
			webhookBaseUrl: `${base}/webhook`,
			webhookTestBaseUrl: `${base}/webhook-test`,
			webhookWaitingBaseUrl: `${this.#origin}/webhook-waiting`,
		});
		const valueOf = (text: string): string =>
			String(workflow.expression.getSimpleParameterValue(node, text, 'internal', {}));
		const path = valueOf(webhook.path);
		const webhookData: IWebhookData = {
			httpMethod: valueOf(webhook.httpMethod) === 'GET' ? 'GET' : 'POST',
			node: node.name,
			path,
			workflowId: 'w1',
			webhookDescription: webhook,
			workflowExecuteAdditionalData: additionalData,
		};
		return {
			workflow,
			node,
			nodeType,
			additionalData,
			path,
			webhookData: { ...webhookData, isTest },
		};
	}

	#wake(request: IncomingMessage, response: ServerResponse): void {
		this.knocks.push(`${request.method} ${request.url}`);
		const [status = 200] = this.knockReplies;
		if (this.knockReplies.length > 1) this.knockReplies.shift();
		response.writeHead(status).end('{}');
	}

	async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (request.url?.startsWith('/webhook-waiting/')) return this.#wake(request, response);
		const { path, webhookData } = await this.#load();
		const { pathname, searchParams } = new URL(request.url ?? '', this.#origin);
		const [, , id, segment, ...rest] = pathname.split('/');
		const isRegistered = request.method === webhookData.httpMethod && id === 'hook';
		// n8n's router: a path with a colon takes any one segment behind the webhook's ID.
		if (!isRegistered || segment === undefined || rest.length > 0) {
			response.writeHead(404).end('The requested webhook is not registered');
			return;
		}
		const params = { [path.slice(1)]: decodeURIComponent(segment) };
		Object.assign(request, { params, query: Object.fromEntries(searchParams) });
		try {
			await this.#deliver(request, response);
		} catch (error) {
			this.failures.push(error);
			response.writeHead(500).end('Workflow could not be started');
		}
	}

	async #deliver(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { workflow, node, nodeType, additionalData, webhookData } = await this.#load();
		Object.assign(additionalData, { httpRequest: request, httpResponse: expressLike(response) });
		const mode = this.#options.isTest === true ? 'manual' : 'webhook';
		const context = new core.WebhookContext(
			workflow,
			node,
			additionalData,
			mode,
			webhookData,
			[],
			null,
		);
		const functions = context as unknown as IWebhookFunctions;
		this.given += 1;
		const result: IWebhookResponseData | undefined = await nodeType.webhook?.call(functions);
		const items = result?.workflowData?.[0] ?? [];
		this.started.push(...items.map(({ json }) => json));
		const isAnswered = result?.noWebhookResponse === true;
		// n8n 2.41 answers for the node only when the run has begun, and then takes the data for unchanged.
		if (isAnswered || items.length === 0) this.#database = JSON.stringify(workflow.staticData);
		if (!isAnswered) response.writeHead(200).end('Workflow was started');
	}
}
