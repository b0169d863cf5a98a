import assert from 'node:assert/strict';

import { UsageError } from '../../../tools/commandLine';
import { openPort } from '../../../tools/demo/host';
import { readDemoOptions } from '../../../tools/demo/options';
import { assertClosed, order, startDemo } from './runningDemo';
import type { RunningDemo } from './runningDemo';

const read = async (url: string): Promise<string> => await (await fetch(url)).text();

describe('the demo', function () {
	this.timeout(60_000);
	let demo: RunningDemo;
	afterEach(() => demo.discard());

	it('follows a call of each provider to its end, and leaves nothing when it is stopped', async () => {
		demo = await startDemo('--port', '0');
		assert.notEqual(demo.url, '', demo.text());
		assert.match(await read(`${demo.url}/demo`), /data-simulator="on"/);
		assert.match(await read(`${demo.url}/demo/page.css`), /prefers-color-scheme/);
		assert.match(await read(`${demo.url}/demo/page.js`), /WebSocket/);
		assert.match(await read(`${demo.url}/`), /Node-RED|OTP call demo/);

		const [bitel, autocall, sandbox, unknown] = await Promise.all([
			order(demo.url, { provider: 'bitel', phoneNumber: '09121234511', code: '1234' }),
			order(demo.url, { provider: 'autocall', phoneNumber: '0332665711', code: 'A1B2' }),
			order(demo.url, { provider: 'sandbox', phoneNumber: '09121234501', code: '1234' }),
			order(demo.url, { provider: 'sandbox', phoneNumber: '09121234509', code: '1234' }),
		]);
		assert.deepEqual(bitel, { statuses: ['queued', 'completed'], error: null });
		assert.deepEqual(autocall, {
			statuses: ['queued', 'ringing', 'in-progress', 'completed'],
			error: null,
		});
		assert.deepEqual(sandbox, { statuses: ['queued', 'ringing', 'busy'], error: null });
		assert.deepEqual(unknown.statuses, []);
		assert.equal(unknown.error?.code, 'outcome-unknown');
		assert.match(String(unknown.error?.remedy), /Do not send again at once/);
		assert.doesNotMatch(String(unknown.error?.message), /Do not send again/);

		const again = await order(demo.url, {
			provider: 'bitel',
			phoneNumber: '09121234511',
			code: '12345678',
		});
		assert.equal(again.error?.code, 'invalid-input');

		const simulator = /Simulator\s+(\S+)/.exec(demo.text())?.[1] ?? '';
		void order(demo.url, { provider: 'sandbox', phoneNumber: '09121234567', code: '1234' }).catch(
			() => undefined,
		);
		await new Promise((resolve) => setTimeout(resolve, 100));
		const { code, took } = await demo.stop();
		assert.equal(code, 0, demo.text());
		assert.ok(took < 5_000, `It ended after ${took} ms`);
		await assertClosed(demo.url);
		await assertClosed(simulator);
		assert.deepEqual(await demo.leftovers(), []);
	});

	it('offers the sandbox alone without the simulator', async () => {
		demo = await startDemo('--port', '0', '--no-simulator');
		assert.match(demo.text(), /Simulator\s+off/);
		assert.match(await read(`${demo.url}/demo`), /data-simulator="off"/);
		const call = { provider: 'sandbox', phoneNumber: '09121234502', code: '1234' };
		const { statuses } = await order(demo.url, call);
		assert.deepEqual(statuses, ['queued', 'ringing', 'no-answer']);
		assert.deepEqual((await order(demo.url, call)).error?.code, 'cooling-down');
	});

	it('says that a port is taken, and leaves nothing', async () => {
		const { createServer } = await import('node:http');
		const other = createServer();
		await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
		const bound = other.address();
		const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
		demo = await startDemo('--port', String(port), '--no-simulator');
		other.close();
		assert.match(demo.text(), new RegExp(`Port ${port} is taken by another program`));
		assert.deepEqual(await demo.leftovers(), []);
	});
});

describe('the port of the demo', () => {
	it('is the next one when the usual one is taken, and the demo knows it', async () => {
		const first = await openPort(0);
		const next = await openPort(0);
		const ports = [first, next].map(({ url }) => Number(new URL(url).port));
		await next.close();
		const taken = await openPort(null, ports);
		assert.deepEqual([taken.url, taken.isUnusual], [next.url, true]);
		await taken.close();
		await first.close();
		const usual = await openPort(null, ports);
		assert.deepEqual([usual.url, usual.isUnusual], [first.url, false]);
		await usual.close();
	});
});

describe('the options of the demo', () => {
	it('take the port from the arguments before the environment', () => {
		assert.equal(readDemoOptions(['--port', '4000'], { PORT: '5000' }).port, 4000);
		assert.equal(readDemoOptions([], { PORT: '5000' }).port, 5000);
		assert.equal(readDemoOptions([], {}).port, null);
	});

	it('have the simulator on unless it is switched off', () => {
		assert.equal(readDemoOptions([], {}).simulator, true);
		assert.equal(readDemoOptions(['--no-simulator'], {}).simulator, false);
	});

	it('refuse what they do not know', () => {
		for (const args of [['--port', '70000'], ['--port', 'x'], ['--prot', '1'], ['1880']]) {
			assert.throws(() => readDemoOptions(args, {}), UsageError, args.join(' '));
		}
	});
});
