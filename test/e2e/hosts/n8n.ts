import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { type Database, startPostgres, startRedis } from './databases';
import { type Answer, N8nApi, at, request, textAt } from './n8nApi';
import { installN8n, installPackage } from './n8nInstallation';
import { type Program, type Run, eventually, freePort } from './programs';
import { type FlowNode, type WorkflowJson, workflowOf } from './workflows';

/** How n8n is to run. */
export interface N8nOptions {
	/**
	 * `queue`: a main process, one for webhooks, and workers of 10 slots, with Redis between them.
	 * `regular`: one process does all of it.
	 */
	readonly mode: 'queue' | 'regular';
	/** Of `queue`. */
	readonly workers: number;
	/** More of n8n's settings, for all processes. */
	readonly env: Readonly<Record<string, string>>;
}

/** An n8n process by its name: `main`, `webhook`, `worker1`, `worker2` and so on. */
export type ProcessName = 'main' | 'webhook' | `worker${number}`;

interface N8nProcess {
	readonly args: readonly string[];
	readonly port: number;
	readonly env: Readonly<Record<string, string>>;
	program: Program | null;
}

/** An execution as n8n has stored it. */
export interface Execution {
	readonly id: string;
	readonly workflowId: string;
	/** `new`, `running`, `waiting`, `success`, `error`, `crashed` or `canceled`. */
	readonly status: string;
	/** `webhook`, `manual`, `integrated` (a sub-workflow) and so on. */
	readonly mode: string;
	/** What a node has put out at its last run, by output; an empty list when it did not run. */
	readonly outputsOf: (node: string) => readonly (readonly unknown[])[];
	/** The error that ended it, as stored; undefined when there was none. */
	readonly error: unknown;
	/** The message of the error of a node's last run; undefined when it had none, or did not run. */
	readonly errorOf: (node: string) => string | undefined;
}

const isOver = ({ status }: Execution): boolean =>
	['success', 'error', 'crashed', 'canceled'].includes(status);

function executionOf(stored: unknown): Execution {
	const result = at(stored, 'data', 'resultData');
	return {
		// The public API gives it as a number.
		id: String(at(stored, 'id')),
		workflowId: String(at(stored, 'workflowId')),
		status: textAt(stored, 'status'),
		mode: textAt(stored, 'mode'),
		error: at(result, 'error'),
		errorOf(node) {
			const runs = at(result, 'runData', node);
			const message = Array.isArray(runs) ? at(runs.at(-1), 'error', 'message') : undefined;
			return typeof message === 'string' ? message : undefined;
		},
		outputsOf(node) {
			const runs = at(result, 'runData', node);
			const outputs = Array.isArray(runs) ? at(runs.at(-1), 'data', 'main') : undefined;
			const lists: readonly unknown[] = Array.isArray(outputs) ? outputs : [];
			return lists.map((items) =>
				Array.isArray(items) ? items.map((item: unknown) => at(item, 'json')) : [],
			);
		},
	};
}

/** A real n8n with our packed package, its owner signed in. */
export class N8n {
	readonly database: Database;
	readonly #run: Run;
	readonly #command: string;
	readonly #processes: ReadonlyMap<ProcessName, N8nProcess>;
	readonly #cwd: string;
	readonly #label: string;
	readonly api: N8nApi;

	constructor(
		run: Run,
		label: string,
		cwd: string,
		command: string,
		database: Database,
		processes: ReadonlyMap<ProcessName, N8nProcess>,
	) {
		this.#run = run;
		this.#label = label;
		this.#cwd = cwd;
		this.#command = command;
		this.database = database;
		this.#processes = processes;
		this.api = new N8nApi(this.urlOf('main'));
	}

	/** Where a process can be reached, without a trailing slash. A worker tells only whether it is well. */
	urlOf(name: ProcessName): string {
		return `http://127.0.0.1:${this.#process(name).port}`;
	}

