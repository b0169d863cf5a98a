// A process of its own for one host under traffic, so that its memory, timers and sockets are its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { serveCommands } from '../bench/measuring/commands';
import { Answers } from './answers';
import { errandOf } from './errand';
import { openN8nTraffic } from './n8nTraffic';
import { openNodeRedTraffic } from './nodeRedTraffic';
import { type TrafficHost, isPlace } from './traffic';
import { readVitals } from './vitals';

process.setSourceMapsEnabled(false);

const TICK_MS = 50;
const DRAINS_WITHIN_MS = 120_000;

const answers = new Answers();
let host: TrafficHost | undefined;

/** Traffic for some time. */
export interface Stretch {
	readonly seconds: number;
	readonly perSecond: number;
	/** The first errand's number; errands are counted on from there. */
	readonly first: number;
}

serveCommands({
	open: async (argument) => {
		if (!isPlace(argument)) throw new TypeError('Expected a place');
		const onEnd = answers.ended.bind(answers);
		host =
			argument.host === 'n8n'
				? await openN8nTraffic(argument, onEnd)
				: await openNodeRedTraffic(argument, onEnd);
	},
	/** @returns the number of the first errand that was not given */
	give: async (argument) => {
		if (!isStretch(argument)) throw new TypeError('Expected a stretch');
		const next = await give(argument);
		await drain();
		return next;
	},
	tally: () => answers.take(),
	vitals: () => readVitals(),
	close: async () => {
		await host?.close();
		host = undefined;
	},
});

async function give({ seconds, perSecond, first }: Stretch): Promise<number> {
	if (host === undefined) throw new Error('No host is open');
	const begin = performance.now();
	const end = begin + seconds * 1000;
	let next = first;
	for (let now = begin; now < end; now = performance.now()) {
		const due = first + Math.floor(((now - begin) / 1000) * perSecond);
		for (; next + host.batch <= due; next += host.batch) {
			const errands = Array.from({ length: host.batch }, (_, n) => errandOf(next + n));
			for (const { phoneNumber } of errands) answers.gave(phoneNumber);
			host.take(errands);
		}
		await sleep(TICK_MS);
	}
	return next;
}

/** Waits until every errand has been answered; what is never answered is left to the tally. */
async function drain(): Promise<void> {
	const deadline = performance.now() + DRAINS_WITHIN_MS;
	while (answers.pending > 0 && performance.now() < deadline) await sleep(TICK_MS);
}

function isStretch(value: unknown): value is Stretch {
	return (
		typeof value === 'object' &&
		value !== null &&
		['seconds', 'perSecond', 'first'].every((name) => typeof Reflect.get(value, name) === 'number')
	);
}
