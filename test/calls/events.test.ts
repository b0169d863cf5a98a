import assert from 'node:assert/strict';

import fc from 'fast-check';

import {
	SeenEvents,
	confirmEnd,
	isSecret,
	longestDelivery,
	readDelivery,
	readEventTypes,
} from '../../calls/events';
import type { DeliveredEvent } from '../../calls/events';
import { providers } from '../../providers';
import { autocall } from '../../providers/autocall/adapter';
import { bitel } from '../../providers/bitel/adapter';
import { sampleText } from '../fixtures/samples';
import { ringo } from '../providers/throwAway';
import type { Call } from '../../providers/call';
import { ofCdr } from '../providers/autocall/samples';
import { freshCdr } from './samples';
import { TestHost, answered, failing, notSent, throwing } from './testHost';

const webhook = { requestId: 'r1', cause: 'NORMAL', billSec: 4, number: '09123456789' };

describe('The body of a delivered event', () => {
	it('may be JSON', () => {
		const event = readDelivery(bitel, JSON.stringify(webhook));
		assert.equal(event?.report.call.status, 'completed');
		assert.equal(event.type, 'ended');
		const cdr = readDelivery(autocall, sampleText('autocall-cdr'));
		assert.equal(cdr?.report.call.callId, 'ABC123');
	});

	it('may be a form', () => {
		const form = 'requestId=r1&cause=1&billSec=4&number=09123456789&requestDate=1564640750';
		const call = readDelivery(bitel, form)?.report.call;
		assert.equal(call?.answered, true);
		assert.equal(call.requestedAt, '2019-08-01T06:25:50.000Z');
		const event = 'call_id=c1&state=hangup&status=no-answered&to_number=0332665711&ref_id=A%2F1';
		assert.equal(readDelivery(autocall, event)?.report.call.callId, 'A/1');
	});

	it('may be missing, where the provider tells all in the parameters of the URL', () => {
		const query = { callid: 'R1', state: 'BUSY', to: '989123456789' };
		const event = readDelivery(ringo, '', query);
		assert.deepEqual(
			[event?.type, event?.report.call.status, event?.report.call.callId],
			['ended', 'busy', 'R1'],
		);
		assert.equal(readDelivery(ringo, ' \n', query)?.key, event?.key);
		assert.equal(readDelivery(ringo, '', {}), null);
		assert.equal(readDelivery(ringo, new URLSearchParams(query).toString()), null);
	});

	it('is not looked for in the parameters of the URL by a provider that posts', () => {
		const query = { requestId: 'r1', cause: 'NORMAL', billSec: '4', number: '09123456789' };
		assert.equal(readDelivery(bitel, '', query), null);
	});

	it('comes without the codes that it may hold', () => {
		const cdr = readDelivery(autocall, sampleText('autocall-cdr'));
		assert.doesNotMatch(JSON.stringify(cdr?.report), /LUAN001/);
		const query = { callid: 'R1', state: 'BUSY', pin: '4821', said: 'pin 4 8 2 1' };
		assert.doesNotMatch(JSON.stringify(readDelivery(ringo, '', query)?.report), /4821|4 8 2 1/);
	});

	const others = [
		'',
		'null',
		'[]',
		'{}',
		'7',
		'"requestId=r1"',
		'{"requestId":"r1","cause":',
		'<xml/>',
		'requestId=r1',
		'__proto__=x&constructor=y',
		'{"__proto__":{"requestId":"r1","cause":"NORMAL"}}',
		'\0\0\0',
		'%',
	];
	for (const body of others) {
		it(`is none of an event: ${JSON.stringify(body)}`, () => {
			for (const provider of [...providers, ringo]) {
				assert.equal(readDelivery(provider, body), null);
			}
		});
	}

	it('is not read beyond 64 KiB, counted in bytes', () => {
		const body = (note: string) => JSON.stringify({ ...webhook, note });
		assert.ok(readDelivery(bitel, body('x'.repeat(longestDelivery - 200))));
		assert.equal(readDelivery(bitel, body('x'.repeat(longestDelivery))), null);
		assert.equal(readDelivery(bitel, body('۱'.repeat(longestDelivery / 2))), null);
	});

	it('never brings the reader down', () => {
		const bodies = fc.oneof(
			fc.string({ maxLength: 300 }),
			fc.json(),
			fc.dictionary(fc.string(), fc.string()).map((form) => new URLSearchParams(form).toString()),
		);
		fc.assert(
			fc.property(bodies, fc.dictionary(fc.string(), fc.string()), (body, query) => {
				for (const provider of [...providers, ringo]) {
					readDelivery(provider, body, query);
				}
			}),
			{ numRuns: 300 },
		);
	});
});

