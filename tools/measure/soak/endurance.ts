import { type Fault, PROVIDERS, type Simulator } from '../../simulator/index';
import { CommandedProcess, expectIt } from '../process';
import { type IdleVitals, isIdleVitals } from '../vitals';
import { type Stretch, type Tally, type TrafficTarget, isTally } from './traffic';

const TRAFFIC_PROCESS = new URL('./trafficProcess.ts', import.meta.url);
const SECONDS_PER_MINUTE = 60;

/** What a host's process was seen to hold, and what came of the traffic, over a time with faults. */
export interface Endurance {
	readonly host: 'Node-RED' | 'n8n';
	readonly minutes: number;
	/** After the first minute, at the half and at the end; each when all orders had been answered. */
	readonly checkpoints: readonly Checkpoint[];
	/** When the host had been closed. */
	readonly closed: IdleVitals;
	readonly tallies: readonly Tally[];
	/** Numbers for which the call of another one was put out, or one that was never placed. */
	readonly mixedUp: readonly string[];
}

/** A call whose answer was lost is named by our reference, with a word and a hyphen before it. */
const isNamedIn =
	(callId: string) =>
	(id: string): boolean =>
		callId === id || (id !== '' && callId.endsWith(`-${id}`));

/** Of the orders of one stretch; the simulator remembers their calls. */
function mixedUpIn({ calls }: Simulator, { put }: Tally): readonly string[] {
	const byNumber = new Map<string, object>(calls.map((call) => [call.phoneNumber, call]));
	return put
		.filter(([phoneNumber, callId]) => {
			const call = byNumber.get(phoneNumber);
			// Each provider has names of its own for a call's IDs.
			return call === undefined || !Object.values(call).map(String).some(isNamedIn(callId));
		})
		.map(([phoneNumber]) => phoneNumber);
}

/** What the process held after so many minutes of traffic. */
export interface Checkpoint {
	readonly minute: number;
	readonly vitals: IdleVitals;
}

/**
 * Lets traffic run through a host for some minutes.
 * @param first the number of the first order, so that two hosts never call the same phone
 */
export async function endure(
	simulator: Simulator,
	host: TrafficTarget['host'],
	minutes: number,
	perSecond: number,
	first: number,
): Promise<Endurance> {
	const process = new CommandedProcess(TRAFFIC_PROCESS);
	try {
		await process.ask('open', {
			host,
			baseUrl: simulator.url,
		} satisfies TrafficTarget);
		const checkpoints: Checkpoint[] = [];
		const tallies: Tally[] = [];
		const mixedUp: string[] = [];
		let next = first;
		let minute = 0;
		for (const until of stretchesOf(minutes)) {
			const seconds = (until - minute) * SECONDS_PER_MINUTE;
			const stretch: Stretch = { seconds, perSecond, first: next };
			next = Number(await process.ask('give', stretch));
			minute = until;
			const tally = expectIt(await process.ask('tally'), isTally);
			mixedUp.push(...mixedUpIn(simulator, tally));
			tallies.push({ ...tally, put: [] });
			checkpoints.push({ minute, vitals: expectIt(await process.ask('vitals'), isIdleVitals) });
		}
		await process.ask('close');
		const closed = expectIt(await process.ask('vitals'), isIdleVitals);
		const name = host === 'n8n' ? 'n8n' : 'Node-RED';
		return { host: name, minutes, checkpoints, closed, tallies, mixedUp };
	} finally {
		await process.end();
	}
}

/** The minutes after which is looked: one, the half and the end; of a short run only its parts. */
function stretchesOf(minutes: number): readonly number[] {
	const first = Math.min(1, minutes / 3);
	return [first, (first + minutes) / 2, minutes];
}

/** Longer than the traffic's limit for one request. */
const TOO_LATE_MS = 5_000;

/** Every kind of fault that the simulator knows; those after which a call may be placed, in both ways. */
function faultsOf(url: string): readonly Fault[] {
	return [
		{ kind: 'refuse' },
		{ kind: 'reset-before-body' },
		{ kind: 'reset-before-placing' },
		{ kind: 'reset-after-placing' },
		{ kind: 'delay', ms: 500 },
		{ kind: 'delay', ms: TOO_LATE_MS },
		{ kind: 'late-record', ms: 3_000 },
		{ kind: 'never-answer', placesCall: true },
		{ kind: 'never-answer' },
		{ kind: 'cut-off', placesCall: true },
		{ kind: 'cut-off', placesCall: false },
		{ kind: 'slow-drip', everyMs: 50 },
		{ kind: 'endless', placesCall: true },
		{ kind: 'status', status: 401 },
		{ kind: 'status', status: 403 },
		{ kind: 'status', status: 429, retryAfter: 1 },
		{ kind: 'status', status: 409, placesCall: true },
		{ kind: 'status', status: 444, placesCall: true },
		{ kind: 'status', status: 460 },
		{ kind: 'status', status: 499, placesCall: true },
		{ kind: 'second-answer' },
		{ kind: 'status', status: 500, placesCall: true },
		{ kind: 'status', status: 502 },
		{ kind: 'status', status: 503 },
		{ kind: 'html', placesCall: true },
		{ kind: 'unparsable', placesCall: true },
		{ kind: 'wrong-shape', placesCall: true },
		{ kind: 'redirect', status: 302, location: `${url}/elsewhere` },
		{ kind: 'redirect', status: 307, location: `${url}/elsewhere` },
	];
}

/** Its answer to a send is an ID and nothing else: nobody can see that it is the answer to another send. */
const NAMES_NOBODY = 'esms';

/** Lets a fault strike the share `part` (0 to 1) of all requests, every kind as often as the others. */
export function switchOnFaults(simulator: Simulator, part: number): void {
	const faults = faultsOf(simulator.url);
	const probability = part / (faults.length + 1);
	for (const fault of faults) simulator.faults.add({ fault, probability });
	for (const { name } of PROVIDERS) {
		if (name === NAMES_NOBODY) continue;
		const match = { provider: name };
		simulator.faults.add({ fault: { kind: 'other-answer' }, match, probability });
	}
	// Tokens are asked for seldom: some of them never come.
	const match = { operation: 'other' } as const;
	simulator.faults.add({ fault: { kind: 'never-answer' }, match, probability: 4 * part });
}
