import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

import type { Express } from 'express';

import { addRoute, createReceiver } from '../../node-red/nodes/otp-call-event/receiver';
import { findProvider } from '../../providers';
import { queued } from '../../providers/call';
import type { Provider, WebhookDelivery } from '../../providers/contract';
import { hosts } from './runningFlow';

const require = createRequire(import.meta.url);
const secret = '0123456789abcdef';

const sandbox = findProvider('sandbox');
assert.ok(sandbox);

for (const host of hosts) {
	describe(`A provider that delivers events in the address, in the express of ${host}`, () => {
		let server: Server;
		let url: string;
		let deliveries: WebhookDelivery[];
		let passedOn: string[];
		let removeRoute: () => void;

		const provider: Provider = {
			...sandbox,
			events: {
				method: 'GET',
				carriesReference: false,
				types: ['ended'],
				read: (delivery) => {
					deliveries.push(delivery);
					const { id } = delivery.query;
					if (id === undefined) return null;
					const call = {
						...queued,
						provider: 'sandbox',
						callId: id,
						phoneNumber: '+989123456789',
						requestedAt: null,
						answeredAt: null,
						endedAt: null,
						durationSeconds: null,
						billedSeconds: null,
						cost: null,
					};
					return { is: 'event', type: 'ended', call, record: {}, key: id };
				},
			},
		};

		beforeEach(async () => {
			deliveries = [];
			passedOn = [];
			const from = { paths: [require.resolve(host)] };
			const app = (require(require.resolve('express', from)) as () => Express)();
			const receiver = createReceiver({
				provider,
				secret,
				types: ['ended'],
				arrived: () => undefined,
				reportOf: async ({ report }) => report,
				passOn: ({ report }) => void passedOn.push(report.call.callId),
				refused: () => undefined,
				failed: assert.fail,
			});
			removeRoute = addRoute(app, 'GET', '/hook', [], receiver);
			server = createServer(app);
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
		});
		afterEach(async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		});

		const ask = async (query: string, method = 'GET'): Promise<number> =>
			(await fetch(`${url}?${query}`, { method })).status;

		it('is understood, and never sees the secret of the address', async () => {
			assert.equal(await ask(`secret=${secret}&id=7&list=a&list=b`), 200);
			assert.deepEqual(deliveries, [{ query: { id: '7' }, body: undefined }]);
			assert.deepEqual(passedOn, ['7']);
		});

		it('is answered 401 without the secret, and 400 for what is no event', async () => {
			assert.equal(await ask('id=7'), 401);
			assert.equal(await ask(`secret=${secret}`), 400);
			assert.deepEqual(passedOn, []);
		});

		it('has to ask as it said that it would', async () => {
			assert.equal(await ask(`secret=${secret}&id=7`, 'HEAD'), 405);
			assert.equal(await ask(`secret=${secret}&id=7`, 'POST'), 404);
			assert.deepEqual(passedOn, []);
		});

		it('finds nobody once the route is gone', async () => {
			removeRoute();
			assert.equal(await ask(`secret=${secret}&id=7`), 404);
		});
	});
}
