// A process of its own that asks Node-RED's admin API again and again, as an open editor does.
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveCommands } from '../process';

const PATHS = ['/flows', '/settings'];
const PAUSE_MS = 10;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let waits: number[] = [];
let asking: Promise<void> | undefined;
let stopped = false;

serveCommands({
	start: (url) => {
		waits = [];
		stopped = false;
		asking = askOn(String(url));
	},
	/** @returns how long each answer took, in milliseconds */
	stop: async () => {
		stopped = true;
		await asking;
		agent.destroy();
		return waits;
	},
});

async function askOn(url: string): Promise<void> {
	for (let turn = 0; !stopped; turn += 1) {
		const begin = performance.now();
		await ask(`${url}${PATHS[turn % PATHS.length] ?? ''}`);
		waits.push(performance.now() - begin);
		await sleep(PAUSE_MS);
	}
}

function ask(url: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const asked = request(url, { agent, headers: { accept: 'application/json' } }, (response) => {
			if (response.statusCode !== 200) reject(new Error(`HTTP ${String(response.statusCode)}`));
			response.resume().on('end', () => resolve());
		});
		asked.on('error', reject).end();
	});
}