describe('The types of events that a user chooses', () => {
	it('are those of the choice that the provider tells of, in one order', () => {
		assert.deepEqual(readEventTypes(['ringing', 'answered'], autocall), ['answered', 'ringing']);
		assert.deepEqual(readEventTypes(['ended', 'ended'], autocall), ['ended']);
		assert.deepEqual(readEventTypes('ended', bitel), ['ended']);
		assert.deepEqual(readEventTypes(['ended', 'ringing', 7, null], bitel), ['ended']);
	});

	it('are refused when none is left, in the words of the form', () => {
		for (const [chosen, provider] of [
			[[], autocall],
			[undefined, autocall],
			['', autocall],
			[{ ended: true }, autocall],
			['ringing', bitel],
		] as const) {
			const error = throwing(() => readEventTypes(chosen, provider), 'invalid-input');
			assert.equal(error.message, 'Trigger On is empty');
			assert.equal(error.facts.field, 'triggerOn');
		}
	});
});

const noRecord = answered(404, { error: 'Not Found' });

/** The call as an event tells of it. */
const eventOf = (callId: string): Call => ({ ...ofCdr, callId });

describe('An end that an unsigned event tells of', () => {
	it('is confirmed by the provider’s own record', async () => {
		const host = new TestHost(autocall, [answered(200, freshCdr())]);
		const report = await confirmEnd(host.context, eventOf('ABC123'));
		assert.equal(report?.call.status, 'completed');
		assert.equal(host.requests.length, 1);
	});

	it('is looked up under the provider’s ID too, when there is no such reference', async () => {
		const host = new TestHost(autocall, [noRecord, answered(200, freshCdr())]);
		assert.equal(
			(await confirmEnd(host.context, eventOf('d6142fb6-6b3a-48fb-bd21-30f83ccb28c9')))?.call
				.callId,
			'ABC123',
		);
		assert.ok(host.requests[1]?.url.endsWith('/v3/cdr/d6142fb6-6b3a-48fb-bd21-30f83ccb28c9'));
	});

	it('is not confirmed by the record of another call, by its reference or its number', async () => {
		const other = freshCdr({ id: 'x', sip_call_id: 'y', additional: { ref_id: 'ANOTHER' } });
		const host = new TestHost(autocall, [answered(200, other)]);
		assert.equal(await confirmEnd(host.context, eventOf('ABC123')), null);
		const elsewhere = new TestHost(autocall, [
			answered(200, freshCdr({ to_number: '0332665712' })),
		]);
		assert.equal(await confirmEnd(elsewhere.context, eventOf('ABC123')), null);
	});

	it('is not confirmed when there is no such call, or the call goes on', async () => {
		const unknown = new TestHost(autocall, [noRecord]);
		assert.equal(await confirmEnd(unknown.context, eventOf('ABC123')), null);
		const waiting = new TestHost(bitel, [answered(200, { id: 'b1', status: 'WAITING' })]);
		assert.equal(await confirmEnd(waiting.context, eventOf('b1')), null);
	});

	it('is neither confirmed nor denied when the provider cannot be asked', async () => {
		const host = new TestHost(bitel, [notSent()]);
		await failing(confirmEnd(host.context, eventOf('b1')), 'unreachable');
	});
});

describe('The secret in the URL of a receiver', () => {
	it('is known when it is the same, and only then', () => {
		assert.equal(isSecret('s3cret', 's3cret'), true);
		const wrong = ['', 's3cre', 's3cret ', 'S3CRET', null, undefined, 7, ['s3cret'], {}];
		for (const given of wrong) assert.equal(isSecret(given, 's3cret'), false);
	});

	it('is never an empty one', () => {
		assert.equal(isSecret('', ''), false);
	});
});

describe('A repeated delivery', () => {
	const event = (key: string): DeliveredEvent => {
		const read = readDelivery(bitel, JSON.stringify({ ...webhook, requestId: key }));
		assert.ok(read);
		return read;
	};

	it('is not new', () => {
		const seen = new SeenEvents();
		assert.equal(seen.isNew(event('a')), true);
		assert.equal(seen.isNew(event('a')), false);
		assert.equal(seen.isNew(event('b')), true);
	});

	it('is one of the same call and the same state', () => {
		const seen = new SeenEvents();
		const body = (state: string) =>
			readDelivery(autocall, JSON.stringify({ call_id: 'c', state, status: 'busy' }));
		const [ringing, ended, again] = [body('ringing'), body('cdr'), body('CDR')];
		assert.ok(ringing && ended && again);
		assert.deepEqual(
			[seen.isNew(ringing), seen.isNew(ended), seen.isNew(again)],
			[true, true, false],
		);
	});

	it('is known after a restart', () => {
		const seen = new SeenEvents();
		seen.isNew(event('a'));
		assert.equal(new SeenEvents(seen.keys()).isNew(event('a')), false);
	});

	it('is new again when the first could not be passed on', () => {
		const seen = new SeenEvents();
		seen.isNew(event('a'));
		seen.forget(event('a'));
		assert.equal(seen.isNew(event('a')), true);
	});

	it('is remembered for the latest ones only, so that memory has a bound', () => {
		const seen = new SeenEvents(['x', 'y', 'z'], 2);
		for (const key of ['a', 'b', 'c']) seen.isNew(event(key));
		assert.deepEqual(seen.keys(), ['b', 'c']);
	});
});
