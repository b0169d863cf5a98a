// What the rules that need a lasting store cost in n8n, in a real n8n process with PostgreSQL.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import { bitelSend } from '../../../test/n8n/accounts';
import { type N8n, startN8n } from '../../../test/e2e/hosts/n8n';
import { Run, logFolder } from '../../../test/e2e/hosts/programs';
import { type FlowNode, splitOut, webhook } from '../../../test/e2e/hosts/workflows';
import { SIMULATOR_TOKEN, type Simulator } from '../../simulator/index';
import { answeredOrders } from '../orders';
import { markdownTable, median } from '../report';
import { HTTP_REQUEST } from '../hosts/n8nCoreNodes';

/** As many values as n8n keeps for a workflow. */
const FULL = 10_000;
const MANY = 100;
const SINGLE_CALLS = 12;
const BATCHES = 4;
/** PostgreSQL writes what it was told into its log a moment later. */
const LOG_SETTLES_MS = 300;

interface Rule {
	readonly label: string;
	readonly nodes: (simulator: Simulator) => readonly FlowNode[];
	/** Touches the store, so that it makes a difference how full that is. */
	readonly stores: boolean;
}

const send = (
	simulator: Simulator,
	options: INodeParameters = {},
	parameters: INodeParameters = {},
): FlowNode => ({
	name: 'Send',
	...bitelSend(simulator, {
		phoneNumber: '={{ $json.phoneNumber }}',
		...parameters,
		options: { concurrency: MANY, ...options },
	}),
});

const check: (simulator: Simulator) => FlowNode = (simulator) => ({
	name: 'Check',
	type: 'checkOtpCode',
	credentials: bitelSend(simulator).credentials,
	parameters: {
		provider: 'bitel',
		verification: '={{ $json.verification }}',
		code: '={{ $("Split Out").item.json.code }}',
	},
});

const RULES: readonly [Rule, ...Rule[]] = [
	{
		label: 'Send OTP Call, no rule',
		nodes: (simulator) => [send(simulator, {})],
		stores: false,
	},
	{
		label: 'Cool-Down of 60 s',
		nodes: (simulator) => [send(simulator, { coolDownSeconds: 60 })],
		stores: true,
	},
	{
		label: 'Idempotency Key',
		nodes: (simulator) => [send(simulator, { idempotencyKey: '={{ $json.key }}' })],
		stores: true,
	},
	{
		label: 'Keep for Check, and Check OTP Code',
		nodes: (simulator) => [send(simulator, {}, { keepForCheck: true }), check(simulator)],
		stores: true,
	},
];

/** What one rule was seen to take. */
interface Cost {
	readonly label: string;
	readonly store: 'empty' | 'full' | '–';
	readonly singleMs: number;
	readonly singleTrips: number;
	readonly manyMs: number;
	readonly manyTrips: number;
}

/** Measures every rule, and real executions beside. @returns the tables in Markdown */
export async function measureStores(simulator: Simulator): Promise<string> {
	const run = new Run();
	try {
		const n8n = await startN8n(run, { mode: 'regular', workers: 0, env: {} });
		await logStatements(n8n);
		const costs: Cost[] = [];
		for (const rule of RULES) {
			for (const store of rule.stores ? (['empty', 'full'] as const) : (['–'] as const)) {
				process.stderr.write(`n8n-stores: ${rule.label}, store ${store}\n`);
				costs.push(await costOf(n8n, simulator, rule, store));
			}
		}
		const throughput = await throughputOf(n8n, simulator);
		return `${storesTable(costs)}\n\n${throughput}`;
	} finally {
		await run.end();
	}
}

async function logStatements({ database }: N8n): Promise<void> {
	for (const setting of [`log_statement = 'all'`, 'log_parameter_max_length = 0'])
		await database.query(`alter system set ${setting}`);
	await database.query('select pg_reload_conf()');
}

/** How many statements n8n has sent about its store of processed values. */
const trips = (): number =>
	readFileSync(join(logFolder, 'postgres-regular.log'), 'utf8')
		.split('\n')
		.filter((line) => line.includes('"processed_data"')).length;

let nextOrder = 500_000;

/** New orders, so that no rule stops any of them. */
function newItems(count: number): readonly Readonly<Record<string, string>>[] {
	const orders = answeredOrders(nextOrder, count);
	nextOrder += count;
	return orders.map(({ code, phoneNumber }) => ({ code, phoneNumber, key: randomUUID() }));
}

