import assert from 'node:assert/strict';

import { prepareSend } from '../../calls/send';
import type { SendInput } from '../../calls/send';
import type { Provider } from '../../providers/contract';
import { everywhere } from '../../providers/fields';
import type { LineField } from '../../providers/fields';
import { ringo } from '../providers/throwAway';
import { TestHost, throwing } from './testHost';

const hook: LineField = { kind: 'line', name: 'hook', label: everywhere('Hook') };

/** Ringo, were it one that takes an address with each call. */
const telling: Provider = {
	...ringo,
	fields: [...ringo.fields, hook],
	...(ringo.events && { events: { ...ringo.events, perCall: { field: hook } } }),
	planSend: (order) => {
		const planned = ringo.planSend(order);
		if (planned.is !== 'planned') return planned;
		const { request } = planned;
		return {
			...planned,
			request: { ...request, form: { ...request.form, hook: order.callback ?? 'none' } },
		};
	},
};

const host = 'https://flows.example.com/otp';
const own = 'https://other.example.com/otp';

const told = (
	input: Pick<SendInput, 'callback'> & { readonly own?: string },
	provider = telling,
	baseUrl = 'https://api.example.com',
) => {
	const { context } = new TestHost(provider, [], { baseUrl });
	const fields = { template: 'T7', hook: input.own };
	const { callback } = input;
	const prepared = prepareSend(context, {
		phoneNumber: '09123456789',
		code: 'K4821',
		fields,
		callback,
	});
	return prepared.planned.request.form?.['hook'];
};

describe('Where a provider tells of a call', () => {
	it('is where the host hears of it, or at the user’s own address, or nowhere', () => {
		assert.equal(told({}), 'none');
		assert.equal(told({ callback: { url: host, isNeeded: false } }), host);
		assert.equal(told({ callback: { url: host, isNeeded: true } }), host);
		assert.equal(told({ own }), own);
		assert.equal(told({ own, callback: { url: host, isNeeded: false } }), own);
	});

	it('is not another place than the one at which the flow waits', () => {
		const error = throwing(
			() => told({ own, callback: { url: host, isNeeded: true } }),
			'invalid-input',
		);
		assert.equal(error.facts.field, 'hook');
		assert.match(error.message, /^Hook cannot be used while the flow waits/);
	});

	it('is a place that the provider can reach', () => {
		for (const near of ['http://localhost:5678/x', 'https://192.168.1.4/x', 'http://n8n.local/x']) {
			const needed = { callback: { url: near, isNeeded: true } };
			assert.match(throwing(() => told(needed), 'invalid-input').message, /cannot reach/);
			const users = throwing(() => told({ own: near }), 'invalid-input');
			assert.equal(users.facts.field, 'hook');
			// A provider on this very machine can.
			assert.equal(told(needed, telling, 'http://127.0.0.1:4040'), near);
		}
	});

	it('is nowhere for a provider that takes no address with a call', () => {
		const { context } = new TestHost(ringo);
		const { planned } = prepareSend(context, {
			phoneNumber: '09123456789',
			code: 'K4821',
			fields: { template: 'T7' },
			callback: { url: host, isNeeded: false },
		});
		assert.ok(!JSON.stringify(planned.request).includes(host));
	});
});
