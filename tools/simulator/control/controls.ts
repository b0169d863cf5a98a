import { readCallPlan } from '../dialing/readCallPlan';
import { readFaultRule } from '../faults/readFaultRule';
import { type JsonObject, isJsonObject } from '../json';
import type { Simulator } from '../simulator';

/**
 * Does something with the simulator and returns what is answered as JSON.
 * @throws when `body` is not what it needs; the message is answered with 400
 */
export type Control = (simulator: Simulator, body: unknown) => unknown;

/** Method and path below `/_simulator` → what is done. */
export const CONTROLS: Readonly<Record<string, Control>> = {
	'GET ': ({ url, clock, settings, connections }) => ({
		url,
		now: clock.now(),
		settings,
		connections: countsOf(connections),
	}),
	'GET /requests': ({ requests }) => requests,
	'GET /calls': (simulator) =>
		simulator.calls.map((call) => ({ ...call, stage: simulator.stageOf(call) })),
	'GET /counters': ({ counters }) => ({
		requests: counters.requests,
		sends: counters.sends,
		placed: counters.placed,
		statuses: counters.statuses,
		faults: counters.faults,
		answers: counters.answers,
		placedByNumber: counters.placedByNumber,
	}),
	'GET /connections': ({ connections }) => countsOf(connections),
	'GET /deliveries': ({ deliveries }) => deliveries,
	'GET /registrations': ({ registrations }) => registrations,
	'POST /deliveries/repeat': (simulator, body) => repeatDelivery(simulator, body),
	'POST /faults': (simulator, body) => {
		const rule = readFaultRule(body);
		if (rule === undefined) throw new TypeError('Expected { fault, match?, times?, probability? }');
		simulator.faults.add(rule);
	},
	'DELETE /faults': ({ faults }) => faults.clear(),
	'POST /plans': (simulator, body) => layPlan(simulator, object(body)),
	'DELETE /plans': ({ plans }) => plans.clear(),
	'POST /settings': (simulator, body) => {
		simulator.change(object(body));
		return simulator.settings;
	},
	'POST /campaign-callback': (simulator, body) => {
		const { campaignUuid, callbackUrl } = object(body);
		simulator.changeCampaign(text(campaignUuid, 'campaignUuid'), {
			callback_url: text(callbackUrl, 'callbackUrl'),
		});
	},
	'POST /tokens/revoke': (simulator) => simulator.revokeIssuedTokens(),
	'POST /clock/advance': async ({ clock }, body) => {
		await clock.advance(milliseconds(body));
		return { now: clock.now() };
	},
	'POST /port/close': (simulator, body) => {
		const ms = milliseconds(body);
		// The answer leaves first: the port takes every connection with it.
		setImmediate(() => void simulator.closePortFor(ms));
	},
	'POST /reset': (simulator) => simulator.reset(),
};

function countsOf({ current, peak, total }: Simulator['connections']): JsonObject {
	return { current, peak, total };
}

async function repeatDelivery(simulator: Simulator, body: unknown): Promise<unknown> {
	const { deliveries } = simulator;
	const index = isJsonObject(body) ? body['index'] : deliveries.length - 1;
	const delivery = typeof index === 'number' ? deliveries[index] : undefined;
	if (delivery === undefined) throw new RangeError('No delivery has this index');
	return simulator.repeatDelivery(delivery);
}

function layPlan({ plans }: Simulator, body: JsonObject): void {
	const plan = readCallPlan(body['plan']);
	if (plan === undefined) throw new TypeError('Expected { plan, phoneNumber? }');
	const { phoneNumber } = body;
	if (phoneNumber === undefined) plans.forNextCall(plan);
	else plans.forNumber(text(phoneNumber, 'phoneNumber'), plan);
}

function object(body: unknown): JsonObject {
	if (!isJsonObject(body)) throw new TypeError('Expected an object');
	return body;
}

function text(value: unknown, name: string): string {
	if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
	return value;
}

function milliseconds(body: unknown): number {
	const { ms } = object(body);
	if (typeof ms !== 'number') throw new TypeError('ms must be a number');
	return ms;
}