/** Publishes a workflow that a webhook gives items. @returns runs it, and gives the milliseconds */
async function published(
	n8n: N8n,
	name: string,
	nodes: readonly FlowNode[],
): Promise<{ readonly id: string; readonly place: (count: number) => Promise<number> }> {
	const path = randomUUID();
	const id = await n8n.createWorkflow(name, [webhook(path), splitOut('body.items'), ...nodes]);
	await n8n.publish(id);
	const place = async (count: number): Promise<number> => {
		const items = newItems(count);
		const start = performance.now();
		const { status, body } = await n8n.callWebhook(path, { items });
		const took = performance.now() - start;
		if (status !== 200 || !Array.isArray(body) || body.length !== count)
			throw new Error(`${name}: ${String(status)} ${JSON.stringify(body).slice(0, 300)}`);
		return took;
	};
	return { id, place };
}

async function fill({ database }: N8n, workflow: string): Promise<void> {
	const values = `(select json_build_object('mode', 'entries', 'data', json_agg(md5(n::text) || '=='))::text from generate_series(1, ${String(FULL)}) n)`;
	await database.query(
		`insert into processed_data ("workflowId", context, "createdAt", "updatedAt", value) values ('${workflow}', '', now(), now(), ${values}) on conflict ("workflowId", context) do update set value = excluded.value`,
	);
}

async function costOf(
	n8n: N8n,
	simulator: Simulator,
	{ label, nodes }: Rule,
	store: Cost['store'],
): Promise<Cost> {
	const { id, place } = await published(n8n, `${label} ${store}`, nodes(simulator));
	if (store === 'full') await fill(n8n, id);
	await place(1);
	await place(MANY);
	const counted = async (times: number, count: number) => {
		await sleep(LOG_SETTLES_MS);
		const before = trips();
		const took: number[] = [];
		for (let time = 0; time < times; time += 1) took.push((await place(count)) / count);
		await sleep(LOG_SETTLES_MS);
		return { ms: median(took), trips: (trips() - before) / times / count };
	};
	const single = await counted(SINGLE_CALLS, 1);
	const many = await counted(BATCHES, MANY);
	return {
		label,
		store,
		singleMs: single.ms,
		singleTrips: single.trips,
		manyMs: many.ms,
		manyTrips: many.trips,
	};
}

function storesTable(costs: readonly Cost[]): string {
	const plain = costs[0];
	/** With its sign: on a machine that is not quiet, what costs more may have taken less. */
	const more = (ms: number, base: number): string =>
		`${ms < base ? '−' : '+'} ${Math.abs(ms - base).toFixed(1)}`;
	const rows = costs.map((cost) =>
		plain === undefined || cost === plain
			? [cost.label, cost.store, cost.singleMs.toFixed(1), '0', cost.manyMs.toFixed(1), '0']
			: [
					cost.label,
					cost.store,
					more(cost.singleMs, plain.singleMs),
					cost.singleTrips.toFixed(1),
					more(cost.manyMs, plain.manyMs),
					cost.manyTrips.toFixed(2),
				],
	);
	const head = [
		'',
		'store',
		'one call an execution (ms)',
		'round trips',
		`${String(MANY)} calls an execution, ms a call`,
		'round trips a call',
	];
	return `### n8n with PostgreSQL: what a rule costs that needs a store\n\n${markdownTable(head, rows, 'right')}`;
}

/** Executions of a real n8n from its webhook to the answer. */
async function throughputOf(n8n: N8n, simulator: Simulator): Promise<string> {
	const http: FlowNode = {
		name: 'HTTP Request',
		...HTTP_REQUEST,
		typeVersion: HTTP_REQUEST.version,
		credentials: { httpHeaderAuth: { name: 'Authorization', value: `Bearer ${SIMULATOR_TOKEN}` } },
		parameters: {
			method: 'POST',
			url: `${simulator.url}/api/v2/voice/otp`,
			authentication: 'genericCredentialType',
			genericAuthType: 'httpHeaderAuth',
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={ "phoneNumber": "{{ $json.phoneNumber }}", "text": "{{ $json.code }}" }',
			options: {},
		},
	};
	const sides = [
		{ label: 'Send OTP Call', ...(await published(n8n, 'Send', [send(simulator, {})])) },
		{ label: 'HTTP Request', ...(await published(n8n, 'HTTP Request', [http])) },
	].map((side) => ({ ...side, one: Array<number>(), many: Array<number>() }));
	for (const { place } of sides) await place(MANY);
	for (let round = 0; round < BATCHES; round += 1) {
		for (const { many, one, place } of sides) {
			process.stderr.write(`n8n-stores: throughput, round ${String(round + 1)}\n`);
			one.push(await place(1), await place(1));
			many.push((await place(MANY)) / MANY);
		}
	}
	const rows = sides.map(({ label, many, one }) => [
		label,
		median(one).toFixed(0),
		median(many).toFixed(1),
	]);
	const head = [
		'',
		'one call, webhook to answer (ms)',
		`${String(MANY)} calls an execution, ms a call`,
	];
	return `### A real n8n process with PostgreSQL\n\n${markdownTable(head, rows, 'right')}`;
}
