import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../../..');

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	assert.ok(typeof address === 'object' && address !== null);
	return address.port;
}

/** `npm run dev -- …` as it runs for a person, in a process of its own. */
function startDev(...args: readonly string[]) {
	const running = spawn(process.execPath, ['--import', 'tsx', 'tools/dev/start.ts', ...args], {
		cwd: repository,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let text = '';
	for (const stream of [running.stdout, running.stderr]) {
		stream.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
	}
	// With its streams: they stay open as long as a program that it has started lives.
	const closed = once(running, 'close');
	return {
		until: async (words: string): Promise<void> => {
			while (!text.includes(words)) {
				assert.equal(running.exitCode, null, text);
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		},
		text: () => text,
		closed,
		end: async (): Promise<void> => {
			running.kill('SIGINT');
			await closed;
		},
	};
}

describe('npm run dev', function () {
	this.timeout(60_000);

	it('starts a real Node-RED with our nodes, and leaves nothing running', async () => {
		const port = await freePort();
		const dev = startDev('node-red', '--port', String(port));
		try {
			await dev.until('Ctrl-C ends everything.\n');
			const url = `http://127.0.0.1:${port}`;
			await dev.until(`Node-RED   ${url}`);
			const answer = await fetch(`${url}/nodes`, { headers: { accept: 'application/json' } });
			const nodes: unknown = await answer.json();
			assert.ok(Array.isArray(nodes));
			const ours = JSON.stringify(
				nodes.filter((node) => JSON.stringify(node).includes('otp-call')),
			);
			for (const type of ['otp-call-account', 'send-otp-call', 'get-otp-call-status']) {
				assert.ok(ours.includes(`"types":["${type}"],"enabled":true`), ours);
			}
			await dev.end();
			await assert.rejects(fetch(url));
		} finally {
			await dev.end();
		}
	});

	it('says how it is used when no host is named', async () => {
		const dev = startDev();
		await dev.closed;
		assert.match(dev.text(), /npm run dev -- n8n \| node-red/);
	});
});
