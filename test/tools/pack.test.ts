import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

const commandsIn = (text: string): readonly string[] =>
	[...text.matchAll(/^ *(npm install --prefix ~.*)$/gm)].map(([, command = '']) => command);

describe('npm run pack', function () {
	this.timeout(90_000);
	// With a space in its name, as a folder of a person may have.
	const folder = mkdtempSync(join(tmpdir(), 'otp call pack-'));
	const home = join(folder, 'home');
	let printed = '';

	before(async () => {
		mkdirSync(home);
		const script = join(root, 'tools/build/pack.mjs');
		const { stdout } = await run(process.execPath, [script, '--to', join(folder, 'packed')]);
		printed = stdout;
	});
	after(() => {
		rmSync(folder, { recursive: true, force: true });
	});

	it('prints what installs each package in its host, to be pasted as it is', async () => {
		const commands = commandsIn(printed);
		assert.equal(commands.length, 2, printed);
		const env = { ...process.env, HOME: home, npm_config_prefer_offline: 'true' };
		for (const command of commands) await run('sh', ['-c', command], { cwd: tmpdir(), env });
		const n8n = join(home, '.n8n/nodes/node_modules');
		assert.ok(
			existsSync(join(n8n, 'n8n-nodes-otp-call/dist/nodes/SendOtpCall/SendOtpCall.node.js')),
		);
		// n8n has it already, and it is a large thing to have twice.
		assert.ok(!existsSync(join(n8n, 'n8n-workflow')));
		const nodeRed = join(home, '.node-red/node_modules');
		assert.ok(existsSync(join(nodeRed, '@otp-call/node-red-otp-call/dist/send-otp-call.js')));
		assert.ok(existsSync(join(nodeRed, 'undici')));
	});

	it('prints the commands of the README, with the right paths', () => {
		const readme = readFileSync(join(root, 'README.md'), 'utf8');
		const bare = (command: string): string =>
			command.replace(/\S*packed\/|'[^']*packed\//g, '').replace(/'$/, '');
		assert.deepEqual(commandsIn(printed).map(bare), commandsIn(readme).map(bare));
	});
});
