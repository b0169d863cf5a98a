import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readCallPlan } from './dialing/plans';
import { readFaultRule } from './faults/fault';
import { readBody } from './http/request';
import type { SimulatorCore } from './interface';
import { type JsonObject, isJsonObject, parseJson, readObject, readText } from './json';
import type { Controls } from './provider';

/** Everything below this path steers the simulator; such requests are not recorded, counted or hit by faults. */
export const CONTROL_PATH = '/_simulator';

/** What can be done with every simulator, by method and path below `/_simulator`. */
function commonControls(simulator: SimulatorCore): Controls {
	return {
		'GET ': () => ({
			url: simulator.url,
			now: simulator.clock.now(),
			settings: simulator.settings,
			connections: countsOf(simulator),
		}),
		'GET /requests': () => simulator.requests,
		'GET /calls': () =>
			simulator.calls.map((call) => ({ ...call, stage: simulator.stageOf(call) })),
		'GET /counters': () => countersOf(simulator),
		'GET /connections': () => countsOf(simulator),
		'GET /deliveries': () => simulator.deliveries,
		'POST /deliveries/repeat': (body) => repeatDelivery(simulator, body),
		'POST /faults': (body) => {
			const rule = readFaultRule(body);
			if (rule === undefined)
				throw new TypeError('Expected { fault, match?, times?, probability? }');
			simulator.faults.add(rule);
		},
		'DELETE /faults': () => simulator.faults.clear(),
		'POST /plans': (body) => layPlan(simulator, readObject(body)),
		'DELETE /plans': () => simulator.plans.clear(),
		'POST /settings': (body) => {
			simulator.change(readObject(body));
			return simulator.settings;
		},
		'POST /clock/advance': async (body) => {
			await simulator.clock.advance(milliseconds(body));
			return { now: simulator.clock.now() };
		},
		'POST /port/close': (body) => {
			const ms = milliseconds(body);
			// The answer leaves first: the port takes every connection with it.
			setImmediate(() => void simulator.closePortFor(ms));
		},
		'POST /reset': () => simulator.reset(),
	};
}

/**
 * Serves the control endpoints, for processes that cannot call the simulator's functions: those that every
 * simulator has, and those of its providers.
 * @throws TypeError when two of them have the same method and path
 */
export function createControlListener(
	simulator: SimulatorCore,
	ofProviders: readonly Controls[],
): RequestListener {
	const controls = new Map<string, Controls[string]>();
	for (const [name, control] of [commonControls(simulator), ...ofProviders].flatMap(
		Object.entries<Controls[string]>,
	)) {
		if (controls.has(name)) throw new TypeError(`There are two controls "${name}"`);
		controls.set(name, control);
	}
	return (request, response) => {
		readBody(request, (text) => {
			if (text === undefined) return;
			void serve(controls, request, text, response);
		});
	};
}

function countsOf({ connections }: SimulatorCore): JsonObject {
	const { current, peak, total } = connections;
	return { current, peak, total };
}

function countersOf({ counters }: SimulatorCore): JsonObject {
	const { requests, sends, placed, statuses, faults, answers, placedByNumber } = counters;
	return { requests, sends, placed, statuses, faults, answers, placedByNumber };
}

async function repeatDelivery(simulator: SimulatorCore, body: unknown): Promise<unknown> {
	const { deliveries } = simulator;
	const index = isJsonObject(body) ? body['index'] : deliveries.length - 1;
	const delivery = typeof index === 'number' ? deliveries[index] : undefined;
	if (delivery === undefined) throw new RangeError('No delivery has this index');
	return simulator.repeatDelivery(delivery);
}

function layPlan({ plans }: SimulatorCore, body: JsonObject): void {
	const plan = readCallPlan(body['plan']);
	if (plan === undefined) throw new TypeError('Expected { plan, phoneNumber? }');
	const { phoneNumber } = body;
	if (phoneNumber === undefined) plans.forNextCall(plan);
	else plans.forNumber(readText(body, 'phoneNumber'), plan);
}

function milliseconds(body: unknown): number {
	const { ms } = readObject(body);
	if (typeof ms !== 'number') throw new TypeError('ms must be a number');
	return ms;
}

async function serve(
	controls: ReadonlyMap<string, Controls[string]>,
	{ method = '', url = '' }: IncomingMessage,
	text: string,
	response: ServerResponse,
): Promise<void> {
	const path = url.slice(CONTROL_PATH.length).replace(/\/$/, '');
	const control = controls.get(`${method} ${path}`);
	if (control === undefined) {
		return answer(response, 404, { error: 'No such control', controls: [...controls.keys()] });
	}
	const body = text === '' ? undefined : parseJson(text);
	if (text !== '' && body === undefined) return answer(response, 400, { error: 'Not JSON' });
	try {
		answer(response, 200, (await control(body)) ?? {});
	} catch (error) {
		answer(response, 400, { error: error instanceof Error ? error.message : String(error) });
	}
}

function answer(response: ServerResponse, status: number, body: unknown): void {
	const text = JSON.stringify(body, (_key, value: unknown) =>
		value instanceof Map ? Object.fromEntries<unknown>(value) : value,
	);
	response.writeHead(status, {
		'content-type': 'application/json; charset=utf-8',
		'content-length': String(Buffer.byteLength(text)),
	});
	response.end(text);
}
