// A process of its own for one host under traffic, so that its memory, timers and sockets are its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { mixedOrder } from '../orders';
import { expectIt, serveCommands } from '../process';
import { readIdleVitals } from '../vitals';
import {
	Answers,
	type OnOutcome,
	type Stretch,
	type TrafficHost,
	type TrafficTarget,
	isStretch,
	isTrafficTarget,
} from './traffic';

const TICK_MS = 50;
const DRAINS_WITHIN_MS = 120_000;

const answers = new Answers();
let host: TrafficHost | undefined;

serveCommands({
	open: async (argument) => {
		const onOutcome: OnOutcome = (phoneNumber, outcome) => answers.answered(phoneNumber, outcome);
		host = await openTraffic(expectIt(argument, isTrafficTarget), onOutcome);
	},
	/** @returns the number of the first order that was not given */
	give: async (argument) => {
		const next = await give(expectIt(argument, isStretch));
		await drain();
		return next;
	},
	tally: () => answers.take(),
	vitals: () => readIdleVitals(),
	close: async () => {
		await host?.close();
		host = undefined;
	},
});

/** Only the host that is looked at is loaded. */
async function openTraffic(target: TrafficTarget, onOutcome: OnOutcome): Promise<TrafficHost> {
	return target.host === 'n8n'
		? (await import('./n8nTraffic')).openN8nTraffic(target, onOutcome)
		: (await import('./nodeRedTraffic')).openNodeRedTraffic(target, onOutcome);
}

async function give({ seconds, perSecond, first }: Stretch): Promise<number> {
	if (host === undefined) throw new Error('No host is open');
	const begin = performance.now();
	const end = begin + seconds * 1000;
	let next = first;
	for (let now = begin; now < end; now = performance.now()) {
		const due = first + Math.floor(((now - begin) / 1000) * perSecond);
		for (; next + host.batch <= due; next += host.batch) {
			const orders = Array.from({ length: host.batch }, (_, n) => mixedOrder(next + n));
			for (const { phoneNumber } of orders) answers.gave(phoneNumber);
			host.take(orders);
		}
		await sleep(TICK_MS);
	}
	return next;
}

/** Waits until every order has been answered; what is never answered is left to the tally. */
async function drain(): Promise<void> {
	const deadline = performance.now() + DRAINS_WITHIN_MS;
	while (answers.pending > 0 && performance.now() < deadline) await sleep(TICK_MS);
}
