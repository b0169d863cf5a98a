// A workflow of a real n8n whose executions place a call each and wait for its end.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { vietnamese } from '../../../test/n8n/accounts';
import type { Execution, N8n } from '../../../test/e2e/hosts/n8n';
import { at } from '../../../test/e2e/hosts/n8nApi';
import { eventually } from '../../../test/e2e/hosts/programs';
import { callEnded, webhook } from '../../../test/e2e/hosts/workflows';
import type { Simulator } from '../../simulator/index';
import { type RealWait, autocallAccount } from './realWaitCases';

/** Webhooks that are called, and executions that are read, at a time. */
const AT_ONCE = 10;

/** A call that an execution is to place. */
export interface PlannedCall {
	/** National form; no other call of a run has it. */
	readonly phoneNumber: string;
	/** How long it rings and talks, in milliseconds. */
	readonly lengthMs: number;
}

/** How one execution has ended. */
export interface EndedWait {
	readonly phoneNumber: string;
	/** Epoch milliseconds, as n8n has stored it. */
	readonly stoppedAt: number;
}

let planned = 0;

/** Calls to numbers that were not called before, of these lengths. */
export function planCalls(count: number, lengthOf: (n: number) => number): readonly PlannedCall[] {
	return Array.from({ length: count }, (_, n) => ({
		phoneNumber: vietnamese(planned++),
		lengthMs: lengthOf(n),
	}));
}

/** The workflow, while it is published. */
export class WaitingFlow {
	readonly #n8n: N8n;
	readonly #simulator: Simulator;
	readonly #wait: RealWait;
	readonly #path: string;
	readonly #workflow: string;
	/** The workflow of the trigger that wakes; null where nothing is parked. */
	readonly #trigger: string | null;
	#expected = 0;

	private constructor(
		n8n: N8n,
		simulator: Simulator,
		wait: RealWait,
		ids: { readonly path: string; readonly workflow: string; readonly trigger: string | null },
	) {
		this.#n8n = n8n;
		this.#simulator = simulator;
		this.#wait = wait;
		this.#path = ids.path;
		this.#workflow = ids.workflow;
		this.#trigger = ids.trigger;
	}

	static async publish(n8n: N8n, simulator: Simulator, wait: RealWait): Promise<WaitingFlow> {
		const published = async (...workflow: Parameters<N8n['createWorkflow']>): Promise<string> => {
			const id = await n8n.createWorkflow(...workflow);
			await n8n.publish(id);
			return id;
		};
		const path = randomUUID();
		const nodes = [webhook(path, 'onReceived'), ...wait.nodes(simulator)];
		const workflow = await published('Call and wait', nodes, wait.back);
		const waking = [callEnded(autocallAccount(simulator))];
		const trigger = wait.isParked ? await published('Call ended, wake', waking) : null;
		return new WaitingFlow(n8n, simulator, wait, { path, workflow, trigger });
	}

	async unpublish(): Promise<void> {
		for (const id of [this.#workflow, this.#trigger])
			if (id !== null) await this.#n8n.unpublish(id);
	}

	/** Starts an execution for each call, and resolves when the provider has taken all calls. */
	async begin(calls: readonly PlannedCall[]): Promise<void> {
		const { counters, plans } = this.#simulator;
		const placedBefore = counters.placed;
		this.#expected += calls.length;
		await eachAtOnce(calls, async ({ lengthMs, phoneNumber }) => {
			plans.forNumber(phoneNumber, {
				queuedMs: 0,
				ringsMs: lengthMs / 4,
				talksMs: (lengthMs * 3) / 4,
			});
			const { status } = await this.#n8n.callWebhook(this.#path, { phoneNumber, code: '12345' });
			if (status !== 200) throw new Error(`n8n has answered ${String(status)} to a webhook`);
		});
		const isPlaced = (): boolean => counters.placed - placedBefore >= calls.length;
		await eventually('All calls are placed', isPlaced);
	}

	/** Resolves when n8n has parked all executions, if it parks any. */
	async parked(): Promise<void> {
		if (!this.#wait.isParked) return;
		await eventually('All executions are parked', async () => {
			// One of them may be over by now.
			const over = await this.#count('success');
			return over + (await this.#count('waiting')) >= this.#expected;
		});
	}

	/** Resolves when all executions have ended. @throws when one has failed */
	async ended(): Promise<void> {
		const ends = this.#simulator.calls.map(({ attempts }) => attempts.at(-1)?.endedAt ?? 0);
		// Until then the database is not asked, so that n8n has it for itself.
		await sleep(Math.max(0, Math.max(...ends) - Date.now()));
		await eventually('All executions have ended', async () => {
			const failed = (await this.#count('error')) + (await this.#count('crashed'));
			if (failed > 0) throw new Error(`${String(failed)} executions have failed`);
			return (await this.#count('success')) === this.#expected;
		});
	}

	/** What the executions of these calls have put out. @throws when one is not of its own call, or not there once */
	async results(calls: readonly PlannedCall[]): Promise<readonly EndedWait[]> {
		const wanted = new Set(calls.map(({ phoneNumber }) => phoneNumber));
		const rows = await this.#n8n.database.query(
			`select id, extract(epoch from "stoppedAt") * 1000 from execution_entity where "workflowId" = '${this.#workflow}'`,
		);
		const results: EndedWait[] = [];
		await eachAtOnce(rows, async ([id = '', stoppedAt]) => {
			const execution = await this.#n8n.execution(id);
			const [ordered, called] = this.#numbersOf(execution);
			if (called !== ordered) throw new Error(`An execution for ${ordered} has put out ${called}`);
			if (wanted.has(ordered)) results.push({ phoneNumber: ordered, stoppedAt: Number(stoppedAt) });
		});
		const { placedByNumber } = this.#simulator.counters;
		const answered = new Set(results.map(({ phoneNumber }) => phoneNumber));
		const wrong = calls.filter(
			({ phoneNumber }) => placedByNumber.get(phoneNumber) !== 1 || !answered.has(phoneNumber),
		);
		if (wrong.length > 0 || results.length !== calls.length) {
			throw new Error(
				`${String(calls.length)} calls were asked for, ${String(results.length)} have ended; ${String(wrong.length)} numbers not exactly once`,
			);
		}
		return results;
	}

	/** Whom an execution was to call and whom it says that it has called, in national form. */
	#numbersOf(execution: Execution): readonly [ordered: string, called: string] {
		const first = (node: string): unknown => execution.outputsOf(node)[0]?.[0];
		const output = first(this.#wait.result);
		const called = at(output, 'phoneNumber') ?? at(output, 'to_number');
		return [
			String(at(first('Webhook'), 'body', 'phoneNumber')),
			String(called).replace(/^\+84/, '0'),
		];
	}

	async #count(status: string): Promise<number> {
		const sql = `select count(*) from execution_entity where "workflowId" = '${this.#workflow}' and status = '${status}'`;
		return Number((await this.#n8n.database.query(sql))[0]?.[0]);
	}
}

/** Does something for each of a list, some at a time. */
async function eachAtOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
	const left = all.values();
	const worker = async (): Promise<void> => {
		for (const one of left) await work(one);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