	get workers(): readonly ProcessName[] {
		return [...this.#processes.keys()].filter((name) => name.startsWith('worker'));
	}

	/** Starts a process, and waits until it is ready for work. */
	async start(name: ProcessName): Promise<void> {
		const label = this.#label === 'queue' ? name : `${this.#label}-${name}`;
		const process = this.#process(name);
		const { args, env } = process;
		const how = { cwd: this.#cwd, env };
		const command = globalThis.process.execPath;
		process.program = this.#run.start(`n8n-${label}`, command, [this.#command, ...args], how);
		const url = `${this.urlOf(name)}${name === 'main' ? '/rest/settings' : '/healthz/readiness'}`;
		await process.program.ready(async () => {
			const answer = await request('GET', url).catch(() => null);
			// While it starts, it answers 200 to everything, with a text that says so.
			return answer?.status === 200 && typeof answer.body === 'object';
		});
	}

	/** Ends a process at once, as `kill -9` does. */
	async kill(name: ProcessName): Promise<void> {
		await this.#process(name).program?.kill();
	}

	/** Ends a process as a deployment does: it may finish what it is at. */
	async stop(name: ProcessName): Promise<void> {
		await this.#process(name).program?.stop();
	}

	/** Starts a process again, after it was killed or by stopping it now. */
	async restart(name: ProcessName): Promise<void> {
		await this.stop(name);
		await this.start(name);
	}

	/** The ID of a process, and of the group of all that it has started. @throws when it is not running */
	pidOf(name: ProcessName): number {
		const { program } = this.#process(name);
		if (program === null) throw new Error(`${name} has not been started`);
		return program.pid;
	}

	/** What a process has written, restarts included. */
	logOf(name: ProcessName): string {
		return this.#process(name).program?.log ?? '';
	}

	/** The worker that has taken an execution; undefined while none has. */
	workerOf(executionId: string): ProcessName | undefined {
		const taken = new RegExp(`Worker started execution ${executionId} `);
		return this.workers.find((name) => taken.test(this.logOf(name)));
	}

	/** Stores a credential. @returns what a node has to name */
	async createCredential(
		type: string,
		data: Readonly<Record<string, unknown>>,
	): Promise<{ readonly id: string; readonly name: string }> {
		const name = `${type} ${Date.now()}`;
		const stored = await this.api.rest('POST', '/credentials', { name, type, data });
		return { id: textAt(stored, 'id'), name };
	}

	/** Stores a workflow, such as one that was exported. @returns its ID */
	async importWorkflow(workflow: WorkflowJson): Promise<string> {
		return textAt(await this.api.rest('POST', '/workflows', workflow), 'id');
	}

	/**
	 * Stores a workflow of these nodes, one behind the other, with the credentials that they hold.
	 * @param back from the second output of a node to an earlier node, by their names
	 */
	async createWorkflow(
		name: string,
		nodes: readonly FlowNode[],
		back: Readonly<Record<string, string>> = {},
	): Promise<string> {
		const stored = new Map<string, { readonly id: string; readonly name: string }>();
		for (const { credentials } of nodes)
			for (const [type, data] of Object.entries(credentials ?? {}))
				stored.set(type, await this.createCredential(type, data));
		return await this.importWorkflow(workflowOf(name, nodes, stored, back));
	}

	/** Publishes (activates) a workflow, and waits until its triggers are live. */
	async publish(workflowId: string): Promise<void> {
		const versionId = textAt(await this.api.rest('GET', `/workflows/${workflowId}`), 'versionId');
		await this.api.rest('POST', `/workflows/${workflowId}/activate`, { versionId });
		await this.isLive(workflowId);
	}

	/** Waits until the triggers of a workflow that was published just now are live. */
	async isLive(workflowId: string): Promise<void> {
		await eventually(`Workflow ${workflowId} is published`, async () => {
			const published = await this.api.rest('GET', `/workflows/${workflowId}/publication-status`);
			const status = textAt(published, 'status');
			if (status === 'failed' || status === 'partial')
				throw new Error(`Publishing failed: ${JSON.stringify(published)}`);
			return status !== 'in_progress';
		});
	}

	/** Takes a workflow out of service, and waits until its triggers are gone. */
	async unpublish(workflowId: string): Promise<void> {
		await this.api.rest('POST', `/workflows/${workflowId}/deactivate`, {});
		await eventually(`Workflow ${workflowId} is unpublished`, async () => {
			const published = await this.api.rest('GET', `/workflows/${workflowId}/publication-status`);
			return textAt(published, 'status') === 'not_published';
		});
	}

	/** Runs a workflow from one of its triggers, as the editor's button does. @returns the execution's ID */
	async runManually(workflowId: string, trigger: string): Promise<string> {
		const order = { triggerToStartFrom: { name: trigger } };
		const started = await this.api.rest('POST', `/workflows/${workflowId}/run`, order);
		return textAt(started, 'executionId');
	}

	/**
	 * Retries an execution that failed with the workflow as it is now, as the arrow in the list of executions
	 * does, and waits for its end.
	 */
	async retry(executionId: string): Promise<void> {
		const order = { loadWorkflow: true };
		await this.api.rest('POST', `/executions/${executionId}/retry`, order);
	}

	/** Calls the webhook of a published workflow. */
	async callWebhook(path: string, body: unknown): Promise<Answer> {
		const url = this.urlOf(this.#processes.has('webhook') ? 'webhook' : 'main');
		const { status, body: answered } = await request('POST', `${url}/webhook/${path}`, body);
		return { status, body: answered };
	}

	/** The executions of a workflow that are stored, latest first, up to 250. */
	async executions(workflowId: string): Promise<readonly Execution[]> {
		const query = `?includeData=true&limit=250&workflowId=${workflowId}`;
		const data = at(await this.api.publicApi('GET', `/executions${query}`), 'data');
		return Array.isArray(data) ? data.map(executionOf) : [];
	}

	/** An execution as it is now. */
	async execution(id: string): Promise<Execution> {
		return executionOf(await this.api.publicApi('GET', `/executions/${id}?includeData=true`));
	}

	/** An execution, once it has ended. */
	async ended(id: string): Promise<Execution> {
		return await eventually(`Execution ${id} has ended`, async () => {
			const execution = await this.execution(id);
			return isOver(execution) && execution;
		});
	}

	/** The executions of a workflow, once there are so many and all have ended. */
	async allEnded(workflowId: string, count: number): Promise<readonly Execution[]> {
		return await eventually(`${count} executions have ended`, async () => {
			const executions = await this.executions(workflowId);
			return executions.length >= count && executions.every(isOver) && executions;
		});
	}

	#process(name: ProcessName): N8nProcess {
		const process = this.#processes.get(name);
		if (process === undefined) throw new RangeError(`There is no process ${name}`);
		return process;
	}
}

/** Nothing is asked of n8n's makers, and nothing waits for a person. */
const quiet = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
};

/** What processes of `queue` have to know beside. */
const queueSettings = (redisPort: number, webhookPort: number) => ({
	OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: String(redisPort),
	QUEUE_HEALTH_CHECK_ACTIVE: 'true',
	N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
	WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/`,
});

/** @param redisPort null: there is none */
async function processesOf(
	{ mode, workers, env: more }: N8nOptions,
	folder: string,
	database: Database,
	redisPort: number | null,
): Promise<ReadonlyMap<ProcessName, N8nProcess>> {
	const mainPort = await freePort();
	const webhookPort = await freePort();
	const shared = {
		...quiet,
		HOME: folder,
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: 'only for tests',
		N8N_SECURE_COOKIE: 'false',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_LOG_LEVEL: 'info',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(database.port),
		DB_POSTGRESDB_DATABASE: database.name,
		DB_POSTGRESDB_USER: database.user,
		EXECUTIONS_MODE: mode,
		...(redisPort !== null && queueSettings(redisPort, webhookPort)),
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${mainPort}`,
	};
	const processes = new Map<ProcessName, N8nProcess>();
	const add = async (name: ProcessName, args: readonly string[], port: number) => {
		// Each process has runners of its own for what users write in Code nodes.
		const brokerPort = String(await freePort());
		const ports = { N8N_PORT: String(port), QUEUE_HEALTH_CHECK_PORT: String(port) };
		const env = { ...shared, ...ports, N8N_RUNNERS_BROKER_PORT: brokerPort, ...more };
		processes.set(name, { args, port, env, program: null });
	};
	await add('main', ['start'], mainPort);
	if (mode === 'regular') return processes;
	await add('webhook', ['webhook'], webhookPort);
	for (let number = 1; number <= workers; number += 1)
		await add(`worker${number}`, ['worker'], await freePort());
	return processes;
}

/**
 * Starts n8n on an empty database, with our package as it would be published. There is one of each mode in
 * a run, and all of it ends with the run.
 */
export async function startN8n(run: Run, options: N8nOptions): Promise<N8n> {
	const command = await installN8n();
	const { mode } = options;
	const folder = join(run.folder, `n8n-${mode}`);
	mkdirSync(folder);
	await installPackage(folder);
	const database = await startPostgres(run, mode);
	const redisPort = mode === 'queue' ? await startRedis(run) : null;
	const processes = await processesOf(options, folder, database, redisPort);
	const n8n = new N8n(run, mode, folder, command, database, processes);
	// The main process makes the tables that all others need.
	await n8n.start('main');
	await n8n.api.setUpOwner();
	const others = [...processes.keys()].filter((name) => name !== 'main');
	await Promise.all(others.map((name) => n8n.start(name)));
	return n8n;
}
