import type { Fault, Simulator } from '../../simulator/index';

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

/** Lets a fault strike the share `part` (0 to 1) of all requests, every kind as often as the others. */
export function switchOnFaults(simulator: Simulator, part: number): void {
	const faults = faultsOf(simulator.url);
	for (const fault of faults) simulator.faults.add({ fault, probability: part / faults.length });
}
