import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { IDataObject } from 'n8n-workflow';

import { forged, TriggerScene } from './triggerScene';

describe('OTP Call Trigger in n8n: deliveries that start nothing', () => {
	let scene: TriggerScene;

	before(async () => {
		scene = await TriggerScene.open();
	});
	after(() => scene.close());
	afterEach(() => scene.clear());

	it('takes an occasion that nobody asked for without starting', async () => {
		const host = await scene.start();
		const body = JSON.stringify({ state: 'ringing', call_id: 'c1', to_number: '0332665711' });
		assert.equal((await host.post(body)).status, 200);
		assert.deepEqual(host.started, []);
	});

	it('drops repeats with 200, also after a restart', async () => {
		scene.simulator.change({ deliveryCopies: 2 });
		const host = await scene.start({}, { nodeId: 'before' });
		await host.publish();
		await scene.autocallCall();
		assert.deepEqual(
			scene.simulator.deliveries.map(({ status }) => status),
			[200, 200],
		);
		assert.equal(host.started.length, 1);
		// Another ID, for a process whose memory knows nothing of the node.
		const restarted = await scene.start({}, { nodeId: 'after', stored: host.stored });
		const body = scene.simulator.deliveries[0]?.body ?? '';
		assert.deepEqual(await restarted.post(body), { status: 200, text: 'Known already' });
		assert.deepEqual(restarted.started, []);
	});

	it('drops the repeat of a delivery whose static data was read before the first was stored', async () => {
		const host = await scene.start();
		const url = await host.url();
		const open = () => {
			const sending = request(url, { method: 'POST' });
			const answered = new Promise((resolve) => sending.once('response', resolve));
			sending.flushHeaders();
			return { sending, answered };
		};
		const deliveries = [open(), open(), open()];
		while (host.given < deliveries.length) await new Promise((resolve) => setImmediate(resolve));
		for (const { sending, answered } of deliveries) {
			sending.end(forged);
			await answered;
		}
		assert.equal(host.started.length, 1);
	});

	it('stores no more than the latest 2,000 deliveries, in few bytes each', async () => {
		const seen = Array.from({ length: 2_000 }, (_, index) => `key-${index}`);
		const host = await scene.start({}, { stored: { 'node:Under Test': { seen } } });
		const long = 'x'.repeat(10_000);
		await host.post(JSON.stringify({ state: 'cdr', call_id: long, to_number: '0332665711' }));
		assert.equal(host.started.length, 1);
		const stored = (host.stored['node:Under Test'] as IDataObject)['seen'] as string[];
		assert.equal(stored.length, 2_000);
		assert.deepEqual(stored.slice(0, 2), ['key-1', 'key-2']);
		assert.equal(stored.at(-1)?.length, 12);
	});

	it('answers 401 to whoever does not know the whole address, and reads nothing', async () => {
		const host = await scene.start();
		const url = await host.url();
		for (const wrong of [`${url}x`, url.slice(0, -1), url.replace(/[^/]+$/, 'guess')]) {
			assert.equal((await host.post(forged, { url: wrong })).status, 401);
		}
		assert.deepEqual(host.started, []);
		assert.deepEqual(host.stored, {});
	});

	it('answers 400 to a body that is no event, and logs nothing of it', async () => {
		const host = await scene.start();
		const bodies = [
			'{"state":"cdr","call_id":"secret-',
			'',
			'null',
			'[1]',
			'secret-text',
			'{"state":"secret-state","call_id":"c1"}',
			new Uint8Array([0xff, 0xfe, 0x7b]),
		];
		for (const body of bodies) assert.equal((await host.post(body)).status, 400);
		assert.deepEqual(host.started, []);
		assert.equal(host.warnings.length, bodies.length);
		assert.ok(!host.warnings.join().includes('secret'));
	});

	it('answers 413 to a body of more than 64 KiB, and takes one of 64 KiB', async () => {
		const host = await scene.start();
		const event = { state: 'cdr', call_id: 'c1', to_number: '0332665711', note: '' };
		const room = 64 * 1024 - JSON.stringify(event).length;
		const body = JSON.stringify({ ...event, note: 'x'.repeat(room) });
		assert.equal((await host.post(body)).status, 200);
		assert.equal((await host.post(`${body} `)).status, 413);
		assert.equal(host.started.length, 1);
	});

	it('gives up a body that does not end when it has read 64 KiB', async () => {
		const host = await scene.start();
		const url = await host.url();
		const status = await new Promise<number | undefined>((resolve, reject) => {
			const sending = request(url, { method: 'POST' });
			sending.once('error', reject);
			sending.once('response', (response) => {
				resolve(response.statusCode);
				sending.destroy();
			});
			sending.write(' '.repeat(64 * 1024 + 1));
		});
		assert.equal(status, 413);
		assert.deepEqual(host.started, []);
	});

	it('shows a repeated sample again while a test event is listened for', async () => {
		const host = await scene.start({}, { isTest: true });
		await host.post(forged);
		await host.post(forged);
		assert.equal(host.started.length, 2);
	});
});
