import { fileURLToPath } from 'node:url';
import { CommandedProcess } from '../bench/measuring/commands';
import {
	SEED_CAMPAIGN_UUID,
	SEED_TEMPLATE_NAME,
	SIMULATOR_TOKEN,
	type Simulator,
} from '../../simulator/index';
import { type Tally, isTally } from './answers';
import type { Place } from './traffic';
import { type Vitals, isVitals } from './vitals';

const TRAFFIC_PROCESS = fileURLToPath(new URL('./trafficProcess.ts', import.meta.url));
const SECONDS_PER_MINUTE = 60;

/** What a host's process was seen to hold, and what came of the traffic, over a time with faults. */
export interface Endurance {
	readonly host: 'Node-RED' | 'n8n';
	readonly minutes: number;
	/** After the first minute, at the half and at the end; each when all errands had been answered. */
	readonly checkpoints: readonly Checkpoint[];
	/** When the host had been closed. */
	readonly closed: Vitals;
	readonly tallies: readonly Tally[];
}

/** What the process held after so many minutes of traffic. */
export interface Checkpoint {
	readonly minute: number;
	readonly vitals: Vitals;
}

/**
 * Lets traffic run through a host for some minutes.
 * @param first the number of the first errand, so that two hosts never call the same phone
 */
export async function endure(
	simulator: Simulator,
	host: Place['host'],
	minutes: number,
	perSecond: number,
	first: number,
): Promise<Endurance> {
	const process = new CommandedProcess(TRAFFIC_PROCESS, ['--expose-gc']);
	try {
		await process.ask('open', {
			host,
			baseUrl: simulator.url,
			token: SIMULATOR_TOKEN,
			campaign: SEED_CAMPAIGN_UUID,
			template: SEED_TEMPLATE_NAME,
		} satisfies Place);
		const checkpoints: Checkpoint[] = [];
		const tallies: Tally[] = [];
		let next = first;
		let minute = 0;
		for (const until of stretchesOf(minutes)) {
			const seconds = (until - minute) * SECONDS_PER_MINUTE;
			next = Number(await process.ask('give', { seconds, perSecond, first: next }));
			minute = until;
			tallies.push(read(await process.ask('tally'), isTally));
			checkpoints.push({ minute, vitals: read(await process.ask('vitals'), isVitals) });
		}
		await process.ask('close');
		const closed = read(await process.ask('vitals'), isVitals);
		const name = host === 'n8n' ? 'n8n' : 'Node-RED';
		return { host: name, minutes, checkpoints, closed, tallies };
	} finally {
		await process.end();
	}
}

/** The minutes after which is looked: one, the half and the end; of a short run only its parts. */
function stretchesOf(minutes: number): readonly number[] {
	const first = Math.min(1, minutes / 3);
	return [first, (first + minutes) / 2, minutes];
}

function read<T>(value: unknown, isThat: (value: unknown) => value is T): T {
	if (!isThat(value)) throw new TypeError('The process sent something else');
	return value;
}
